"""Meetings: the answer, the calendar file, the code on the screen, the minutes."""

from urllib.parse import urljoin

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collab_hub.directory.views.calendars import calendar_answer
from collab_hub.office.access import office_page
from collab_hub.office.forms import with_errors
from platform_core.common.calendar_file import calendar_file
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.i18n import pick
from platform_core.common.numbers import whole

from . import codes, meeting_services, roll, selectors, views
from .calendar import uid_of
from .forms import ItemForm, MeetingForm, MinutesForm, ReplyForm
from .models import Notice
from .places import is_lost

BLANK_ITEMS = 2


def _with_meeting(user, notice_id, verb: str = "read"):
    found = selectors.notice_for(user, notice_id, verb)
    meeting = selectors.meeting_of(found)
    if meeting is None or found.state in (Notice.State.DRAFT, Notice.State.WAITING):
        raise Http404
    return found, meeting


@require_POST
@office_page
def reply(request, notice_id):
    """Whether one comes."""
    found, _meeting = _with_meeting(request.user, notice_id)
    form = ReplyForm(request.POST)
    if form.is_valid():
        try:
            meeting_services.reply(actor=request.actor, notice=found, **form.cleaned_data)
        except Unusable as error:
            with_errors(form, error.errors)
        except (Conflict, NotAllowed) as error:
            messages.warning(request, str(error))
            return redirect("notices:notice", found.pk)
        else:
            messages.success(request, _("Your answer is with the organiser."))
            return redirect("notices:notice", found.pk)
    return views.page(request, found, form, status=422)


@require_safe
@office_page
def calendar(request, notice_id):
    """The meeting for one's own calendar; a changed one takes the earlier one's place."""
    found, meeting = _with_meeting(request.user, notice_id)
    note = " ".join(filter(None, [meeting.video_link, _address(found)]))
    content = calendar_file(
        uid=uid_of(found), made_at=timezone.now(), starts_at=meeting.starts_at,
        ends_at=meeting.ends_at, title=pick(found.title), note=note, sequence=meeting.changes,
        place=meeting.place or meeting.video_link,
    )  # fmt: skip
    return calendar_answer(content, "meeting.ics")


def _address(found) -> str:
    return urljoin(settings.SITE_URL, reverse("notices:notice", args=[found.pk]))


