"""The pages: who opens them, the whole way by forms, the second mover, numbers of queries."""

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from collab_hub.directory.services import save_card
from collab_hub.incidents import adding_services, samples, selectors, services
from collab_hub.incidents.models import Incident, Plan
from security.access import may
from security.organs.models import Department
from tests.factories import actor_of, make_admin, make_auditor, make_department, make_official

from .makers import (
    activate,
    colleague,
    desk,
    drafted,
    head,
    person,
    published,
    street,
    task,
    todo,
    tracer,
)

pytestmark = pytest.mark.django_db
PARTS = ("", "people/", "checks/", "reports/", "resources/", "log/", "add/", "review/", "print/")


def html(response) -> str:
    return response.content.decode()


def at(incident, part: str = "") -> str:
    return f"/office/incidents/{incident.pk}/{part}"


def test_who_takes_part_and_who_stands_above_read_it_and_nobody_else(office):
    incident = activate()
    readers = [desk(), tracer(), street(), make_auditor(), make_admin()]
    strangers = [person("mallory", "education", "head")]
    for who, status in [(one, 200) for one in readers] + [(one, 404) for one in strangers]:
        for part in PARTS:
            assert office(who).get(at(incident, part)).status_code == status, (who, part)
        listed = incident.number in html(office(who).get("/office/incidents/"))
        assert listed == (status == 200), who
    assert may(desk(), "command", incident) and not may(tracer(), "command", incident)
    # A plan is read by its organ and those above.
    plan = f"/office/incidents/plans/{incident.plan_version.plan_id}/"
    assert office(tracer()).get(plan).status_code == 404


def test_who_may_not_activate_a_plan_is_told_whom_to_call(office):
    plan = published().plan
    address = f"/office/incidents/plans/{plan.pk}/"
    save_card(actor=actor_of(head()), room="", phone="0571-85250000", hides_mobile=False)
    save_card(actor=actor_of(tracer()), room="", phone="0571-85250077", hides_mobile=False)
    for who in (colleague(), make_auditor("second")):
        client = office(who)
        page = client.get(address)
        assert [one.line.user for one in page.context["holders"]] == [head(), desk()]
        tree = [one.line.user for one in page.context["contacts"] if one.line]
        assert tree == [head(), desk(), tracer(), street()]
        assert all(f'href="tel:{one}"' in html(page) for one in ("0571-85250000", "0571-85250077"))
        assert "activate/" not in html(page) + html(client.get("/office/incidents/plans/"))
        for refused in (client.get(f"{address}activate/"), client.post(f"{address}activate/")):
            assert refused.url == address
        assert "Wu" in str(list(get_messages(refused.wsgi_request))[-1])
    assert not Incident.objects.exists()
    client = office(desk())
    page = client.get(address)
    assert "activate/" in html(page) and page.context["contacts"] == []
    assert [one.line.user for one in page.context["holders"]] == [head(), desk()]
    # A vacant role is no dead end either: the number of its organ stands there.
    tracer().posts.update(valid_until="2020-01-01")
    Department.objects.filter(kind="health").update(phone="0571-85259999")
    assert 'href="tel:0571-85259999"' in html(office(colleague()).get(address))


def test_an_incident_goes_its_whole_way_on_the_pages(office):
    version = published()
    address = f"/office/incidents/plans/{version.plan_id}/activate/"
    client = office(desk())
    page = client.get(address)
    once = page.context["form"]["once"].value()
    sent = {"once": once, "level": "2", "place": "", "region": "330100", "title": "Outbreak plan"}
    assert client.post(address, sent).status_code == 422
    assert client.post(address, sent | {"place": "Market"}).status_code == 302
    assert client.post(address, sent | {"place": "Market"}).status_code == 302
    incident = Incident.objects.get()
    assert incident.title == version.plan.title and incident.level == 2
    trace = todo(incident, "Trace contacts")
    steps = [
        (tracer(), "people/", {"act": "confirm", "role": incident.roles.get(key="r3").pk}),
        (tracer(), f"tasks/{trace.pk}/move/", {"version": "1", "to": "doing"}),
        (tracer(), f"tasks/{trace.pk}/", {"version": "2", "to": "done", "phase": trace.phase_id,
                                          "note": "Forty contacts."}),
        (tracer(), "checks/", {"entry": incident.checks.first().pk, "done": "1"}),
        (tracer(), "reports/", {"text": "One case.", "figure_f1": "1", "figure_f2": ""}),
        (desk(), "resources/", {"resource": (pk := incident.resources.get().pk),
                                f"r{pk}-deed": "receive", f"r{pk}-amount": "30"}),
        (desk(), "log/", {"direction": "in", "channel": "phone", "counterpart": "CDC",
                          "text": "Positive.", "needs_confirming": "1"}),
        (desk(), "add/", {"act": "part", "part": "phases", "phases-title": "Afterwards"}),
        (desk(), "add/", {"act": "end", "end-note": "Over."}),
        (desk(), "review/", {"title": "More beds", "text": "Twenty.", "lead":
                             tracer().posts.get().department_id, "due_on": ""}),
    ]  # fmt: skip
    for who, part, step in steps:
        assert office(who).post(at(incident, part), step).status_code == 302, (part, step)
    client = office(desk())
    printed = html(client.get(at(incident, "print/")))
    for words in ("Forty contacts.", "More beds", "Feed people", "left open", "CDC",
                  "none missing", "1 message was never confirmed"):  # fmt: skip
        assert words in printed, words
    pdf = client.get(at(incident, "report.pdf"))
    assert pdf.headers["Content-Type"] == "application/pdf" and pdf.content[:5] == b"%PDF-"


