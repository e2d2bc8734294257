"""Whoever publishes a template sees it as it will be, filled with samples."""

import pytest

from platform_core.capabilities.documents.freezing import Answered, frozen
from platform_core.capabilities.documents.placeholders import sample_facts
from platform_core.capabilities.documents.samples import ON, TYPED, sample_answers
from platform_core.capabilities.forms.schema import Form
from platform_core.napps.models import NApp
from tests.factories import make_admin, make_citizen, sign_in
from tests.service_hub.makers import open_app

from .makers import template, text_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("slug", "key", "words"),
    [
        ("housing_fund", "withdrawal_decision", "住房公积金提取准予决定书"),
        ("food_licence", "licence", "食品经营许可证"),
    ],
)
def test_an_administrator_sees_a_sample_of_each_template(client, slug, key, words):
    open_app(slug)
    napp = NApp.objects.get(slug=slug)
    version = napp.current
    base = f"/admin/platform_core/napp/{napp.pk}/versions/{version.pk}"
    sign_in(client, make_admin())
    assert words in client.get(f"{base}/", headers={"accept-language": "zh-hans"}).content.decode()
    pages = client.get(f"{base}/documents/{key}.pdf")
    assert pages["Content-Type"] == "application/pdf"
    text = text_of(pages.content)
    assert words in text
    assert client.get(f"{base}/documents/nothing.pdf").status_code == 404
    sign_in(client, make_citizen())
    assert client.get(f"{base}/documents/{key}.pdf").status_code != 200


def test_every_type_of_field_has_a_sample_that_can_be_printed():
    label = {"zh": "栏", "en": "Field"}
    option = {"value": "a", "label": {"zh": "甲", "en": "A"}}
    more = {
        "choice": {"options": [option]},
        "multi_choice": {"options": [option]},
        "repeat": {"cells": [{"key": "x", "type": "date", "label": label}]},
    }
    kinds = [*TYPED, "text", "textarea", "choice", "multi_choice", "repeat", "department", "person"]
    fields = [{"key": kind, "type": kind, "label": label, **more.get(kind, {})} for kind in kinds]
    page = {"key": "p", "title": label, "fields": fields}
    form = Form.model_validate({"key": "f", "title": label, "pages": [page]})
    asked = [kind for kind in kinds if kind != "repeat"]
    chosen = template(
        form="f",
        purpose=label,
        blocks=[{"kind": "answers", "fields": asked}, {"kind": "table", "field": "repeat"}],
    )
    facts = sample_facts()
    content = frozen(
        chosen, facts, Answered(form, sample_answers(form)), issued_on=ON, valid_until=None
    )
    assert len(content["blocks"][0]["rows"]) == len(asked)
    assert len(content["blocks"][1]["rows"]) == 2
