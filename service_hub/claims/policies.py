"""Who reads a claim: who sent it, and the officials of the organ of the firm's area."""

from django.db.models import Q

from platform_core.capabilities.files.subjects import register_subject
from security.access import Policy, register_policy
from security.access.policies import is_admin, is_auditor
from security.organs.selectors import active_posts

from .models import FirmClaim

SUBJECT = "firm_claim"
CONFIRM = ("duty:reviewer", "duty:head")


def _confirms(post) -> bool:
    return post.is_head or post.groups.filter(name__in=CONFIRM).exists()


class FirmClaimPolicy(Policy):
    """ "own" is the claimant's; "handle" that of the organ's officials; "confirm" that of its
    reviewers and heads, but for whoever proposed. Nobody handles a claim of their own.
    """

    def visible(self, user, verb, queryset):
        if user is None or not user.is_authenticated:
            return queryset.none()
        if verb == "own":
            return queryset.filter(claimant=user)
        if verb == "view":
            return queryset if is_admin(user) or is_auditor(user) else queryset.none()
        if verb not in {"handle", "confirm"}:
            return queryset.none()
        theirs = Q(pk__in=[])
        for post in active_posts(user):
            if verb == "handle" or _confirms(post):
                theirs |= Q(department=post.department)
        found = queryset.filter(theirs).exclude(claimant=user)
        return found.exclude(proposed_by=user) if verb == "confirm" else found


def _may_see_licence(user, claim_id: str, _key: str) -> bool:
    """The licence is seen by whoever may see the claim."""
    claims = FirmClaim.objects.filter(pk=claim_id)
    policy = FirmClaimPolicy()
    return any(policy.visible(user, verb, claims).exists() for verb in ("own", "handle"))


register_policy(FirmClaim, FirmClaimPolicy())
register_subject(SUBJECT, _may_see_licence)
