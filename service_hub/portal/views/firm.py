"""A firm's identity and its members, at the firms' end."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from platform_core.capabilities.documents.typesetting import public_address
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.accounts.firm_roles import GIVES
from security.accounts.selectors import firm_mandate
from security.accounts.services import choose_firm
from service_hub.duties import selectors as duties
from service_hub.firms import deadlines as due
from service_hub.firms import selectors, services
from service_hub.firms.guard import require_invited
from service_hub.firms.history import words
from service_hub.firms.letters import link_of

from ..ends import at_firms_end, for_firm
from ..ends import page as draw
from ..firm_forms import BindForm, InviteForm, MemberForm

PAGE_SIZE = 20
DEEDS = ("change", "suspend", "resume", "renew", "end")


@at_firms_end
def bind(request):
    """The legal representative binds the firm by its credit code and name."""
    form = BindForm(request.POST or None)
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            mandate = services.bind(actor=request.actor.as_person(), **form.cleaned_data)
            choose_firm(actor=request.actor, session=request.session, firm=mandate.firm)
            messages.success(request, _("The firm is bound. You act for it now."))
            return redirect("firm:members")
        except Unusable as error:
            refused = _at_fields(form, error)
        except (Conflict, NotAllowed) as error:
            form.add_error(None, str(error))
    status = 422 if request.method == "POST" else 200
    return draw(request, "firm/bind", {"form": form, "refused": refused}, status=status)


def _at_fields(form, error: Unusable) -> str:
    """Put what is wrong at its field; gives what is about no field."""
    rest = ""
    for name, said in error.errors.items():
        if name in form.fields:
            form.add_error(name, said)
        else:
            form.add_error(None, said)
            rest = rest or said[0]
    return rest


@for_firm
def members(request, firm):
    """Everybody who acts for the firm; POST invites somebody."""
    mine = firm_mandate(request.user, firm)
    roles = GIVES.get(mine.role, ())
    form = InviteForm(request.POST or None, roles=roles) if roles else None
    if request.method == "POST" and form and form.is_valid():
        try:
            made = services.invite_member(actor=request.actor, firm=firm, **form.cleaned_data)
            messages.success(request, _("%(name)s is invited.") % {"name": made.name})
            return redirect("firm:members")
        except Unusable as error:
            _at_fields(form, error)
        except (Conflict, NotAllowed) as error:
            form.add_error(None, str(error))
    waiting = selectors.open_invitations(request.user, firm)[:PAGE_SIZE]
    lines = selectors.member_lines(request.user, firm)
    context = {
        "shown": Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page")),
        "form": form,
        "invitations": [(one, public_address(link_of(one))) for one in waiting],
        "may_manage": bool(roles),
    }
    return draw(request, "firm/members", context, status=422 if form and form.errors else 200)


@for_firm
def member(request, firm, member_id):
    """One member: change, suspend, remove; POST `do` says which."""
    found = selectors.member_for(request.user, firm, member_id)
    mine = firm_mandate(request.user, firm)
    do = request.POST.get("do", "") if request.method == "POST" else ""
    known = {
        "role": found.role, "valid_until": found.valid_until, "services": found.services,
    }  # fmt: skip
    roles = GIVES.get(mine.role, ())
    form = MemberForm(request.POST if do == "change" else None, roles=roles, initial=known)
    if do in DEEDS and (do != "change" or form.is_valid()):
        try:
            _act(request.actor, found, do, form)
            messages.success(request, _("Done. The member was told."))
            return redirect("firm:members" if found.pk != mine.pk else "enterprise:home")
        except Unusable as error:
            _at_fields(form, error)
        except (Conflict, NotAllowed) as error:
            messages.warning(request, str(error))
            return redirect("firm:members")
    context = {"mandate": found, "form": form, "is_me": found.pk == mine.pk}
    return draw(request, "firm/member", context, status=422 if form.errors else 200)


def _act(actor, mandate, do: str, form) -> None:
    if do == "change":
        services.change_member(actor=actor, mandate=mandate, **form.cleaned_data)
    elif do == "renew":
        services.renew_member(actor=actor, mandate=mandate)
    elif do == "end":
        services.end_member(actor=actor, mandate=mandate)
    else:
        services.suspend_member(actor=actor, mandate=mandate, is_suspended=do == "suspend")


@require_POST
@for_firm
def revoke(request, firm, invitation_id):
    """Take an invitation back."""
    found = selectors.invitation_for(request.user, firm, invitation_id)
    try:
        services.revoke_invitation(actor=request.actor, invitation=found)
        messages.success(request, _("The invitation was taken back."))
    except (Conflict, NotAllowed) as error:
        messages.warning(request, str(error))
    return redirect("firm:members")


@at_firms_end
def join(request, token):
    """What the invitation says; POST `do` "accept" or "decline" answers it."""
    found = selectors.invitation_with(token)
    problem = ""
    try:
        require_invited(request.user, found)
    except NotAllowed as error:
        problem = str(error)
    if request.method == "POST" and not problem:
        is_accepted = request.POST.get("do") == "accept"
        try:
            services.settle_invitation(
                actor=request.actor.as_person(), invitation=found, is_accepted=is_accepted
            )
            if is_accepted:
                choose_firm(actor=request.actor, session=request.session, firm=found.firm)
                messages.success(request, _("You act for %(name)s now.") % {"name": found.firm})
            return redirect("enterprise:home")
        except (Conflict, NotAllowed, Unusable) as error:
            problem = str(error)
    context = {"invitation": found, "problem": problem, "titles": _titles(found)}
    return draw(request, "firm/join", context, status=422 if request.method == "POST" else 200)


def _titles(invitation) -> list[str]:
    known = dict(selectors.service_choices()) if invitation.services else {}
    return [known.get(key, key) for key in invitation.services]


@for_firm
def deadlines(request, firm):
    """What the firm must not miss, and the address of its calendar."""
    found = due.deadlines_of(request.user, firm)
    token = due.calendar_token(request.user, firm)
    context = {
        "shown": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "done": duties.marks_of(request.user, firm),
        "address": public_address(reverse("firm:calendar", args=[token])),
    }
    return draw(request, "firm/deadlines", context)


@require_safe
def calendar(request, token):
    """The calendar that programs subscribe to; the secret in the address lets them in."""
    content = due.calendar_of(token)
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


@for_firm
def history(request, firm):
    """Who did what for the firm, for those who look after its members."""
    found = selectors.history_of(request.user, firm)
    shown = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    lines = [{"event": event, "words": words(event)} for event in shown]
    return draw(request, "firm/history", {"shown": shown, "lines": lines})
