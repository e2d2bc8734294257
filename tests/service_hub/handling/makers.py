"""An office with a head, cases on the way, and moments in September 2026."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.test import Client

from security.organs.models import Post
from service_hub.cases import services
from service_hub.cases.models import Case
from tests.factories import actor_of
from tests.factories import sign_in as enter

from ..makers import do, item_of, make_office, rent_values

CHINA = ZoneInfo("Asia/Shanghai")


def on(month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHINA)


def office_with_head(kind: str = "housing_fund", region: str = "330106") -> dict:
    found = make_office(kind, region)
    Post.objects.filter(user=found["head"]).update(is_head=True)
    return found


def filed(user, at: datetime | None = None) -> Case:
    item = item_of("housing_fund", "rent")
    values = rent_values(user)
    return services.file_values(actor=actor_of(user), item=item, values=values, at=at).case


def accepted(user, at: datetime) -> Case:
    return do(filed(user, at), at=at)


def sign_in(user) -> Client:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    enter(client, user)
    return client
