"""Every list of the office costs the same for one, three and a hundred thousand rows, and reads no
table from end to end to show a page.
"""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from collab_hub.notices.models import Notice, Recipient
from collab_hub.papers.models import Paper, Receipt
from collab_hub.reports.models import ReportCampaign
from collab_hub.supervision.models import Supervision
from security.accounts.models import User
from security.audit.models import AuditEntry
from tests.factories import make_auditor, make_official

from .long_lists import MANY, cost, multiply, read_whole
from .notices import makers as notices
from .papers import makers as papers
from .reports.makers import World
from .supervision import makers as supervision

pytestmark = pytest.mark.django_db
LATER = "'2026-01-01'::timestamptz + n * interval '1 minute'"


def opens(client, address: str):
    def call():
        answer = client.get(address)
        assert answer.status_code == 200, address
        return answer

    return call


def cheap(client, *addresses) -> dict:
    """{address: queries of its page}; the first visit of a session is not looked at."""
    opens(client, addresses[0])()
    return {address: cost(opens(client, address)) for address in addresses}


def check(client, *addresses, models) -> None:
    found = {address: read_whole(opens(client, address), *models) for address in addresses}
    assert not any(found.values()), "\n\n".join(
        f"{address}: {one}" for address, ones in found.items() for one in ones
    )


@pytest.fixture
def reader(db):
    return make_official("reader", kind="market", duties=["clerk"])


def test_notices_that_i_got_and_that_i_sent(reader, office):
    sender = make_official("sender", kind="market", duties=["head"])
    pages = [f"/office/notices/?view={one}" for one in ("", "unread", "confirm", "meetings")]
    notice = notices.send(sender)
    client = office(reader)
    one = cheap(client, *pages)
    notices.send(sender), notices.send(sender)
    assert cheap(client, *pages) == one
    multiply(notice, made_at=LATER)
    row = Recipient.objects.get(notice=notice, user=reader)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO collab_hub_recipient (notice_id, user_id, department_id, name, post_title,"
            " is_head, state, reply, reply_note, attended_how, attended_note)"
            " SELECT id, %s, %s, 'x', 'x', false, 'delivered', '', '', '', ''"
            " FROM collab_hub_notice WHERE id NOT IN (SELECT notice_id FROM collab_hub_recipient)",
            [reader.pk, row.department_id],
        )
        cursor.execute("ANALYZE collab_hub_recipient")
    assert cheap(client, *pages) == one
    check(client, *pages, models=[Notice, Recipient])
    client = office(sender)
    assert Notice.objects.count() > MANY
    check(client, "/office/notices/sent/", models=[Notice, Recipient])


def test_the_roll_of_a_notice(reader, office):
    sender = make_official("sender", kind="market", duties=["head"])
    notice = notices.send(sender)
    # Somebody has left: their line looks for who may take their place.
    reader.posts.update(valid_until=date(2020, 1, 1))
    pages = [f"/office/notices/{notice.pk}/roll/?view={one}" for one in ("", "unread", "changed")]
    client = office(sender)
    one = cheap(client, *pages)
    multiply(reader, username="'many' || n", email="''")
    row = Recipient.objects.get(notice=notice, user=reader)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO collab_hub_recipient (notice_id, user_id, department_id, name, post_title,"
            " is_head, state, reply, reply_note, attended_how, attended_note)"
            " SELECT %s, id, %s, name, 'x', false, 'delivered', '', '', '', ''"
            " FROM security_user WHERE username LIKE 'many%%'",
            [str(notice.pk), row.department_id],
        )
        cursor.execute("ANALYZE collab_hub_recipient")
    multiply(notice)
    assert cheap(client, *pages) == one
    # Whoever is on one roll: the counts of this roll read it whole, so do its views; no other.
    check(client, pages[0], models=[Notice, User])


