"""Sample matters under supervision: one in every state that people meet."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from platform_core.common.samples import register_sample
from security.actors import Actor
from security.organs.duties import standing_group
from security.organs.models import Department
from security.organs.selectors import department_by_code, users_holding

from . import extension_services, services, summary_services, verdict_services
from .models import Supervision

OWNER = "330100-service_bureau"
# (kind, title, English title, basis, requirement, lead, assisting, proposed days ago, days given,
#  how far it has come)
MATTERS = (
    ("meeting", "电梯老旧小区加装进度", "Lifts in old residential blocks",
     "市政府常务会议纪要〔2026〕18号", "西湖区年内完成 30 台加装电梯，逐台公布进度。",
     "330106-housing", ("330106-market",), 40, 60, "doing"),
    ("instruction", "发热门诊等候时间过长", "Long waits at the fever clinic",
     "市领导批示件 2026 年第 41 号", "查明原因，三周内把平均等候降到 40 分钟以内。",
     "330106-health", (), 30, 20, "late"),
    ("public", "餐饮油烟扰民多次投诉未解决", "Kitchen fumes: repeated complaints not settled",
     "12345 热线督办单", "逐户核查，安装净化设施，回访投诉人。",
     "330110-market", ("330110-housing",), 26, 30, "reported"),
    ("proposal", "关于增设夜间急诊药房的建议", "Proposal: night pharmacies",
     "市人大代表建议第 127 号", "每个城区至少设一处夜间药房，并向社会公布。",
     "330106-health", ("330106-medical_insurance",), 75, 40, "published"),
    ("decision", "“一件事”联办再压缩材料", "Fewer papers for life events",
     "市委市政府 2026 年重点工作", "公布可以共享的材料清单，窗口不再收取。",
     "330110-civil_affairs", (), 5, 30, "issued"),
    ("decision", "惠企政策兑现直达", "Benefits that reach firms at once",
     "", "实现免申即享，年内兑现率达到 95%。",
     "330110-economy", (), 1, 45, "proposed"),
)  # fmt: skip
ORDER = ("proposed", "issued", "doing", "late", "reported", "published")


@register_sample("supervision", order=80)
def supervised_matters() -> str:
    """Nothing when there are some already, or when the organs have nobody."""
    owner = department_by_code(OWNER)
    if owner is None or Supervision.objects.exists():
        return "0 added"
    people = users_holding([standing_group(one) for one in ("clerk", "reviewer", "head")], owner)
    if len(people) < 2:
        return "0 added"
    made = 0
    for matter in MATTERS:
        lead = department_by_code(matter[5])
        staff = _staff(lead) if lead else []
        if not staff:
            continue
        with transaction.atomic():
            _make(owner, people, lead, staff, matter)
        made += 1
    return f"{made} added"


def _staff(organ: Department) -> list:
    return users_holding([standing_group(one) for one in ("clerk", "head")], organ)


def _make(owner, people, lead, staff, matter) -> None:
    kind, title, title_en, basis, requirement, _lead, assisting, ago, days, far = matter
    begun = timezone.now() - timedelta(days=ago)
    organs = [organ for code in assisting if (organ := department_by_code(code))]
    first, second = Actor.of(people[0]), Actor.of(people[1])
    given = {
        "lead": lead, "assisting": organs, "requirement": requirement,
        "due_on": timezone.localdate(begun) + timedelta(days=days),
    }  # fmt: skip
    item = services.propose_supervision(
        actor=first, owner=owner, kind=kind, title={"zh": title, "en": title_en}, basis=basis,
        at=begun, **given,
    )  # fmt: skip
    if far == "proposed":
        return
    item = services.open_supervision(
        actor=second, item=item, at=begun + timedelta(hours=2), **given
    )
    if far == "issued":
        return
    to = {"actor": Actor.of(staff[0]), "item": item}
    services.sign_supervision(**to, at=begun + timedelta(hours=20))
    services.note_progress(
        **to, note="已摸清底数，列出清单，明确责任人。", percent=30, at=begun + timedelta(days=4)
    )
    if far == "late":
        services.urge_supervision(
            actor=first, item=item, note="请加快。", at=begun + timedelta(days=18)
        )
        services.mark_late(actor=Actor.system("sample data"), item=item)
        return
    if far == "doing":
        extension_services.ask_extension(
            **to, until_on=timezone.localdate(item.due_at) + timedelta(days=20),
            reason="两台电梯的管线需要迁改，供电部门已排期。",
        )  # fmt: skip
        return
    services.report_supervision(
        **to, note="要求的事项已经完成，结果已告知有关群众。", at=begun + timedelta(days=20)
    )
    if far == "published":
        _publish(item, to, first, second, begun)


def _publish(item, to, first, second, begun) -> None:
    verdict_services.accept_report(
        actor=first, item=item, verdict="done", text="六个城区均已设立，名单已公布。",
        at=begun + timedelta(days=22),
    )  # fmt: skip
    verdict_services.agree_to_verdict(**to, at=begun + timedelta(days=24))
    summary_services.write_summary(
        actor=first, item=item, title="夜间也能买到药", at=begun + timedelta(days=30),
        text="市人大代表建议增设夜间药房。卫生健康部门用三周时间在每个城区设立了至少一处，名单已经公布。",
    )  # fmt: skip
    summary_services.decide_summary(
        actor=second, item=item, is_fit=True, at=begun + timedelta(days=31)
    )
