"""Questions in the office: the list of the organ, and answering one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.refusals import say_refused
from security.identifiers import mask_name
from security.organs.selectors import active_posts
from service_hub.cases.people import organ_name

from . import selectors, services
from .models import Question
from .words import entries

PAGE_SIZE = 50


@login_required
def questions(request):
    """Questions to my organs: those that wait, those I have, those answered."""
    if not active_posts(request.user):
        raise Http404
    show = request.GET.get("show", "open")
    found = selectors.questions_for(request.user, show=show)
    shown = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    words = {
        "open": _("To answer"),
        "mine": pgettext("questions", "I have"),
        "answered": pgettext("questions", "Answered"),
    }
    context = {
        "shown": shown,
        "rows": [{"question": one, "due": selectors.light(one)} for one in shown],
        "tabs": [
            {"url": f"?show={key}", "label": label, "current": key == show, "count": None}
            for key, label in words.items()
        ],
    }
    return render(request, "inquiries/office_questions.html", context)


@login_required
def question(request, question_id):
    """One question: take up, draft, answer, pass on once, publish."""
    found = selectors.question_for(request.user, question_id, "handle")
    errors = {}
    if request.method == "POST":
        try:
            messages.success(request, _done(request, found))
        except Unusable as error:
            errors = error.errors
        except (Conflict, NotAllowed) as error:
            say_refused(request, error)
        if not errors:
            is_ours = selectors.questions_for(request.user, show=_box(found)).filter(pk=found.pk)
            if is_ours.exists():
                return redirect("office_question", found.pk)
            return redirect("office_questions")
    waits = found.state in Question.WAITING
    context = {
        "question": found,
        "asker": mask_name(found.asker.name) if found.asker else pgettext("rater", "No name given"),
        "due": selectors.light(found),
        "waits": waits,
        "organs": [(one.pk, organ_name(one)) for one in selectors.organs_to_pass_to(found)]
        if waits and not found.is_passed_on
        else [],
        "entries": entries(selectors.events_of(found), found, for_office=True),
        "typed": request.POST,
        "answer": request.POST.get("answer", found.draft),
        "errors": errors,
    }
    return render(request, "inquiries/office_question.html", context, status=422 if errors else 200)


def _box(found) -> str:
    found.refresh_from_db(fields=["state"])
    return "open" if found.state in Question.WAITING else "answered"


def _done(request, found) -> str:
    sent, to = request.POST, {"actor": request.actor, "question": found}
    act = sent.get("act", "")
    if act == "take":
        services.take_question(**to)
        return _("The question is yours now.")
    if act == "draft":
        services.draft_answer(**to, text=sent.get("answer", ""))
        return _("The draft is kept.")
    if act == "answer":
        services.answer_question(**to, text=sent.get("answer", ""))
        return _("The answer was sent.")
    if act == "pass_on":
        organs = selectors.organs_to_pass_to(found)
        wanted = next((one for one in organs if str(one.pk) == sent.get("department")), None)
        services.pass_on_question(**to, department=wanted, reason=sent.get("reason", ""))
        return _("The question was passed on.")
    if act == "publish":
        services.publish_question(
            **to, asked=sent.get("asked", ""), answered=sent.get("answered", "")
        )
        return _("Question and answer are published.")
    raise Conflict(_("Choose what to do."))
