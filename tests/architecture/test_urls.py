"""Every address is tried as nobody, as a strange citizen, as a strange civil servant, and by its
owner.

`urls.txt` says for each address what they get. An address that does not stand there fails the
test, so nobody adds a page without saying who may open it. The words:

    ok       the page, or a redirect inside the site
    input    an answer that finds fault with what was sent
    login    sent to sign in (401 from the API)
    refused  403: the person is known, but of the wrong kind
    hidden   404: as if it did not exist
    method   405: not with this method
"""

from __future__ import annotations

import uuid
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from collab_hub.inbox.models import SavedFilter
from collab_hub.papers.draft_services import start_paper
from platform_core.capabilities.documents.services import copy_document
from platform_core.capabilities.files.models import StoredFile
from platform_core.capabilities.forms.services import start_draft
from platform_core.capabilities.notifications.services import notify
from platform_core.capabilities.process.delegation.services import set_delegation
from platform_core.capabilities.process.phrases.services import add_phrase
from security.accounts.mandate_services import give_mandate
from security.accounts.selectors import firms_of
from security.accounts.token_services import issue_token
from service_hub.booking.queue_services import take_ticket
from service_hub.booking.services import book_appointment
from service_hub.certificates.services import issue_notices
from service_hub.evaluations.models import Evaluation, Rectification
from service_hub.evaluations.services import rate_case, record_visit
from service_hub.evaluations.tokens import receipt_of, token_of
from service_hub.inquiries.services import ask_question
from service_hub.intake.services import Person, begin_intake
from service_hub.items.models import ServiceItem
from tests.collab_hub.incidents.makers import SAID, activate, published, role
from tests.collab_hub.notices.makers import meeting, send
from tests.collab_hub.supervision.makers import opened
from tests.factories import (
    MAKER,
    actor_of,
    citizen_number,
    make_admin,
    make_citizen,
    make_firm,
    make_firm_agent,
    make_official,
    make_region,
    sign_in,
)
from tests.service_hub.booking.makers import NOW, at, first_line, make_hall
from tests.service_hub.bundles.makers import open_birth, sent
from tests.service_hub.makers import do, file_elsewhere, file_rent, make_office, open_tasks

from .source import report

MATRIX = Path(__file__).with_name("urls.txt")
WORDS = {"ok", "input", "login", "refused", "hidden", "method"}
ADMIN = "admin/"
OFFICE_API = tuple(
    f"api/v1/{name}/"
    for name in ("tasks", "notices", "office", "reports", "papers", "supervision", "trace")
)
LIFE_EVENTS = ("life/<slug:slug>/<slug:key>/", "life/<slug:slug>/<slug:key>/start/")
PUBLIC_PAPERS = (
    "papers/<uuid:key>/",
    "papers/<uuid:key>/pdf/",
    "papers/<uuid:key>/files/<int:number>/",
)
PARTS = 4  # so that test processes can share the work
PUBLIC_IN_ADMIN = {"admin/jsi18n/", "admin/login/", "admin/logout/"}


def routes() -> list[str]:
    """Every address pattern of the project as one text, e.g. "office/tasks/<uuid:task_id>/"."""

    def below(resolver, prefix):
        for pattern in resolver.url_patterns:
            here = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from below(pattern, here)
            else:
                yield here

    return sorted(set(below(get_resolver(), "")))


def matrix() -> dict[str, list[str]]:
    """{route: [GET by nobody, citizen, civil servant, owner, then POST by the first three]}"""
    rows = {}
    for line in MATRIX.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            *words, route = line.split(maxsplit=7)
            assert route not in rows, f"{route} stands there twice"
            rows["" if route == "/" else route] = words
    return rows


