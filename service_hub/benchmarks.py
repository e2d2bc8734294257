"""What the public service hub measures: filing a case and following one."""

from __future__ import annotations

import uuid

from django.urls import reverse
from django.utils import timezone

from platform_core.capabilities.forms import selectors as forms_of
from platform_core.capabilities.forms import services as forms
from platform_core.capabilities.forms.models import Draft
from platform_core.capabilities.forms.storage import pack
from platform_core.common.benchmarks import Call, NothingToMeasure, register_benchmark
from platform_core.common.benchmarks.people import form, headers_of
from security.accounts.selectors import people_found
from security.actors import Actor

from .cases.selectors import cases_of
from .items.selectors import open_items

NAPP, ITEM = "public_clues", "report"
AREA = "330106"


def _citizen():
    person = people_found(kind="citizen").first()
    if person is None:
        raise NothingToMeasure("there is no citizen; make the sample data first")
    return person


def _answers() -> dict:
    return {
        "kind": "gathering",
        "description": "Some twenty people play cards in the club room without masks.",
        "seen_on": timezone.localdate().isoformat(),
        "area": AREA,
        "place": "Club room of the estate on Wen'er Road",
        "reporter": "neighbour",
        "real_name": False,
    }


@register_benchmark("file_case", "File a case", 10, writes=True)
def file_case(count: int) -> list[Call]:
    """The press on “Send” after the last page: case, number, process, first task, notice."""
    item = open_items().filter(napp__slug=NAPP, key=ITEM).first()
    if item is None:
        raise NothingToMeasure(f"the service {NAPP}/{ITEM} is not open")
    person = _citizen()
    headers, actor = headers_of(person), Actor.of(person)
    extra, body = form({})
    draft = forms.start_draft(
        actor=actor,
        napp_version=item.napp_version,
        form_key=item.form_key,
        purpose=f"item:{item.pk}",
    )
    for page in ("what", "where", "who"):
        forms.save_page(actor=actor, draft=draft, page=page, values=_answers())
    paths = [reverse("portal:check", args=[key]) for key in _copies(draft, count)]
    return [Call("POST", path, headers | extra, body, (302,)) for path in paths]


def _copies(draft, count: int) -> list:
    """Ids of `count` drafts with the same answers, each sealed to its own row."""
    draft.refresh_from_db()
    form, values = forms_of.form_of(draft), forms_of.plain_values(draft)
    stored = Draft.objects.filter(pk=draft.pk).values().get()
    filled = forms_of.filled_values(draft)
    ids = [uuid.uuid4() for _number in range(count)]
    Draft.objects.bulk_create(
        Draft(
            **{
                **stored,
                "id": key,
                "data": pack(form, values, "draft", key),
                "filled": pack(form, filled, "draft", key),
            }
        )
        for key in ids
    )
    return ids


@register_benchmark("track_case", "Track a case", 40)
def track_case(count: int) -> list[Call]:
    """The applicant's tracking page of a case under way."""
    person = _citizen()
    cases = list(cases_of(person, None)[:20])
    if not cases:
        raise NothingToMeasure(f"{person.username} has no case")
    headers = headers_of(person)
    paths = [reverse("portal:case", args=[case.pk]) for case in cases]
    return [Call("GET", paths[number % len(paths)], headers) for number in range(count)]
