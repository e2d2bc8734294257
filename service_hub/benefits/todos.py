"""Policies that newly fit the firm acted for, among what waits for it."""

from django.utils.translation import gettext as _

from platform_core.common.i18n import pick
from service_hub.todos import Todo, register_todo

from .selectors import new_for

MOST = 3


@register_todo
def new_policies(actor) -> list[Todo]:
    """The newest policies that fit the firm."""
    if actor.firm is None:
        return []
    return [
        Todo(
            f"benefit:{one.pk}",
            _("A new policy fits: %(title)s") % {"title": pick(one.title)},
            pick(one.gets),
            "firm:policy",
            (one.pk,),
            None,
            "gift",
        )
        for one in new_for(actor.user, actor.firm)[:MOST]
    ]
