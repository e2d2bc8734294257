"""Who reads a question: who asked it, and the officials of the organ it is with."""

from django.db.models import Q

from security.access import Policy, register_policy
from security.access.policies import is_admin, is_auditor
from security.organs.selectors import active_posts

from .models import Question


class QuestionPolicy(Policy):
    """ "own" is the asker's; "handle" that of the department's officials and those above."""

    def visible(self, user, verb, queryset):
        if user is None or not user.is_authenticated:
            return queryset.none()
        if verb == "view":
            return queryset if is_admin(user) or is_auditor(user) else queryset.none()
        if verb == "own":
            return queryset.filter(asker=user)
        if verb != "handle":
            return queryset.none()
        allowed = Q(pk__in=[])
        for post in active_posts(user):
            allowed |= Q(department__path__startswith=post.department.path)
        return queryset.filter(allowed)


register_policy(Question, QuestionPolicy())