@never_cache
@require_safe
@office_page
def screen(request, notice_id):
    """The code that people scan; new every half minute, the page asks for it by itself."""
    found, meeting = _with_meeting(request.user, notice_id, "manage")
    code = codes.code_at(found.pk, timezone.now())
    path = reverse("notices:here", args=[found.pk, code])
    there = roll.counts(found)["there"]
    context = {
        "notice": found, "meeting": meeting, "there": there,
        "picture": codes.drawn(request.build_absolute_uri(path)),
    }  # fmt: skip
    is_part = request.headers.get("HX-Request") == "true"
    name = "office/notices/_code.html" if is_part else "office/notices/screen.html"
    answer = render(request, name, context)
    if not is_part:
        # Without JavaScript the page is loaded anew.
        answer["Refresh"] = str(codes.SECONDS)
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def here(request, notice_id, code):
    """Where the scanned code leads: one press enters the reader as present."""
    found, meeting = _with_meeting(request.user, notice_id)
    own = next(
        (row for row in selectors.rows_for(request.user, found) if row.user_id == request.user.pk),
        None,
    )
    if own is None:
        raise Http404
    if request.method == "POST":
        try:
            meeting_services.attend(
                actor=request.actor, notice=found, entry=request.POST.get("entry", "")
            )
        except (Conflict, NotAllowed) as error:
            messages.warning(request, str(error))
        else:
            messages.success(request, _("You are entered as present."))
        return redirect("notices:notice", found.pk)
    is_good = codes.is_shown(found.pk, code, timezone.now())
    context = {
        "notice": found, "meeting": meeting, "own": own, "is_good": is_good,
        "entry": codes.pass_for(found.pk, request.user.pk) if is_good else "",
    }  # fmt: skip
    return render(request, "office/notices/here.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def move(request, notice_id):
    """Another time or place for a meeting that people know of."""
    found, meeting = _with_meeting(request.user, notice_id, "manage")
    data = request.POST if request.method == "POST" else None
    form = MeetingForm(
        data, initial=MeetingForm.initial_of(meeting), user=request.user, held=meeting
    )
    status = 200
    del form.fields["wanted"]
    if data is not None:
        status = 422
        if form.is_valid():
            try:
                meeting_services.change_meeting(
                    actor=request.actor, notice=found, meeting=form.facts()
                )
            except Unusable as error:
                with_errors(form, error.errors)
            except (Conflict, NotAllowed) as error:
                messages.warning(request, str(error))
                return redirect("notices:roll", found.pk)
            else:
                messages.success(request, _("Changed. Everybody on the roll is told."))
                return redirect("notices:roll", found.pk)
    context = {"notice": found, "meeting": form, "is_lost": is_lost(meeting)}
    return render(request, "office/notices/move.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def minutes(request, notice_id):
    """The minutes with what they ask of whom; sent once, then they stand."""
    found, meeting = _with_meeting(request.user, notice_id, "manage")
    if meeting.minutes_at:
        return redirect("notices:notice", found.pk)
    organs = roll.organs_of(found)
    form, items = _minutes_forms(request, found, meeting, organs)
    status = 200
    if request.method == "POST" and "more" not in request.POST:
        status = 422
        if form.is_valid() and all([one.is_valid() for one in items]):
            if _kept_minutes(request, found, form, items, organs):
                return redirect("notices:minutes" if "keep" in request.POST else "notices:notice",
                                found.pk)  # fmt: skip
    context = {"notice": found, "held": meeting, "form": form, "items": items,
               "is_wrong": status == 422}  # fmt: skip
    return render(request, "office/notices/minutes.html", context, status=status)


def _minutes_forms(request, found, meeting, organs):
    if request.method == "POST":
        count = whole(request.POST.get("lines", "")) or 0
        count += BLANK_ITEMS if "more" in request.POST else 0
        # The blank lines beyond the most are read too: filled in, they are refused in words.
        count = min(count, meeting_services.MOST_ITEMS + BLANK_ITEMS)
        items = [ItemForm(request.POST, prefix=f"i{n}", organs=organs) for n in range(count)]
        if "more" in request.POST:
            for one in items:
                one._errors = {}
        return MinutesForm(request.POST), items
    kept = selectors.items_of(found)
    initial = [
        {"text": one.text, "lead": one.lead_id, "due_at": one.due_at,
         "assisting": [organ.pk for organ in one.assisting.all()]}
        for one in kept
    ]  # fmt: skip
    initial += [{}] * BLANK_ITEMS
    items = [ItemForm(initial=one, prefix=f"i{n}", organs=organs) for n, one in enumerate(initial)]
    return MinutesForm(initial={"minutes": meeting.minutes}), items


def _kept_minutes(request, found, form, forms, organs) -> bool:
    by_key = {str(one.pk): one for one in organs}
    filled = [one for one in forms if one.cleaned_data["text"].strip() or one.cleaned_data["lead"]]
    items = [
        {"text": one.cleaned_data["text"], "lead": by_key.get(one.cleaned_data["lead"]),
         "assisting": [by_key[key] for key in one.cleaned_data["assisting"]],
         "due_at": one.cleaned_data["due_at"]}
        for one in filled
    ]  # fmt: skip
    try:
        meeting_services.save_minutes(
            actor=request.actor, notice=found, minutes=form.cleaned_data["minutes"], items=items
        )
        if "publish" in request.POST:
            meeting_services.publish_minutes(actor=request.actor, notice=found)
    except Unusable as error:
        for name, words in error.errors.items():
            field, _dash, number = name.partition("-")
            at = filled[int(number)] if number else form
            with_errors(at, {field: words})
        return False
    except (Conflict, NotAllowed) as error:
        messages.warning(request, str(error))
        return True
    done = _("The minutes are sent.") if "publish" in request.POST else _("Kept as a draft.")
    messages.success(request, done)
    return True
