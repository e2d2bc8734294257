"""By which channels people are told: as they chose, but never not at all when they must act."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_core.capabilities.notifications.choices import KINDS, chosen, kind_of, sent_from
from platform_core.capabilities.notifications.models import Delivery
from platform_core.capabilities.notifications.services import notify
from platform_core.common.outbox.models import OutboxMessage
from tests.factories import MAKER, make_citizen, sign_in

CHANNELS = ("in_app", "email", "sms")
CHINA = ZoneInfo("Asia/Shanghai")
TEMPLATES = ("case.correction_asked", "case.accepted", "anything")
outside = st.lists(st.sampled_from(["email", "sms"]), unique=True)


@given(
    st.dictionaries(st.sampled_from(KINDS), outside),
    st.sampled_from(TEMPLATES),
    st.lists(st.sampled_from(CHANNELS), unique=True),
)
def test_choices_only_take_away_and_never_the_platform(choices, template, channels):
    left = chosen(choices, template, tuple(channels))
    assert set(left) <= set(channels)
    assert ("in_app" in left) == ("in_app" in channels)
    if kind_of(template) == "must_act" and set(channels) - {"in_app"}:
        assert set(left) - {"in_app"}


@pytest.mark.parametrize(
    ("template", "hour", "leaves"),
    [("case.accepted", 23, (2, 8)), ("case.accepted", 3, (1, 8)), ("case.accepted", 9, (1, 9)),
     ("case.accepted", 22, (2, 8)), ("case.correction_asked", 23, (1, 23))],
)  # fmt: skip
def test_what_may_wait_waits_until_the_morning(settings, template, hour, leaves):
    settings.QUIET_HOURS = (22, 8)
    day, then = leaves
    assert sent_from(template, datetime(2026, 9, 1, hour, tzinfo=CHINA)) == datetime(
        2026, 9, day, then, tzinfo=CHINA
    )


@pytest.mark.django_db
class TestPages:
    def told(self, user, key: str) -> set[str]:
        message = notify(actor=MAKER, recipient=user, key=key, title={"zh": "a", "en": "a"},
                         body={"zh": "b", "en": "b"}, dedupe=key, channels=CHANNELS)  # fmt: skip
        return set(Delivery.objects.filter(message=message).values_list("channel", flat=True))

    def test_what_was_chosen_on_the_page_is_what_happens(self, client):
        user = make_citizen("alice", phone="13800002046")
        assert self.told(user, "case.submitted") == {"in_app", "email", "sms"}
        sign_in(client, user)
        assert client.get("/me/channels/").status_code == 200
        client.post("/me/channels/", {"progress-email": "1"})
        user.refresh_from_db()
        assert self.told(user, "case.accepted") == {"in_app", "email"}
        assert self.told(user, "case.refused") == {"in_app", "email", "sms"}
        assert self.told(user, "other") == {"in_app"}
        assert OutboxMessage.objects.filter(topic="notifications.deliver").exists()
