"""What officials are told about reports."""

from django.urls import reverse
from django.utils import timezone

from platform_core.capabilities.notifications.services import notify
from security.organs.selectors import people_of

TEXTS = {
    "asked": (
        {"zh": "请填报：{title}", "en": "Please fill in: {title}"},
        {
            "zh": "还有 {n} 项没有现成数据，请于 {day} 前填报。",
            "en": "{n} fields are not known yet. Due on {day}.",
        },
    ),
    "urged": (
        {"zh": "催报：{title}", "en": "Reminder: {title}"},
        {
            "zh": "{organ}提醒贵单位于 {day} 前完成填报。",
            "en": "{organ} asks your office to fill in by {day}.",
        },
    ),
    "returned": (
        {"zh": "填报被退回：{title}", "en": "Returned: {title}"},
        {
            "zh": "请核对后重新报送，已填数据均已保留。退回原因：{reason}",
            "en": "Look at it again and submit it; everything is kept. Reason: {reason}",
        },
    ),
    "sign": (
        {"zh": "请签收：{title}", "en": "Please sign for: {title}"},
        {"zh": "汇总第 {n} 版已可使用。", "en": "Edition {n} of the figures is ready."},
    ),
}


def tell(kind: str, department, campaign, *, actor, link: str, dedupe: str, **values) -> None:
    """One message to everybody who works in `department` (20 at most)."""
    title, body = TEXTS[kind]
    for person in people_of(department):
        notify(
            actor=actor,
            recipient=person,
            key=f"report.{kind}",
            title=title,
            body=body,
            values={
                "title": campaign.title,
                "day": f"{timezone.localtime(campaign.due_at):%Y-%m-%d}",
                **values,
            },
            link=link,
            dedupe=f"report:{kind}:{dedupe}:{person.pk}",
        )


def fill_link(filling) -> str:
    return reverse("report_fill", args=[filling.pk])


def campaign_link(campaign) -> str:
    return reverse("report_campaign", args=[campaign.pk])
