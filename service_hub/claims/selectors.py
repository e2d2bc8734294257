"""Reads of claims: for the claimant, and for the organ that looks at them."""

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from platform_core.capabilities.files.selectors import files_of
from platform_core.common.workcalendar import deadline_light
from security.access import get_or_404, visible_to
from security.organs.models import Department, Region
from security.organs.selectors import active_posts, department_for

from .models import FirmClaim
from .policies import SUBJECT

# The organ that registers firms.
KIND = "market"
WITH = ("claimant__identity", "region", "department", "proposed_by", "decided_by")


def responsible(region: Region) -> Department | None:
    """The organ that looks at claims of firms in a place."""
    return department_for(KIND, region)


def claims_of(user) -> QuerySet[FirmClaim]:
    """What the person claimed, newest first."""
    found = visible_to(user, "own", FirmClaim.objects.select_related("department"))
    return found.order_by("-sent_at")


def claim_of(user, claim_id) -> FirmClaim:
    """The person's own claim, else Http404."""
    return get_or_404(user, "own", FirmClaim.objects.all(), pk=claim_id)


def handles_claims(user) -> bool:
    """Whether the official sits in an organ that looks at claims."""
    return any(post.department.kind == KIND for post in active_posts(user))


def claims_for(user, *, is_open: bool) -> QuerySet[FirmClaim]:
    """Claims to the official's organs: open ones by their date, decided ones newest first."""
    found = visible_to(user, "handle", FirmClaim.objects.select_related(*WITH))
    if is_open:
        return found.filter(state__in=FirmClaim.OPEN).order_by(F("due_at").asc(nulls_last=True))
    return found.exclude(state__in=FirmClaim.OPEN).order_by(
        F("decided_at").desc(nulls_last=True), "-sent_at"
    )


def claim_for(user, claim_id) -> FirmClaim:
    """One claim for an official of its organ, else Http404."""
    return get_or_404(user, "handle", FirmClaim.objects.select_related(*WITH), pk=claim_id)


def may_confirm(user, claim: FirmClaim) -> bool:
    """Whether the official is the second person for a proposed claim."""
    waiting = FirmClaim.objects.filter(pk=claim.pk, state=FirmClaim.State.PROPOSED)
    return visible_to(user, "confirm", waiting).exists()


def claims_waiting(user) -> tuple[int, int]:
    """(claims that wait for the official's organs, how many of them are late)."""
    late = Count("pk", filter=Q(due_at__lt=timezone.now()))
    found = claims_for(user, is_open=True).order_by().aggregate(all=Count("pk"), late=late)
    return found["all"], found["late"]


def rivals_of(claim: FirmClaim) -> QuerySet[FirmClaim]:
    """Other people's claims of the same firm that are open or accepted."""
    states = [*FirmClaim.OPEN, FirmClaim.State.ACCEPTED]
    same = FirmClaim.objects.filter(credit_code_index=claim.credit_code_index, state__in=states)
    return same.exclude(pk=claim.pk).select_related("claimant").order_by("sent_at")[:20]


def licence_of(claim: FirmClaim):
    """The papers shown with a claim, for a reader whom the caller has let in."""
    return files_of(SUBJECT, claim.pk)


def light(claim: FirmClaim, now=None) -> dict | None:
    """The light of an open claim; none once it is decided."""
    is_open = claim.state in FirmClaim.OPEN
    return deadline_light(claim.due_at, claim.warn_at, now) if is_open else None
