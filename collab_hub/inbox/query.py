"""What a person asks of the inbox, read from an address and written back to one. Pure."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

BOXES = ("all", "mine", "pool", "snoozed", "cc", "sent", "done")
LIGHTS = ("red", "yellow", "green")
DUES = ("late", "today", "soon")
STAGES = ("acceptance", "review", "decision", "certificate")
MAX_SEARCH = 100


@dataclass(frozen=True)
class InboxQuery:
    """A view of the inbox. Empty strings do not filter; `napp` is a slug; "all" is mine + pool;
    `kind` is a kind of step or of item.
    """

    box: str = "all"
    q: str = ""
    due: str = ""
    napp: str = ""
    stage: str = ""
    kind: str = ""
    light: str = ""

    @classmethod
    def read(cls, values) -> "InboxQuery":
        """From a QueryDict or dict; a value that is not offered counts as not given."""

        def offered(name: str, choices: tuple[str, ...], default: str = "") -> str:
            value = values.get(name, default)
            return value if value in choices else default

        search = str(values.get("q", "")).replace("\x00", "").strip()[:MAX_SEARCH]
        return cls(
            box=offered("box", BOXES, "all"),
            q=search,
            due=offered("due", DUES),
            napp=_key(values, "napp"),
            stage=offered("stage", STAGES),
            kind=_key(values, "kind"),
            light=offered("light", LIGHTS),
        )

    @property
    def filters(self) -> dict[str, str]:
        """What is filtered by, without the box."""
        names = ("q", "due", "napp", "stage", "kind", "light")
        given = {name: getattr(self, name) for name in names}
        return {name: value for name, value in given.items() if value}

    def address(self, **changes) -> str:
        """The query string of this view with `changes`; the default box is left out."""
        other = replace(self, **changes)
        parts = {} if other.box == "all" else {"box": other.box}
        return urlencode({**parts, **other.filters})


def _key(values, name: str) -> str:
    return "".join(c for c in str(values.get(name, "")) if c.isalnum() or c in "_-")[:40]
