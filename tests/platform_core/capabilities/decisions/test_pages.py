"""Whoever publishes a version sees its tables, tries them, and reads DMN files before use."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from platform_core.capabilities.decisions.dmn import read_dmn, to_dmn
from platform_core.napps.services import register_napp
from tests.factories import MAKER, make_admin, make_official, sign_in
from tests.platform_core.capabilities.decisions.makers import risk, table, text
from tests.platform_core.capabilities.decisions.test_checks import manifest
from tests.platform_core.capabilities.decisions.test_dmn import HOSTILE, bare

pytestmark = pytest.mark.django_db
READING = reverse("decisions:reading")


@pytest.fixture
def root(client):
    sign_in(client, make_admin())
    client.cookies["gov_language"] = "en"
    return client


def registered(*decisions, version="1.0.0"):
    return register_napp(actor=MAKER, manifest={**manifest(*decisions), "version": version})


def page(answer, status=200):
    assert answer.status_code == status, answer.content[:300]
    return html.fromstring(answer.content.decode())


def words(element) -> str:
    return " ".join(" ".join(element.itertext()).split())


def shown(client, version):
    return client.get(
        reverse("admin:platform_core_napp_version", args=[version.napp_id, version.pk])
    )


def trial(version, key="risk"):
    return reverse("decisions:trial", args=[version.napp_id, version.pk, key])


def test_the_version_page_shows_the_table_what_is_proven_and_its_tests(root):
    tree = page(shown(root, registered(risk())))
    (grid,) = tree.xpath("//table[@class='decision']")
    assert [words(one) for one in grid.xpath(".//tbody/tr")][2] == "3 ≥ 300 Industry High"
    assert words(grid.xpath(".//caption")[0]) == "Risk level"
    assert "Exactly one row fires." in words(tree)
    assert all(one.get("scope") for one in grid.xpath(".//th"))
    said = words(tree)
    assert "Some row fires for every answer that may come." in said
    assert "No two rows fire together." in said and "All 2 tests pass." in said
    assert "When “Staff” is less than 300: “Level” is Low" in said


def test_the_page_costs_the_same_for_one_table_and_for_three(root, django_assert_num_queries):
    one = registered(risk())
    three = registered(*(risk(key=key) for key in "abc"), version="1.1.0")
    shown(root, one)
    with CaptureQueriesContext(connection) as queries:
        shown(root, one)
    with django_assert_num_queries(len(queries)):
        shown(root, three)


def test_a_table_is_downloaded_as_dmn_and_means_the_same(root):
    version = registered(risk())
    address = reverse("admin:platform_core_napp_file",
                      args=[version.napp_id, version.pk, "decisions", "risk.dmn"])  # fmt: skip
    answer = root.get(address)
    assert answer["Content-Disposition"] == 'attachment; filename="tables-1.0.0-risk.dmn"'
    assert read_dmn(answer.content).decision == table()
    assert root.get(address.replace("risk.dmn", "none.dmn")).status_code == 404


def test_a_table_is_tried_and_says_which_rows_fired_and_why_others_did_not(root):
    version = registered(risk())
    tree = page(root.post(trial(version), {"in-staff": "300", "in-industry": "plant"}))
    said = words(tree)
    assert "Level: High" in said and "Rows that fired: 3" in said
    assert "Row 2: Industry = Industry (asked: Trade)" in said
    (fired,) = tree.xpath("//tr[@class='fired']")
    assert words(fired).startswith("3 fired")


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "required"),
        ("many", "Enter a number"),
        ("0", "out of the bounds"),
        ("1.5", "more decimals"),
        ("9" * 59, "Enter a number"),
        ("\x00", "Null characters"),
    ],
)
def test_what_the_input_does_not_take_is_said_at_its_field_and_stays(root, typed, reason):
    tree = page(root.post(trial(registered(risk())), {"in-staff": typed, "in-industry": "plant"}))
    field = tree.get_element_by_id("id_in-staff")
    errors = tree.get_element_by_id(field.get("aria-describedby").split()[0])
    assert reason in words(errors)
    assert typed == "\x00" or (field.get("value") or "") == typed
    assert not tree.xpath("//tr[@class='fired']")


def test_answers_of_every_kind_are_taken(root):
    kinds = {"money": "1.50", "text": "a", "yes_no": "no", "date": "2026-02-03", "number": "2"}
    inputs = [{"key": kind, "label": text(kind), "type": kind} for kind in kinds]
    inputs.append({"key": "twice", "label": text("twice"), "type": "number",
                   "expression": {"*": [{"var": "other"}, 2]}})  # fmt: skip
    cells = {
        "money": {"is": "equal", "value": 1.5},
        "text": {"is": "one_of", "values": ["a", "b"]},
        "yes_no": {"is": "equal", "value": False},
        "date": {"is": "between", "from": "2026-02-03", "to": "2026-02-04"},
        "number": {"is": "compare", "op": ">", "value": 1},
        "twice": {"is": "equal", "value": 6},
    }
    rows = [{"cells": cells, "results": {"level": "high"}}]
    version = registered(risk(inputs=inputs, rows=rows, default={"level": "low"}, tests=[]))
    typed = {f"in-{key}": value for key, value in kinds.items()} | {"in-other": "3"}
    assert "Rows that fired: 1" in words(page(root.post(trial(version), typed)))
    assert "this is the default" in words(page(root.post(trial(version), {})))


def test_tables_that_are_not_there_are_not_found(root):
    version = registered(risk())
    other = registered(risk(), version="1.1.0")
    assert root.get(trial(version, "none")).status_code == 404
    assert root.get(trial(version).replace(str(version.pk), str(other.pk + 99))).status_code == 404


def test_others_than_administrators_get_no_further_than_the_door(client):
    version = registered(risk())
    sign_in(client, make_official("olga2"))
    for address in (trial(version), READING):
        assert client.get(address).status_code in (302, 403, 404)


def read(root, document: bytes):
    return page(root.post(READING, {"file": SimpleUploadedFile("t.dmn", document)}))


def test_a_dmn_file_is_shown_as_the_table_that_it_would_be(root):
    tree = read(root, to_dmn(table()))
    assert len(tree.xpath("//table[@class='decision']/tbody/tr")) == 3
    definition = json.loads(tree.xpath("//pre[@class='manifest']")[0].text_content())
    assert registered(definition).version == "1.0.0"


def test_a_dmn_file_that_cannot_be_meant_is_answered_with_place_and_reason(root):
    said = words(read(root, bare("staff + 1").encode()))
    assert "rule 1, input 1 : “staff + 1” is not understood" in said
    assert "document type is not allowed" in words(read(root, b"<!DOCTYPE a><a/>"))
    gap = words(read(root, bare("> 3").encode()))
    assert "No row fires for Staff: 2." in gap
    assert "This field is required" in words(page(root.post(READING, {})))


def test_hostile_words_stay_words_on_every_page(root):
    for number, evil in enumerate(HOSTILE):
        decision = risk(title=text(evil))
        for column in (*decision["inputs"], *decision["outputs"]):
            column["label"] = text(evil)
            for option in column.get("options", ()):
                option["label"] = text(evil)
        decision["rows"][0]["note"] = text(evil)
        version = registered(decision, version=f"1.{number}.0")
        pages = [shown(root, version), root.get(trial(version)),
                 root.post(trial(version), {"in-staff": "5", "in-industry": "shop"})]  # fmt: skip
        for answer in pages:
            raw = answer.content.decode()
            assert "<script>alert(1)" not in raw and "<img src=x" not in raw
            page(answer)
