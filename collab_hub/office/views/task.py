"""The page of one task, and what can be done on it."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from collab_hub.inbox import services
from collab_hub.inbox.company import company
from collab_hub.inbox.dossier import dossier
from collab_hub.inbox.margin import margin
from collab_hub.inbox.query import InboxQuery
from platform_core.capabilities.forms import posting
from platform_core.capabilities.forms.binding import bind
from platform_core.capabilities.forms.present import element_id
from platform_core.capabilities.forms.selectors import form_of, plain_values
from platform_core.capabilities.process.selectors import task_for
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.i18n import pick
from platform_core.common.numbers import whole
from platform_core.common.workcalendar import CalendarUnknown
from security.accounts.middleware import after_sign_out

from ..access import office_page
from ..forms import AnswerForm, AskForm, CommentForm, SuspendForm
from ..rescue import keep_sent, take_sent
from .inbox import BOX_TITLES, inbox_url, list_context

DONE_WORDS = {
    "approve": gettext_lazy("Approved: %(subject)s"),
    "submit": gettext_lazy("Filled in: %(subject)s"),
    "reject": gettext_lazy("Refused: %(subject)s"),
    "correct": gettext_lazy("The applicant is asked for a correction: %(subject)s"),
    "return": gettext_lazy("Returned to an earlier step: %(subject)s"),
    "transfer": gettext_lazy("Handed to a colleague: %(subject)s"),
    "abstain": gettext_lazy("Abstained: %(subject)s"),
    "add_signer": gettext_lazy("A colleague is asked to sign: %(subject)s"),
    "decline": gettext_lazy("Not agreed: %(subject)s"),
    "retry": gettext_lazy("It is being tried again: %(subject)s"),
    "release": gettext_lazy("Back in the pool: %(subject)s"),
    "read": gettext_lazy("Marked as read: %(subject)s"),
}
MAX_TYPED = 4000
# Where the error summary leads for each part of the action form.
ERROR_IDS = {
    "opinion": "opinion",
    "fields": "fields_0",
    "to_node": "to_node",
    "to_user": "to_user",
    "reason": "reason",
    "when": "when_before",
}


@require_safe
@office_page
def task(request, task_id):
    found = services.open_task(actor=request.actor, task_id=task_id)
    query = InboxQuery.read(request.GET)
    sent, had_files = take_sent(request, task_id)
    if sent is not None:
        return offered_again(request, found, query, sent, had_files)
    opinion = request.session.pop(typed_key(task_id), "")
    typed = {"opinion": opinion} if opinion else {}
    return task_page(request, found, query, typed=typed)


def offered_again(request, found, query, sent, had_files: bool):
    """The page with what was sent after the session had ended, to be sent once more."""
    said = [_("You had been signed out. Look it over and press the button again.")]
    if had_files:
        said.append(_("Please add the files again."))
    more = {"typed": typed_action(sent), "conflict": " ".join(said)}
    fill = filled_form(request, found, sent)
    if fill:
        more["fill"] = fill
    return task_page(request, found, query, **more)


def typed_key(task_id) -> str:
    """Where an opinion waits that was typed before claiming, until the page is drawn again."""
    return f"opinion:{task_id}"


def task_page(request, found, query: InboxQuery, *, status: int = 200, **more):
    """The page of a task that `request.user` was let in to; `more` is what a refusal adds."""
    # With htmx the list stays where it is and only the reading pane is drawn.
    beside = request.headers.get("HX-Target") == "reading"
    context = {
        **({} if beside else list_context(request, query)),
        "query": query,
        "address": query.address(),
        "task": found,
        "dossier": dossier(request.user, found, unmask=more.get("unmasked", False)),
        "margin": margin(request.user, found),
        "company": company(request.user, found),
        "back_url": inbox_url(query),
        "box_title": BOX_TITLES[query.box],
        "typed": {},
        **more,
    }
    if context["margin"].may_suspend and "suspend_form" not in context:
        context["suspend_form"] = SuspendForm()
    side = context["margin"]
    if side.may_talk and "comment_form" not in context:
        context["comment_form"] = CommentForm(people=side.people)
    if side.may_ask and "ask_form" not in context:
        context["ask_form"] = AskForm(organs=side.organs)
    if side.question and "answer_form" not in context:
        context["answer_form"] = AnswerForm()
    if context["dossier"].fill_form and "fill" not in context:
        form = context["dossier"].fill_form
        context["fill"] = bind(form, {}, actor=request.actor, quiet=True)
    if context["dossier"].open_fields and "open_form" not in context:
        context["open_form"] = open_form(request, context["dossier"])
    if context.get("fill"):
        context["kept_files"] = kept_files(context["fill"])
    template = "office/_reading.html" if beside else "office/task.html"
    response = render(request, template, context, status=status)
    patch_cache_control(response, private=True, no_store=True)
    return response


@after_sign_out
@require_POST
def act(request, task_id):
    """One action: the button's value. Sent after the session ended, it waits for the sign-in."""
    query = InboxQuery.read(QueryDict(request.POST.get("view", "")[:500]))
    if not request.user.is_authenticated:
        keep_sent(request, task_id)
        return redirect_to_login(task_address(task_id, query))
    return carry_out(request, task_id, query)


def task_address(task_id, query: InboxQuery) -> str:
    page, address = reverse("office:task", args=[task_id]), query.address()
    return f"{page}?{address}" if address else page


