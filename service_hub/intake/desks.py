"""Who sits at an intake desk, and for which services: clerks of the department that handles a
matter, and those of the organ that runs the service halls, for every matter.
"""

from django.contrib.auth.models import Group

from security.organs.duties import PREFIX
from security.organs.selectors import active_posts

HALL_ORGAN = "service_bureau"
CLERK = f"{PREFIX}clerk"


def clerk_posts(user) -> list:
    """The posts in which `user` is a clerk; read once per user object."""
    posts = active_posts(user)
    if not posts:
        return []
    if not hasattr(user, "_clerk_posts"):
        group = Group.objects.filter(name=CLERK).values_list("pk", flat=True).first()
        user._clerk_posts = [post for post in posts if group in post.group_ids]
    return user._clerk_posts


def post_for(user, department_kind: str):
    """The post in which `user` takes in matters of departments of this kind, or None.

    The own department's comes before the one at the hall.
    """
    posts = clerk_posts(user)
    wanted = (department_kind, HALL_ORGAN)
    found = [post for kind in wanted for post in posts if post.department.kind == kind]
    return found[0] if found else None


def desk_kinds(user) -> set[str] | None:
    """The kinds of departments whose matters `user` takes in; None means all of them."""
    kinds = {post.department.kind for post in clerk_posts(user)}
    return None if HALL_ORGAN in kinds else kinds
