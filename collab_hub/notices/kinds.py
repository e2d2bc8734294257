"""What notices let wait in the inbox."""

from django.utils.translation import gettext_lazy as _

from collab_hub.inbox.work import WorkAction, register_work_kind

from . import roll_services, selectors, services


def confirm(*, actor, item, opinion) -> None:
    """The quick action: whoever has the item, or their deputy, confirms the notice."""
    notice = selectors.notice_of_item(item)
    roll_services.confirm_notice(actor=actor, notice=notice, person=item.assignee)


register_work_kind(
    roll_services.CONFIRM,
    _("Notice to confirm"),
    "megaphone",
    actions=[WorkAction("confirm", _("Confirm"), confirm, done=_("Confirmed"), usual=True)],
    is_personal=True,
)
register_work_kind(services.RELEASE, _("Large notice to let out"), "megaphone")
