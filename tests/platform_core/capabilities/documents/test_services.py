"""Documents from issue to their end: fixed, numbered, printed once, replaced, copied."""

import json
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.utils import InternalError
from django.utils import timezone

from platform_core.capabilities.documents import numbers, selectors, services
from platform_core.capabilities.documents.freezing import Answered
from platform_core.capabilities.documents.models import Document
from platform_core.capabilities.documents.printing import PRINTER, sm3
from platform_core.capabilities.files.models import StoredFile
from platform_core.capabilities.files.selectors import open_content
from platform_core.capabilities.forms.schema import Form
from platform_core.common.errors import Conflict, Unusable
from platform_core.common.outbox.models import OutboxMessage
from platform_core.common.outbox.services import deliver, lease_due
from tests.factories import actor_of, make_citizen

from .makers import issue, read, template, text_of

pytestmark = pytest.mark.django_db
FORM = Form.model_validate(
    {
        "key": "f",
        "title": {"zh": "表", "en": "F"},
        "pages": [
            {
                "key": "p",
                "title": {"zh": "页", "en": "P"},
                "fields": [
                    {"key": "who", "type": "citizen_number", "label": {"zh": "号码", "en": "No."}},
                    {"key": "day", "type": "date", "label": {"zh": "日期", "en": "Day"}},
                    {
                        "key": "staff",
                        "type": "repeat",
                        "label": {"zh": "人员", "en": "Staff"},
                        "cells": [
                            {"key": "n", "type": "text", "label": {"zh": "姓名", "en": "Name"}},
                            {"key": "m", "type": "mobile", "label": {"zh": "手机", "en": "Phone"}},
                        ],
                    },
                ],
            }
        ],
    }
)
ANSWERED = Answered(
    FORM,
    {
        "who": "11010519491231002X",
        "day": "2026-05-06",
        "staff": [{"n": "林小燕", "m": "13800002046"}, {"n": "#panic()", "m": "13800002047"}],
    },
)
BLOCKS = [
    {"kind": "answers", "fields": ["who", "day"]},
    {"kind": "table", "field": "staff"},
    {"kind": "paragraph", "text": {"zh": "号码{answers.who}", "en": "No. {answers.who}"}},
]


def content(document) -> bytes:
    return open_content(services.print_document(actor=PRINTER, document=document).file).read()


class TestIssuing:
    def test_personal_answers_are_masked_unless_the_template_says_why(self):
        masked = issue("1", template=template(form="f", blocks=BLOCKS), answered=ANSWERED)
        said = json.dumps(masked.content, ensure_ascii=False)
        assert "11010519491231002X" not in said
        assert "13800002046" not in said
        assert "1101**********002X" in said
        purpose = {"zh": "载明", "en": "Stated"}
        full = issue(
            "2", template=template(form="f", blocks=BLOCKS, purpose=purpose), answered=ANSWERED
        )
        assert "11010519491231002X" in json.dumps(full.content)
        text = text_of(content(full))
        for words in ("11010519491231002X", "2026年5月6日", "林小燕", "#panic()", "13800002047"):
            assert words in text

    def test_what_has_no_value_is_left_out(self):
        document = issue("1", facts={})
        assert document.content["blocks"][0]["text"]["zh"] == "致陈宁："
        quiet = template(blocks=[{"kind": "paragraph", "text": {"zh": "见{note}", "en": "{note}"}}])
        assert issue("2", template=quiet, facts={}).content["blocks"] == []

    def test_a_subject_has_one_valid_document_of_a_template(self):
        first = issue("1")
        with pytest.raises(Conflict):
            issue("1")
        services.revoke_document(actor=actor_of(None), document=first, reason="x")
        assert issue("1").number != first.number

    def test_what_was_issued_never_changes_and_is_never_deleted(self):
        document = issue("1")
        for name, value in (("number", "x"), ("content", {}), ("title", {}), ("issuer_id", None)):
            with pytest.raises(InternalError), transaction.atomic():
                Document.objects.filter(pk=document.pk).update(**{name: value})
        with pytest.raises(InternalError), transaction.atomic():
            Document.objects.filter(pk=document.pk).delete()

    def test_a_certificate_has_an_identifier_with_its_check_character(self):
        number = {"scheme": "certificate", "type_code": "401"}
        document = issue("1", template=template(kind="certificate", number=number, valid_days=10))
        assert numbers.is_certificate_number(document.number)
        assert document.valid_until == timezone.localdate() + timedelta(days=9)


