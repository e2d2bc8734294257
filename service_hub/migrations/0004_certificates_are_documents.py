"""Certificates become documents of the general capability: same id, number and code, and the same
words, so that whoever holds one finds it and whoever checks one is told the same.
"""

import hashlib
import json

from django.db import migrations
from django.utils import timezone


def issued_as(certificate) -> dict:
    """What the certificate said, as documents freeze it."""
    rows = [
        {
            "label": {"zh": "持证人", "en": "Holder"},
            "value": {"zh": certificate.holder, "en": certificate.holder},
        }
    ]
    issuer = certificate.issuer
    until = certificate.valid_until
    return {
        "kind": "certificate",
        "language": "both",
        "title": certificate.title,
        "organ": {"zh": issuer.name, "en": issuer.name_en or issuer.name},
        "issued_on": timezone.localdate(certificate.issued_at).isoformat(),
        "valid_until": until.isoformat() if until else "",
        "blocks": [{"kind": "fields", "rows": rows + list(certificate.statements)}],
    }


def digest(certificate, content) -> str:
    whole = {"number": certificate.number, "code": certificate.verify_code, "content": content}
    text = json.dumps(whole, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def move(apps, schema_editor):
    Certificate = apps.get_model("service_hub", "Certificate")
    Document = apps.get_model("platform_core", "Document")
    found = Certificate.objects.select_related("issuer", "case")
    for certificate in found.order_by("issued_at").iterator(chunk_size=500):
        content = issued_as(certificate)
        Document(
            id=certificate.pk,
            kind="certificate",
            template="certificate",
            subject_type="service_hub.case",
            subject_id=str(certificate.case_id),
            subject_number=certificate.case.number,
            number=certificate.number,
            verify_code=certificate.verify_code,
            title=certificate.title,
            holder=certificate.holder,
            holder_user_id=certificate.case.applicant_id,
            holder_firm_id=certificate.case.firm_id,
            issuer_id=certificate.issuer_id,
            issued_at=certificate.issued_at,
            valid_until=certificate.valid_until,
            content=content,
            content_sha256=digest(certificate, content),
            state=certificate.state,
            revoked_at=certificate.revoked_at,
            revoked_reason=certificate.revoked_reason,
            revoked_by_id=certificate.revoked_by_id,
        ).save(force_insert=True)
    Serial = apps.get_model("platform_core", "Serial")
    for row in apps.get_model("service_hub", "CertificateSerial").objects.all():
        Serial.objects.create(name=f"certificate:{row.code}", last=row.last)


class Migration(migrations.Migration):

    dependencies = [
        ('platform_core', '0014_documents'),
        ('service_hub', '0003_suspended_cases'),
    ]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
        # The keys that the copies just took are checked before their tables are altered.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.DeleteModel(name='CertificateSerial'),
        migrations.DeleteModel(name='Certificate'),
    ]
