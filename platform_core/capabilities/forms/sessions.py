"""What views need so that nothing typed is lost: the visitor's key, and sessions that ended while
typing.

Two things can happen between opening a page and sending it. The session ends: the POST arrives from
nobody, is kept beside the draft for this browser, and joins the draft after signing in again. Or
the CSRF token changes because the person signed in or out in another window: the page is shown
again with everything that was typed in hidden fields and one button that sends it.
"""

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import urlencode

from platform_core.common import views as common
from platform_core.common.i18n import pick
from platform_core.common.outage import sent_from_here, what_was_sent
from platform_core.common.resending import ELSEWHERE, IS_KEPT
from platform_core.common.visitors import keep_visitor, visitor_key

from . import selectors, services


def owner_key(request, response=None) -> str:
    """The key that owns this visitor's drafts and files; with `response` its cookie is set."""
    key = visitor_key(request, create=True)
    if response is not None:
        keep_visitor(request, response)
    return key


def draft_or_sign_in(request, draft_id, *, page: str = "", sent: bool = False):
    """The draft for this request, or a redirect to the sign-in page: (draft, None) or (None,
    response).

    When the session ended and this is a POST to somebody's draft, what was typed is kept for this
    browser first. After signing in, the same address is opened again and `attach_rescued` (called
    here as well) joins it to the draft. Everybody else gets Http404. `sent` also finds a draft that
    was sent already.
    """
    key = owner_key(request)
    try:
        draft = selectors.draft_for(request.user, draft_id, key, sent=sent)
    except Http404:
        draft = selectors.draft_by_id(draft_id)
        if request.user.is_authenticated or draft is None or not draft.user_id:
            raise
        return None, _sign_in_first(request, draft, page, key)
    if draft.user_id and not draft.submitted_at:
        if services.attach_rescued(actor=request.actor, draft=draft, owner_key=key):
            draft = selectors.draft_for(request.user, draft_id, key)
    return draft, None


def typed(request):
    """What was sent; a script that saves while one types presses no button, which must not
    scold.
    """
    if request.headers.get("X-Requested-With") != "fetch":
        return request.POST
    values = request.POST.copy()
    values["_autosave"] = "1"
    return values


def saving_of(bound) -> dict:
    """What a page that saves while one types is told: when, the number of the saving, and the
    questions that another window has answered differently.
    """
    draft = bound.draft
    clash = [pick(bound.form.question(key).label) for key in bound.rivals]
    return {"saved": draft.updated_at.isoformat(), "rev": draft.saves, "clash": clash}


def _sign_in_first(request, draft, page: str, key: str):
    setattr(request, IS_KEPT, True)
    if request.method == "POST":
        services.keep_rescued(
            actor=request.actor,
            draft=draft,
            page=page,
            values=request.POST,
            files=request.FILES,
            owner_key=key,
        )
    address = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': request.get_full_path()})}"
    return keep_visitor(request, redirect(address))


def csrf_failure(request, reason=""):
    """The answer to a stale token: what was sent is offered again, but for signing in itself.

    Only a request that comes from this site gets its values back, so a foreign page cannot put
    words into somebody's draft and have them sent with one click.
    """
    if request.path.startswith(ELSEWHERE) or not sent_from_here(request):
        return common.csrf_failure(request, reason)
    context = what_was_sent(request) | {"action": request.get_full_path()}
    return render(request, "resend.html", context, status=403)
