"""What was filled in by us: earlier answers only with the person's leave, and a value that is wrong
is contested.
"""

from django.contrib import messages
from django.http import Http404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from platform_core.capabilities.forms import selectors as forms
from platform_core.capabilities.forms import services as form_services
from platform_core.capabilities.forms.binding import bind_draft
from platform_core.capabilities.forms.display import answers_to_check
from platform_core.capabilities.forms.earlier import allow_earlier
from platform_core.capabilities.forms.posting import read
from platform_core.capabilities.forms.present import draw as draw_form
from platform_core.capabilities.forms.sessions import draft_or_sign_in
from platform_core.common.errors import Conflict, Unusable

from ..ends import actor_of, for_person, go, owner_key
from ..ends import page as draw
from .whose import doer

SAID = {
    True: lambda: _("Your earlier answers are used from now on. You can change that in “My data”."),
    False: lambda: _("Your earlier answers are not used."),
}

TABS = {"papers": "papers", "answers": "saved_answers"}


@require_POST
@for_person
def earlier(request, draft_id):
    """Asked once in a form: may earlier answers be used? POST `use` "yes" or "no"."""
    draft, answer = draft_or_sign_in(request, draft_id)
    if answer is not None:
        return answer
    if draft.mandate_id:
        raise Http404
    is_allowed = request.POST.get("use") == "yes"
    allow_earlier(actor=actor_of(request), is_allowed=is_allowed)
    if is_allowed:
        form_services.fill_in_earlier(
            actor=actor_of(request), draft=draft, owner_key=owner_key(request)
        )
    messages.success(request, SAID[is_allowed]())
    return go(request, "resume", draft.pk)


@require_POST
@for_person
def my_earlier(request):
    """The same switch in “My data” and in the wallet; POST `tab` says where to go back to."""
    is_allowed = request.POST.get("use") == "yes"
    allow_earlier(actor=actor_of(request), is_allowed=is_allowed)
    messages.success(request, SAID[is_allowed]())
    return go(request, TABS.get(request.POST.get("tab", ""), "me"))


def contest(request, draft_id, field):
    """Say what is wrong with a value of a source, and what would be right."""
    draft, answer = draft_or_sign_in(request, draft_id)
    if answer is not None:
        return answer
    if field not in draft.sources:
        raise Http404
    errors, reason = {}, request.POST.get("reason", "").replace("\x00", "")
    if request.method == "POST":
        try:
            bound = form_services.contest_value(
                actor=doer(request, draft), draft=draft, field=field, reason=reason,
                values=request.POST, owner_key=owner_key(request),
            )  # fmt: skip
            messages.success(request, _("Kept. The office sees both, and you go on with yours."))
            return go(request, "page", draft.pk, bound.page.key)
        except Unusable as error:
            errors = error.errors
        except Conflict as error:
            messages.warning(request, str(error))
            return go(request, "resume", draft.pk)
    return _contest_page(request, draft, field, reason, errors)


def _contest_page(request, draft, field: str, reason: str, errors: dict):
    bound = bind_draft(draft, actor=doer(request, draft), owner_key=owner_key(request), quiet=True)
    shown = {one.key: one for section in answers_to_check(bound) for one in section.answers}
    page = next(page for page, one in bound.form.all_fields() if one.key == field)
    kept = forms.contest_of(draft, field)
    bound.locked, bound.sources, bound.rivals = set(), {}, {}
    bound.errors = {path: said for path, said in errors.items() if path != "reason"}
    if request.method == "POST":
        bound.values |= read([bound.form.question(field)], request.POST).values
    asked = next(one for one in draw_form(bound, page).questions if one.key == field)
    context = {
        "draft": draft,
        "asked": asked,
        "answer": shown.get(field),
        "back": page.key,
        "given": kept.given if kept else "",
        "reason": reason or (kept.reason if kept else ""),
        "errors": errors,
    }
    return draw(request, "contest", context, status=422 if errors else 200)
