"""One story with every text that an author or a person can give, each chosen by `say`.

`Story(say)` registers an N-app whose every text is `say()`, and lets people apply, handle, comment,
ask, suspend, contest, invite, rate and publish with `say()` as their words. `pages()` names what
was written and where it is read. Told twice, once with plain words, both tellings have the same
pages.
"""

from __future__ import annotations

import copy
from datetime import date, timedelta

from django.conf import settings
from django.test import Client
from django.utils import timezone

from platform_core.capabilities.documents.services import copy_document
from platform_core.capabilities.forms import cofilling, contests
from platform_core.capabilities.forms import services as forms
from platform_core.capabilities.process.comments.services import add_comment
from platform_core.capabilities.process.consultations import services as consultations
from platform_core.capabilities.process.delegation.services import set_delegation
from platform_core.capabilities.process.models import Task
from platform_core.capabilities.process.phrases.services import add_phrase
from platform_core.capabilities.process.suspension.services import resume_process, suspend_process
from platform_core.napps import services as napps
from platform_core.napps.drafts import services as drafts
from platform_core.napps.publication import services as publication
from service_hub.cases import services as cases
from service_hub.certificates.selectors import documents_of_case
from service_hub.evaluations import rectification_services as rectifications
from service_hub.evaluations.models import Rectification
from service_hub.evaluations.services import rate_case
from service_hub.inquiries import services as inquiries
from tests.factories import (
    MAKER,
    actor_of,
    make_admin,
    make_citizen,
    make_department,
    make_official,
    sign_in,
)
from tests.service_hub.makers import (
    do,
    make_office,
    manifest_of,
    open_tasks,
    rent_values,
)

SLUG = "housing_fund"
# Sections in whose texts braces hold names that are filled in: other braces are refused there.
TEMPLATES = {"notifications", "documents", "notify"}


def said(say, content, *, braces: bool = True):
    """A copy of `content` with every text in two languages, unit and keyword replaced."""
    if isinstance(content, list):
        return [said(say, one, braces=braces) for one in content]
    if not isinstance(content, dict):
        return content
    if content.keys() == {"zh", "en"}:
        words = say() if braces else say().replace("{", "(").replace("}", ")")
        names = "" if braces else "".join(f" {{{name}}}" for name in names_of(content["en"]))
        return {"zh": words + names, "en": words + names}
    keeps = content.get("kind") not in TEMPLATES
    return {
        key: said(say, value, braces=braces and keeps and key not in TEMPLATES)
        for key, value in content.items()
    }


def names_of(template: str) -> list[str]:
    return [part.split("}")[0] for part in template.split("{")[1:]]