def test_the_second_mover_gets_409_and_reads_who_was_first(office):
    incident = activate()
    one = todo(incident, "Trace contacts")
    address = at(incident, f"tasks/{one.pk}/move/")
    stale = office(tracer()).post(address, {"version": "0", "to": "doing"})
    assert stale.status_code == 409 and "out of date" in html(stale)
    assert office(tracer()).post(address, {"version": "1", "to": "doing"}).status_code == 302
    client = office(desk())
    for headers in ({}, {"HTTP_HX_REQUEST": "true"}):
        answer = client.post(address, {"version": "1", "to": "done"}, **headers)
        assert answer.status_code == 409 and "Li was faster" in html(answer)
        assert ("<html" in html(answer)) == (not headers)
    wrong = client.post(address, {"version": "x", "to": "nowhere"})
    assert wrong.status_code == 409
    assert client.post(address, {"version": "2", "to": "nowhere"}).status_code == 422
    assert office(street()).post(address, {"version": "2", "to": "done"}).status_code == 403


def test_a_plan_is_written_and_published_on_its_page(office):
    owner = make_department("emergency_desk", "330100")
    desk(), head()
    client = office(desk())
    sent = {"owner": owner.pk, "title": "洪水", "title_en": "Flood", "kind": "natural"}
    assert client.post("/office/incidents/plans/new/", sent | {"title": ""}).status_code == 422
    client.post("/office/incidents/plans/new/", sent)
    plan = Plan.objects.get()
    address = f"/office/incidents/plans/{plan.pk}/"
    for part, values in (
        ("phases", {"title": "First"}),
        ("roles", {"title": "Commander", "organ": "emergency_desk", "duty": "head", "above": "",
                   "commands": "1"}),
        ("tasks", {"title": "Patrol", "phase": "p1", "role": "r1", "minutes": "30"}),
        ("checks", {"title": "Post", "phase": "p1", "items": "Radio\n\nMaps"}),
    ):  # fmt: skip
        form = {f"{part}-{name}": value for name, value in values.items()}
        revision = {"revision": plan.versions.get().revision}
        bad = {name: "" for name in form}
        answer = client.post(address, {"act": "add", "part": part, **revision, **bad})
        assert answer.status_code == 422 and f"id_{part}-title" in html(answer)
        answer = client.post(address, {"act": "add", "part": part, **revision, **form})
        assert answer.status_code == 302, part
    for odd in ({}, {"act": "add", "part": "x"}, {"act": "drop", "part": "x", "key": "y"}):
        assert client.post(address, odd).status_code == 302
    assert plan.versions.get().content["checks"][0]["items"] == ["Radio", "Maps"]
    client.post(address, {"act": "minutes", "minutes": "15"})
    client.post(address, {"act": "ask"})
    client = office(head())
    assert client.post(address, {"act": "refuse", "answer": ""}).status_code == 422
    client.post(address, {"act": "publish", "answer": ""})
    version = plan.versions.get()
    assert version.state == "approved" and version.content["escalate_minutes"] == 15


def test_the_sample_is_a_story_in_the_order_of_time_and_made_once():
    desk(), head(), tracer(), street()
    person("yan", "market", "reviewer")
    assert samples.incidents() == "2 plans, 1 incident"
    assert samples.incidents() == "0 added"
    incident = Incident.objects.get()
    lines = selectors.lines_of(incident)
    stood = [line.at for line in lines]
    assert stood == sorted(stood) and selectors.log_fault(incident, lines) is None
    noted = next(line for line in lines if line.kind == "message")
    assert noted.at < next(line.at for line in lines if line.kind == "report")
    assert incident.reports.count() == 2 and incident.tasks.filter(state="done").count() == 2


def test_lists_ask_as_often_for_three_as_for_one(office):
    version = published()
    incident = activate(version)
    pages = ["/office/incidents/", "/office/incidents/plans/", at(incident),
             at(incident, "?by=organ"), *(at(incident, part) for part in PARTS[1:])]  # fmt: skip
    client, counts = office(desk()), []
    qin = {"actor": actor_of(desk()), "incident": incident}
    for more in (1, 2):
        for number in range(more):
            activate(version, is_another=True)
            drafted()
            make_official(kind="health", region="330100")
            adding_services.add_part(**qin, part="tasks", values=task("x", "p1", "r3"))
            for part in ("phases", "resources", "figures"):
                adding_services.add_part(**qin, part=part, values={"title": {"zh": "x"}})
            role = {"title": {"zh": f"r{more}{number}"}, "organ": "health", "duty": "clerk",
                    "above": "r3"}  # fmt: skip
            adding_services.add_part(**qin, part="roles", values=role)
            services.report_situation(**qin, text="x")
            services.note_message(
                **qin, direction="in", counterpart="x", text="x", needs_confirming=True
            )
        asked = []
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            asked.append(len(queries))
        counts.append(dict(zip(pages, asked, strict=True)))
    assert counts[0] == counts[1]
