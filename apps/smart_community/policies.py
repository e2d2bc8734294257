"""Who reads and keeps grids."""

from security.access import Policy, register_policy
from security.organs.selectors import active_posts

from .models import Grid


class GridPolicy(Policy):
    """Every official reads grids; whoever works in the organ that keeps a grid changes it."""

    def visible(self, user, verb, queryset):
        posts = active_posts(user)
        if verb == "read":
            return queryset if posts else queryset.none()
        if verb == "keep":
            return queryset.filter(department__in=[post.department_id for post in posts])
        return queryset.none()


register_policy(Grid, GridPolicy())
