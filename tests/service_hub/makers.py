"""Open services, offices with people, and cases on their way. Everything goes through the
services.
"""

from __future__ import annotations

import json
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from platform_core.capabilities.files.services import store_file
from platform_core.capabilities.process import services as process
from platform_core.capabilities.process.models import Task
from platform_core.napps import services as napps
from security.accounts.selectors import profile_answers
from security.actors import Actor
from security.organs.selectors import users_holding
from service_hub.cases import services as cases
from service_hub.cases.models import Case
from service_hub.items.models import ServiceItem
from tests.factories import MAKER, actor_of, make_department, make_official, make_region

APPS = Path(__file__).resolve().parents[2] / "apps"
# The smallest PNG that decodes: one transparent pixel.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def manifest_of(slug: str) -> dict:
    return json.loads((APPS / slug / "manifest.json").read_text(encoding="utf-8"))


def open_app(slug: str, **changes):
    """The N-app of folder `slug`, registered (with `changes` of its core keys) and open."""
    version = napps.register_napp(actor=MAKER, manifest=manifest_of(slug) | changes)
    return napps.open_napp(actor=MAKER, napp=version.napp)


def item_of(slug: str, key: str) -> ServiceItem:
    """The item of an N-app that is opened if it is not yet."""
    found = ServiceItem.objects.filter(napp__slug=slug, key=key).first()
    if found is None:
        open_app(slug)
    return ServiceItem.objects.select_related("napp", "napp_version").get(napp__slug=slug, key=key)


def make_office(kind: str, region: str = "330106", *, prefix: str = "") -> dict:
    """A clerk, a reviewer and a head of a department with phone, by duty."""
    department = make_department(kind, region, phone="0571-12345")
    prefix = prefix or f"{kind}-{region}"
    return {
        duty: make_official(f"{prefix}-{duty}", department=department, duties=[duty], name=name)
        for duty, name in (("clerk", "沈佳"), ("reviewer", "周明"), ("head", "欧阳静"))
    }


def elsewhere_values(user, **changes) -> dict:
    """Answers for the same-day filing of treatment in another province."""
    make_region("330106")
    known = profile_answers(user)
    return {
        "name": known["name"],
        "citizen_number": known["citizen_number"],
        "mobile": "13800002046",
        "area": "330106",
        "kind": "living",
        "province": "上海市",
        "from_on": today(),
        "promise": True,
    } | changes


def rent_values(user, **changes) -> dict:
    """Answers for the withdrawal of the housing fund."""
    make_region("330106")
    known = profile_answers(user)
    return {
        "name": known["name"],
        "citizen_number": known["citizen_number"],
        "mobile": "13800002046",
        "area": "330106",
        "address": "文一西路 969 号 𠮷 🏠",
        "rent": "3200.00",
        "from_on": today(-100),
        "to_on": today(100),
        "lease_photo": photo(actor_of(user)),
        "bank": "icbc",
        "card": "6222021202000006217",
        "no_home": True,
    } | changes


def plan_values(user, firm, **changes) -> dict:
    """A firm's resumption plan for a day far enough ahead."""
    make_region("330106")
    return {
        "firm_name": firm.name,
        "credit_code": firm.credit_code,
        "area": "330106",
        "site": "纬六路 88 号",
        "industry": "manufacturing",
        "resume_on": today(3),
        "contact": "陈宁",
        "mobile": "13800002046",
        "mechanism": True,
        "screening": True,
        "supplies_days": 10,
        "isolation_room": True,
        "closed_site": True,
        "staff_total": 46,
        "staff": [{"name": "林小燕", "from": "local"}],
        "plan_file": photo(actor_of(user, firm)),
    } | changes


def clue_values(**changes) -> dict:
    """A clue without a name."""
    make_region("330106")
    return {
        "kind": "gathering",
        "description": "棋牌室有十来人打牌。",
        "seen_on": today(),
        "area": "330106",
        "place": "旭阳路 6 号",
        "reporter": "neighbour",
        "real_name": False,
    } | changes


def today(offset: int = 0) -> str:
    from datetime import timedelta

    from django.utils import timezone

    return (timezone.localdate() + timedelta(days=offset)).isoformat()


def photo(actor: Actor, owner_key: str = "") -> list[str]:
    upload = SimpleUploadedFile("lease.png", PNG, content_type="image/png")
    return [str(store_file(actor=actor, upload=upload, owner_key=owner_key).pk)]


def file_elsewhere(user, **changes) -> Case:
    """A filed case of the item that one clerk decides at once."""
    item = item_of("medical_insurance", "elsewhere")
    make_department("medical_insurance")
    actor, values = actor_of(user), elsewhere_values(user, **changes)
    return cases.file_values(actor=actor, item=item, values=values).case


def file_rent(user, **changes) -> Case:
    """A filed case of the item with acceptance, correction and review."""
    item = item_of("housing_fund", "rent")
    make_department("housing_fund")
    return cases.file_values(
        actor=actor_of(user), item=item, values=rent_values(user, **changes)
    ).case


def open_tasks(case: Case) -> list[Task]:
    found = Task.objects.filter(instance=case.process_id, state="open").exclude(kind="cc")
    return list(found.select_related("pool_department", "assignee").order_by("node"))


def do(case: Case, action: str = "approve", *, node: str = "", user=None, **more) -> Case:
    """Somebody who may does `action` on the case's open task (at step `node`)."""
    task = next(task for task in open_tasks(case) if not node or task.node == node)
    user = user or task.assignee or users_holding(task.pool_groups, task.pool_department)[0]
    process.act(actor=actor_of(user), task_id=task.pk, action=action, version=task.version, **more)
    case.refresh_from_db()
    return case
