"""Where a person goes after signing in, for which firm they act, and what is known about them."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from security.audit.services import record_read
from security.identifiers import mask_citizen_number, mask_mobile, mask_name

from . import selectors, services
from .forms import IdentityForm, ProfileForm
from .models import User

# Addresses, because the service ends stand above this platform.
HOMES = {
    User.Kind.CITIZEN: "/",
    User.Kind.OFFICIAL: "/office/",
    User.Kind.ADMIN: "/admin/",
    User.Kind.AUDITOR: "/admin/",
}
CHANNELS_PAGE = "/me/channels/"


@login_required
@never_cache
def after_login(request):
    """Lead each kind of person to the service end they work at."""
    return HttpResponseRedirect(HOMES[request.user.kind])


@login_required
def addresses(request):
    """Where allauth's own page of addresses was: they are kept beside the choice of channels."""
    return HttpResponseRedirect(CHANNELS_PAGE)


@login_required
@require_POST
def acting_firm(request):
    """Act for the firm named in `firm`, or for oneself when it is empty; then go back to `next`."""
    chosen = request.POST.get("firm", "")
    firm = selectors.firm_of(request.user, chosen) if chosen else None
    if chosen and firm is None:
        raise Http404
    services.choose_firm(actor=request.actor, session=request.session, firm=firm)
    return HttpResponseRedirect(_safe_next(request, "/enterprise/" if firm else "/"))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def profile(request):
    """The person's own data, masked, with a form for what they may change."""
    user = request.user
    form = ProfileForm(request.POST or None, initial={"name": user.name})
    if request.method == "POST" and form.is_valid():
        try:
            services.change_profile(actor=request.actor, user=user, **form.cleaned_data)
        except ValidationError as error:
            _put_at_fields(form, error)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("profile"))
    return render(request, "account/profile.html", _about(request, form=form))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def identity(request):
    """Bind the real name and citizen number to the account."""
    if selectors.identity_of(request.user):
        return HttpResponseRedirect(reverse("profile"))
    form = IdentityForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.verify_identity(actor=request.actor, user=request.user, **form.cleaned_data)
        except ValidationError as error:
            _put_at_fields(form, error)
        else:
            messages.success(request, _("Your identity is bound to this account."))
            return HttpResponseRedirect(_safe_next(request, reverse("profile")))
    return render(request, "account/identity.html", {"form": form, "next": _safe_next(request, "")})


@login_required
@never_cache
@require_POST
def show_identity(request):
    """Show the person's own numbers in full, and record that they were shown."""
    held = selectors.identity_of(request.user)
    if held is None:
        raise Http404
    record_read(actor=request.actor, obj=held, fields=["real_name", "citizen_number"])
    return render(request, "account/profile.html", _about(request, in_full=True))


def _about(request, *, form=None, in_full: bool = False) -> dict:
    user, held = request.user, selectors.identity_of(request.user)
    number, name = (held.citizen_number, held.real_name) if held else ("", "")
    return {
        "form": form or ProfileForm(initial={"name": user.name}),
        "identity": held,
        "real_name": name if in_full else mask_name(name),
        "citizen_number": number if in_full else mask_citizen_number(number),
        "mobile": user.phone if in_full else mask_mobile(user.phone),
        "in_full": in_full,
        "channels_page": CHANNELS_PAGE,
        "mandates": selectors.mandates_of(user),
    }


def _put_at_fields(form, error: ValidationError) -> None:
    for field, texts in error.message_dict.items():
        form.add_error(field if field in form.fields else None, texts)


def _safe_next(request, otherwise: str) -> str:
    asked = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_ours else otherwise
