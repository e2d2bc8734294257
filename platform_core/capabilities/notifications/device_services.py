"""Writes of the devices on which a person wants to hear of their messages."""

from django.db import transaction
from django.utils.translation import gettext as _

from platform_core.common.errors import Unusable
from platform_core.common.locks import one_at_a_time
from security.access import get_or_404
from security.accounts.models import User
from security.actors import Actor
from security.audit.services import record_audit
from security.crypto import blind_index

from . import push, webpush
from .models import PushDevice

MOST = 10
LONGEST = 1000
SECRET_BYTES = 16


@transaction.atomic
def add_device(*, actor: Actor, endpoint: str, key: str, secret: str, name: str) -> PushDevice:
    """From now on the person hears of messages in the browser that made this subscription.

    A browser that somebody else used before is theirs from now on. Raises Unusable at "device" for
    a push service that is not allowed, keys that are none, and too many devices.
    """
    _check(endpoint, key, secret)
    user = User.objects.select_for_update().get(pk=actor.user.pk)
    index = blind_index(endpoint, "push_endpoint")
    one_at_a_time(f"push:{index}")
    found = PushDevice.objects.filter(endpoint_index=index).first()
    if found is None or found.user_id != user.pk:
        if PushDevice.objects.filter(user=user).count() >= MOST:
            raise _wrong(_("You have ten devices already. Take one away first."))
        if found is not None:
            # What still waits for whoever had the browser before must not ring in it.
            lose_device(actor=actor, device_id=found.pk)
            found = None
    device = found or PushDevice(endpoint=endpoint)
    device.user, device.key, device.secret, device.name = user, key, secret, name.strip()[:60]
    device.save()
    record_audit(actor=actor, verb="push_device.add", obj=device, after={"name": device.name})
    return device


@transaction.atomic
def forget_device(*, actor: Actor, device_id) -> None:
    """A person no longer wants to hear of messages on one of their devices. Raises Http404."""
    device = get_or_404(actor.user, "delete", PushDevice.objects.all(), pk=device_id)
    record_audit(actor=actor, verb="push_device.forget", obj=device, before={"name": device.name})
    device.delete()


@transaction.atomic
def lose_device(*, actor: Actor, device_id) -> None:
    """The device takes nothing any more, or is somebody else's now. Safe to repeat."""
    device = PushDevice.objects.select_for_update().filter(pk=device_id).first()
    if device is not None:
        record_audit(actor=actor, verb="push_device.lost", obj=device, before={"name": device.name})
        device.delete()


def _check(endpoint: str, key: str, secret: str) -> None:
    if len(endpoint) > LONGEST or not push.is_known(endpoint):
        raise _wrong(_("Your browser uses a push service that this platform does not send to."))
    try:
        webpush.browser_key(key)
        is_sound = len(webpush.decoded(secret)) == SECRET_BYTES
    except ValueError:
        is_sound = False
    if not is_sound:
        raise _wrong(_("The browser did not give usable keys. Try once more."))


def _wrong(said) -> Unusable:
    return Unusable({"device": [str(said)]})
