"""The way up: town, county, city; what comes back keeps its values, what is signed counts."""

import pytest
from django.utils import timezone

from collab_hub.inbox.models import WorkItem
from collab_hub.reports import asking_services, selectors, services, signing, signing_services
from collab_hub.reports.campaign_services import close_campaign
from collab_hub.reports.counters import counters
from collab_hub.reports.models import ReportAnswer, ReportReview
from collab_hub.reports.recount import differences, recounted
from collab_hub.reports.sums import table
from collab_hub.reports.tasks import on_ask, on_told
from platform_core.capabilities.notifications.models import Message
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.outbox.models import OutboxMessage
from security.organs import services as organs
from tests.factories import (
    LONG_AGO,
    MAKER,
    actor_of,
    make_department,
    make_official,
    make_region,
)

from .makers import World


class Towns(World):
    """The city collects from three towns of Xihu; Xihu's health bureau stands between."""

    def __init__(self):
        super().__init__(["330106"])
        self.county, self.officer = self.organs[0], self.people[0]
        self.organs = [make_department("health", self._town(n)) for n in range(1, 4)]
        self.people = [
            make_official(f"town{n}", department=organ, duties=["clerk"])
            for n, organ in enumerate(self.organs)
        ]

    @staticmethod
    def _town(n: int):
        return organs.create_region(
            actor=MAKER, code=f"33010600{n}", name=f"街道{n}", name_en=f"Town {n}", level=4,
            parent=make_region("330106"), valid_from=LONG_AGO,
        ).code  # fmt: skip

    def begin(self, code: str = "one", fields=("beds",), **more):
        template = self.template(code, fields)
        template.needs_sign_off = True
        template.save()
        return self.start(template, level=4, **more)

    def submit(self, campaign, n: int, **given):
        filling = self.filling(campaign, n)
        return services.submit_filling(
            actor=actor_of(self.people[n]), filling=filling, given=given, version=filling.version
        )

    def sign(self, campaign, person, department, *numbers):
        rows = [self.filling(campaign, n) for n in numbers]
        return signing_services.sign_off(
            actor=actor_of(person), campaign=campaign, department=department,
            seen={str(one.pk): one.version for one in rows},
        )  # fmt: skip

    def waits(self, department) -> list[str]:
        found = WorkItem.objects.filter(kind="report_review", state="open")
        return [one.reason["en"] for one in found.filter(pool_department=department)]

    def total(self, campaign, **more) -> tuple:
        _columns, rows = table(self.clerk, campaign, make_region("330100"), timezone.now(), **more)
        return rows[0].cells[0].text, len(rows[0].cells[0].missing)


@pytest.fixture
def towns(db):
    made = Towns()
    made.field("beds")
    return made


def test_a_report_goes_up_level_by_level_and_only_then_counts(towns):
    campaign = towns.begin()
    towns.submit(campaign, 0, beds="10"), towns.submit(campaign, 1, beds="20")
    assert towns.filling(campaign).waits_for == towns.county
    assert towns.waits(towns.county) == ["2 reports to sign off"] and not towns.waits(towns.city)
    # Whoever is not above has no say, and the organ itself neither.
    for person, organ in ((towns.people[0], towns.organs[0]), (towns.clerk, towns.county)):
        with pytest.raises(NotAllowed):
            signing_services.take_note(
                actor=actor_of(person), filling=towns.filling(campaign), department=organ
            )
    assert towns.sign(campaign, towns.people[1], towns.organs[1], 0) == (0, 1)
    stale = {str(towns.filling(campaign).pk): 99}
    assert signing_services.sign_off(
        actor=actor_of(towns.officer), campaign=campaign, department=towns.county, seen=stale
    ) == (0, 1)
    assert towns.sign(campaign, towns.officer, towns.county, 0, 1, 2) == (2, 1)
    assert not towns.waits(towns.county) and towns.waits(towns.city) == ["2 reports to sign off"]
    assert towns.total(campaign, only_signed=True) == ("", 3)
    assert towns.sign(campaign, towns.clerk, towns.city, 0) == (1, 0)
    assert towns.total(campaign) == ("30", 1)
    assert towns.total(campaign, only_signed=True) == ("10", 2)
    assert towns.filling(campaign).state_words == "Signed off"
    # Signed by the highest, it need not wait for those between.
    towns.submit(campaign, 2, beds="5")
    assert towns.sign(campaign, towns.clerk, towns.city, 2) == (1, 0)
    assert not towns.waits(towns.county)


