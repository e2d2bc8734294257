"""What the shipped N-apps bring to the office: each notice reaches people, each report is started,
filled in and summed up; steps of processes send notices and have things supervised.
"""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from collab_hub.notices import services as notice_services
from collab_hub.notices import templates
from collab_hub.notices.capability import is_for_steps
from collab_hub.notices.models import Notice
from collab_hub.notices.people import DISPATCHER
from collab_hub.reports import campaign_services, selectors, services
from collab_hub.reports.models import ReportFilling, ReportTemplate
from collab_hub.supervision.models import Supervision
from platform_core.capabilities.forms.models import Record
from platform_core.capabilities.process.escalation.services import sweep_escalations
from platform_core.common.outbox.models import OutboxMessage
from security.actors import Actor
from security.organs.duties import forget_posts, standing_group
from service_hub.cases import services as cases
from tests.collab_hub.notices.makers import work
from tests.factories import actor_of, make_department, make_official, make_region
from tests.service_hub.makers import (
    APPS,
    clue_values,
    do,
    item_of,
    make_office,
    open_app,
    open_tasks,
)
from tests.service_hub.makers import manifest_of as manifest

pytestmark = pytest.mark.django_db

SLUGS = sorted(path.parent.name for path in APPS.glob("*/manifest.json"))
WITH_NOTICES = [slug for slug in SLUGS if "notices" in manifest(slug)]
WITH_REPORTS = [slug for slug in SLUGS if "reports" in manifest(slug)]
TODAY = timezone.localdate()
LAST_MONTH = TODAY.replace(day=1) - timedelta(days=1)


def test_the_trades_that_would_have_them_bring_notices_and_reports():
    expected = {"employment", "event_permit", "public_clues", "return_to_work", "smart_community"}
    assert set(WITH_NOTICES) == set(WITH_REPORTS) == expected


def dispatcher(kind: str):
    """Somebody of the city who may write to every organ of it."""
    person = make_official(f"{kind}-sender", kind=kind, region="330100", duties=["clerk", "head"])
    person.posts.get().groups.add(standing_group(DISPATCHER))
    forget_posts(person)
    return person


@pytest.mark.parametrize("slug", WITH_NOTICES)
def test_each_notice_is_begun_and_reaches_who_it_is_for(slug):
    napp = open_app(slug)
    sender = dispatcher(napp.current.manifest["department"])
    offered = {one["key"] for one in templates.offered(sender)}
    for one in templates.version_manifest(napp.current).section("notices"):
        key = f"{slug}/{one.key}"
        assert (key in offered) != is_for_steps(one), key
        if is_for_steps(one):
            continue
        meant = {
            make_official(kind=kind, duties=[duty]).pk
            for kind in one.audience.kinds
            for duty in one.audience.duties
        }
        make_official(kind="education", duties=["clerk", "head", "reviewer"])
        words, audience = templates.start_from(sender, key)
        assert "{" not in words["title"] + words["body"] and str(TODAY) in words["body"]
        draft = notice_services.save_notice(
            actor=actor_of(sender), department=sender.posts.get().department, audience=audience,
            title={"zh": words["title"], "en": words["title_en"]},
            body={"zh": words["body"], "en": words["body_en"]},
            needs_confirming=words["needs_confirming"],
            escalate_minutes=words["escalate_minutes"],
        )  # fmt: skip
        notice = notice_services.send_notice(actor=actor_of(sender), notice=draft)
        work()
        got = set(notice.recipients.values_list("user", flat=True))
        assert meant <= got <= meant | {sender.pk}


def period_of(template: str) -> tuple[str, datetime]:
    """A period that is over, and a moment in it."""
    day = TODAY - timedelta(days=1) if template.endswith("_day") else LAST_MONTH
    text = f"{day:%Y-%m-%d}" if template.endswith("_day") else f"{day:%Y-%m}"
    return text, timezone.make_aware(datetime.combine(day, time(12)))