@office_page
def carry_out(request, task_id, query: InboxQuery):
    """The action itself. A refusal shows the page again with everything typed."""
    typed = typed_action(request.POST)
    # Approving, the usual case, needs nothing of the page that was left.
    may_have_form = typed["action"] != "approve"
    fill = filled_form(request, task_for(request.user, task_id)) if may_have_form else None
    changes = changed_answers(request, task_id)
    if fill and typed["action"] == "" and fill.command != "next":
        found = services.open_task(actor=request.actor, task_id=task_id)
        return task_page(request, found, query, fill=fill, typed=typed)
    if fill and fill.errors and typed["action"] == "submit":
        return refused(request, task_id, query, typed, 422, fill=fill)
    try:
        task = services.act_on_task(
            actor=request.actor, task_id=task_id, data=fill.values if fill else changes, **typed
        )
    except Unusable as error:
        return refused(request, task_id, query, typed, 422, errors=error.errors, fill=fill)
    except Conflict as error:
        return refused(request, task_id, query, typed, 409, conflict=str(error), fill=fill)
    except CalendarUnknown as error:
        return refused(request, task_id, query, typed, 409, conflict=str(error), fill=fill)
    except NotAllowed as error:
        return refused(request, task_id, query, typed, 403, conflict=str(error), fill=fill)
    if typed["action"] == "claim":
        messages.success(request, _("The task is yours now."))
        if typed["opinion"].strip():
            request.session[typed_key(task_id)] = typed["opinion"][:MAX_TYPED]
        return HttpResponseRedirect(task_address(task_id, query))
    words = DONE_WORDS[typed["action"]] % {"subject": pick(task.instance.subject_label)}
    messages.success(request, words)
    return HttpResponseRedirect(inbox_url(query))


def typed_version(post) -> int:
    """The version that the page showed; an unreadable one counts as one never shown."""
    return whole(post.get("version", "")) or 0


def typed_action(post) -> dict:
    """The parts of an action as typed."""
    # Enter in a field presses the form's own first button, which has another name.
    action = post.get("action", "submit" if "_next" in post else "")[:20]
    return {
        "action": action,
        "version": typed_version(post),
        # Without JavaScript a usual opinion is chosen instead of typed.
        "opinion": (post.get("opinion", "").strip() and post["opinion"]) or post.get("phrase", ""),
        # The signer's list stands in the same form as the colleague's, under a name of its own.
        "to_user": post.get("signer" if action == "add_signer" else "to_user", "")[:20],
        "to_node": post.get("to_node", "")[:60],
        "fields": post.getlist("fields")[:500],
        "when": post.get("when", "")[:10],
        "back": post.get("back", "")[:10],
    }


def filled_form(request, found, sent=None):
    """What was typed into the form of a fill-in step, judged; None for other steps.

    Files are stored at once, so that they are still there when something else has to be put right.
    With `sent` (an earlier request's answers) nothing is judged or stored.
    """
    form = dossier(request.user, found).fill_form if found.kind == "fill" else None
    if form is None:
        return None
    answers = request.POST if sent is None else sent
    kept = {
        one.key: answers.getlist(f"_kept-{one.key}")[:50]
        for one in form.questions()
        if one.type == "attachment"
    }
    posted = posting.read(form.questions(), answers, request.FILES, kept)
    posted.values = kept | posted.values
    if sent is not None:
        return bind(form, posted.values, actor=request.actor, quiet=True)
    refusals = services.keep_uploads(actor=request.actor, form=form, posted=posted)
    bound = bind(form, posted.values, actor=request.actor, quiet=posted.command != "next")
    bound.errors.update(refusals)
    bound.command = posted.command
    return bound


def open_form(request, found, typed: dict | None = None):
    """The applicant's answers that this step changes, with what the clerk has typed."""
    record = found.record
    values = plain_values(record) | (typed or {})
    return bind(
        form_of(record), values, actor=request.actor, subject=record, only=found.open_fields,
        quiet=typed is None,
    )  # fmt: skip


def changed_answers(request, task_id) -> dict | None:
    """What was typed into the open answers of the applicant's form; None when there are none."""
    if "_open" not in request.POST:
        return None
    found = dossier(request.user, task_for(request.user, task_id))
    if not found.open_fields:
        return None
    asked = [one for one in form_of(found.record).questions() if one.key in found.open_fields]
    return posting.read(asked, request.POST).values


def kept_files(bound) -> list[tuple[str, str]]:
    """(field key, file id) of every file already sent with a fill-in step."""
    asked = [one.key for one in bound.form.questions() if one.type == "attachment"]
    return [(key, file_id) for key in asked for file_id in bound.values.get(key) or []]


def refused(request, task_id, query, typed, status, *, errors=None, conflict="", fill=None):
    """The page as it stands now, with the reason on top and what was typed in its place."""
    errors = errors or {}
    summary = [
        {"id": ERROR_IDS.get(part, "") or element_id(part), "message": message}
        for part, found in errors.items()
        for message in found
    ]
    more = {"typed": typed, "errors": errors, "error_list": summary, "conflict": conflict}
    if fill:
        more["fill"] = fill
    found = services.open_task(actor=request.actor, task_id=task_id)
    changes = changed_answers(request, task_id)
    if changes is not None:
        more["open_form"] = open_form(request, dossier(request.user, found), changes)
        here = {key: said for key, said in errors.items() if key in more["open_form"].only}
        more["open_form"].errors = here
    return task_page(request, found, query, status=status, **more)


@require_POST
@office_page
def unmask(request, task_id):
    """The answers in full, for a reason, in this one answer only."""
    query = InboxQuery.read(QueryDict(request.POST.get("view", "")[:500]))
    reason = request.POST.get("reason", "")
    try:
        found = services.unmask_answers(actor=request.actor, task_id=task_id, reason=reason)
    except Unusable as error:
        return refused(request, task_id, query, {"reason": reason}, 422, errors=error.errors)
    return task_page(request, found, query, unmasked=True)
