"""Where the office leads to the grids: for whoever keeps some, while the N-app is there."""

from django.utils.translation import pgettext

from platform_core.common.menus import Shown, register_menu_source
from platform_core.napps.selectors import is_reachable
from security.organs.selectors import active_posts

from .selectors import KEEPERS, SLUG

HOME = f"/apps/{SLUG}/grids/"


def grid_entries(end: str, request) -> list[Shown]:
    """The entry of the office's menu; its words are looked up for each reader."""
    if end != "office" or not any(
        post.department.kind == KEEPERS for post in active_posts(request.user)
    ):
        return []
    if not is_reachable(SLUG):
        return []
    label = pgettext("menu", "Grids")
    current = request.path.startswith(HOME)
    return [Shown("grids", label, HOME, "layout-grid", "napps", False, current=current)]


register_menu_source(grid_entries)