def office_things(clerk, alice) -> dict:
    """What a civil servant keeps besides tasks, and what stands in a hall, by the name that
    addresses have for it.
    """
    colleague = make_official(department=clerk.posts.first().department, duties=())
    delegation = set_delegation(
        actor=actor_of(clerk), principal=clerk, deputy=colleague,
        valid_from=date.today(), valid_until=date.today(),
    )  # fmt: skip
    phrase = add_phrase(actor=actor_of(clerk), text="x")
    nothing = "00000000-0000-4000-8000-000000000000"
    visit = record_visit(actor=actor_of(clerk))
    kept = hall_things(alice)
    kept |= {"delegation_id": delegation.pk, "phrase_id": phrase.pk, "token": token_of(visit.pk)}
    notice = send(clerk, meeting=meeting())
    kept |= {"notice_id": notice.pk, "recipient_id": notice.recipients.first().pk, "group_id": 1}
    kept |= incident_things(clerk.posts.first().department)
    kept["item_id"] = opened(lead=clerk.posts.first().department).pk
    kept |= {"visit_id": visit.pk, "receipt": receipt_of(Evaluation.objects.get().pk)}
    kept |= {"paper_id": drafted_by(clerk).pk, "receipt_id": nothing}
    return kept | {"comment_id": nothing, "consultation_id": nothing, "intake_id": begun(clerk).pk,
                   "question_id": asked_by(alice).pk}  # fmt: skip


def incident_things(organ) -> dict:
    """An incident in which the clerk's organ has a role."""
    ours = role("Ours", organ.kind, "clerk", "r1")
    version = published(said={**SAID, "roles": [*SAID["roles"], ours]})
    incident = activate(version, region=organ.region)
    plan = incident.plan_version.plan_id
    return {"incident_id": incident.pk, "todo_id": incident.tasks.first().pk, "plan_id": plan}


def case_things(case) -> dict:
    """A case, and what is held in it about its applicant."""
    return {"case_id": case.pk, "table": "platform_core.Record", "row": case.record_id}


def drafted_by(clerk):
    """A draft of an official document that the clerk began."""
    department = clerk.posts.first().department
    return start_paper(actor=actor_of(clerk), kind="notice", department=department, content={})


def hall_things(alice) -> dict:
    """A hall with a window, an appointment of Alice's, a number on a slip of paper, a life event
    she has sent.
    """
    line = first_line(make_hall())
    made = book_appointment(actor=actor_of(alice), line=line, starts_at=at(9), at=NOW)
    ticket = take_ticket(actor=MAKER, line=line, at=at(9))
    kept = {"hall": line.hall.code, "line_id": line.pk, "number": 3}
    kept["bundle_case_id"] = sent(alice, open_birth()).pk
    return kept | {"appointment_id": made.pk, "ticket_id": ticket.pk}


def asked_by(alice):
    """A question to the office where the clerk works."""
    item = ServiceItem.objects.get(key="rent")
    here = {"region": make_region("330106"), "item": item, "text": "周六开门吗？"}
    return ask_question(actor=actor_of(alice), **here)


def begun(clerk):
    """An application that the clerk is taking in for somebody without an account."""
    person = Person(name="王秀英", citizen_number=citizen_number(900))
    item = ServiceItem.objects.select_related("napp", "napp_version").get(key="rent")
    return begin_intake(actor=actor_of(clerk), item=item, person=person, channel="window")


def strangers() -> dict:
    """People who have nothing to do with anything here."""
    official = make_official("olga", kind="education", region="330302", duties=["reviewer"])
    citizen = make_firm_agent("eve", make_firm())
    return {"nobody": None, "citizen": citizen, "official": official, "admin": make_admin()}


@pytest.fixture
def world(db):
    """One thing of every sort, and the people who have nothing to do with it."""
    alice = make_citizen("alice", phone="13800002046")
    offices = [make_office("housing_fund"), make_office("medical_insurance")]
    clerk = offices[0]["clerk"]
    case, rated = file_rent(alice), do(file_elsewhere(alice))
    rate_case(actor=actor_of(alice), case=rated, service_no=1, grade=1, options=(), text="太慢了")
    order = Rectification.objects.get()
    words = {"zh": "消息", "en": "Message"}
    letters = {
        person: notify(
            actor=MAKER, recipient=person, key="x", title=words, body=words, dedupe=f"x-{person.pk}"
        )
        for person in (alice, clerk)
    }  # fmt: skip
    draft = start_draft(
        actor=actor_of(alice), napp_version=case.item.napp_version, form_key=case.item.form_key,
        purpose=f"item:{case.item_id}",
    )  # fmt: skip
    token, _secret = issue_token(
        actor=actor_of(alice), user=alice, label="x", has_second_factor=False
    )
    mandate = give_mandate(actor=actor_of(alice), agent=make_citizen("carl"), relation="child")
    kept = SavedFilter.objects.create(user=clerk, name="x", query="box=mine")
    task = open_tasks(case)[0]
    (letter,) = issue_notices(actor=MAKER, case=case, occasion="accepted")
    copy = copy_document(
        actor=MAKER, document=letter, purpose="x", recipient="x", expires_on=timezone.localdate()
    )
    return {
        "sessions": {},
        "papers": {"documents/<uuid:pk>/pdf/": letter, "documents/copies/<uuid:pk>/pdf/": copy},
        "people": strangers() | {"alice": alice, "clerk": clerk, "head": offices[1]["head"]},
        "letters": {"office/": letters[clerk], "": letters[alice]},
        "values": {
            **case_things(case),
            "draft_id": draft.pk,
            "task_id": task.pk,
            "filter_id": kept.pk,
            **office_things(clerk, alice),
            "order_id": order.pk,
            "token_id": token.pk,
            "mandate_id": mandate.pk,
            "document_id": letter.pk,
            "pk": StoredFile.objects.first().pk,
            "slug": case.item.napp.slug,
            "napp": case.item.napp.slug,
            "version": case.item.napp_version.version,
        },
    }


