"""The sample catalogue: every service of the shipped N-apps with some siblings, implemented by the
organs of the sample; one change waits for a second person, one organ is closed for some days.
"""

import json
from datetime import timedelta
from io import BytesIO

from django.db import transaction
from django.utils import timezone

from platform_core.common.samples import register_sample
from security.accounts.models import User
from security.actors import Actor
from security.organs.models import Department
from service_hub.items.selectors import open_items

from . import importing, services, suspending
from .elements import BASIC, IMPLEMENTING
from .models import BasicItem, ImplementingItem

SINCE = "2020-01-01"
REGIONS = ("330000", "330100", "330106", "330110", "330300", "330302", "330382")
# Items of the same families that no N-app offers yet: (code, Chinese, English, basis).
SIBLINGS = (
    ("332012002000", "住房公积金贷款", "Loan from the housing fund",
     "《住房公积金管理条例》第二十六条"),
    ("332012003000", "住房公积金缴存登记", "Registration with the housing fund",
     "《住房公积金管理条例》第十三条"),
    ("330709003000", "居住证签发", "Issue of a residence permit", "《居住证暂行条例》第九条"),
    ("330113002000", "食品生产许可", "Licence to produce food",
     "《中华人民共和国食品安全法》第三十五条"),
    ("332030003000", "异地就医直接结算备案", "Direct settlement of treatment elsewhere",
     "《中华人民共和国社会保险法》第二十九条"),
    ("330514003000", "失业保险金申领", "Unemployment benefit", "《失业保险条例》第十四条"),
)  # fmt: skip
RESULTS = {"certificate": "10", "decision": "20", "answer": "40"}
NOTICE = {
    "zh": "窗口搬迁，暂停办理。可在邻近窗口咨询，草稿已保留。",
    "en": "The office is moving and takes no new cases. Ask next door; drafts are kept.",
}
WHY = "材料由系统核验，可以更快办结。"


@register_sample("catalogue", order=95)
def catalogue() -> str:
    """Import both catalogues as one administrator, publish as another."""
    keepers = User.objects.filter(kind=User.Kind.ADMIN, is_active=True).order_by("pk")[:2]
    if BasicItem.objects.exists() or len(keepers) < 2:
        return "0 added"
    writer, second = (Actor.of(user) for user in keepers)
    offered = list(open_items())
    with transaction.atomic():
        _published(
            writer, second, BASIC, [*_basic_rows(offered), *_sibling_rows()], "基本目录首次发布"
        )
        _published(writer, second, IMPLEMENTING, list(_organ_rows(offered)), "实施清单首次发布")
        _one_waits(writer)
        _one_is_closed(writer)
    return f"{BasicItem.objects.count()} and {ImplementingItem.objects.count()} added"


def _published(writer, second, kind: str, rows: list[dict], why: str) -> None:
    if not rows:
        return
    file = BytesIO(json.dumps(rows).encode())
    found = importing.preview(actor=writer, kind=kind, file=file, name="rows.json")
    change = importing.take_in(actor=writer, found=found, why=why)
    services.decide(actor=second, change=change, approve=True)


def _basic_rows(offered):
    for item in offered:
        yield {
            "catalog_code": item.basic_code,
            "task_name": item.title["zh"],
            "task_name_en": item.title["en"],
            "by_law": "\n".join(one["zh"] for one in item.guide["legal_basis"]),
            "by_law_en": "\n".join(one["en"] for one in item.guide["legal_basis"]),
            "use_level": "2",
            "plan_effective_date": SINCE,
        }


def _sibling_rows():
    for code, name, name_en, basis in SIBLINGS:
        yield {
            "catalog_code": code,
            "task_name": name,
            "task_name_en": name_en,
            "by_law": basis,
            "use_level": "2",
            "plan_effective_date": SINCE,
        }


def _organ_rows(offered):
    kinds = {item.department_kind for item in offered}
    organs = Department.objects.filter(
        kind__in=kinds, is_active=True, region__code__in=REGIONS
    ).select_related("region")
    known = set()
    for organ in organs.order_by("code"):
        for item in offered:
            code = f"{organ.credit_code}{item.code_digit}{item.basic_code}"
            is_new = len(organ.credit_code) == 18 and code not in known
            if item.department_kind == organ.kind and is_new:
                known.add(code)
                yield {"task_code": code} | _elements(item, organ)


def _elements(item, organ) -> dict:
    guide, name = item.guide, organ.region.name_en or organ.region.name
    is_free = "免" in guide["fees"]["zh"] or "不收" in guide["fees"]["zh"]
    audience = {"person": "1", "firm": "2"}
    result = item.result or {"kind": "answer", "title": {"zh": "办理结果", "en": "Result"}}
    return {
        "use_level": str(min(organ.region.level + 1, 4)),
        "power_source": "1",
        "dept_type": "1",
        "server_type": ",".join(sorted(audience[one] for one in item.audience)),
        "project_type": "1" if item.promise_days == 0 else "2",
        "day_type": "1",
        "anticipate_day": item.legal_days,
        "promise_day": item.promise_days,
        "accept_condition": _lines(guide["conditions"], "zh"),
        "accept_condition_en": _lines(guide["conditions"], "en"),
        "handle_flow": _lines(guide["flow"], "zh"),
        "handle_flow_en": _lines(guide["flow"], "en"),
        "limit_scene_num": item.visits,
        "online_depth": "7" if result["kind"] == "certificate" else "6",
        "handle_area": "3",
        "is_entry_center": "1",
        "is_fee": "0" if is_free else "1",
        "fee_explain": "" if is_free else guide["fees"]["zh"],
        "fee_explain_en": "" if is_free else guide["fees"]["en"],
        "fee_basis": "" if is_free else "省级收费目录清单",
        "result_type": RESULTS[result["kind"]],
        "result_name": result["title"]["zh"],
        "result_name_en": result["title"]["en"],
        "transact_addr": f"{organ.region.name}政务服务中心二楼综合窗口",
        "transact_addr_en": f"Service hall of {name}, second floor",
        "transact_time": "工作日 9:00—12:00，13:30—17:00",
        "transact_time_en": "Working days 9:00–12:00 and 13:30–17:00",
        "link_way": organ.phone or "12345",
        "supervise_way": "12345",
        "plan_effective_date": SINCE,
    }


def _lines(texts: list[dict], language: str) -> str:
    return "\n".join(one[language] for one in texts)


def _one_waits(writer) -> None:
    item = _first("332012001000", "330106")
    if item is not None:
        faster = item.current.elements | {"promise_day": "1", "anticipate_day": "3"}
        services.save_draft(actor=writer, item=item, elements=faster)
        services.propose(actor=writer, item=item, why=WHY)


def _one_is_closed(writer) -> None:
    item = _first("332005001000", "330382")
    if item is not None:
        until = timezone.localdate() + timedelta(days=10)
        suspending.suspend_implementing(actor=writer, item=item, notice=NOTICE, end_on=until)


def _first(basic_code: str, region: str):
    found = ImplementingItem.objects.filter(
        basic__code=basic_code, department__region__code=region, current__isnull=False
    )
    return found.select_related("current").order_by("code").first()
