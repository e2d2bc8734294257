"""Sample data of the security base: divisions, organs, people. Registered by the platform above."""

from __future__ import annotations

from django.conf import settings

from .accounts.demo_services import make_demo_people
from .actors import Actor
from .organs.load_services import load_departments, load_regions


def regions() -> str:
    """The packaged divisions of Zhejiang."""
    added, changed = load_regions(actor=Actor.system("sample data"))
    return f"{added} added, {changed} changed"


def departments() -> str:
    """The usual organs of the province, its cities and counties."""
    return f"{load_departments(actor=Actor.system('sample data'))} added"


def people() -> str:
    """Citizens, firm agents, civil servants, an administrator and an auditor; only with DEMO on."""
    if not settings.DEMO:
        return "left out: DEMO is off"
    return f"{make_demo_people(actor=Actor.system('sample data'))} added"
