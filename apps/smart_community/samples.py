"""A few grids of the civil affairs bureau that has people."""

from django.db import transaction

from platform_core.common.samples import register_sample
from security.actors import Actor
from security.organs.selectors import departments_found, officials_of

from . import services
from .models import Grid
from .selectors import KEEPERS

NAMES = ("文三社区第一网格", "文三社区第二网格", "古荡社区第一网格")
HOUSEHOLDS = (412, 386, 455)


@register_sample("grids", order=60)
def grids() -> str:
    """Nothing when there are grids already, or nobody works in such an organ."""
    if Grid.objects.exists():
        return "0 added"
    organs = departments_found(kind=KEEPERS).order_by("-region__level", "code")
    staffed = ((organ, officials_of(organ)) for organ in organs)
    organ, people = next(((organ, found) for organ, found in staffed if found), (None, []))
    if organ is None:
        return "0 added"
    with transaction.atomic():
        for number, name in enumerate(NAMES):
            leader = people[number % len(people)]
            services.save_grid(
                actor=Actor.of(leader), department=organ, name=name, leader=leader,
                code=f"{organ.region.code}{number + 1:03d}", households=HOUSEHOLDS[number],
                workers=people[number : number + 2],
            )  # fmt: skip
    return f"{len(NAMES)} added"