def address(route: str, world: dict) -> str:
    """The route with the world's things put in."""
    values = dict(world["values"])
    values["message_id"] = world["letters"]["office/" if route.startswith("office/") else ""].pk
    fixed = {
        "about/<slug:page>/": {"page": "privacy"},
        "styles/<slug:end>/": {"end": "office"},
        "office/cases/extensions/<int:pk>/": {"pk": 1},
        "office/cases/voidings/<int:pk>/": {"pk": 1},
        "office/confirmations/<int:pk>/": {"pk": 1},
        "office/trace/<slug:kind>/<str:object_id>/": {
            "kind": "case",
            "object_id": values["case_id"],
        },
        "api/v1/trace/<slug:kind>/<str:object_id>/": {
            "kind": "supervision",
            "object_id": values["item_id"],
        },
        "office/papers/new/<slug:kind>/": {"kind": "nonsense"},
        "office/papers/publications/<int:publication_id>/": {"publication_id": 0},
        "office/papers/<uuid:paper_id>/merge/<int:side_id>/": {"side_id": 0},
        **{one: {"key": uuid.UUID(int=1)} for one in PUBLIC_PAPERS},
        **{one: {"slug": "birth", "key": "newborn"} for one in LIFE_EVENTS},
        "api/v1/life/<slug:napp>/<slug:key>/": {"napp": "birth", "key": "newborn"},
    }.get(route, {})
    if route in world["papers"]:
        values["pk"] = world["papers"][route].pk
    values |= {"key": "rent", "page": "main", "code": "AAAA-BBBB", "rest": "x/", "end": "office"}
    values |= {"kind": "implementing", "change_id": 1, "ending": "csv"}
    values |= {"upload_id": uuid.UUID(int=1), "channel": "sms", "person_id": 0}
    values |= {"publication": 1, "decision": "approve", "draft": 1}
    values |= {"field": "name", "invitation_id": uuid.UUID(int=1), "member_id": 0}
    values |= {"batch_id": uuid.UUID(int=1), "benefit_id": uuid.UUID(int=1)}
    values |= {"claim_id": uuid.UUID(int=1), "period": "2026"}
    values |= {"device_id": uuid.UUID(int=1), "language": "en"}
    values |= {"campaign_id": uuid.UUID(int=1), "filling_id": uuid.UUID(int=1)}
    values |= {"roster_id": 0, "shift_id": 0, "on": "2026-01-01", "room_id": 0}
    values |= {"booking_id": uuid.UUID(int=1), "swap_id": uuid.UUID(int=1)}
    if route.startswith("office/capabilities"):
        values["key"] = "forms"
    for name, value in (values | fixed).items():
        for kind in ("int", "uuid", "slug", "str", "path"):
            route = route.replace(f"<{kind}:{name}>", str(value))
    for regex, text in REGEXES.items():
        route = route.replace(regex, text)
    return "/" + route


# Sent to endpoints that would find fault with nothing before they look for the thing itself.
BODIES = {
    "api/v1/tasks/<uuid:task_id>/actions/": {"action": "approve", "version": 1, "opinion": "x"},
    "api/v1/tasks/<uuid:task_id>/claim/": {"version": 1},
    "api/v1/tasks/<uuid:task_id>/release/": {"version": 1},
    "api/v1/cases/<uuid:case_id>/correct/": {"values": {}},
    "api/v1/cases/<uuid:case_id>/evaluations/": {"service_no": 1, "grade": 5},
    "api/v1/napps/<slug:slug>/switch/": {"version": "1.0.0"},
}
REGEXES = {
    "^confirm-email/(?P<key>[-:\\w]+)/$": "confirm-email/nothing/",
    "^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "password/reset/key/1-nothing/",
    "^napps/(?P<slug>[a-z0-9_]+)/(?P<move>open|close|disable)/$": "napps/housing_fund/close/",
}


