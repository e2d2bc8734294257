"""The manifest section "bundles": a life event (一件事) made of service items of any N-apps."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from platform_core.capabilities.forms.fields import Option, Rule
from platform_core.common.i18n import Text
from platform_core.napps.manifest import Key, Kind, Strict
from service_hub.items.themes import THEMES

# "napp/key" of a service item, and the same with a question of its form.
Item = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}/[a-z][a-z0-9_]{0,39}$")]
Asked = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}/[a-z][a-z0-9_]{0,39}:[a-z][a-z0-9_]{0,39}$"),
]
# The purpose of a draft names the chosen items and has no more room.
MOST_CHILDREN = 6


class Question(Strict):
    """A question asked before the form; without `options` it is answered with yes or no."""

    key: Key
    label: Text
    help: Text | None = None
    options: list[Option] = Field(default=[], max_length=6)


class Child(Strict):
    """A service item of the life event. `when`, a rule over the opening questions, chooses an
    optional one, and `why` says so in words.
    """

    item: Item
    need: Literal["required", "optional"] = "optional"
    when: Rule | None = None
    why: Text | None = None


class Bundle(Strict):
    """`shared` lists questions of the items that are one and the same question; those filled in
    from the same profile entry are known to be. The first of each gives the wording.
    """

    key: Key
    title: Text
    summary: Text
    keywords: list[Annotated[str, StringConstraints(min_length=1, max_length=40)]] = Field(
        default=[], max_length=40
    )
    icon: Kind
    theme: str
    audience: Literal["person", "firm"]
    questions: list[Question] = Field(default=[], max_length=6)
    items: list[Child] = Field(min_length=2, max_length=MOST_CHILDREN)
    shared: list[Annotated[list[Asked], Field(min_length=2, max_length=MOST_CHILDREN)]] = Field(
        default=[], max_length=60
    )
    shared_title: Text

    @model_validator(mode="after")
    def _whole(self):
        if self.theme not in THEMES:
            raise ValueError(f"unknown theme {self.theme!r}; known: {', '.join(sorted(THEMES))}")
        if len({child.item for child in self.items}) < len(self.items):
            raise ValueError("an item stands in the bundle twice")
        if not any(child.need == "required" for child in self.items):
            raise ValueError("at least one item is required")
        named = [one for group in self.shared for one in group]
        if len(set(named)) < len(named):
            raise ValueError("a question stands in `shared` twice")
        return self
