"""Notices that steps of processes send, and which manifests are refused, and where."""

import pytest

from collab_hub.notices import templates
from collab_hub.notices.models import Notice
from collab_hub.notices.people import DISPATCHER, members, outside, scope_of
from platform_core.common.outbox.models import OutboxMessage
from platform_core.napps.manifest import ManifestInvalid, validate_manifest
from security.accounts.models import User
from security.organs.duties import forget_posts, standing_group
from tests.collab_hub.makers import DECIDE, make_case, make_napp, manifest, text
from tests.factories import make_official

from .makers import work

NOTICE = {"key": "watch", "title": text("No. {number}"), "body": text("{organ}, {napp}, {date}"),
          "audience": {"kinds": ["market"], "duties": ["clerk"]}}  # fmt: skip
STEP = {"kind": "notify", "title": text("Tell"), "notice": "watch"}
COUNT = {"kind": "records", "form": "stall", "what": "count"}


def field(**more) -> dict:
    return {"key": "n", "title": text("N"), "meaning": text("N"), "kind": "number",
            "validity_days": 30, "aggregation": "sum", "source": COUNT, **more}  # fmt: skip


def problems(*steps, **sections) -> dict[str, str]:
    """{place: what is wrong with it}; empty for a sound manifest."""
    try:
        validate_manifest(manifest([*steps, DECIDE], **sections))
    except ManifestInvalid as refused:
        return {problem.place: str(problem.message) for problem in refused.problems}
    return {}


def test_a_step_may_send_a_notice_of_its_own_manifest():
    assert problems(STEP, notices=[NOTICE]) == {}


@pytest.mark.parametrize(
    ("steps", "sections", "place", "words"),
    [
        ([STEP], {}, "processes[0].steps[0].notice", "no notice “watch”"),
        ([{**STEP, "to": "starter"}], {"notices": [NOTICE]}, "processes[0].steps[0]", "`to`"),
        ([{**STEP, "template": "x"}], {"notices": [NOTICE]}, "processes[0].steps[0]", "either"),
        # Whoever begins it by hand has no number to fill in.
        ([], {"notices": [NOTICE]}, "notices[0].title.zh", "Nobody fills in “number”"),
        ([STEP], {"notices": [{**NOTICE, "body": text("{subject}")}]}, "notices[0].body.zh",
         "Nobody fills in “subject”"),
        ([STEP], {"notices": [{**NOTICE, "audience": {"kinds": ["moon"]}}]},
         "notices[0].audience.kinds", "function “moon”"),
        ([], {"reports": {"fields": [field(source={**COUNT, "form": "moon"})]}},
         "reports", "no form “moon”"),
        ([], {"reports": {"fields": [field(source={**COUNT, "what": "sum", "question": "place"})]}},
         "reports", "“place” is no number"),
        ([], {"reports": {"fields": [field(source={**COUNT, "what": "sum", "question": "moon"})]}},
         "reports", "“moon” is no number"),
        ([], {"reports": {"fields": [field()], "templates": [
            {"key": "t", "title": text("T"), "fields": ["moon"]}]}}, "reports", "no field “moon”"),
    ],
)  # fmt: skip
def test_what_leads_nowhere_is_named_where_it_stands(steps, sections, place, words):
    found = problems(*steps, **sections)
    assert any(where.startswith(place) and words in said for where, said in found.items()), found


def sent_by_step(**more) -> list[Notice]:
    """What goes out when a case passes the step as soon as it is filed, by nobody of the office."""
    make_case(make_napp(STEP, DECIDE, notices=[{**NOTICE, **more}]))
    assert not Notice.objects.exists()
    work()
    assert OutboxMessage.objects.get(topic="notices.from_step").state == "done"
    return list(Notice.objects.all())


def test_where_no_official_moved_it_the_head_is_the_sender(clerk, reviewer):
    reviewer.posts.update(is_head=True)
    (notice,) = sent_by_step()
    assert notice.sender == reviewer and "33010600" in notice.title["zh"]
    assert [row.user for row in notice.recipients.all()] == [clerk]


def test_nobody_to_send_it_holds_up_nothing(clerk):
    assert sent_by_step() == []


def test_nobody_to_get_it_holds_up_nothing(clerk):
    clerk.posts.update(is_head=True)
    assert sent_by_step(audience={"kinds": ["fire"]}) == []


def test_it_stays_in_the_division_and_with_the_duty(clerk, reviewer):
    reviewer.posts.update(is_head=True)
    make_official("far", kind="market", region="330302")
    make_official("above", kind="market", region="330100")
    (notice,) = sent_by_step(audience={"kinds": ["market", "health"], "duties": ["reviewer"]})
    assert [row.user for row in notice.recipients.all()] == [reviewer]


def test_a_template_ticks_only_whom_one_may_write_to(clerk, other_clerk):
    make_official("nora", kind="health")
    make_official("far", kind="market", region="330302")
    wide = {"kinds": ["market", "health"], "duties": ["clerk"]}
    make_napp(notices=[{**NOTICE, "title": text("T"), "body": text("B"), "audience": wide}])
    found = []
    for _try in range(2):
        _words, audience = templates.start_from(clerk, "market_stall/watch")
        assert not outside(audience, scope_of(clerk)).exists()
        found.append(set(members(audience).values_list("username", flat=True)))
        clerk.posts.get().groups.add(standing_group(DISPATCHER))
        forget_posts(clerk)
        clerk = User.objects.get(pk=clerk.pk)
    assert found == [{"alice", "bob"}, {"alice", "bob", "nora"}]
