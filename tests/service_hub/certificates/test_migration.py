"""Certificates issued before they were documents keep their number, code and words."""

import uuid
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from platform_core.capabilities.documents import selectors, serials, services
from platform_core.capabilities.documents.models import Document
from platform_core.capabilities.documents.printing import PRINTER
from platform_core.capabilities.files.selectors import open_content
from tests.factories import make_citizen
from tests.platform_core.capabilities.documents.makers import text_of
from tests.service_hub.makers import file_elsewhere

BEFORE = ("service_hub", "0003_suspended_cases")
MOVING = import_module("service_hub.migrations.0004_certificates_are_documents")


class OldCertificates:
    """The models that the migration asks for: the two it empties as they were, the others of today.

    Going back to the tables of that time and forth again would take minutes.
    """

    def __init__(self):
        self.old = MigrationLoader(connection).project_state([BEFORE]).apps
        with connection.schema_editor() as editor:
            for name in ("Certificate", "CertificateSerial"):
                editor.create_model(self.old.get_model("service_hub", name))

    def get_model(self, app: str, name: str):
        return (self.old if app == "service_hub" else apps).get_model(app, name)


@pytest.mark.django_db
def test_an_old_certificate_is_found_read_and_printed():
    case = file_elsewhere(make_citizen("alice"))
    models = OldCertificates()
    key = uuid.uuid4()
    certificate = models.get_model("service_hub", "Certificate")(
        id=key,
        case_id=case.pk,
        number="1.2.156.3005.2.x",
        verify_code="ABCDEFGHJKMNPQRS",
        title={"zh": "备案证明", "en": "Filing"},
        holder="陈宁",
        statements=[
            {"label": {"zh": "省份", "en": "Province"}, "value": {"zh": "上海市", "en": "上海市"}}
        ],
        issuer_id=case.department_id,
        issued_at=timezone.now(),
    )
    certificate.save(force_insert=True)
    models.get_model("service_hub", "CertificateSerial").objects.create(code="x401", last=7)
    MOVING.move(models, None)
    document = Document.objects.get(pk=key)
    assert document.holder == "陈宁"
    assert document.holder_user_id == case.applicant_id
    assert selectors.found_by_code("abcd-efgh-jkmn-pqrs").document == document
    assert serials.take("certificate:x401") == 8
    printed = services.print_document(actor=PRINTER, document=document)
    text = text_of(open_content(printed.file).read())
    assert "备案证明" in text
    assert "上海市" in text
