"""Pages of N-apps in the menus: they come and go with the state of their N-app."""

from platform_core.common.i18n import pick
from platform_core.common.menus import Shown, register_menu_source

from .addresses import address_of
from .selectors import menu_pages


def entries(end: str, request) -> list[Shown]:
    """The menu entries of `end` for this request's reader."""
    shown = []
    user = getattr(request, "user", None)
    for slug, page in menu_pages(end, user):
        url = address_of(end, slug, page.key)
        if url:
            shown.append(
                Shown(
                    key=f"napp-{slug}-{page.key}",
                    label=pick(page.title),
                    url=url,
                    icon=page.icon,
                    group="napps" if end == "office" else "",
                    tab=False,
                    current=request.path == url,
                )
            )
    return shown


register_menu_source(entries)
