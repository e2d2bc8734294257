"""What the search over all histories registers: its place in the auditor's menu."""

from django.utils.translation import pgettext_lazy

from platform_core.common.menus import Entry, register_menu
from security.access.policies import is_auditor

register_menu(
    Entry("office", "trace", pgettext_lazy("menu", "Trace"), "trace_search", "history", 37,
          group="platform", shown=lambda request: is_auditor(request.user))
)  # fmt: skip
