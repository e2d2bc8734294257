"""Who may see and change what the security base itself keeps."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from security.accounts.models import (
    ApiToken,
    Firm,
    FirmAgent,
    FirmRegistration,
    Identity,
    PersonMandate,
    User,
)
from security.accounts.selectors import firm_mandates
from security.audit.models import AuditEntry
from security.organs.models import Department, Post, Region

from .registry import Policy, register_policy

READING = {"view"}


def is_admin(user) -> bool:
    """An active system administrator."""
    return bool(user and user.is_authenticated and user.is_active and user.kind == User.Kind.ADMIN)


def is_auditor(user) -> bool:
    """An active auditor."""
    return bool(
        user and user.is_authenticated and user.is_active and user.kind == User.Kind.AUDITOR
    )


def is_person(user) -> bool:
    return bool(user and user.is_authenticated and user.is_active)


class PublicPolicy(Policy):
    """Everybody may view; administrators may change."""

    def visible(self, user, verb: str, queryset: QuerySet) -> QuerySet:
        return queryset if verb in READING or is_admin(user) else queryset.none()


class OwnRowsPolicy(Policy):
    """The person's own rows for the given verbs; administrators all, auditors all for reading."""

    def __init__(self, own: str, verbs: set[str]):
        self.own, self.verbs = own, verbs

    def visible(self, user, verb: str, queryset: QuerySet) -> QuerySet:
        if is_admin(user) or (verb in READING and is_auditor(user)):
            return queryset
        if is_person(user) and verb in self.verbs:
            return queryset.filter(**{self.own: user.pk})
        return queryset.none()


class IdentityPolicy(Policy):
    """Only the person themselves: not even an administrator reads a citizen number here."""

    def visible(self, user, verb: str, queryset: QuerySet) -> QuerySet:
        return queryset.filter(user=user) if is_person(user) else queryset.none()


class FirmPolicy(Policy):
    """Whoever holds a mandate today may view the firm and act for it."""

    def visible(self, user, verb: str, queryset: QuerySet) -> QuerySet:
        if is_admin(user) or (verb in READING and is_auditor(user)):
            return queryset
        if not is_person(user) or verb not in {"view", "act"}:
            return queryset.none()
        held = firm_mandates().filter(user=user)
        return queryset.filter(pk__in=held.values("firm"))


class StaffReadsPolicy(Policy):
    """Administrators keep it, auditors read it; nobody else opens the list."""

    def visible(self, user, verb: str, queryset: QuerySet) -> QuerySet:
        if is_admin(user) or (verb in READING and is_auditor(user)):
            return queryset
        return queryset.none()


class PersonMandatePolicy(Policy):
    """The two people it is between; administrators and auditors look after it."""

    def visible(self, user, verb: str, queryset: QuerySet) -> QuerySet:
        if verb in READING and (is_admin(user) or is_auditor(user)):
            return queryset
        if verb in READING and is_person(user):
            return queryset.filter(Q(principal=user) | Q(agent=user))
        return queryset.none()


class PostPolicy(Policy):
    """Civil servants see who holds which post; administrators change it."""

    def visible(self, user, verb: str, queryset: QuerySet) -> QuerySet:
        if is_admin(user):
            return queryset
        is_staff = is_person(user) and user.kind in {User.Kind.OFFICIAL, User.Kind.AUDITOR}
        return queryset if is_staff and verb in READING else queryset.none()


class AuditPolicy(Policy):
    """Auditors and administrators read; nobody writes."""

    def visible(self, user, verb: str, queryset: QuerySet) -> QuerySet:
        return (
            queryset
            if verb in READING and (is_auditor(user) or is_admin(user))
            else queryset.none()
        )


register_policy(Region, PublicPolicy())
register_policy(Department, PublicPolicy())
register_policy(User, OwnRowsPolicy("pk", {"view", "change"}))
register_policy(FirmAgent, OwnRowsPolicy("user", {"view"}))
register_policy(ApiToken, OwnRowsPolicy("user", {"view", "revoke"}))
register_policy(Identity, IdentityPolicy())
register_policy(Firm, FirmPolicy())
register_policy(FirmRegistration, StaffReadsPolicy())
register_policy(PersonMandate, PersonMandatePolicy())
register_policy(Post, PostPolicy())
register_policy(AuditEntry, AuditPolicy())
