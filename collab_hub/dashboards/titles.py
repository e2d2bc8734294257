"""What a list behind a figure is called: what it shows, then everything that narrows it."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from platform_core.common.i18n import pick
from security.accounts.models import User

from . import rows, selectors
from .policies import Scope
from .slices import Slice
from .tables import light_titles


def titles_of(scope: Scope, chosen: Slice) -> list[str]:
    """What a list shows, in words: the kind of rows first, then what narrows it. At most five
    queries. What an address names without a row of the units having it is not called by name.
    """
    whats = {
        "open": _("Waiting now"),
        "received": pgettext("list", "Received"),
        "finished": pgettext("list", "Finished"),
        "dropped": pgettext("list", "No longer needed"),
    }
    dues = {
        "kept": _("Before the deadline"),
        "missed": _("After the deadline"),
        "without": pgettext("lights", "Without deadline"),
        "with": _("With a deadline"),
    }
    found = [
        whats[chosen.what],
        light_titles()[chosen.light] if chosen.light else "",
        dues[chosen.due] if chosen.due else "",
        str(selectors.title_of_kind(chosen.kind)) if chosen.kind else "",
        _service(scope, chosen.service),
        _step(scope, chosen),
        _person(scope, chosen.person),
    ]
    return [one for one in found if one]


def _service(scope: Scope, key: str) -> str:
    if not key:
        return ""
    # Kinds of work are words of the platform; N-apps and items may not be open to everybody yet.
    has_rows = key.startswith("kind.") or any(
        one.exists() for one in rows.of_scope(scope, Slice(service=key)).values()
    )
    return selectors.service_titles([key]).get(key, "") if has_rows else ""


def _step(scope: Scope, chosen: Slice) -> str:
    if not chosen.step:
        return ""
    found = rows.of_scope(scope, Slice(step=chosen.step))["task"]
    return pick(found.order_by("-opened_at").values_list("title", flat=True).first())


def _person(scope: Scope, person: int | None) -> str:
    if person == 0:
        return _("Nobody yet")
    if person is None or not scope.has_names:
        return ""
    has_something = [
        Q(pk__in=one.filter(assignee=person).values("assignee"))
        for one in rows.of_scope(scope, Slice()).values()
    ]
    found = User.objects.filter(has_something[0] | has_something[1], pk=person).first()
    return str(found) if found else ""
