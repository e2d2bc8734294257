"""Large events: scored, countersigned by risk, checked on the spot, decided by county or city."""

from io import BytesIO

import pytest
from django.utils import timezone
from pypdf import PdfReader

from platform_core.capabilities.decisions import decisions_of
from platform_core.capabilities.decisions.checks import passes
from platform_core.capabilities.decisions.engine import evaluate
from platform_core.capabilities.documents import services as documents
from platform_core.capabilities.documents.models import Document
from platform_core.capabilities.documents.printing import PRINTER
from platform_core.capabilities.documents.selectors import found_by_code, standing
from platform_core.capabilities.files.selectors import open_content
from platform_core.capabilities.notifications.models import Message
from platform_core.capabilities.process import services as process
from platform_core.capabilities.process.bpmn import bpmn_of
from platform_core.capabilities.process.definitions import processes_of
from platform_core.capabilities.process.escalation.services import sweep_escalations
from platform_core.capabilities.process.models import Task
from platform_core.capabilities.process.plan import Plan
from platform_core.capabilities.process.simulation import simulate
from platform_core.common.errors import Unusable
from security.identifiers import certificate_check_char
from security.organs.models import Post
from service_hub.cases import services
from service_hub.cases.models import Case
from service_hub.certificates.selectors import certificate_of, documents_of_case
from tests.factories import (
    actor_of,
    credit_code,
    make_admin,
    make_citizen,
    make_firm,
    make_firm_agent,
    make_official,
    make_region,
    sign_in,
)
from tests.platform_core.capabilities.process.test_waits import deliver
from tests.service_hub.makers import item_of, make_office, photo, today

pytestmark = pytest.mark.django_db
NODES = {"security_high", "fire_high", "health_high"}


@pytest.fixture
def offices(db):
    county = {kind: make_office(kind) for kind in ("police", "fire", "health")}
    return county | {"city": make_office("police", "330100", prefix="city")}


@pytest.fixture
def agent(db):
    firm = make_firm("示例演艺有限公司", region=make_region("330106"))
    return make_firm_agent("erin", firm), firm


def answers(user, firm=None, people=1800, **changes) -> dict:
    """A quiet indoor fair with so many people at its larger session."""
    actor = actor_of(user, firm)
    day = today(30)
    return {
        "firm_name": "示例演艺有限公司", "credit_code": credit_code(), "org_kind": "company",
        "seat": {"region": "330106", "street": "文三路 90 号"}, "contact": "陈宁",
        "mobile": "13800002046", "head": "陈建国", "head_number": "11010519491231002X",
        "joint": False, "event_name": "秋季汽车展销", "event_kind": "exhibition",
        "content": "车辆展销，凭电子票入场。", "area": "330106",
        "place": {"text": "会展中心一号馆"}, "first_on": day, "last_on": today(31),
        "sessions": [
            {"on": day, "opens": "09:00", "closes": "17:00", "people": people, "guards": 60},
            {"on": today(31), "opens": "09:00", "closes": "12:00", "people": 900, "guards": 30},
        ],
        "night": False, "venue_name": "会展中心", "venue_code": credit_code(),
        "venue_contact": "林小燕", "venue_mobile": "13800000012", "capacity": 20000, "exits": 8,
        "exits_clear": True, "equipment_ok": True, "venue_agrees": True, "setting": "indoor",
        "alcohol": False, "fireworks": False, "structures": False, "medical": True,
        "measures": "入口安检，分区管理，散场分批放行，南北两侧设接驳车。", "emergency": ["crowd"],
        "safety_plan": photo(actor), "venue_paper": photo(actor),
        "signature": {"name": "陈建国", "agreed": True},
    } | changes  # fmt: skip


RISKY = {
    "setting": "outdoor", "alcohol": True, "night": True, "structures": True,
    "structures_firm": "示例舞台工程有限公司",
}  # fmt: skip


def file(agent, **changes) -> Case:
    user, firm = agent
    values = answers(user, firm, **changes)
    item = item_of("event_permit", "permit")
    return services.file_values(actor=actor_of(user, firm), item=item, values=values).case


def waiting(case) -> set[str]:
    """The steps that wait for people, those of sub-processes too."""
    return {task.node for task in tasks_of(case)}


