"""The receipt (收件凭证) as PDF: what was received, from whom, where, and how to follow it."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.documents.languages import in_both
from platform_core.capabilities.documents.typesetting import print_job, public_address, typeset
from platform_core.common.templatetags.ui import stamp
from security.identifiers import mask_name
from service_hub.cases.people import officer_name, organ_name

from .models import Intake
from .selectors import person_name


def receipt_of(intake: Intake) -> bytes:
    """The PDF for the case of an intake, in both languages. Raises Unprintable."""
    case = intake.case
    follow = reverse("portal:follow", current_app="portal")
    content = {
        "kind": "notice",
        "language": "both",
        "title": in_both(lambda: _("Receipt")),
        "organ": in_both(lambda: organ_name(intake.department)),
        "issued_on": timezone.localdate(case.submitted_at).isoformat(),
        "valid_until": None,
        "blocks": [
            {"kind": "fields", "rows": _rows(intake, case)},
            {
                "kind": "paragraph",
                "indent": False,
                "align": "start",
                "text": in_both(_how_to_follow),
            },
            {"kind": "signature"},
            {"kind": "qr"},
        ],
    }
    job = print_job(
        content,
        number=case.number,
        address=public_address(f"{follow}?number={case.number}"),
        code=case.follow_code,
    )
    job["labels"]["check"] = in_both(lambda: _("Scan to follow the case"))
    return typeset(job, moment=int(case.submitted_at.timestamp()))


def _rows(intake: Intake, case) -> list[dict]:
    is_firm = intake.firm_id is not None
    name = person_name(intake)
    where = intake.window or intake.get_channel_display
    facts = [
        (lambda: _("Service"), case.item.title),
        (lambda: _("Applicant"), name if is_firm else mask_name(name)),
        (lambda: _("Received on"), lambda: stamp(case.submitted_at)),
        (lambda: _("Received at"), where),
        (lambda: _("Received by"), lambda: officer_name(intake.clerk)),
        (lambda: _("Goes to"), lambda: organ_name(case.department)),
    ]
    return [{"label": in_both(label), "value": _text(value)} for label, value in facts]


def _text(value) -> dict:
    if callable(value):
        return in_both(value)
    return value if isinstance(value, dict) else {"zh": value, "en": value}


def _how_to_follow() -> str:
    return _("With the case number and the code beside the picture you see what becomes of it.")