def test_what_comes_back_keeps_its_values_and_nothing_is_asked_again(towns):
    campaign = towns.begin()
    towns.submit(campaign, 0, beds="10")
    filling = towns.filling(campaign)
    facts = {"actor": actor_of(towns.officer), "filling": filling, "department": towns.county}
    signing_services.take_note(**facts), signing_services.take_note(**facts)
    with pytest.raises(Unusable):
        signing_services.return_filling(**facts, reason=" ", version=filling.version)
    signing_services.return_filling(**facts, reason="Too many beds", version=filling.version)
    with pytest.raises(Conflict):
        signing_services.return_filling(**facts, reason="Again", version=filling.version)
    filling = towns.filling(campaign)
    assert (filling.state, filling.state_words) == ("open", "Returned")
    assert signing.last_return(filling).reason == "Too many beds"
    item = WorkItem.objects.get(object_id=filling.pk, state="open")
    assert item.reason["en"] == "Returned: Too many beds" and not towns.waits(towns.county)
    sent = OutboxMessage.objects.get(topic="reports.told", payload__kind="returned")
    on_told(sent)
    assert "Too many beds" in Message.objects.get(template="report.returned").body["en"]
    asked, _known, _old = selectors.still_asked(
        filling, selectors.columns_of(campaign), selectors.answers_of(filling)
    )
    assert asked == []
    answer = ReportAnswer.objects.get(filling=filling)
    services.correct_value(
        actor=actor_of(towns.people[0]), answer=answer, raw="9", reason="Counted twice", turn=1
    )
    towns.submit(campaign, 0)
    assert towns.waits(towns.county) == ["1 reports to sign off"]
    assert towns.total(campaign) == ("9", 2)
    acts = [one.act for one in signing.reviews_of(towns.filling(campaign))]
    assert acts == ["submitted", "returned", "noted", "submitted"]
    assert counters()["asked_again"] == 0 and differences(recounted()) == []


def test_a_correction_after_signing_goes_up_anew(towns):
    campaign = towns.begin()
    towns.submit(campaign, 0, beds="10")
    towns.sign(campaign, towns.officer, towns.county, 0)
    towns.sign(campaign, towns.clerk, towns.city, 0)
    answer = ReportAnswer.objects.get()
    services.correct_value(
        actor=actor_of(towns.people[0]), answer=answer, raw="12", reason="One ward forgotten",
        turn=1,
    )  # fmt: skip
    filling = towns.filling(campaign)
    assert (filling.signed_at, filling.waits_for) == (None, towns.county)
    assert towns.total(campaign, only_signed=True) == ("", 3)
    line = ReportReview.objects.get(act="corrected")
    assert (line.turn, line.reason) == (2, "One ward forgotten")
    assert towns.sign(campaign, towns.officer, towns.county, 0) == (1, 0)


def test_closing_names_what_nobody_signed(towns):
    campaign = towns.begin()
    for n in range(3):
        towns.submit(campaign, n, beds="1")
    with pytest.raises(Unusable, match="signed off"):
        close_campaign(actor=actor_of(towns.clerk), campaign=campaign)
    close_campaign(actor=actor_of(towns.clerk), campaign=campaign, note="In a hurry")
    assert not towns.waits(towns.county)
    with pytest.raises(Conflict):
        towns.sign(campaign, towns.officer, towns.county, 0)
    campaign.refresh_from_db()
    assert (campaign.asked_again, campaign.spared) == (0, 0)
    assert differences(recounted()) == []


def test_pages_of_the_way_up(towns, office):
    campaign = towns.begin()
    towns.submit(campaign, 0, beds="10"), towns.submit(campaign, 1, beds="20")
    client = office(towns.officer)
    assert "To be signed off" in client.get("/office/reports/").content.decode()
    address = f"/office/reports/{campaign.pk}/reviews/"
    page = client.get(address).content.decode()
    one, two = towns.filling(campaign), towns.filling(campaign, 1)
    seen = f"{towns.county.pk}:{one.pk}:{one.version}"
    assert seen in page and "20" in page
    for junk in ({}, {"seen": "x"}, {"seen": "1:2:3"}, {"seen": f"{towns.county.pk}:x:\x00"}):
        assert client.post(address, junk).status_code == 302
    assert client.post(address, {"seen": seen}).status_code == 302
    assert towns.filling(campaign).waits_for == towns.city
    fill = f"/office/reports/fill/{two.pk}/"
    assert "Take note" in client.get(fill).content.decode()
    sent = {"_review": "return", "organ": towns.county.pk, "version": two.version, "reason": ""}
    refused = client.post(fill, sent)
    assert refused.status_code == 422 and "looked at again" in refused.content.decode()
    assert client.post(fill, sent | {"reason": "Look"}).status_code == 302
    assert client.post(fill, {"_review": "sign", "organ": "x"}).status_code == 409
    assert "Look" in office(towns.people[1]).get(fill).content.decode()
    assert office(towns.people[2]).get(address).status_code == 200
    signed = office(towns.clerk).get(f"/office/reports/{campaign.pk}/?sums=signed")
    assert signed.status_code == 200


def test_organs_beyond_the_first_chunk_are_asked_after_it(towns, monkeypatch):
    monkeypatch.setattr(asking_services, "CHUNK", 2)
    first = towns.begin("first")
    towns.submit(first, 0, beds="10")
    campaign = towns.begin("second")
    asked = campaign.fillings.exclude(asked_at=None)
    assert campaign.fillings.count() == 3 and asked.count() == 2
    waiting = OutboxMessage.objects.filter(topic="reports.ask").order_by("-id")
    late = campaign.fillings.get(asked_at=None)
    number = [one.pk for one in towns.organs].index(late.department_id)
    # Whoever finds it before their turn submits; the chunk leaves that alone.
    if number:
        towns.submit(campaign, number, beds="3")
    on_ask(waiting[0]), on_ask(waiting[0])
    assert not campaign.fillings.filter(asked_at=None).exists()
    states = dict(campaign.fillings.values_list("department", "state"))
    # What the first report told is known here: nobody was asked, and it went up by itself.
    assert states[towns.organs[0].pk] == "submitted"
    assert towns.filling(campaign).waits_for == towns.county
    assert counters()["asked_again"] == 0 and differences(recounted()) == []
