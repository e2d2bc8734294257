"""How I want to be told: by kind of message and channel, and at which addresses."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.notifications import addresses
from platform_core.capabilities.notifications.choices import KIND_WORDS, KINDS, OUTSIDE
from platform_core.capabilities.notifications.demonstration import stays_here
from platform_core.capabilities.notifications.models import Delivery
from platform_core.capabilities.notifications.selectors import shown_code, waiting_code
from platform_core.common.errors import Unusable
from security.accounts.channel_services import choose_channels

from ..ends import for_person, go, page
from ..forms import ADDRESS_FORMS, AddressCodeForm

ICONS = {"email": "mail", "sms": "smartphone"}


@for_person
def channels(request):
    """Tick the channels for each kind; on the platform everything is shown always."""
    user = request.user
    if request.method == "POST":
        choices = {
            kind: [one for one in OUTSIDE if f"{kind}-{one}" in request.POST] for kind in KINDS
        }
        choose_channels(actor=request.actor, choices=choices)
        messages.success(request, _("Noted. It holds from the next message on."))
        return go(request, "channels")
    rows = [
        {
            "kind": kind,
            "title": title,
            "note": note,
            "email": "email" in user.told_by.get(kind, OUTSIDE),
            "sms": "sms" in user.told_by.get(kind, OUTSIDE),
        }
        for kind, (title, note) in KIND_WORDS.items()
    ]
    context = {"rows": rows, "own": own_addresses(user), "waiting": _waiting(user)}
    return page(request, "channels", context)


@for_person
def address(request, channel):
    """A new e-mail address or mobile number, or the present one anew: POST sends a code to it."""
    if channel not in OUTSIDE:
        raise Http404
    known = {"address": request.user.own_address(channel)}
    # What is in order is not typed again.
    initial = known if channel in request.user.out_of_use else {}
    typed = request.POST if request.method == "POST" else None
    form = ADDRESS_FORMS[channel](typed, initial=initial)
    if form.is_valid():
        try:
            addresses.ask_code(
                actor=request.actor, channel=channel, address=form.cleaned_data["address"]
            )
        except Unusable as error:
            form.add_error("address", error.errors["address"])
        else:
            return go(request, "address_code")
    own = next(one for one in own_addresses(request.user) if one["channel"] == channel)
    return page(request, "address", {"form": form, "own": own}, status=422 if form.errors else 200)


@for_person
def address_code(request):
    """Type the code: POST `do` "prove" (the default), "again" for another one, or "give_up"."""
    code = waiting_code(request.user)
    deed = request.POST.get("do", "prove")
    if deed in OTHER_DEEDS:
        return OTHER_DEEDS[deed](request, code)
    form = AddressCodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _is_proved(request, form):
        messages.success(request, _("Confirmed. We reach you there from now on."))
        return go(request, "channels")
    if code is None:
        for said in form.errors.get("code", []):
            messages.warning(request, said)
        return go(request, "channels")
    context = _about(request, code, form)
    return page(request, "address_code", context, status=422 if form.errors else 200)


def _is_proved(request, form) -> bool:
    try:
        addresses.prove_address(actor=request.actor, digits=form.cleaned_data["code"])
    except Unusable as error:
        form.add_error("code", error.errors["code"])
        return False
    return True


def _send_again(request, code):
    if code is None:
        return go(request, "channels")
    try:
        addresses.ask_code(actor=request.actor, channel=code.channel, address=code.address)
        messages.success(request, _("Another code was sent. The earlier one no longer works."))
    except Unusable as error:
        messages.error(request, str(error))
    return go(request, "address_code")


def _give_up(request, _code):
    addresses.give_up_address(actor=request.actor)
    messages.info(request, _("Nothing was changed."))
    return go(request, "channels")


OTHER_DEEDS = {"again": _send_again, "give_up": _give_up}


def own_addresses(user) -> list[dict]:
    """Both addresses, hidden in the middle, and what is wrong with each: "", unproved, broken."""
    return [
        {
            "channel": channel,
            "title": {"email": _("E-mail"), "sms": _("Mobile number")}[channel],
            "icon": ICONS[channel],
            "address": addresses.hidden(channel, own) if (own := user.own_address(channel)) else "",
            "wrong": user.out_of_use.get(channel, "") if own else "",
        }
        for channel in OUTSIDE
    ]


def _waiting(user) -> dict | None:
    code = waiting_code(user)
    return {"address": addresses.hidden(code.channel, code.address)} if code else None


def _about(request, code, form) -> dict:
    return {
        "form": form,
        "channel": code.channel,
        "address": code.address,
        "until": code.expires_at,
        "is_over": code.expires_at <= timezone.now() or code.tries >= addresses.TRIES,
        "is_refused": code.refused_at is not None,
        "is_mail": code.channel == Delivery.Channel.EMAIL,
        "demo_code": shown_code(request.user, code),
        "is_written": settings.DEMO and stays_here(code.channel),
    }
