"""What officials say to one another about a case, and what they ask other organs."""

from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from platform_core.capabilities.process.comments import selectors as comment_selectors
from platform_core.capabilities.process.comments import services as comments
from platform_core.capabilities.process.consultations import selectors as consultation_selectors
from platform_core.capabilities.process.consultations import services as consultations
from platform_core.capabilities.process.selectors import task_for

from ..access import office_page
from ..forms import AnswerForm, AskForm, CommentForm
from .handling import carry_out
from .task import typed_version


@require_POST
@office_page
def comment(request, task_id):
    """Write a comment."""
    people = comment_selectors.people_to_mention(
        request.user, task_for(request.user, task_id).instance
    )
    form = CommentForm(request.POST, people=people)

    def call():
        comments.add_comment(
            actor=request.actor,
            task_id=task_id,
            text=form.cleaned_data["text"],
            mentions=form.cleaned_data.get("mentions", ()),
            uploads=request.FILES.getlist("files"),
        )

    said = _("Your comment stands below.")
    return carry_out(request, task_id, call, said, form=form, name="comment_form")


@require_POST
@office_page
def comment_edit(request, task_id, comment_id):
    """Change one's own comment while that is possible."""
    form = CommentForm({"comment-text": request.POST.get("text", "")})

    def call():
        comments.edit_comment(
            actor=request.actor, comment_id=comment_id, text=form.cleaned_data["text"]
        )

    said = _("Your comment was changed.")
    return carry_out(request, task_id, call, said, form=form, name="comment_form")


@require_POST
@office_page
def comment_retract(request, task_id, comment_id):
    """Take one's own comment back."""
    return carry_out(
        request,
        task_id,
        lambda: comments.retract_comment(actor=request.actor, comment_id=comment_id),
        _("Your comment was taken back."),
    )


@require_POST
@office_page
def ask(request, task_id):
    """Ask other organs for their opinion."""
    organs = consultation_selectors.departments_to_ask(task_for(request.user, task_id))
    form = AskForm(request.POST, organs=organs)

    def call():
        consultations.ask_opinions(
            actor=request.actor,
            task_id=task_id,
            version=typed_version(request.POST),
            uploads=request.FILES.getlist("files"),
            **form.cleaned_data,
        )

    said = _("They are asked for their opinion.")
    return carry_out(request, task_id, call, said, form=form, name="ask_form")


@require_POST
@office_page
def answer(request, task_id):
    """Answer for one's department."""
    form = AnswerForm(request.POST)

    def call():
        consultations.answer_opinion(
            actor=request.actor,
            task_id=task_id,
            version=typed_version(request.POST),
            **form.cleaned_data,
        )

    said = _("The opinion of your department is given.")
    return carry_out(request, task_id, call, said, form=form, name="answer_form")


@require_POST
@office_page
def withdraw_question(request, task_id, consultation_id):
    """Take a question back."""
    return carry_out(
        request,
        task_id,
        lambda: consultations.withdraw_question(
            actor=request.actor, task_id=task_id, consultation_id=consultation_id
        ),
        _("The question was taken back."),
    )
