"""Notices as those who get them see them, and the list of those one has sent."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from collab_hub.office.access import office_page
from platform_core.common.errors import Conflict, NotAllowed
from platform_core.common.paging import counted, page_of, shown_count
from security.access import may
from security.organs.selectors import active_posts

from . import roll_services, selectors
from .forms import ReplyForm
from .models import Recipient

PAGE = 20
State = Recipient.State


def _tabs(request, current: str) -> list[dict]:
    words = {
        "": pgettext("notices", "All"),
        "unread": pgettext("notices", "Not read"),
        "confirm": pgettext("notices", "To confirm"),
        "meetings": pgettext("notices", "Meetings"),
    }
    return [
        {"url": f"?view={key}" if key else "?", "label": label, "current": key == current,
         "count": shown_count(counted(selectors.received(request.user, key)))
         if key in ("unread", "confirm") else None}
        for key, label in words.items()
    ]  # fmt: skip


@require_safe
@office_page
def received(request):
    """The notices that one got."""
    view = request.GET.get("view", "")
    view = view if view in ("unread", "confirm", "meetings") else ""
    rows = selectors.received(request.user, view)
    context = {
        "page": page_of(rows, PAGE, request.GET.get("page")),
        "tabs": _tabs(request, view),
        "may_send": bool(active_posts(request.user)),
    }
    return render(request, "office/notices/received.html", context)


@require_safe
@office_page
def sent(request):
    """The notices that one keeps: one's own and those of departments one heads."""
    rows = selectors.sent_by(request.user)
    context = {
        "page": page_of(rows, PAGE, request.GET.get("page")),
        "may_send": bool(active_posts(request.user)),
    }
    return render(request, "office/notices/sent.html", context)


@require_safe
@office_page
def notice(request, notice_id):
    """A notice. Opening it is reading it."""
    found = selectors.notice_for(request.user, notice_id)
    roll_services.note_read(actor=request.actor, notice=found)
    return page(request, found)


def page(request, found, form: ReplyForm | None = None, status: int = 200):
    """The page of a notice for whoever reads it."""
    rows = selectors.rows_for(request.user, found)
    own = next((row for row in rows if row.user_id == request.user.pk), None)
    meeting, under_way = selectors.meeting_of(found), found.state == found.State.SENT
    is_over = bool(meeting) and meeting.ends_at <= timezone.now()
    if form is None and own is not None and own.reply:
        form = ReplyForm(initial={"answer": own.reply, "note": own.reply_note})
    asks = bool(meeting) and meeting.asks_reply and own is not None and under_way and not is_over
    context = {
        "notice": found,
        "own": own,
        "to_confirm": [row for row in rows if row.state != State.CONFIRMED]
        if under_way and found.needs_confirming else [],
        "meeting": meeting,
        "items": selectors.items_of(found) if meeting and meeting.minutes_at else [],
        "files": selectors.attachments(found),
        "form": (form or ReplyForm()) if asks else None,
        "may_manage": may(request.user, "manage", found),
    }  # fmt: skip
    return render(request, "office/notices/notice.html", context, status=status)


@require_POST
@office_page
def confirm(request, notice_id):
    """Somebody confirms for themselves, or as today's deputy for a colleague."""
    found = selectors.notice_for(request.user, notice_id)
    wanted = request.POST.get("person", str(request.user.pk))
    rows = selectors.rows_for(request.user, found)
    row = next((one for one in rows if str(one.user_id) == wanted), None)
    try:
        if row is None:
            raise NotAllowed(_("You are not on the roll of this notice."))
        roll_services.confirm_notice(actor=request.actor, notice=found, person=row.user)
    except (Conflict, NotAllowed) as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Confirmed. The sender sees it."))
    return redirect("notices:notice", found.pk)