class TestPrinting:
    def test_the_worker_prints_what_was_issued_and_a_notice_waits_for_its_first_reader(self):
        decision = issue("1")
        notice = issue("2", template=template(kind="notice", key="other"))
        topics = OutboxMessage.objects.filter(topic="documents.print")
        assert topics.count() == 1
        for number in lease_due():
            deliver(message_id=number)
        decision.refresh_from_db()
        assert decision.file.state == StoredFile.State.CLEAN
        assert content(notice).startswith(b"%PDF-")

    def test_it_is_printed_once_and_says_number_code_and_holder(self):
        document = issue("1")
        pdf = content(document)
        assert content(document) == pdf
        assert StoredFile.objects.count() == 1
        text = text_of(pdf)
        assert "".join(document.number.split()) in text
        assert numbers.shown_code(document.verify_code) in text
        assert "陈宁" in text
        assert len(read(pdf).pages) == 1

    def test_its_digests_are_those_of_the_file(self):
        document = services.print_document(actor=PRINTER, document=issue("1"))
        pdf = open_content(document.file).read()
        found = selectors.found_by_code(document.verify_code)
        assert selectors.is_the_file(found, pdf)
        assert not selectors.is_the_file(found, pdf + b"\n")
        assert document.pdf_sm3 == sm3(pdf)

    def test_sm3_agrees_with_its_published_vector(self):
        assert sm3(b"abc").startswith("66c7f0f4")


class TestTheEnd:
    def test_revoked_needs_a_reason_and_happens_once(self):
        document = issue("1")
        with pytest.raises(Unusable):
            services.revoke_document(actor=actor_of(None), document=document, reason=" \x00")
        services.revoke_document(actor=actor_of(None), document=document, reason="不实")
        with pytest.raises(Conflict):
            services.revoke_document(actor=actor_of(None), document=document, reason="again")
        assert selectors.found_by_code(document.verify_code).standing == "revoked"

    def test_one_that_is_replaced_names_its_successor(self):
        old = issue("1")
        new = services.replace_document(
            actor=actor_of(None), document=old, template=template(), facts={}, reason="笔误"
        )
        old.refresh_from_db()
        assert selectors.standing(old) == "replaced"
        assert old.replaced_by == new
        assert new.holder == "陈宁"
        with pytest.raises(Conflict):
            services.replace_document(
                actor=actor_of(None), document=old, template=template(), facts={}, reason="x"
            )


class TestCopies:
    def make(self, document, **changes):
        today = timezone.localdate()
        given = {"purpose": "租房", "recipient": "某公寓", "expires_on": today + timedelta(30)}
        return services.copy_document(actor=actor_of(None), document=document, **given | changes)

    def test_a_copy_ends_with_its_day_and_with_its_document(self):
        document = issue("1", holder_user=make_citizen("alice"))
        copy = self.make(document, expires_on=timezone.localdate())
        assert selectors.found_by_code(copy.verify_code).standing == "valid"
        type(copy).objects.filter(pk=copy.pk).update(expires_on=timezone.localdate() - timedelta(1))
        assert selectors.found_by_code(copy.verify_code).standing == "expired"
        assert selectors.found_by_code(document.verify_code).standing == "valid"
        services.revoke_document(actor=actor_of(None), document=document, reason="x")
        assert selectors.found_by_code(copy.verify_code).standing == "revoked"
        with pytest.raises(Conflict):
            self.make(document)

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"purpose": " "}, "purpose"),
            ({"recipient": "\x00"}, "recipient"),
            ({"expires_on": None}, "expires_on"),
            ({"expires_on": timezone.localdate() - timedelta(days=1)}, "expires_on"),
            ({"expires_on": timezone.localdate() + timedelta(days=400)}, "expires_on"),
        ],
    )
    def test_what_is_missing_is_said_at_its_field(self, changes, field):
        with pytest.raises(Unusable) as caught:
            self.make(issue("1"), **changes)
        assert set(caught.value.errors) == {field}

    def test_nobody_makes_them_by_the_hundred(self, monkeypatch):
        monkeypatch.setattr(services, "COPIES_A_DAY", 2)
        document = issue("1")
        self.make(document)
        self.make(document)
        with pytest.raises(Conflict):
            self.make(document)
