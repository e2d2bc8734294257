import copy
from typing import Annotated, Literal

import pytest
from pydantic import Field

from platform_core.common.i18n import Text
from platform_core.napps import manifest as registry
from platform_core.napps.manifest import Key, Section, Strict
from security.actors import Actor

MANIFEST = {
    "schema": 1,
    "slug": "lost_property",
    "version": "1.0.0",
    "title": {"zh": "失物招领", "en": "Lost property"},
    "summary": {"zh": "登记丢失的物品。", "en": "Report something you lost."},
    "icon": "search",
    "ends": ["public"],
    "department": "police",
    "roles": [
        {
            "key": "desk",
            "title": {"zh": "窗口", "en": "Desk"},
            "verbs": ["use", "handle"],
            "includes": ["clerk"],
        }
    ],
}


class Ask(Strict):
    kind: Literal["ask"]
    words: Text


class Go(Strict):
    kind: Literal["go"]
    to: Key
    after: int = Field(default=0, ge=0, le=9)


class Chain(Strict):
    key: Key
    links: list[Annotated[Ask | Go, Field(discriminator="kind")]] = Field(min_length=1)


def dangling(manifest, chains):
    keys = {chain.key for chain in chains}
    for number, chain in enumerate(chains):
        for position, link in enumerate(chain.links):
            if link.kind == "go" and link.to not in keys:
                yield (number, "links", position, "to"), f"There is no chain “{link.to}”."


@pytest.fixture
def published():
    """What the section "chains" was asked to publish: (version, keys)."""
    return []


@pytest.fixture(autouse=True)
def _chains(monkeypatch, published):
    """A section "chains", so that these tests depend on no capability."""
    monkeypatch.setattr(registry, "_sections", {})
    monkeypatch.setattr(registry, "_adapters", {})
    registry.register_section(
        Section(
            "chains",
            list[Chain],
            check=dangling,
            publish=lambda version, chains: published.append(
                (version.version, [chain.key for chain in chains])
            ),
        )
    )


@pytest.fixture
def manifest():
    """Makes a manifest; keyword arguments replace its keys."""

    def make(**changes):
        return copy.deepcopy(MANIFEST) | changes

    return make


@pytest.fixture
def olga():
    """A process of the platform: people need a second one for what they publish."""
    return Actor.system("Olga")
