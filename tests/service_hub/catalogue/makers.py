"""Items of the catalogue, drafted by one person and published by another."""

from __future__ import annotations

from security.accounts.models import User
from service_hub.catalogue import services
from service_hub.catalogue.elements import BASIC, IMPLEMENTING
from tests.factories import actor_of, make_admin, make_department

RENT = "332012001000"


def keepers() -> tuple:
    """Two administrators: one writes, the other one decides."""
    names = ("writer", "second")
    found = {user.username: user for user in User.objects.filter(username__in=names)}
    return tuple(actor_of(found.get(name) or make_admin(name)) for name in names)


def basic_elements(**changes) -> dict:
    return {
        "task_name": "住房公积金提取",
        "task_name_en": "Withdrawal of the housing fund",
        "by_law": "《住房公积金管理条例》第二十四条",
        "use_level": "3",
        "plan_effective_date": "2020-01-01",
    } | changes


def organ_elements(**changes) -> dict:
    return {
        "use_level": "4",
        "power_source": "1",
        "dept_type": "1",
        "server_type": "1",
        "project_type": "2",
        "day_type": "1",
        "anticipate_day": "10",
        "promise_day": "2",
        "limit_scene_num": "0",
        "online_depth": "5",
        "handle_area": "3",
        "is_entry_center": "1",
        "is_fee": "0",
        "result_type": "40",
        "result_name": "提取到账",
        "transact_addr": "文三路 1 号",
        "transact_addr_en": "1 Wensan Road",
        "transact_time": "工作日 9:00-17:00",
        "transact_time_en": "Working days 9:00-17:00",
        "link_way": "0571-12329",
        "supervise_way": "0571-12345",
        "plan_effective_date": "2020-01-01",
    } | changes


def publish(item, elements: dict, at=None):
    """The next version of `item`, in force."""
    writer, second = keepers()
    services.save_draft(actor=writer, item=item, elements=elements)
    change = services.propose(actor=writer, item=item, why="x")
    services.decide(actor=second, change=change, approve=True, at=at)
    item.refresh_from_db()
    return item.current


def make_basic(code: str = RENT, **changes):
    """A basic item in force."""
    item = services.begin_item(actor=keepers()[0], kind=BASIC, code=code)
    if item.current is None:
        publish(item, basic_elements(**changes))
    return item


def make_organ_item(
    code: str = RENT, region: str = "330106", kind="housing_fund", basic=None, **changes
):
    """The implementing item of the department of `kind` in `region`, in force."""
    make_basic(code, **(basic or {}))
    department = make_department(kind, region)
    whole = f"{department.credit_code}4{code}"
    item = services.begin_item(actor=keepers()[0], kind=IMPLEMENTING, code=whole)
    publish(item, organ_elements(**changes))
    return item
