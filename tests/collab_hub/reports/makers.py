"""A city with three counties, a dictionary of two numbers, and a report of them."""

from datetime import timedelta

from django.utils import timezone

from collab_hub.reports import campaign_services, dictionary_services
from collab_hub.reports.models import ReportFilling
from security.organs import services as organs
from security.organs.models import Region
from security.organs.selectors import region_by_code
from tests.factories import (
    LONG_AGO,
    MAKER,
    actor_of,
    make_department,
    make_official,
    make_region,
    make_staff,
)

COUNTIES = {"330106": "Xihu", "330110": "Yuhang", "330105": "Gongshu"}
MANUAL = {"kind": "manual"}


def county(code: str) -> Region:
    if code in ("330106", "330110"):
        return make_region(code)
    return region_by_code(code) or organs.create_region(
        actor=MAKER, code=code, name=f"拱墅{code}", name_en=COUNTIES.get(code, code), level=3,
        parent=make_region("330100"), valid_from=LONG_AGO,
    )  # fmt: skip


def make_head(department, username: str):
    """A head of `department`."""
    user = make_staff(username, kind="official", name=username.capitalize())
    organs.appoint(
        actor=MAKER, user=user, department=department, title="局长", duties=["head"],
        is_head=True, valid_from=LONG_AGO,
    )  # fmt: skip
    return user


def terms(code: str, /, **more) -> dict:
    base = {
        "title": {"zh": code, "en": code}, "meaning": {"zh": code, "en": code},
        "kind": "number", "unit": "beds", "choices": [], "validity_days": 30,
        "is_of_period": True, "aggregation": "sum", "source": MANUAL,
    }  # fmt: skip
    return base | more


class World:
    """The city's health bureau collects from its counties."""

    def __init__(self, counties=("330106", "330110", "330105")):
        self.city = make_department("health", "330100")
        self.clerk = make_official("cityclerk", department=self.city, duties=["clerk"])
        self.head = make_head(self.city, "cityhead")
        self.organs = [make_department("health", county(code)) for code in counties]
        self.people = [
            make_official(f"filler{n}", department=organ, duties=["clerk"])
            for n, organ in enumerate(self.organs)
        ]

    def field(self, code: str, **more):
        """A field in force, or its next version."""
        version = dictionary_services.propose_field(
            actor=actor_of(self.clerk), code=code, owner=self.city, terms=terms(code, **more)
        )
        dictionary_services.decide_field(actor=actor_of(self.head), version=version, publish=True)
        version.refresh_from_db()
        return version

    def template(self, code: str, fields, checks=()):
        return dictionary_services.create_template(
            actor=actor_of(self.clerk), code=code, owner=self.city, fields=list(fields),
            title={"zh": code, "en": code}, checks=checks,
        )  # fmt: skip

    def start(self, template, period: str = "2026-11", **more):
        facts = {
            "actor": actor_of(self.clerk), "owner": self.city, "region": make_region("330100"),
            "organ_kind": "health", "level": 3, "due_at": timezone.now() + timedelta(days=5),
        }  # fmt: skip
        return campaign_services.start_campaign(template=template, period=period, **(facts | more))

    def filling(self, campaign, n: int = 0) -> ReportFilling:
        return ReportFilling.objects.select_related("campaign", "department").get(
            campaign=campaign, department=self.organs[n]
        )
