"""What a service says of the sensitive data that it asks, and of its form to programs."""

import json

import pytest
from django.core.management import call_command
from jsonschema import Draft202012Validator

from platform_core.capabilities.forms.capability import forms_of
from platform_core.capabilities.forms.privacy import undeclared
from platform_core.napps.models import NAppVersion
from service_hub.items.models import ServiceItem
from service_hub.items.selectors import forms_of_open_items
from tests.factories import make_citizen, sign_in
from tests.service_hub.makers import APPS, file_elsewhere, item_of, make_office, open_app

pytestmark = pytest.mark.django_db


def text_of(answer) -> str:
    return answer.content.decode()


@pytest.mark.parametrize("slug", sorted(path.parent.name for path in APPS.glob("*/manifest.json")))
def test_every_sensitive_question_of_every_service_is_declared(slug):
    version = open_app(slug).current
    for form in forms_of(version).values():
        assert undeclared(form) == [], form.key


def test_the_privacy_page_says_what_for_on_what_ground_and_how_long(
    client, django_assert_num_queries
):
    open_app("household")
    page = text_of(client.get("/purposes/", headers={"accept-language": "en"}))
    for words in (
        "Register a newborn",
        "a duty or power given by law",
        "20 years",
        "art. 7",
    ):
        assert words in page


def test_a_version_from_before_the_duty_is_not_passed_off_as_asking_nothing(client):
    version = open_app("household").current
    raw = json.loads(json.dumps(version.manifest))
    for form in raw["forms"]:
        form.pop("privacy", None)
        for asked in form["pages"]:
            for field in asked["fields"]:
                if "sensitive" in field:
                    field["sensitive"] = True
    old = NAppVersion.objects.create(
        napp=version.napp, version="0.9.0", manifest=raw, digest="0" * 64
    )
    ServiceItem.objects.filter(napp=version.napp).update(napp_version=old)
    page = text_of(client.get("/purposes/", headers={"accept-language": "en"}))
    assert "does not say yet why" in page and "Register a newborn" in page


def test_many_services_cost_one_query(django_assert_num_queries):
    for count, slug in enumerate(("household", "schooling", "employment"), start=1):
        open_app(slug)
        forms_of_open_items()
        with django_assert_num_queries(1):
            assert len(forms_of_open_items()) >= count


def test_the_reason_stands_at_the_question_too(client):
    alice = make_citizen("alice")
    make_office("medical_insurance")
    open_app("medical_insurance")
    sign_in(client, alice)
    item = item_of("medical_insurance", "elsewhere")
    start = client.post(f"/services/medical_insurance/{item.key}/start/")
    page = text_of(client.get(start.url, follow=True, headers={"accept-language": "en"}))
    assert "Why this is asked" in page and "Kept for 5 years" in page


def test_what_was_sent_can_be_read_and_printed_with_numbers_masked(client):
    alice = make_citizen("alice")
    make_office("medical_insurance")
    case = file_elsewhere(alice)
    sign_in(client, alice)
    page = text_of(client.get(f"/cases/{case.pk}/answers/"))
    assert alice.identity.citizen_number not in page and "data-print" in page


def test_programs_read_the_form_as_json_schema(client):
    item = item_of("medical_insurance", "elsewhere")
    answer = client.get(f"/api/v1/items/medical_insurance/{item.key}/schema/")
    schema = json.loads(answer.content)
    Draft202012Validator.check_schema(schema)
    assert answer.headers["Content-Type"].startswith("application/schema+json")
    assert (
        schema["$id"].endswith(f"/{item.key}/schema/") and "citizen_number" in schema["properties"]
    )
    assert client.get("/api/v1/items/medical_insurance/nothing/schema/").status_code == 404


def test_open_services_stand_in_the_description_of_the_api(client, tmp_path):
    for slug in ("medical_insurance", "household", "return_to_work"):
        open_app(slug)
    target = tmp_path / "schema.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(target))
    text = target.read_text(encoding="utf-8")
    assert "Form_household_newborn" in text and "Form_medical_insurance_elsewhere" in text
