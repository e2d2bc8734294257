"""What waits in reports: organs that fill in, consumers that sign, heads that publish."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from collab_hub.inbox.work import WorkAction, register_work_kind

from .campaign_services import sign_receipt
from .models import ReportReceipt


def sign(*, actor, item, opinion) -> None:
    """Sign for the figures from the list."""
    sign_receipt(actor=actor, receipt=ReportReceipt.objects.get(pk=item.object_id))


register_work_kind("report_fill", _("Report to fill in"), "file-pen")
register_work_kind(
    "report_sign",
    _("Report to sign for"),
    "clipboard-check",
    actions=[WorkAction("sign", pgettext_lazy("report", "Sign for it"), sign, done=_("Signed for"),
                        usual=True)],
)  # fmt: skip
register_work_kind("report_review", _("Reports to sign off"), "list-checks")
register_work_kind("report_field", _("Report field to publish"), "book-open")