def outcome(response) -> str:
    """What the person got, in one of the words of the matrix; anything else is spelled out."""
    target = response.headers.get("Location", "")
    doors = ("/accounts/login/", "/accounts/2fa/", "/admin/login/")
    if response.status_code == 401 or target.startswith(doors):
        return "login"
    known = {403: "refused", 404: "hidden", 405: "method"}
    known |= dict.fromkeys((400, 409, 412, 422, 428), "input")
    # /readyz has no relay beside the tests.
    if response.status_code < 400 or response.request["PATH_INFO"] == "/readyz":
        return "ok"
    return known.get(response.status_code, f"crash-{response.status_code}")


def browser_of(person, world: dict) -> Client:
    """A new browser with the session that the person opened once; attempts are undone, it stays."""
    client = Client(raise_request_exception=False)
    if person is not None:
        sessions = world["sessions"]
        if person.pk not in sessions:
            # At the enterprise end a person is somebody only while acting for a firm.
            sign_in(client, person, firm=next(iter(firms_of(person)), None))
            sessions[person.pk] = client.cookies[settings.SESSION_COOKIE_NAME].value
        client.cookies[settings.SESSION_COOKIE_NAME] = sessions[person.pk]
    return client


def attempt(method: str, route: str, person, world) -> str:
    """Try one address as one person and undo whatever it did."""
    client = browser_of(person, world)
    with transaction.atomic():
        sent = {}
        if method == "POST" and route.startswith("api/"):
            sent = {"data": BODIES.get(route, {}), "content_type": "application/json"}
        found = outcome(getattr(client, method.lower())(address(route, world), **sent))
        transaction.set_rollback(True)
    return found


def owner_of(route: str, world: dict):
    """Whoever the thing behind the address belongs to, or whose work it is."""
    people = world["people"]
    if "ratings" in route:
        return people["head"]
    if route.startswith(("office/", *OFFICE_API)):
        return people["clerk"]
    return people["alice"]


def row_of(route: str, world: dict) -> list[str]:
    strangers = [world["people"][name] for name in ("nobody", "citizen", "official")]
    got = [attempt("GET", route, person, world) for person in strangers]
    got.append(attempt("GET", route, owner_of(route, world), world))
    return got + [attempt("POST", route, person, world) for person in strangers]


def ours() -> list[str]:
    return [route for route in routes() if not route.startswith(ADMIN)]


def test_every_address_stands_in_the_matrix_and_the_other_way_round():
    listed = matrix()
    missing = [route for route in ours() if route not in listed]
    assert not missing, report("Say in urls.txt who may open:", missing)
    gone = [route for route in listed if route not in ours()]
    assert not gone, report("Addresses of urls.txt that are no more:", gone)
    assert all(set(words) <= WORDS and len(words) == 7 for words in listed.values())


@pytest.mark.parametrize("part", range(PARTS))
def test_everybody_gets_what_the_matrix_says(world, part):
    listed, found = matrix(), []
    for route in ours()[part::PARTS]:
        got = row_of(route, world)
        if got != listed.get(route):
            found.append(f"{' '.join(got)} /{route}   (listed: {' '.join(listed.get(route, []))})")
    assert not found, report("Somebody got in, or was kept out, against urls.txt:", found)


def test_the_admin_site_is_for_those_who_enter_it(world):
    found = []
    for route in (route for route in routes() if route.startswith(ADMIN)):
        if route in PUBLIC_IN_ADMIN:
            continue
        path = "/" + route.replace("<path:object_id>", "1").replace("<int:content_type_id>", "1")
        for name, method in (("nobody", "GET"), ("nobody", "POST"), ("citizen", "GET")):
            client = browser_of(world["people"][name], world)
            with transaction.atomic():
                got = outcome(getattr(client, method.lower())(path))
                transaction.set_rollback(True)
            if got not in {"login", "refused", "hidden", "method"}:
                found.append(f"{method} {path} by {name}: {got}")
    assert not found, report("The admin site let a stranger in:", found)