def tasks_of(case) -> list[Task]:
    found = Task.objects.filter(instance__subject_id=str(case.pk), state="open")
    return list(found.exclude(kind="cc").select_related("assignee", "pool_department"))


def act(case, node: str, user, action: str = "approve", **more) -> Case:
    """`user` acts on the step, of whichever process of the case, and what follows is delivered."""
    task = next(
        one for one in tasks_of(case) if one.node == node and one.assignee_id in (None, user.pk)
    )
    process.act(actor=actor_of(user), task_id=task.pk, action=action, version=task.version, **more)
    deliver()
    case.refresh_from_db()
    return case


def countersigned(offices, agent, **changes) -> Case:
    """A risky case after acceptance and the three organs, with the check on the spot waiting."""
    case = act(file(agent, **(RISKY | changes)), "accept", offices["police"]["clerk"])
    act(case, "security_high", offices["police"]["reviewer"])
    act(case, "health_high", offices["health"]["reviewer"])
    act(case, "fire_high", offices["fire"]["reviewer"])
    return act(case, "fire_high", offices["fire"]["head"])


def checked(case, offices, conclusion="passed", **more) -> Case:
    found = {"checked_on": today(), "items": ["exits", "fire"], "conclusion": conclusion, **more}
    return act(case, "check", offices["police"]["reviewer"], "submit", data=found)


def version():
    return item_of("event_permit", "permit").napp_version


class TestDefinition:
    def test_every_way_through_it_comes_to_an_end(self, db):
        for one in processes_of(version()).values():
            report = simulate(Plan.of(one))
            assert report.is_sound and report.is_complete and not report.unreached
            assert report.ends == {"approved", "rejected"}

    def test_every_row_of_its_tables_is_tried_and_comes_out(self, db):
        for decision in decisions_of(version()).values():
            fired = set()
            for test in decision.tests:
                result = evaluate(decision, test.inputs, today=timezone.localdate())
                assert passes(decision, test.expect, result)
                fired |= set(result.rows)
            assert len(fired) == len(decision.rows)

    def test_it_goes_out_as_bpmn_with_the_check_as_a_process_of_its_own(self, db):
        said = bpmn_of(processes_of(version()), "permit").decode()
        assert 'calledElement="site"' in said and said.count("<bpmn:process ") == 2


class TestFiling:
    def test_what_does_not_fit_together_is_said_at_its_field(self, offices, agent):
        late = today(10)
        wrong = {
            "people": 900, "first_on": late, "venue_agrees": False, "fireworks": True,
        }  # fmt: skip
        with pytest.raises(Unusable) as refused:
            file(agent, **wrong)
        assert {"first_on", "sessions", "venue_agrees", "fireworks_firm"} <= set(
            refused.value.errors
        )

    def test_a_venue_that_is_too_small_is_refused(self, offices, agent):
        with pytest.raises(Unusable) as refused:
            file(agent, people=5200, capacity=5000)
        assert list(refused.value.errors) == ["capacity"]

    def test_a_session_that_ends_before_it_begins_is_told_in_its_row(self, offices, agent):
        row = {"on": today(30), "opens": "20:00", "closes": "02:00", "people": 2000, "guards": 9}
        with pytest.raises(Unusable) as refused:
            file(agent, sessions=[row])
        assert list(refused.value.errors) == ["sessions[0].closes"]

    def test_a_person_files_for_an_organisation(self, offices):
        alice = make_citizen("alice")
        case = file((alice, None))
        assert (case.applicant, case.firm) == (alice, None)


