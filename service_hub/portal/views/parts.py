"""Parts of an application that a second person fills in: inviting, and being invited."""

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _

from platform_core.capabilities.forms import cofilling
from platform_core.capabilities.forms import selectors as forms
from platform_core.capabilities.forms.sessions import draft_or_sign_in, saving_of, typed
from platform_core.common.errors import Conflict, NotAllowed, Unusable

from ..ends import actor_of, go, link, owner_key, sign_in_first
from ..ends import page as draw
from .whose import doer, subject_of

CODE = "invitation_codes"


def parts(request, draft_id):
    """The parts of a draft, who was invited, and what they have done; POST invites or revokes."""
    draft, answer = draft_or_sign_in(request, draft_id)
    if answer is not None:
        return answer
    if not forms.form_of(draft).parts or draft.only_fields:
        raise Http404
    errors = {}
    if request.method == "POST":
        try:
            return _change(request, draft)
        except Unusable as error:
            errors = error.errors
        except (Conflict, NotAllowed) as error:
            errors = {"name": [str(error)]}
    context = {
        "draft": draft,
        "subject": subject_of(draft),
        "states": _states(request, draft),
        "errors": errors,
        "open": request.POST.get("part", ""),
        "typed": request.POST,
    }
    return draw(request, "parts", context, status=422 if errors else 200)


def _change(request, draft):
    actor, part = doer(request, draft), request.POST.get("part", "")
    who = {"actor": actor, "draft": draft, "part": part, "owner_key": owner_key(request)}
    if request.POST.get("do") == "revoke":
        cofilling.revoke_invitation(**who)
        messages.success(request, _("The invitation was taken back."))
        return go(request, "parts", draft.pk)
    name, number = request.POST.get("name", ""), request.POST.get("number", "")
    invitation, code = cofilling.invite(name=name, number=number, **who)
    if code:
        # Shown to its owner until they close the browser; only its hash is in the database.
        kept = request.session.get(CODE, {})
        request.session[CODE] = {**dict(list(kept.items())[-9:]), str(invitation.pk): code}
    messages.success(request, _("The invitation is ready."))
    return go(request, "parts", draft.pk)


def _states(request, draft) -> list[dict]:
    codes = request.session.get(CODE, {})
    return [
        {
            "state": state,
            "code": codes.get(str(state.invitation.pk), "") if state.invitation else "",
            "address": request.build_absolute_uri(link(request, "invited", state.invitation.pk))
            if state.invitation
            else "",
        }
        for state in forms.parts_of(draft)
    ]


def _invitation(request, invitation_id):
    """The invitation of the person who opened it, or Http404 for everybody else."""
    found = forms.invitation_by_id(invitation_id)
    if found is None or found.invitee_id != request.user.pk:
        raise Http404
    return found


def invited(request, invitation_id):
    """The door: whoever has the number walks in, others need the code, strangers learn nothing."""
    if not request.user.is_authenticated:
        return sign_in_first(request)
    found = forms.invitation_by_id(invitation_id)
    if found is None:
        raise Http404
    actor, problem = actor_of(request), ""
    is_known = found.invitee_id == request.user.pk or cofilling.is_invited(request.user, found)
    if request.method == "POST" or is_known:
        try:
            found = cofilling.open_invitation(
                actor=actor, invitation=found, code=request.POST.get("code", "")[:40]
            )
            part = forms.form_of(found.draft).part(found.part)
            return go(request, "invited_page", found.pk, part.pages[0])
        except (NotAllowed, Conflict) as error:
            problem = str(error)
    if found.invitee_id or not found.code_digest:
        raise Http404
    return draw(request, "invited", {"problem": problem}, status=422 if problem else 200)


def invited_page(request, invitation_id, page):
    """One page of the part, and nothing else of the application."""
    if not request.user.is_authenticated:
        return sign_in_first(request)
    found = _invitation(request, invitation_id)
    if page not in forms.form_of(found.draft).part(found.part).pages:
        raise Http404
    actor = actor_of(request)
    if request.method != "POST":
        bound = cofilling.bind_part(found.draft, found, actor=actor, page=page, quiet=True)
        return _page(request, found, bound)
    try:
        bound = cofilling.save_part(actor=actor, invitation=found, page=page, values=typed(request))
    except Conflict:
        raise Http404 from None
    if bound.command == "autosave":
        return JsonResponse(saving_of(bound))
    if bound.command == "later":
        messages.success(request, _("Saved. You find it under “My cases”."))
        return go(request, "cases")
    if bound.command == "back" and bound.previous_page:
        return go(request, "invited_page", found.pk, bound.previous_page.key)
    if bound.may_go_on:
        after = bound.next_page
        if after is None:
            return go(request, "invited_check", found.pk)
        return go(request, "invited_page", found.pk, after.key)
    return _page(request, found, bound)


def _page(request, found, bound):
    part = forms.form_of(found.draft).part(found.part)
    context = {
        "bound": bound,
        "invitation": found,
        "part": part,
        "subject": subject_of(found.draft),
    }
    return draw(request, "invited_page", context)


def invited_check(request, invitation_id):
    """All answers of the part before they are confirmed."""
    if not request.user.is_authenticated:
        return sign_in_first(request)
    found = _invitation(request, invitation_id)
    actor = actor_of(request)
    if request.method == "POST":
        try:
            found = cofilling.confirm_part(actor=actor, invitation=found)
            messages.success(request, _("Confirmed. The person who invited you was told."))
            return go(request, "invited_check", found.pk)
        except Unusable:
            pass
        except Conflict:
            raise Http404 from None
    bound = cofilling.bind_part(found.draft, found, actor=actor)
    part = forms.form_of(found.draft).part(found.part)
    context = {
        "bound": bound,
        "invitation": found,
        "part": part,
        "subject": subject_of(found.draft),
    }
    return draw(request, "invited_check", context, status=422 if request.method == "POST" else 200)