def test_collections_and_what_an_organ_is_asked(office):
    world = World(["330106"])
    world.field("beds")
    template = world.template("one", ["beds"])
    campaign = world.start(template)
    clients = {world.clerk: ["/office/reports/", "/office/reports/?show=own"],
               world.people[0]: ["/office/reports/"]}  # fmt: skip
    one = {person: cheap(office(person), *pages) for person, pages in clients.items()}
    for month in ("2026-10", "2026-09"):
        world.start(template, month)
    for person, pages in clients.items():
        assert cheap(office(person), *pages) == one[person]
    multiply(campaign, number="'M' || n", state="'closed'", started_at=LATER, spared="0",
             asked_again="0")  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO collab_hub_reportfilling (id, campaign_id, department_id, state, draft,"
            " turn, version) SELECT gen_random_uuid(), id, %s, 'submitted', '{}', 1, 1"
            " FROM collab_hub_reportcampaign WHERE number LIKE 'M%%'",
            [world.organs[0].pk],
        )
        cursor.execute("ANALYZE collab_hub_reportfilling")
    for person, pages in clients.items():
        client = office(person)
        assert cheap(client, *pages) == one[person]
        # Whose report somebody may read is asked of the reports of all organs below them.
        check(client, *pages, models=[ReportCampaign])


def test_official_documents(office):
    house = papers.make_house()
    paper = papers.make_sent(house)
    receipt = papers.receipt_at(paper, house["health"])
    views = {
        house["clerk"]: ["?view=out", "?view=all&q=回头看", "?view=all&q=没有的词"],
        house["nurse"]: ["?view=in", "?view=in&filed=1", "?view=read", "?view=all&q=回头看"],
    }
    pages = {who: [f"/office/papers/{one}" for one in found] for who, found in views.items()}
    one = {who: cheap(office(who), *found) for who, found in pages.items()}
    papers.make_sent(house), papers.make_sent(house)
    for who, found in pages.items():
        assert cheap(office(who), *found) == one[who]
    multiply(paper, number="'西办〔2020〕' || n || '号'", changed_at=LATER, pdf_id="NULL",
             grams="CASE WHEN n < 20 THEN one.grams ELSE ARRAY['其他'] END",
             plain="CASE WHEN n < 20 THEN one.plain ELSE '其他' END")  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO collab_hub_receipt (id, paper_id, organ_id, is_copy, state, number,"
            " sent_at, sign_by, answer, version) SELECT gen_random_uuid(), id, %s, false,"
            " 'waiting', '', changed_at, changed_at, '', 1 FROM collab_hub_paper"
            " WHERE number LIKE '西办〔2020〕%%'",
            [receipt.organ_id],
        )
        cursor.execute("ANALYZE collab_hub_receipt")
    for who, found in pages.items():
        client = office(who)
        assert cheap(client, *found) == one[who]
        check(client, *found, models=[Paper, Receipt])


def test_supervised_matters(office):
    item = supervision.opened(at=timezone.now() - timedelta(days=60))
    boxes = ("ours", "owned", "late", "ended", "all")
    pages = [f"/office/supervision/?box={one}" for one in boxes]
    people = (supervision.supervisor("zhou"), supervision.doer())
    one = {who: cheap(office(who), *pages) for who in people}
    supervision.opened(), supervision.opened()
    for who in people:
        assert cheap(office(who), *pages) == one[who]
    multiply(item, number="'督办' || n", due_at=LATER)
    for who in people:
        client = office(who)
        assert cheap(client, *pages) == one[who]
        check(client, *pages, models=[Supervision])


def test_the_search_over_all_histories(office):
    auditor = make_auditor()
    client = office(auditor)
    pages = [f"/office/trace/?{one}" for one in ("who=Sun", "kind=supervision", "verb=supervision")]
    supervision.opened()
    one = cheap(client, *pages)
    supervision.opened(), supervision.opened()
    assert cheap(client, *pages) == one
    multiply(AuditEntry.objects.filter(verb="supervision.open").first(), object_id="n::text")
    assert cheap(client, *pages) == one
    check(client, *pages, models=[AuditEntry])