class TestHandling:
    def test_a_quiet_event_is_examined_by_the_police_alone(self, offices, agent):
        case = act(file(agent), "accept", offices["police"]["clerk"])
        assert waiting(case) == {"security"}
        case = act(case, "security", offices["police"]["reviewer"])
        case = act(case, "county", offices["police"]["head"], opinion="同意。")
        assert case.state == Case.State.APPROVED
        told = Message.objects.filter(recipient=agent[0], template="permit_issued")
        assert told.count() == 1

    def test_a_risky_one_goes_to_three_organs_then_to_the_spot_then_to_a_vote(self, offices, agent):
        case = act(file(agent, **RISKY), "accept", offices["police"]["clerk"])
        assert waiting(case) == NODES
        act(case, "security_high", offices["police"]["reviewer"])
        act(case, "health_high", offices["health"]["reviewer"])
        act(case, "fire_high", offices["fire"]["reviewer"])
        # In order: the head of the brigade signs after its reviewer.
        (last,) = tasks_of(case)
        assert (last.node, last.assignee or last.pool_department.kind) == ("fire_high", "fire")
        act(case, "fire_high", offices["fire"]["head"])
        case = checked(case, offices)
        assert len(tasks_of(case)) == 3 and waiting(case) == {"panel"}
        act(case, "panel", offices["police"]["clerk"])
        case = act(case, "panel", offices["police"]["reviewer"])
        assert waiting(case) == {"county"}

    def test_a_lost_vote_refuses_in_writing(self, offices, agent):
        case = checked(countersigned(offices, agent), offices)
        act(case, "panel", offices["police"]["clerk"], "reject", opinion="散场方案不可行")
        case = act(case, "panel", offices["police"]["head"], "reject", opinion="不同意")
        assert (case.state, waiting(case)) == (Case.State.REFUSED, set())
        assert documents_of_case(case)[-1].template == "refusal_decision"

    def test_what_the_check_finds_is_put_right_and_checked_again_by_the_same(self, offices, agent):
        user, firm = agent
        case = countersigned(offices, agent)
        case = checked(case, offices, "amend", defects="南侧出口被展台占用")
        assert case.state == Case.State.CORRECTING
        better = "南侧展台已拆除，出口外 10 米内不设摊位，安排四人值守。"
        services.answer_correction(
            actor=actor_of(user, firm), case=case,
            values={"measures": better, "safety_plan": photo(actor_of(user, firm))},
        )  # fmt: skip
        (again,) = tasks_of(case)
        assert (again.node, again.assignee) == ("recheck", offices["police"]["reviewer"])
        case = act(case, "recheck", offices["police"]["reviewer"])
        assert waiting(case) == {"panel"}

    def test_an_organ_returns_it_and_the_desk_sends_it_on_again(self, offices, agent):
        case = act(file(agent, **RISKY), "accept", offices["police"]["clerk"])
        case = act(
            case, "health_high", offices["health"]["reviewer"], "return",
            opinion="未写明救护车停放位置", to_node="accept",
        )  # fmt: skip
        assert waiting(case) == {"accept"}
        case = act(case, "accept", offices["police"]["clerk"])
        assert waiting(case) == NODES

    def test_an_expert_is_asked_to_sign_before(self, offices, agent):
        expert = make_official("expert", kind="police", duties=["reviewer"])
        case = act(file(agent), "accept", offices["police"]["clerk"])
        (task,) = tasks_of(case)
        other = next(one for one in (expert, offices["police"]["reviewer"]) if one != task.assignee)
        act(case, "security", task.assignee, "add_signer", to_user=other, when="before")
        act(case, "security", other, opinion="看台荷载已核。")
        case = act(case, "security", task.assignee)
        assert waiting(case) == {"county"}

    def test_two_cases_in_a_row_go_to_two_clerks(self, offices, agent):
        make_official("second", kind="police", duties=["clerk"])
        owners = {task.assignee for case in (file(agent), file(agent)) for task in tasks_of(case)}
        assert len(owners) == 2 and None not in owners

    def test_a_check_that_nobody_makes_in_time_becomes_the_heads(self, offices, agent):
        head = offices["police"]["head"]
        Post.objects.filter(user=head).update(is_head=True)
        case = countersigned(offices, agent)
        (task,) = tasks_of(case)
        assert task.assignee == offices["police"]["reviewer"]
        assert sweep_escalations(actor=actor_of(None), now=task.escalate_at) == 1
        (task,) = tasks_of(case)
        assert (task.node, task.assignee) == ("check", head)

    def test_a_decision_that_nobody_takes_in_time_is_put_on_the_heads_desk(self, offices, agent):
        head = offices["police"]["head"]
        Post.objects.filter(user=head).update(is_head=True)
        case = act(file(agent), "accept", offices["police"]["clerk"])
        case = act(case, "security", offices["police"]["reviewer"])
        (task,) = tasks_of(case)
        assert task.assignee is None and task.escalate_at > task.due_at
        assert sweep_escalations(actor=actor_of(None), now=task.escalate_at) == 1
        assert [task.assignee for task in tasks_of(case)] == [head]


