"""Writes of grids."""

from __future__ import annotations

import re

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.access import may
from security.audit.services import record_audit
from security.organs.models import Department
from security.organs.selectors import officials_of

from .models import Grid, GridWorker
from .selectors import KEEPERS

SERIAL = re.compile(r"[0-9]{3}\Z")
MOST_WORKERS = 20


@transaction.atomic
def save_grid(
    *,
    actor,
    department: Department,
    code: str,
    name: str,
    households: int,
    leader,
    workers=(),
    is_in_use: bool = True,
    grid: Grid | None = None,
    version: int | None = None,
) -> Grid:
    """Enter a grid, or change one; returns it.

    `code` is the division's with three digits behind it. Raises Unusable at code, name, leader or
    workers, NotAllowed outside the organ that keeps it, Conflict when a colleague was faster.
    """
    if grid is not None:
        found = Grid.objects.select_for_update(of=("self",)).get(pk=grid.pk)
        if not may(actor.user, "keep", found):
            raise NotAllowed(_("Only the organ that keeps the grid changes it."))
        if version is not None and found.version != version:
            raise Conflict(_("A colleague has changed this grid meanwhile. Read it again."))
    else:
        found = Grid(version=0)
    people = {one.pk: one for one in officials_of(department)}
    if actor.user is not None and actor.user.pk not in people:
        raise NotAllowed(_("Only the organ that keeps the grid changes it."))
    chosen = {one.pk: one for one in workers} | ({leader.pk: leader} if leader else {})
    _check(department, code, name, leader, chosen, people)
    found.department, found.code, found.name = department, code, " ".join(name.split())
    found.households, found.is_in_use = households, is_in_use
    found.version += 1
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError:
        raise Unusable({"code": [_("There is a grid with this code already.")]}) from None
    found.workers.all().delete()
    GridWorker.objects.bulk_create(
        GridWorker(grid=found, user=one, is_leader=one.pk == leader.pk) for one in chosen.values()
    )
    after = {"code": code, "people": len(chosen), "is_in_use": is_in_use}
    record_audit(actor=actor, verb="grid.save", obj=found, after=after)
    return found


def _check(department: Department, code: str, name: str, leader, chosen: dict, people) -> None:
    errors = {}
    if department.kind != KEEPERS:
        errors["department"] = [_("This organ keeps no grids.")]
    place = department.region.code
    if not code.startswith(place) or not SERIAL.match(code[len(place) :]):
        words = _("Write %(place)s and three digits, such as %(place)s001.")
        errors["code"] = [words % {"place": place}]
    if not name.strip():
        errors["name"] = [_("Give the grid a name.")]
    if leader is None:
        errors["leader"] = [_("A grid has somebody who leads it.")]
    elif leader.pk not in people:
        errors["leader"] = [_("Choose somebody of the organ that keeps the grid.")]
    if set(chosen) - set(people) - ({leader.pk} if leader else set()):
        errors["workers"] = [_("Choose people of the organ that keeps the grid.")]
    if len(chosen) > MOST_WORKERS:
        errors["workers"] = [_("At most %(n)d people.") % {"n": MOST_WORKERS}]
    if errors:
        raise Unusable(errors)
