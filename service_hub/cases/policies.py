"""Who may see and do what with a case."""

from django.db.models import Exists, OuterRef, Q

from platform_core.capabilities.forms.policies import register_record_access
from platform_core.capabilities.process.models import Task
from platform_core.capabilities.process.permissions import mine_condition, pool_condition
from platform_core.napps.models import NApp
from security.access import Policy, register_policy, visible_to
from security.access.policies import is_admin, is_auditor
from security.accounts.firm_roles import FILE, WITHDRAW
from security.accounts.selectors import (
    firms_of,
    firms_with,
    services_limited_to,
    valid_mandates,
)
from security.organs.selectors import active_posts

from .models import Case

# "own" is reading as the applicant: the portal shows a case to nobody else.
OF_APPLICANTS = {"own", "read", "withdraw", "correct", "rate", "urge"}
IN_FIRMS = {"withdraw": WITHDRAW, "correct": FILE, "rate": FILE, "urge": FILE}


class CasePolicy(Policy):
    """Applicants and agents of the firm have their cases; officials those of their departments
    or tasks.
    """

    def visible(self, user, verb, queryset):
        if user is None or not user.is_authenticated:
            return queryset.none()
        if verb == "view":  # the admin site, which names nobody
            return queryset if is_admin(user) or is_auditor(user) else queryset.none()
        allowed = Q(pk__in=[])
        if verb in OF_APPLICANTS:
            allowed |= Q(applicant=user, firm=None) | self._of_firms(user, verb)
            allowed |= Q(mandate__in=valid_mandates().filter(agent=user))
        if verb in {"read", "handle"} and user.is_official:
            allowed |= self._of_office(user)
        return queryset.filter(allowed)

    def _of_firms(self, user, verb) -> Q:
        """Every member reads the firm's cases; some act on them, in all services or in a few."""
        right = IN_FIRMS.get(verb)
        if right is None:
            return Q(firm__in=firms_of(user))
        limited = services_limited_to(user, right)
        found = Q(firm__in=[one for one in firms_with(user, right) if one.pk not in limited])
        for firm_id, services in limited.items():
            for service in services:
                slug, _sep, key = service.partition("/")
                found |= Q(firm=firm_id, item__napp__slug=slug, item__key=key)
        return found

    def _of_office(self, user) -> Q:
        below = headed = Q(pk__in=[])
        for post in active_posts(user):
            theirs = Q(department__path__startswith=post.department.path)
            below |= theirs
            # Whoever heads an office answers for all of its cases.
            headed |= theirs if post.is_head else Q(pk__in=[])
        handled = Q(item__napp__in=visible_to(user, "handle", NApp.objects.all()))
        pool = pool_condition(user)
        acted = mine_condition(user) | Q(closed_by=user)
        mine = Task.objects.filter(instance=OuterRef("process")).filter(
            acted if pool is None else acted | pool
        )
        return (below & handled) | headed | Exists(mine)


def records_of_cases(user, verb: str) -> Q | None:
    """Officials who may read a case may see its record and the files in it; so may the applicant
    for whom an official took it in.
    """
    if verb != "view" or user is None or not user.is_authenticated:
        return None
    if not getattr(user, "is_official", False):
        theirs = Q(case__applicant=user, case__firm=None) | Q(case__firm__in=firms_of(user))
        return theirs & Q(case__received_by__isnull=False)
    return Q(pk__in=visible_to(user, "read", Case.objects.all()).values("record"))


register_policy(Case, CasePolicy())
register_record_access(records_of_cases)
