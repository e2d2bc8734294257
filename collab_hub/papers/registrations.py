"""What papers register: policies, kinds of work with their quick actions, menu, timers, samples."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from collab_hub.inbox.work import WorkAction, register_work_kind
from platform_core.capabilities.files.subjects import register_reading
from platform_core.common.errors import Conflict
from platform_core.common.menus import Entry, register_menu
from security.organs.selectors import active_posts

from . import listeners, policies, samples, tasks, traced  # noqa: F401
from .attaching_services import note_file_read
from .models import Receipt, Step
from .policies import ATTACHED
from .receiving_services import finish_reading, sign_in


def sign_in_item(*, actor, item, opinion):
    sign_in(actor=actor, receipt=_row(Receipt, item))


def read_item(*, actor, item, opinion):
    finish_reading(actor=actor, step=_row(Step, item), opinion=opinion)


def _row(model, item):
    found = model.objects.filter(pk=item.object_id).first()
    if found is None:
        raise Conflict(str(_("It is no longer there.")))
    return found


def holds_a_post(request) -> bool:
    return bool(active_posts(request.user))


register_work_kind("paper_review", _("Document to check"), "file-check-2")
register_work_kind("paper_countersign", _("Document to countersign"), "users")
register_work_kind("paper_sign", _("Document to sign"), "pencil")
register_work_kind("paper_returned", _("Document that came back"), "undo-2")
register_work_kind("paper_instruct", _("Document that waits for instructions"), "gavel")
register_work_kind("paper_handle", _("Document to handle"), "file-pen")
register_work_kind("paper_publish", _("Publication to check"), "eye")
register_work_kind(
    "paper_receive",
    _("Document to sign in"),
    "mail",
    actions=[
        WorkAction(
            "sign_in",
            pgettext_lazy("paper way", "Sign in"),
            sign_in_item,
            "check",
            pgettext_lazy("receipt", "Signed in"),
            usual=True,
        )
    ],
)
register_work_kind(
    "paper_circulate",
    _("Document to read"),
    "book-open",
    actions=[WorkAction("done", pgettext_lazy("paper", "I have read it"), read_item, "check",
                        pgettext_lazy("paper", "Read"), usual=True)],
    is_personal=True,
)  # fmt: skip
register_reading(ATTACHED, note_file_read)
register_menu(
    Entry("office", "papers", pgettext_lazy("menu", "Official documents"), "papers", "files", 27,
          group="together", shown=holds_a_post)
)  # fmt: skip