class TestPermit:
    @pytest.mark.parametrize(("people", "node", "organ"), [(5000, "county", "police"),
                                                           (5001, "city", "city")])  # fmt: skip
    def test_whoever_decides_signs_it(self, offices, agent, people, node, organ):
        case = checked(countersigned(offices, agent, people=people), offices)
        for duty in ("clerk", "reviewer"):
            case = act(case, "panel", offices["police"][duty])
        case = act(case, node, offices[organ]["head"], opinion="同意。")
        issuer = offices[organ]["head"].posts.get().department
        by_template = {one.template: one for one in documents_of_case(case)}
        assert by_template["event_acceptance"].issuer == case.department
        assert by_template["event_decision"].issuer == issuer
        assert certificate_of(case).issuer == issuer

    def test_it_is_printed_numbered_and_found_by_its_code(self, offices, agent):
        permit = self.permitted(offices, agent)
        assert found_by_code(permit.verify_code).document == permit
        head, _dot, check = permit.number.rpartition(".")
        assert check == certificate_check_char("".join(head.split(".")[5:]))
        printed = documents.print_document(actor=PRINTER, document=permit).file
        text = PdfReader(BytesIO(open_content(printed).read())).pages[0].extract_text()
        for said in ("大型群众性活动安全许可证", "秋季汽车展销", "1,800", "陈建国"):
            assert said in text

    def test_revoked_it_counts_no_more_and_the_organiser_is_told(self, offices, agent):
        permit = self.permitted(offices, agent)
        documents.revoke_document(
            actor=actor_of(make_admin()), document=permit, reason="擅自扩大活动规模"
        )
        permit = Document.objects.get(pk=permit.pk)
        assert standing(permit) == "revoked"
        assert Message.objects.filter(template="case.certificate_revoked").count() == 1

    def permitted(self, offices, agent) -> Document:
        case = act(file(agent), "accept", offices["police"]["clerk"])
        case = act(case, "security", offices["police"]["reviewer"])
        return certificate_of(act(case, "county", offices["police"]["head"], opinion="同意。"))


class TestRights:
    def test_the_desk_files_it_under_another_kind_and_that_is_kept(self, offices, agent):
        case = file(agent)
        act(case, "accept", offices["police"]["clerk"], data={"event_kind": "fair"})
        assert waiting(case) == {"security"}
        case.record.refresh_from_db()
        assert case.record.data["event_kind"] == "fair"
        with pytest.raises(Unusable) as refused:
            act(file(agent), "accept", offices["police"]["clerk"], data={"event_kind": "wedding"})
        assert list(refused.value.errors) == ["event_kind"]

    def test_who_decides_reads_what_the_tables_said_and_why(self, offices, agent, client):
        case = act(file(agent, **RISKY), "accept", offices["police"]["clerk"])
        (task,) = [one for one in tasks_of(case) if one.node == "security_high"]
        sign_in(client, offices["police"]["reviewer"])
        client.get("/office/?lang=en")
        page = client.get(f"/office/tasks/{task.pk}/").content.decode()
        said = page[page.index('id="history"') :]
        for words in ("Risk points: 60", "Risk level: High", "“Alcohol is served”"):
            assert words in said

    def test_other_organs_do_not_see_whose_number_it_is(self, offices, agent, client):
        agent[0].phone = "13800002046"
        agent[0].save()
        case = act(file(agent, **RISKY), "accept", offices["police"]["clerk"])
        pages = {}
        for organ, node in (("police", "security_high"), ("health", "health_high")):
            (task,) = [one for one in tasks_of(case) if one.node == node]
            sign_in(client, offices[organ]["reviewer"])
            pages[organ] = client.get(f"/office/tasks/{task.pk}/").content.decode()
        assert "安全责任人身份证号" in pages["police"] or "Citizen identity" in pages["police"]
        assert "安全责任人身份证号" not in pages["health"]
        assert "Citizen identity number of that person" not in pages["health"]
        # The panel beside the answers keeps the step's silence too.
        assert "138****2046" in pages["police"]
        assert "138****2046" not in pages["health"]
