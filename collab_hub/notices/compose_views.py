"""Writing a notice, choosing its people, seeing who gets it, sending it."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collab_hub.office.access import office_page
from collab_hub.office.forms import with_errors
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.access import may
from security.organs.selectors import own_organs

from . import places, selectors, services, templates
from .audience import Audience, read
from .explaining import explained
from .forms import AudienceForm, MeetingForm, NoticeForm, ReasonForm
from .people import members, outside, posts_of_members, scope_of, sizes
from .places import is_lost

PAGE = 50


def _forms(request, initial: dict, audience: Audience, held) -> dict:
    data = request.POST if request.method == "POST" else None
    return {
        "form": NoticeForm(data, initial=initial, departments=own_organs(request.user)),
        "who": AudienceForm(
            data, user=request.user, scope=scope_of(request.user),
            initial=AudienceForm.initial_of(audience),
        ),
        "meeting": MeetingForm(
            data, initial=MeetingForm.initial_of(held), user=request.user, held=held
        ),
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def compose(request):
    """A new notice, empty or from a template of an N-app."""
    if not own_organs(request.user):
        messages.warning(request, _("Only who holds a post can send notices."))
        return redirect("notices:received")
    start = templates.start_from(request.user, request.GET.get("template", ""))
    return _compose(request, None, *start, None)


@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def edit(request, notice_id):
    """One's own draft again."""
    found = selectors.notice_for(request.user, notice_id, "edit")
    initial = {
        "department": found.department_id, "title": found.title["zh"], "body": found.body["zh"],
        "needs_confirming": found.needs_confirming, "due_at": found.due_at,
        "escalate_minutes": found.escalate_minutes,
    }  # fmt: skip
    for name in ("title", "body"):
        words = getattr(found, name)
        initial[f"{name}_en"] = words["en"] if words["en"] != words["zh"] else ""
    return _compose(request, found, initial, read(found.audience), selectors.meeting_of(found))


def _compose(request, found, initial, audience, held):
    shown = _forms(request, initial, audience, held)
    status = 200
    if request.method == "POST" and "find" not in request.POST:
        saved = _save(request, found, shown)
        if saved is not None:
            return redirect("notices:check", saved.pk)
        status = 422
    size = _size(request.user, shown["who"], audience)
    is_wrong = status == 422
    if request.method != "POST" and held is not None and held.room is not None:
        shown["meeting"] = _looked_at(request.user, held, size["people"], shown["meeting"])
        is_wrong = bool(shown["meeting"].errors)
    is_open = shown["meeting"].data.get("meeting-wanted") or held is not None
    context = {
        **shown, "notice": found, "has_meeting": bool(is_open), "size": size,
        "is_wrong": is_wrong,
        "starts": templates.offered(request.user) if found is None else [],
    }  # fmt: skip
    if "find" in request.POST:
        for one in (shown["form"], shown["meeting"]):
            # Looking for people is no sending: nothing is found fault with yet.
            one._errors = {}
    return render(request, "office/notices/compose.html", context, status=status)


def _looked_at(user, held, people: int, form):
    """The meeting of a draft, with the fault at its room when somebody has taken it since."""
    faults = places.room_faults(user, held.room, (held.starts_at, held.ends_at), people, held)
    if not faults:
        return form
    data = {form.add_prefix(name): value for name, value in form.initial.items()}
    return with_errors(MeetingForm(data, user=user, held=held), faults)


def _save(request, found, shown):
    # Each form says what is wrong with it, not only the first one.
    sound = [shown[name].is_valid() for name in ("form", "who", "meeting")]
    if not all(sound):
        return None
    given = shown["form"].cleaned_data
    department = next(one for one in own_organs(request.user) if str(one.pk) == given["department"])
    try:
        return services.save_notice(
            actor=request.actor, notice=found, department=department,
            title={"zh": given["title"], "en": given["title_en"]},
            body={"zh": given["body"], "en": given["body_en"]},
            audience=shown["who"].audience(), needs_confirming=given["needs_confirming"],
            due_at=given["due_at"], escalate_minutes=given["escalate_minutes"],
            meeting=shown["meeting"].facts(),
        )  # fmt: skip
    except Unusable as error:
        own = {name: words for name, words in error.errors.items()
               if name in shown["meeting"].fields}  # fmt: skip
        with_errors(shown["meeting"], own)
        rest = {name: words for name, words in error.errors.items() if name not in own}
        with_errors(shown["form"], rest)
    except (Conflict, NotAllowed) as error:
        with_errors(shown["form"], {"": [str(error)]})
    return None