def manifest(say, version: str = "1.0.0") -> dict:
    """The housing fund with a table, a visit, a notice, a page and a sub-process besides."""
    two = {"zh": "文字", "en": "Text"}
    content = manifest_of(SLUG) | {"version": version}
    form = content["forms"][0]
    form["parts"] = [{"key": "home", "title": two, "pages": ["more"]}]
    form["pages"].append({"key": "more", "title": two, "help": two, "fields": [
        {"key": "q_note", "type": "note", "label": two, "help": two},
        {"key": "q_text", "type": "text", "label": two, "help": two, "pattern": "[^\x01]+",
         "pattern_message": two},
        {"key": "q_number", "type": "number", "label": two, "unit": two, "min": 1},
        {"key": "q_many", "type": "multi_choice", "label": two,
         "options": [{"value": "x", "label": two, "help": two}]},
        {"key": "q_rows", "type": "repeat", "label": two, "row_label": two, "cells": [
            {"key": "name", "type": "text", "label": two}]},
    ]})  # fmt: skip
    form["checks"] = [
        {"that": {">": [{"var": "q_number"}, 0]}, "message": two, "field": "q_number"}
    ]
    steps = content["processes"][0]["steps"]
    steps[0]["actions"].append("return")
    told = {"title": two, "body": {"zh": "{number}", "en": "{number} {subject}"}}
    steps[1:1] = [
        {"kind": "decision", "key": "risk", "title": two, "decision": "risk"},
        {"kind": "notify", "title": two, "to": "applicant", "text": told},
        {"kind": "condition", "title": two, "branches": [
            {"title": two, "when": {"==": [{"var": "no_home"}, False]}, "steps": []},
            {"title": two, "steps": []}]},
        {"kind": "parallel", "title": two, "branches": [
            {"title": two, "steps": [
                {"kind": "cc", "title": two, "assign": {"role": "reviewer"}},
                {"kind": "approve", "key": "beside", "title": two, "stage": "review",
                 "assign": {"role": "reviewer"}}]},
            {"title": two, "steps": [{"kind": "subprocess", "key": "below", "title": two,
                                      "process": "looking"}]}]},
    ]  # fmt: skip
    look = {"kind": "approve", "key": "look", "title": two, "assign": {"role": "desk"}}
    content["processes"].append({"key": "looking", "title": two, "steps": [look]})
    content["decisions"] = [
        {"key": "risk", "title": two, "hit": "first",
         "inputs": [{"key": "q_number", "label": two, "type": "number"}],
         "outputs": [{"key": "level", "label": two, "type": "choice", "options": [
             {"value": "high", "label": two}, {"value": "low", "label": two}]},
             {"key": "words", "label": two, "type": "text"}],
         "rows": [{"cells": {"q_number": {"is": "compare", "op": ">", "value": 100}},
                   "results": {"level": "high", "words": say()}, "note": two},
                  {"results": {"level": "low", "words": say()}, "note": two}]}
    ]  # fmt: skip
    content["notifications"] = [{"key": "own", "title": two, "body": two}]
    content["pages"] = [
        {"kind": "text", "key": "about", "title": two, "ends": ["public"], "icon": "book-open",
         "blocks": [{"kind": "heading", "text": two}, {"kind": "paragraph", "text": two},
                    {"kind": "list", "items": [two]},
                    {"kind": "link", "text": two, "to": "/services/"}]},
        {"kind": "records", "key": "filed", "title": two, "ends": ["government"], "form": "rent",
         "columns": [{"field": "address"}, {"field": "q_text"}], "empty": two},
    ]  # fmt: skip
    found = said(say, content)
    found["services"][0]["keywords"] = [(say().strip() or "x")[:40] for _n in range(5)]
    return found


