"""The pages of the office of the sample province to which no link of a first page leads: addresses
made from rows, and from things begun here that nobody leaves behind in a sample.
"""

from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from collab_hub.incidents.models import Plan
from collab_hub.notices.codes import code_at
from collab_hub.notices.models import Notice
from collab_hub.papers.draft_services import save_revision
from collab_hub.papers.models import Paper, Publication, Receipt
from collab_hub.reports.models import ReportCampaign
from collab_hub.supervision.models import Supervision
from security.accounts.models import User
from service_hub.benefits.models import Benefit
from service_hub.cases.models import Case
from service_hub.catalogue.importing import keep_upload
from service_hub.evaluations.services import record_visit
from service_hub.intake.services import Person, begin_intake
from service_hub.items.models import ServiceItem
from service_hub.materials.models import Confirmation
from tests.collab_hub.supervision.makers import opened
from tests.factories import actor_of, citizen_number, sign_in


def addresses() -> list[list[str]]:
    """Lists of addresses of one sort; one of each list is enough."""
    office = "/office"
    sent = Notice.objects.filter(state="sent").order_by("pk")
    meeting = sent.exclude(meeting=None).first()
    row = meeting.recipients.first()
    code = code_at(meeting.pk, timezone.now())
    draft = Notice.objects.exclude(state="sent").first()
    parts = ("roll", "move", "screen", "minutes", f"here/{code}", f"rows/{row.pk}")
    on_meeting = [f"{office}/notices/{meeting.pk}/{part}/" for part in parts]
    on_draft = [f"{office}/notices/{draft.pk}/{part}/" for part in ("check", "edit")]
    papers = Paper.objects.order_by("pk").values_list("pk", flat=True)
    outside = Receipt.objects.filter(paper__state="outside").values_list("pk", flat=True)
    plans = Plan.objects.order_by("pk").values_list("pk", flat=True)
    alone = [f"{office}/filters/", *on_meeting, *on_draft, *begun()]
    return [
        *([one] for one in alone),
        [f"{office}/papers/{pk}/edit/" for pk in papers],
        [f"{office}/papers/{pk}/publish/" for pk in papers],
        *(
            [f"{office}/papers/received/{pk}/{part}/" for pk in outside]
            for part in ("files", "print")
        ),
        [f"{office}/papers/publications/{one.pk}/" for one in Publication.objects.all()],
        [f"{office}/policies/{one.pk}/" for one in Benefit.objects.all()],
        [f"{office}/confirmations/{one.pk}/" for one in Confirmation.objects.all()],
        [f"{office}/reports/{one.pk}/sheet/" for one in ReportCampaign.objects.all()],
        [f"{office}/supervision/{one.pk}/proof/" for one in Supervision.objects.all()],
        [f"{office}/incidents/plans/{pk}/" for pk in plans],
        [f"{office}/incidents/plans/{pk}/activate/" for pk in plans],
        [f"{office}/intake/merge/{one.pk}/" for one in Case.objects.order_by("pk")],
    ]


def begun() -> list[str]:
    """Applications, a visit to be rated, two texts of one paper, a file to look at."""
    clerk, admin = (User.objects.get(username=name) for name in ("xihu-clerk", "admin"))
    person = Person(name="王秀英", citizen_number=citizen_number(900))
    items = ServiceItem.objects.select_related("napp", "napp_version")
    rent = items.get(key="rent")
    intake = begin_intake(actor=actor_of(clerk), item=rent, person=person, channel="window")
    organ = clerk.posts.order_by("pk").first().department
    opened(lead=organ)
    words = {"zh": "出生医学证明", "en": "Birth certificate"}
    Confirmation.objects.create(
        case=Case.objects.order_by("pk").first(), code="birth_certificate", name=words,
        question=words, department=organ, asked_at=timezone.now(),
    )  # fmt: skip
    visit = record_visit(actor=actor_of(clerk))
    paper = Paper.objects.filter(state="draft").order_by("pk").first()
    head = paper.revisions.get(number=paper.head)
    for title in ("甲稿", "乙稿"):
        words = {"title": title} | {"body": title}
        saved = save_revision(
            actor=actor_of(paper.drafter), paper=paper, base=head.number,
            content=head.content | words,
        )  # fmt: skip
    table = browser_of(admin).get("/office/items/export/implementing/csv/")
    content = b"".join(table.streaming_content) if table.streaming else table.content
    file = ContentFile(content, name="items.csv")
    upload = keep_upload(actor=actor_of(admin), kind="implementing", file=file, name="items.csv")
    return [
        f"/office/intake/{intake.pk}/page/you/", f"/office/intake/{intake.pk}/check/",
        f"/office/ratings/visits/{visit.pk}/", f"/office/items/import/{upload.pk}/",
        f"/office/papers/{paper.pk}/merge/{saved.revision.pk}/",
    ]  # fmt: skip


def browser_of(user) -> Client:
    client = Client()
    sign_in(client, user)
    return client


def who_opens() -> dict[str, str]:
    """{address: user name} of one page of each sort with somebody who may open it."""
    browsers = {
        one.username: browser_of(one) for one in User.objects.exclude(kind="citizen").order_by("pk")
    }
    found = {}
    for sort in addresses():
        tried = ((address, name) for address in sort for name in browsers)
        first = next(
            (pair for pair in tried if browsers[pair[1]].get(pair[0]).status_code in (200, 302)),
            None,
        )
        if first:
            found[first[0]] = first[1]
    return found
