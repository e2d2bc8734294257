"""A published plan against outbreaks, a draft against floods, and an incident under way."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from platform_core.common.samples import register_sample
from security.actors import Actor
from security.organs.duties import forget_posts, standing_group
from security.organs.models import Department
from security.organs.selectors import department_by_code, users_holding

from . import call_services, plan_services, resource_services, services
from .activating import ACTIVATOR
from .models import Incident, Plan, PlanVersion

OWNER = "330100-emergency_desk"
ONCE = UUID("7a1c0de0-0000-4000-8000-000000000001")


def _t(zh: str, en: str) -> dict:
    return {"zh": zh, "en": en}


# Entries name one another by the keys that the draft gives: p1, r1 … in this order.
OUTBREAK = {
    "phases": (
        {"title": _t("先期处置", "First measures")},
        {"title": _t("流调与管控", "Tracing and control")},
        {"title": _t("保障与收尾", "Supply and closing")},
    ),
    "roles": (
        {"title": _t("总指挥", "Commander"), "organ": "emergency_desk", "duty": "head",
         "above": "", "commands": True},
        {"title": _t("综合协调组组长", "Coordination"), "organ": "emergency_desk",
         "duty": "clerk", "above": "r1", "commands": True},
        {"title": _t("流调溯源组组长", "Contact tracing"), "organ": "health", "duty": "clerk",
         "above": "r2", "commands": False},
        {"title": _t("社区管控组组长", "Community control"), "organ": "civil_affairs",
         "duty": "reviewer", "above": "r2", "commands": False},
        {"title": _t("物资保障组组长", "Supplies"), "organ": "market", "duty": "reviewer",
         "above": "r2", "commands": False},
    ),
    "tasks": (
        {"title": _t("到场并设立现场指挥部", "Go there and set up the command post"), "phase": "p1",
         "role": "r2", "minutes": 60, "detail": "确定指挥部位置，落实通信和值守。"},
        {"title": _t("封控场所，登记在场人员", "Close the place, list who is there"),
         "phase": "p1", "role": "r4", "minutes": 90, "detail": ""},
        {"title": _t("完成首例流调报告", "Report on the first case"), "phase": "p2", "role": "r3",
         "minutes": 240, "detail": "4小时内完成核心信息，24小时内完成初步报告。"},
        {"title": _t("密接人员转运隔离", "Move close contacts into isolation"), "phase": "p2",
         "role": "r3", "minutes": 480, "detail": ""},
        {"title": _t("组织周边核酸采样", "Sampling in the neighbourhood"), "phase": "p2",
         "role": "r4", "minutes": 720, "detail": ""},
        {"title": _t("调拨防护物资", "Send protective supplies"), "phase": "p3", "role": "r5",
         "minutes": 180, "detail": ""},
        {"title": _t("生活物资配送到户", "Deliver food to the doors"), "phase": "p3",
         "role": "r5", "minutes": 1440, "detail": ""},
    ),
    "checks": (
        {"title": _t("现场指挥部", "Command post"), "phase": "p1",
         "items": ["通信线路畅通", "分区标识到位", "值守人员排班", "防护物资到位"]},
        {"title": _t("终末消毒", "Final disinfection"), "phase": "p3",
         "items": ["公共区域消毒", "通风系统检查", "效果评价报告"]},
    ),
    "resources": (
        {"title": _t("医用防护服", "Protective suits"), "unit": "套", "needed": 500,
         "place": "市应急物资仓库"},
        {"title": _t("N95 口罩", "N95 masks"), "unit": "只", "needed": 4000,
         "place": "市应急物资仓库"},
        {"title": _t("负压救护车", "Negative-pressure ambulances"), "unit": "辆", "needed": 6,
         "place": "市急救中心"},
    ),
    "figures": (
        {"title": _t("累计确诊", "Cases confirmed"), "unit": "人"},
        {"title": _t("密切接触者", "Close contacts"), "unit": "人"},
        {"title": _t("已采样", "Samples taken"), "unit": "人次"},
        {"title": _t("集中隔离", "In isolation"), "unit": "人"},
    ),
}  # fmt: skip
FLOOD = {
    "phases": ({"title": _t("监测预警", "Watch and warn")},
               {"title": _t("转移避险", "Bring people to safety")}),
    "roles": (
        {"title": _t("总指挥", "Commander"), "organ": "government", "duty": "head", "above": "",
         "commands": True},
        {"title": _t("巡查组组长", "Patrols"), "organ": "housing", "duty": "reviewer",
         "above": "r1", "commands": False},
    ),
    "tasks": (
        {"title": _t("巡查低洼路段和地下空间", "Patrol low roads and basements"), "phase": "p1",
         "role": "r2", "minutes": 120, "detail": ""},
        {"title": _t("转移危旧房屋人员", "Move people out of unsafe houses"), "phase": "p2",
         "role": "r2", "minutes": 360, "detail": ""},
    ),
}  # fmt: skip


@register_sample("incidents", order=85)
def incidents() -> str:
    """Nothing when there are plans already, or when the organ has nobody."""
    owner = department_by_code(OWNER)
    if owner is None or Plan.objects.exists():
        return "0 added"
    people = _staff(owner)
    if len(people) < 2:
        return "0 added"
    first, second = Actor.of(people[0]), Actor.of(people[1])
    with transaction.atomic():
        people[0].posts.get(department=owner).groups.add(standing_group(ACTIVATOR))
        forget_posts(people[0])
        _written(first, owner, _t("防汛防台应急预案", "Flood and typhoon plan"), "natural", FLOOD)
        version = _written(
            first, owner, _t("聚集性疫情应急处置预案", "Outbreak response plan"), "health", OUTBREAK
        )
        plan_services.ask_for_publication(actor=first, plan=version.plan)
        version = plan_services.decide_plan(actor=second, plan=version.plan, is_fit=True)
        _run(first, version)
    return "2 plans, 1 incident"


def _staff(organ: Department) -> list:
    groups = [standing_group(one) for one in ("clerk", "reviewer", "head")]
    return users_holding(groups, organ)


def _written(actor: Actor, owner, title: dict, kind: str, said: dict) -> PlanVersion:
    version = plan_services.begin_plan(actor=actor, owner=owner, title=title, kind=kind)
    for part, entries in said.items():
        for values in entries:
            version = plan_services.add_entry(
                actor=actor, plan=version.plan, part=part, values=values
            )
    return version


def _run(actor: Actor, version: PlanVersion) -> None:
    """An outbreak of this morning, three hours on: some confirmed, some tasks done, one late."""
    begun = timezone.now() - timedelta(hours=3, minutes=10)

    def at(minutes: int):
        return begun + timedelta(minutes=minutes)

    incident = services.activate_incident(
        actor=actor, version=version, once=ONCE, level=3, place="西湖区古荡街道某农贸市场",
        title=_t("古荡农贸市场聚集性疫情", "Outbreak at the Gudang market"), at=begun,
        occurred_at=begun - timedelta(minutes=25),
    )  # fmt: skip
    deeds = [*_answers(incident, at), *_reports(incident, actor, at), *_work(incident, actor, at)]
    # The log is kept in the order of time.
    for _minutes, deed in sorted(deeds, key=lambda one: one[0]):
        deed()


def _answers(incident: Incident, at):
    """Everybody but the last one called confirms."""
    holders = {one.holder_id: one.holder for one in incident.roles.select_related("holder")}
    people = [one for one in holders.values() if one is not None]
    for number, person in enumerate(people[:-1]):
        minutes = 3 + 4 * number
        yield (
            minutes,
            partial(
                call_services.confirm_call,
                actor=Actor.of(person),
                incident=incident,
                at=at(minutes),
            ),
        )


def _reports(incident: Incident, actor: Actor, at):
    to = {"actor": actor, "incident": incident}
    yield 12, partial(
        services.note_message, **to, direction="in", counterpart="市疾控中心值班室",
        channel="phone", text="复核结果阳性，请立即启动流调。", needs_confirming=True,
        at=at(12), happened_at=at(10),
    )  # fmt: skip
    said = (
        (75, "已封控市场，在场人员登记完毕，首例病例转运至定点医院。",
         {"f1": 1, "f2": 86, "f3": 0, "f4": 0}),
        (170, "密接人员转运进行中，周边三个小区开始采样。", {"f1": 3, "f3": 1240, "f4": 52}),
    )  # fmt: skip
    for minutes, text, figures in said:
        yield (
            minutes,
            partial(services.report_situation, **to, text=text, figures=figures, at=at(minutes)),
        )


def _work(incident: Incident, actor: Actor, at):
    to = {"actor": actor, "incident": incident}
    tasks = list(incident.tasks.select_related("role__holder", "organ").order_by("key"))
    for number, state, minutes in ((0, "done", 48), (1, "done", 80), (2, "doing", 35)):
        task, holder = tasks[number], tasks[number].role.holder
        if holder is not None:
            yield minutes, partial(
                services.move_task, actor=Actor.of(holder), task=task, version=task.version,
                to=state, at=at(minutes),
            )  # fmt: skip
    stock = to | {"resource": incident.resources.first()}
    yield 85, partial(resource_services.receive, **stock, amount=400, at=at(85))
    yield 95, partial(resource_services.lend, **stock, amount=150, organ=tasks[2].organ, at=at(95))
    for entry in list(incident.checks.all())[:2]:
        yield 55, partial(services.tick, actor=actor, entry=entry, is_done=True, at=at(55))