class Story:
    """See the head of this file. `say` gives the next text each time it is asked."""

    def __init__(self, say):
        self.say = say
        self.office = make_office("housing_fund")
        self.clerk, self.reviewer = self.office["clerk"], self.office["reviewer"]
        self.anna, self.ben = make_admin("anna"), make_admin("ben")
        self.alice = make_citizen("alice", phone="13800002046")
        self.other = make_official("hanna", kind="health", duties=["clerk"])
        self.old = napps.register_napp(actor=MAKER, manifest=manifest(say))
        self.napp = napps.open_napp(actor=MAKER, napp=self.old.napp)
        self.item = self.napp.items.get()
        self.applied()
        self.talked()
        self.stopped()
        self.waits = self.filed()
        self.decided()
        self.designed()

    def one_line(self) -> str:
        return " ".join(self.say().split())[:45].ljust(3, ".")

    def filed(self, **more):
        values = rent_values(
            self.alice, address=self.one_line(), q_text=self.one_line(), q_number="2",
            q_rows=[{"name": self.one_line()}], **more,
        )  # fmt: skip
        return cases.file_values(actor=actor_of(self.alice), item=self.item, values=values).case

    def applied(self):
        """A draft with words in every answer, a contested one, and somebody invited."""
        me = actor_of(self.alice)
        self.draft = forms.start_draft(
            actor=me, napp_version=self.item.napp_version, form_key=self.item.form_key,
            purpose=f"item:{self.item.pk}",
        )  # fmt: skip
        for page in self.item.napp_version.manifest["forms"][0]["pages"]:
            asked = [one["key"] for one in page["fields"] if one["type"] in {"text", "textarea"}]
            values = {key: self.one_line() for key in asked if key != "name"}
            values |= {"kind": self.say(), "bank": self.say(), "q_many": [self.say()]}
            self.draft.refresh_from_db()
            forms.save_page(actor=me, draft=self.draft, page=page["key"], values=values)
        contests.contest_value(
            actor=me, draft=self.draft, field="name", reason=self.say().ljust(3, "."),
            values={"name": self.one_line()},
        )  # fmt: skip
        cofilling.invite(
            actor=me, draft=self.draft, part="home", name=self.one_line(), number="13800002047"
        )

    def talked(self):
        """A case at its first desk: comments, a question with its answer, a stop, a correction."""
        self.case = self.filed()
        clerk = actor_of(self.clerk)
        (task,) = open_tasks(self.case)
        add_comment(actor=clerk, task_id=task.pk, text=self.say())
        add_phrase(actor=clerk, text=self.say())
        consultations.ask_opinions(
            actor=clerk, task_id=task.pk, version=task.version, question=self.say(),
            departments=[make_department("health").pk], working_days=3,
        )  # fmt: skip
        self.asked = Task.objects.get(kind="consult", state="open")
        consultations.answer_opinion(
            actor=actor_of(self.other), task_id=self.asked.pk, version=self.asked.version,
            answer="object", text=self.say(),
        )  # fmt: skip
        self.task = self.fresh()
        do(self.case, "correct", user=self.clerk, opinion=self.say(), fields=["address"])
        set_delegation(
            actor=clerk, principal=self.clerk, deputy=self.office["head"], valid_from=date.today(),
            valid_until=date.today(), reason=self.say(),
        )  # fmt: skip

    def stopped(self):
        """An accepted case whose clock was stopped, and one where it stands still."""
        for _once in range(2):
            self.still = do(self.filed(), "approve", opinion=self.say())
            (self.beside,) = [task for task in open_tasks(self.still) if task.node == "beside"]
            suspend_process(
                actor=actor_of(self.reviewer), task_id=self.beside.pk, version=self.beside.version,
                kind="hearing", reason=self.say().ljust(5, "."),
            )  # fmt: skip
            if not _once:
                resume_process(actor=actor_of(self.reviewer), task_id=self.beside.pk)

    def fresh(self) -> Task:
        return Task.objects.get(instance=self.case.process_id, state="open", node="accept")

    def decided(self):
        """A case that is refused with words, its letters copied, rated and answered."""
        me = actor_of(self.alice)
        self.closed = do(self.filed(), "reject", opinion=self.say())
        rate_case(actor=me, case=self.still, service_no=1, grade=1, text=self.say())
        self.put_right(Rectification.objects.get())
        self.letters = list(documents_of_case(self.closed))
        self.copy = copy_document(
            actor=me, document=self.letters[0], purpose=self.one_line(), recipient=self.one_line(),
            expires_on=timezone.localdate() + timedelta(days=3),
        )  # fmt: skip
        cases.withdraw_case(actor=me, case=self.filed(), reason=self.say())

    def put_right(self, order):
        """The rating is checked with a note, and answered in words."""
        self.order, to = order, {"actor": actor_of(self.office["head"]), "order": order}
        rectifications.sign_rectification(**to)
        rectifications.note_call_back(**to, note=self.say())
        rectifications.choose_measure(**to, measure="at_once")
        rectifications.answer_rectification(**to, answer=self.say())
        rectifications.confirm_rectification(
            actor=actor_of(self.alice), order=order, is_solved=True, grade=3, text=self.say()
        )
        self.questioned()

    def questioned(self):
        """A question that was drafted, answered and published."""
        me, head = actor_of(self.alice), actor_of(self.office["head"])
        self.asked_of_office = inquiries.ask_question(
            actor=me, region=self.still.department.region, item=self.item, text=self.say(),
            may_be_published=True,
        )  # fmt: skip
        to = {"actor": head, "question": self.asked_of_office}
        inquiries.draft_answer(**to, text=self.say())
        inquiries.answer_question(**to, text=self.say())
        inquiries.publish_question(**to, asked=self.say(), answered=self.say())
        inquiries.ask_again(actor=me, question=self.asked_of_office, text=self.say())

    def designed(self):
        """A draft that two write, a version that waits for approval, and cases that would move."""
        anna, ben = actor_of(self.anna), actor_of(self.ben)
        self.newer = napps.register_napp(actor=anna, manifest=manifest(self.say, "2.0.0"))
        publication.ask_publication(actor=anna, version=self.newer, note=self.say())
        draft = drafts.start_draft(actor=anna, napp=self.napp)
        texts = [copy.deepcopy(draft.content) for _n in range(2)]
        for one in texts:
            one["title"] = {"zh": self.say(), "en": self.say()}
            one["forms"][0]["title"] = {"zh": self.say(), "en": self.say()}
        drafts.save_draft(actor=anna, draft=draft, seen=1, content=texts[0])
        self.side = drafts.save_draft(actor=ben, draft=draft, seen=1, content=texts[1]).side

    def pages(self) -> dict:
        """{person: addresses that the person opens}"""
        service = f"{SLUG}/{self.item.key}/"
        apply, case, closed = (
            f"/apply/{self.draft.pk}/", f"/cases/{self.case.pk}/", f"/cases/{self.closed.pk}/",
        )  # fmt: skip
        pages = [one["key"] for one in self.old.manifest["forms"][0]["pages"]]
        letters = [f"/wallet/{letter.pk}/" for letter in self.letters]
        admin = f"/admin/platform_core/napp/{self.napp.pk}/"
        old, new = self.old.pk, self.newer.pk
        return {
            None: ["/", "/services/", f"/services/{service}", "/search/?q=alert", "/purposes/",
                   "/board/", "/board/reviews/", f"/questions/?item={service[:-1]}",
                   f"/n/{SLUG}/about/", f"/verify/?code={self.copy.verify_code}"],
            self.alice: [
                *(f"{apply}page/{page}/" for page in pages), f"{apply}check/", f"{apply}parts/",
                f"{apply}contest/name/", f"/services/{service}start/", "/cases/", case,
                f"{case}answers/", f"{case}correct/", f"/cases/{self.waits.pk}/",
                f"/cases/{self.still.pk}/", closed,
                f"{closed}receipt/", f"/cases/{self.still.pk}/rate/", "/messages/", "/me/",
                "/questions/mine/", f"/questions/{self.asked_of_office.pk}/", "/wallet/", *letters,
                *(f"{letter}show/" for letter in letters), *(f"{one}copy/" for one in letters),
            ],
            self.clerk: [
                "/office/", "/office/inbox/", f"/office/tasks/{self.task.pk}/", "/office/absence/",
                f"/office/tasks/{open_tasks(self.waits)[0].pk}/", "/office/phrases/",
                "/office/messages/", f"/office/n/{SLUG}/filed/", "/office/capabilities/forms/",
            ],
            self.reviewer: [f"/office/tasks/{self.beside.pk}/", "/office/inbox/?box=pool"],
            self.other: [f"/office/tasks/{self.asked.pk}/", "/office/inbox/?box=done"],
            self.office["head"]: [f"/office/ratings/{self.order.pk}/", "/office/ratings/",
                                  "/office/absence/", "/office/questions/",
                                  f"/office/questions/{self.asked_of_office.pk}/"],
            self.ben: [
                "/admin/platform_core/napp/", f"{admin}change/", f"{admin}versions/{new}/",
                f"{admin}versions/{old}/", f"{admin}compare/{old}/{new}/",
                f"{admin}publish/{new}/", f"{admin}draft/", f"{admin}draft/merge/{self.side.pk}/",
            ],
        }  # fmt: skip


def browser(person) -> Client:
    """A browser that reads English, with `person` signed in."""
    client = Client()
    if person is not None:
        sign_in(client, person)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client
