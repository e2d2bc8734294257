"""Writes of how a person wants to be told, and where they can be reached."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from security.audit.services import record_audit

from .models import User


class Taken(Exception):
    """The e-mail address was proved by another account."""


@transaction.atomic
def choose_channels(*, actor, choices: dict[str, list[str]]) -> None:
    """Keep by which channels the person wants to be told, by kind of message."""
    user = actor.user
    user.told_by = {kind: sorted(set(channels)) for kind, channels in choices.items()}
    user.save(update_fields=["told_by"])
    record_audit(actor=actor, verb="account.channels", obj=user, after=user.told_by)


@transaction.atomic
def choose_channel(*, actor, user: User, kind: str, channel: str, wanted: bool, whole) -> None:
    """Take one channel in or out for one kind of message, and leave every other choice.

    `whole` are the channels of a kind for which nothing was chosen yet. Safe to repeat.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    chosen = set(locked.told_by.get(kind, whole))
    if (channel in chosen) == wanted:
        return
    chosen ^= {channel}
    locked.told_by = {**locked.told_by, kind: sorted(chosen)}
    locked.save(update_fields=["told_by"])
    record_audit(actor=actor, verb="account.channels", obj=locked, after=locked.told_by)


@transaction.atomic
def use_address(*, actor, user: User, channel: str, address: str) -> None:
    """From now on the person is reached at `address`, which they have proved.

    An e-mail address also signs in and resets the password from now on, the former one no longer.
    Raises Taken when another account proved it first.
    """
    before = {"address": user.own_address(channel), "unused": user.out_of_use.get(channel, "")}
    if channel == "email":
        user.email = address
        _verify(user)
    else:
        user.phone = address
    user.out_of_use = {key: why for key, why in user.out_of_use.items() if key != channel}
    user.save(update_fields=["email", "phone", "phone_index", "out_of_use"])
    record_audit(
        actor=actor, verb="account.address", obj=user,
        before={channel: before}, after={channel: {"address": address}},
    )  # fmt: skip


def _verify(user: User) -> None:
    try:
        with transaction.atomic():
            EmailAddress.objects.filter(user=user).delete()
            EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    except IntegrityError:
        raise Taken from None


@transaction.atomic
def put_out_of_use(*, actor, user: User, channel: str, address: str) -> bool:
    """Note that `address` does not work; False when it is no longer the person's, or was noted."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    if locked.own_address(channel) != address or channel in locked.out_of_use:
        return False
    locked.out_of_use = {**locked.out_of_use, channel: User.Unused.BROKEN.value}
    locked.save(update_fields=["out_of_use"])
    record_audit(actor=actor, verb="account.address_broken", obj=locked, after={"channel": channel})
    return True


@transaction.atomic
def confirm_address(*, actor, user: User, email: str) -> None:
    """The link of the letter that an account is opened with was followed: `email` is theirs."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    if locked.email.lower() != email.lower() or "email" not in locked.out_of_use:
        return
    locked.out_of_use = {key: why for key, why in locked.out_of_use.items() if key != "email"}
    locked.save(update_fields=["out_of_use"])
    record_audit(actor=actor, verb="account.address", obj=locked, after={"confirmed": "email"})
