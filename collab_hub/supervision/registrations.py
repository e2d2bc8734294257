"""What supervision registers: policy, listeners, kinds of work, menu, history, samples, clock."""

from django.utils.translation import pgettext_lazy

from platform_core.common.menus import Entry, register_menu

from . import listeners, policies, samples, tasks, traced  # noqa: F401
from .selectors import sees_supervision
from .waiting import register_kinds

register_kinds(listeners.sign_from_list)
register_menu(
    Entry(
        "office",
        "supervision",
        pgettext_lazy("menu", "Supervision"),
        "supervision_items",
        "siren",
        36,
        group="together",
        shown=lambda request: sees_supervision(request.user),
    )
)