@pytest.mark.parametrize("slug", WITH_REPORTS)
def test_each_report_asks_only_what_the_records_do_not_say(slug):
    raw = manifest(slug)
    city = make_department(raw["department"], "330100")
    county = make_department(raw["department"], "330106")
    clerk, filler = make_official(department=city), make_official(department=county)
    napp = open_app(slug)
    own = {f"{slug}_{one['key']}": one["source"] for one in raw["reports"]["fields"]}
    for template in ReportTemplate.objects.filter(napp=napp, is_in_use=True):
        period, moment = period_of(template.code)
        for one in own.values():
            if one["kind"] == "records":
                data = {one["question"]: "7"} if one["what"] == "sum" else {}
                Record.objects.create(napp_version=napp.current, napp=napp, data=data,
                                      form_key=one["form"], region=county.region)  # fmt: skip
        Record.objects.filter(napp=napp).update(created_at=moment)
        campaign = campaign_services.start_campaign(
            actor=actor_of(clerk), template=template, owner=city, region=make_region("330100"),
            organ_kind=county.kind, level=3, period=period,
            due_at=timezone.now() + timedelta(days=2),
        )  # fmt: skip
        filling = ReportFilling.objects.select_related("campaign", "department").get()
        columns, answers = selectors.columns_of(campaign), selectors.answers_of(filling)
        asked = [
            one.version.field.code for one in selectors.still_asked(filling, columns, answers)[0]
        ]
        assert asked == [code for code, source in own.items() if source["kind"] == "manual"]
        sums = {one.column.version.field.code: one.value for one in answers.values()}
        for code, source in own.items():
            if source["kind"] == "records":
                assert sums[code].amount >= 1 and sums[code].origin == "records"
        if asked:
            services.submit_filling(
                actor=actor_of(filler), filling=filling, given=dict.fromkeys(asked, "2"), version=1
            )
        filling.refresh_from_db()
        assert filling.state == "submitted"


# -- steps of processes ----------------------------------------------------------------------------

FOUND = {"found": "现场核实。", "feedback": "已处理，谢谢您。", "finding": "true"}


@pytest.fixture
def offices():
    kinds = ("emergency_desk", "health", "market")
    return {kind: make_office(kind) for kind in kinds}


def confirmed_clue():
    """A clue that was found true and handed to the health bureau."""
    item = item_of("public_clues", "report")
    values = clue_values(kind="symptom")
    case = cases.file_values(actor=Actor.anonymous(), item=item, values=values).case
    return do(do(case), "submit", data={**FOUND, "handed_to": "collection"})


def test_a_step_sends_a_notice_of_the_manifest_once(offices):
    case = confirmed_clue()
    # Nothing has gone out before the commit, and nothing goes twice.
    assert not Notice.objects.exists()
    message = OutboxMessage.objects.get(topic="notices.from_step")
    work()
    OutboxMessage.objects.filter(pk=message.pk).update(state="done")
    work()
    notice = Notice.objects.get()
    assert case.number in notice.title["zh"] and notice.state == "sent"
    assert notice.sender == offices["emergency_desk"]["reviewer"]
    assert notice.needs_confirming and notice.escalate_minutes == 30
    names = set(notice.recipients.values_list("user__username", flat=True))
    assert names == {"emergency_desk-330106-clerk", "health-330106-clerk"}
    # What is told to many names nobody who reported.
    assert str(case.process.subject_label) not in str(notice.body)


def test_what_nobody_answers_is_proposed_for_supervision_once(offices):
    make_office("service_bureau")
    case = confirmed_clue()
    later, sweep = timezone.now() + timedelta(days=14), Actor.system("deadline sweep")
    assert sweep_escalations(actor=sweep, now=later) == 1
    assert sweep_escalations(actor=sweep, now=later + timedelta(days=1)) == 0
    matter = Supervision.objects.get()
    assert (matter.state, matter.source) == ("proposed", "timeout")
    assert matter.lead == offices["health"]["clerk"].posts.get().department
    assert matter.owner.kind == "service_bureau" and case.number in matter.requirement
    # The task stays with whoever has to do it.
    (task,) = open_tasks(case)
    assert task.node == "collect" and matter.source_url.endswith(f"{task.pk}/")
