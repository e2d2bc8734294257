"""Ten policies of the demonstration: invented, and said so in their titles."""

from datetime import date

from platform_core.common.samples import register_sample
from security.accounts.models import User
from security.actors import Actor
from security.organs.selectors import active_posts
from service_hub.items.selectors import open_items

from . import services
from .models import Benefit

SINCE, UNTIL = date(2026, 1, 1), date(2027, 12, 31)
HANGZHOU, SMALL = '[city] == "330100"', "[staff] <= 300"
# Title and what firms get in both languages, the rule, whether nobody needs to apply, the item.
POLICIES = (
    ("稳岗返还", "Refund for keeping jobs", "按上年度失业保险费的 60% 返还",
     "60% of last year's unemployment insurance", '[state] == "active" and [staff] >= 1', False,
     "refund"),
    ("小微企业房租补贴", "Rent grant for small firms", "每月最高 3000 元，最长 12 个月",
     "Up to 3,000 yuan a month for 12 months", "[staff] <= 30 and years_between([registered_on], "
     "today()) < 3", False, ""),
    ("制造业技改补助", "Grant for new machines", "设备投资额的 15%，最高 300 万元",
     "15% of the investment, at most 3 million yuan", '[industry] == "manufacturing" and '
     "[capital] >= 5000000", False, ""),
    ("软件企业研发补助", "Research grant for software firms", "研发投入的 10%",
     "10% of what is spent on research", '[industry] == "software"', False, ""),
    ("杭州市初创企业一次性补贴", "One-off grant for new firms in Hangzhou", "一次性 5000 元",
     "5,000 yuan once", f"{HANGZHOU} and years_between([registered_on], today()) < 3", False, ""),
    ("小微企业工会经费返还", "Return of union dues", "全额返还", "Returned in full",
     f"[staff] <= 100 and {SMALL}", True, ""),
    ("残保金减免", "Relief from the disability levy", "30 人以下企业免征",
     "None for firms of up to 30 people", "[staff] <= 30", True, ""),
    ("乐清电气产业集群补助", "Grant for electrical firms in Yueqing", "每家最高 50 万元",
     "Up to 500,000 yuan", '[county] == "330382" and [industry] == "manufacturing"', False, ""),
    ("餐饮企业食品安全改造补助", "Grant for safe kitchens", "每家 8000 元", "8,000 yuan each",
     '[industry] == "catering"', False, "licence"),
    ("规模以上企业数字化诊断", "Free digital check-up for larger firms", "免费诊断一次",
     "One check-up free of charge", '[staff] > 50 and [state] == "active"', True, ""),
)  # fmt: skip


@register_sample("policies for firms", order=62)
def policies_for_firms() -> str:
    """Nothing when there are any, or when nobody is there to write and to approve them."""
    if Benefit.objects.exists():
        return "0 added"
    people = User.objects.filter(username__in=["hangzhou-clerk", "hangzhou-reviewer"])
    people = people.in_bulk(field_name="username")
    if len(people) < 2:
        return "left out: nobody writes them"
    writer, reviewer = (people[one] for one in ("hangzhou-clerk", "hangzhou-reviewer"))
    department = next(
        (one.department for one in active_posts(writer) if one.department.kind == "economy"), None
    )
    if department is None:
        return "left out: no department"
    items = {item.key: item for item in open_items("enterprise")}
    for zh, en, gets_zh, gets_en, formula, is_automatic, key in POLICIES:
        made = services.ask_benefit(
            actor=Actor.of(writer), title={"zh": f"{zh}（演示）", "en": f"{en} (demonstration)"},
            gets={"zh": gets_zh, "en": gets_en}, formula=formula, valid_from=SINCE,
            valid_until=UNTIL, item=items.get(key), is_automatic=is_automatic,
            department=department,
        )  # fmt: skip
        services.decide_benefit(actor=Actor.of(reviewer), benefit=made, is_approved=True)
    return f"{len(POLICIES)} added"