def _size(user, form: AudienceForm, stored: Audience) -> dict:
    audience = stored
    if form.is_bound:
        audience = form.audience() if form.is_valid() else Audience()
    people = members(audience).count() if not audience.is_empty else 0
    beyond = outside(audience, scope_of(user)).count() if people else 0
    return {"people": people, "beyond": beyond, "words": explained(audience)}


@require_POST
@office_page
def count(request):
    """How many people are chosen just now: a fragment of the page of composing."""
    form = AudienceForm(request.POST, user=request.user, scope=scope_of(request.user))
    context = {"size": _size(request.user, form, Audience())}
    return render(request, "office/notices/_size.html", context)


@require_safe
@office_page
def check(request, notice_id):
    """Who gets it, before it is sent: in words, by organ, by name."""
    return _check(request, selectors.to_check(request.user, notice_id), ReasonForm())


def _check(request, found, form, status: int = 200):
    audience = read(found.audience)
    posts = posts_of_members(audience).select_related("user", "department")
    page = Paginator(posts, PAGE).get_page(request.GET.get("page"))
    meeting = selectors.meeting_of(found)
    context = {
        "notice": found,
        "meeting": meeting,
        "is_lost": found.state == found.State.WAITING and meeting is not None and is_lost(meeting),
        "is_small": bool(meeting and meeting.room) and meeting.room.seats < page.paginator.count,
        "files": selectors.attachments(found),
        "words": explained(audience),
        "sizes": sizes(audience),
        "page": page,
        "beyond": outside(audience, scope_of(found.sender)).count(),
        "release": selectors.last_release(found),
        "may_edit": may(request.user, "edit", found),
        "may_decide": may(request.user, "release", found),
        "alone_most": settings.NOTICE_ALONE_MOST,
        "form": form,
    }
    return render(request, "office/notices/check.html", context, status=status)


@require_POST
@office_page
def files(request, notice_id):
    """Attach files to a draft, or take one off."""
    found = selectors.notice_for(request.user, notice_id, "edit")
    try:
        if "remove" in request.POST:
            removed = request.POST["remove"]
            file = (
                selectors.attachments(found).filter(pk=removed).first()
                if _is_uuid(removed)
                else None
            )
            if file:
                services.remove_file(actor=request.actor, notice=found, file_id=file.pk)
        for upload in request.FILES.getlist("files"):
            services.add_file(actor=request.actor, notice=found, upload=upload)
    except (Unusable, Conflict, NotAllowed) as error:
        messages.error(request, str(error))
    return redirect("notices:check", found.pk)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


@require_POST
@office_page
def send(request, notice_id):
    """The one click; or its undoing while it waits for the second person."""
    if "withdraw" in request.POST:
        return _withdraw(request, selectors.notice_for(request.user, notice_id, "manage"))
    found = selectors.notice_for(request.user, notice_id, "edit")
    try:
        if "drop" in request.POST:
            services.drop_draft(actor=request.actor, notice=found)
            messages.success(request, _("The draft is deleted."))
            return redirect("notices:sent")
        done = services.send_notice(actor=request.actor, notice=found)
    except Conflict as error:
        # The other click was faster: the draft is sent, or it is gone.
        messages.warning(request, str(error))
        return redirect("notices:sent")
    except (Unusable, NotAllowed) as error:
        return _unsent(request, found, error)
    if done.state == done.State.SENT:
        words = _("Sent. The roll has %(n)d people and fills itself in.")
        messages.success(request, words % {"n": done.reached})
        return redirect("notices:roll", done.pk)
    messages.success(request, _("A head of the organ decides now; you are told."))
    return redirect("notices:check", done.pk)


def _unsent(request, found, error):
    """Why it stayed a draft: what is wrong with its meeting stands at the field."""
    if isinstance(error, NotAllowed) or "audience" in error.errors:
        messages.error(request, str(error))
        return redirect("notices:check", found.pk)
    messages.error(request, _("Nothing was sent yet. Look at the meeting once more."))
    return redirect("notices:edit", found.pk)


def _withdraw(request, found):
    try:
        services.withdraw_release(actor=request.actor, notice=found)
    except (Conflict, NotAllowed) as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("It is a draft again."))
    return redirect("notices:check", found.pk)


@require_POST
@office_page
def decide(request, notice_id):
    """The second person lets a large notice out, or gives it back."""
    found = selectors.notice_for(request.user, notice_id, "release")
    form = ReasonForm(request.POST)
    form.is_valid()
    agrees = "approve" in request.POST
    try:
        services.decide_release(
            actor=request.actor, notice=found, agrees=agrees,
            reason=form.cleaned_data.get("reason", ""),
        )  # fmt: skip
    except Unusable as error:
        return _check(request, found, with_errors(form, error.errors), status=422)
    except (Conflict, NotAllowed) as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Sent.") if agrees else _("Given back to the sender."))
    return redirect("notices:received")
