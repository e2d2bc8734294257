"""Two claims of new firms: one that waits, one that an official has proposed to accept."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from platform_core.common.samples import register_sample
from platform_core.common.workcalendar import is_workday
from security.accounts.models import User
from security.actors import Actor
from security.identifiers import made_up_credit_code
from security.organs.selectors import region_by_code
from service_hub.sample_answers import picture

from . import services
from .models import FirmClaim

CLAIMS = (
    ("wangwei", "杭州晓风餐饮有限公司（演示）", "330106", 1, False),
    ("liguoying", "温州听潮商贸有限公司（演示）", "330302", 3, True),
)


@register_sample("claims of firms", order=63)
def claims_of_firms() -> str:
    """Nothing when there are any, or where the people or the organ are missing."""
    if FirmClaim.objects.exists():
        return "0 added"
    people = User.objects.filter(is_demo=True, username__in=[one[0] for one in CLAIMS])
    people = people.in_bulk(field_name="username")
    made = 0
    for number, (username, name, place, ago, is_proposed) in enumerate(CLAIMS):
        person, region = people.get(username), region_by_code(place)
        if person is None or region is None or services.responsible(region) is None:
            continue
        actor = Actor.of(person)
        (licence,) = picture(actor, "licence.jpg", "营业执照（演示）")
        claim = services.send_claim(
            actor=actor, name=name,
            credit_code=made_up_credit_code(f"91{place}", f"MA71000{number}"),
            region=region, licence=licence, at=_office_hour(ago),
        )  # fmt: skip
        desk = {"posts__department": claim.department, "posts__groups__name": "duty:clerk"}
        clerk = User.objects.filter(**desk).order_by("pk").first() if is_proposed else None
        if clerk is not None:
            services.propose_claim(actor=Actor.of(clerk), claim=claim)
        made += 1
    return f"{made} added"


def _office_hour(days_ago: int) -> datetime:
    day = timezone.localdate() - timedelta(days=days_ago)
    while not is_workday(day):
        day -= timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time(10, 20)))
