"""The manifest section "notifications": an N-app's own wordings."""

from collections.abc import Iterable
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field

from platform_core.common.i18n import Text
from platform_core.napps.changes import register_wording
from platform_core.napps.manifest import Key, Manifest, Section, Strict, entries, register_section

from .templates import known_names
from .wording import blanks, has_stray_braces


class Notification(Strict):
    """One wording. Names in braces are filled in when it is sent: {number}."""

    key: Key
    title: Text
    body: Text
    channels: list[Literal["in_app", "email", "sms"]] = Field(default=["in_app"], min_length=1)


def check(manifest: Manifest, notifications: list[Notification]) -> Iterable[tuple]:
    """Names in braces must be ones that somebody fills in."""
    for number, notification in enumerate(notifications):
        known = known_names(notification.key)
        for part in ("title", "body"):
            for language in ("zh", "en"):
                text = getattr(getattr(notification, part), language)
                path = (number, part, language)
                if has_stray_braces(text):
                    yield path, _("Braces may only hold a plain name, like {number}.")
                for name in sorted(blanks(text) - known):
                    yield (
                        path,
                        _("Nobody fills in “%(name)s”. Known: %(names)s.")
                        % {"name": name, "names": ", ".join(sorted(known)) or "—"},
                    )


register_section(Section("notifications", entries(Notification), check=check))
register_wording("notifications", gettext_lazy("Notifications"))
