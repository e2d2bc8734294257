"""Definitions that would be dear to read are refused at every door, in words and at their place."""

import copy
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from platform_core.napps import selectors, services
from platform_core.napps.drafts import services as drafts
from platform_core.napps.manifest import ManifestInvalid
from tests.factories import MAKER, actor_of, make_admin, sign_in
from tests.service_hub.makers import manifest_of

pytestmark = pytest.mark.django_db
SLUG = "housing_fund"
TWO = {"zh": "文字", "en": "Text"}


@pytest.fixture(autouse=True)
def _chains():
    """The real sections instead of the made-up one of this folder."""


def question(key, kind="text", **more):
    return {"key": key, "type": kind, "label": TWO, **more}


def first_form(manifest):
    return manifest["forms"][0]


def fields_of(manifest):
    return first_form(manifest)["pages"][0]["fields"]


def desk(key):
    return {"kind": "approve", "key": key, "title": TWO, "assign": {"role": "desk"}}


def blocks(levels):
    step = desk("deepest")
    for level in range(levels):
        step = {"kind": "parallel", "key": f"b{level}", "title": TWO,
                "branches": [{"title": TWO, "steps": [step]},
                             {"title": TWO, "steps": [desk(f"d{level}")]}]}  # fmt: skip
    return step


def below(key, process):
    return {"kind": "subprocess", "key": key, "title": TWO, "process": process}


def table(**more):
    return {
        "key": "bomb", "title": TWO, "hit": "first",
        "inputs": [{"key": "rent", "label": TWO, "type": "number"}],
        "outputs": [{"key": "o", "label": TWO, "type": "text"}],
        "rows": [{"results": {"o": "x"}}], **more,
    }  # fmt: skip


def process(key, *steps):
    return {"key": key, "title": TWO, "steps": list(steps)}


# {name: (what the author does, where the refusal stands)}
BOMBS = {
    "a rule of a hundred thousand parts": (
        lambda m: fields_of(m)[-1].update(show_if={"and": [True] * 100_000}), "forms",
    ),
    "a pattern that would never end elsewhere": (
        lambda m: fields_of(m).append(question("p", pattern="(a+){1000}{1000}")), "forms",
    ),
    "a pattern that is no pattern": (
        lambda m: fields_of(m).append(question("p", pattern="(((((")), "forms",
    ),
    "a pattern that looks back": (
        lambda m: fields_of(m).append(question("p", pattern=r"(a)\1(?=b)")), "forms",
    ),
    "a thousand questions": (
        lambda m: fields_of(m).extend(question(f"q{n}") for n in range(1000)), "forms",
    ),
    "sums that ask for one another": (
        lambda m: fields_of(m).extend([
            question("a", "computed", rule={"+": [{"var": "b"}, 1]}, result="number"),
            question("b", "computed", rule={"+": [{"var": "a"}, 1]}, result="number"),
        ]), "forms",
    ),
    "a sum that asks for itself": (
        lambda m: fields_of(m).append(
            question("a", "computed", rule={"+": [{"var": "a"}, 1]}, result="number")
        ), "forms",
    ),
    "an endless number": (
        lambda m: fields_of(m).append(question("n", "number", max=10**400)), "forms",
    ),
    "a hundred decimals": (
        lambda m: fields_of(m).append(question("n", "number", decimals=100)), "forms",
    ),
    "a table of a million rows": (
        lambda m: fields_of(m).append(question("r", "repeat", max_rows=10**6, cells=[
            question("c")])), "forms",
    ),
    "two hundred processes": (
        lambda m: m["processes"].extend(process(f"p{n}", desk("a")) for n in range(200)),
        "processes",
    ),
    "a thousand steps": (
        lambda m: m["processes"][0]["steps"].extend(desk(f"s{n}") for n in range(1000)),
        "processes",
    ),
    "branches in branches": (
        lambda m: m["processes"][0]["steps"].append(blocks(15)), "processes",
    ),
    "a process below itself": (
        lambda m: m["processes"][0]["steps"].append(below("again", m["processes"][0]["key"])),
        "processes",
    ),
    "processes below one another": (
        lambda m: m["processes"].extend([process("a", below("x", "b")),
                                         process("b", below("y", "a"))]), "processes",
    ),
    "ten thousand rows that nobody can read": (
        lambda m: m.update(decisions=[table(rows=[{"results": {"o": "x"}}] * 10_000)]),
        "decisions",
    ),
    "a table with forty columns": (
        lambda m: m.update(decisions=[table(inputs=[
            {"key": f"i{n}", "label": TWO, "type": "number"} for n in range(40)])]), "decisions",
    ),
    "a thousand documents": (
        lambda m: m["documents"].extend(m["documents"][0] | {"key": f"d{n}"} for n in range(1000)),
        "documents",
    ),
    "a title of a hundred thousand letters": (
        lambda m: m.update(title={"zh": "甲" * 100_000, "en": "x"}), "manifest",
    ),
    "a text that turns the direction of writing": (
        lambda m: m.update(title={"zh": "甲\u202e乙", "en": "a\u202eb"}), "manifest",
    ),
    "a thousand keywords": (
        lambda m: m["services"][0].update(keywords=["x"] * 1000), "services",
    ),
}  # fmt: skip

# Texts that are no JSON anybody should read.
RAW = {
    "a key twice": '{"slug": "a", "slug": "b"}',
    "no number": '{"schema": NaN}',
    "an endless number": '{"schema": Infinity}',
    "a number without end": '{"schema": 1e999}',
    "a number of five thousand digits": '{"schema": ' + "9" * 5000 + "}",
    "half a surrogate": '{"slug": "\\ud800"}',
    "a NUL": '{"slug": "\\u0000"}',
    "a hundred thousand levels": '{"a": ' + "[" * 100_000,
    "three megabytes": '{"a": "' + "x" * 3_000_000 + '"}',
}


def bomb(name) -> tuple[dict, str]:
    change, section = BOMBS[name]
    manifest = copy.deepcopy(manifest_of(SLUG)) | {"version": "7.7.7"}
    change(manifest)
    return manifest, section


@pytest.fixture
def root(db):
    return make_admin()


@pytest.fixture
def napp(db):
    version = services.register_napp(actor=MAKER, manifest=manifest_of(SLUG))
    return services.open_napp(actor=MAKER, napp=version.napp)


@pytest.fixture
def api(root):
    client = APIClient()
    sign_in(client, root)
    return client


@pytest.mark.parametrize("name", BOMBS)
def test_the_register_refuses_at_the_place(name):
    manifest, section = bomb(name)
    with pytest.raises(ManifestInvalid) as caught:
        services.register_napp(actor=MAKER, manifest=manifest)
    problems = caught.value.problems
    assert any(problem.place.startswith(section) for problem in problems), problems
    assert len(problems) <= 200
    assert all(len(problem.message) < 1000 for problem in problems)
    assert selectors.napp_by_slug(SLUG) is None


@pytest.mark.parametrize("name", BOMBS)
def test_the_upload_page_and_the_drafts_say_so_too(client, api, root, napp, name):
    manifest, section = bomb(name)
    sign_in(client, root)
    file = SimpleUploadedFile("m.json", json.dumps(manifest).encode())
    answer = client.post("/admin/platform_core/napp/add/", {"file": file, "register": "1"})
    assert answer.status_code == 200 and 'role="alert"' in answer.content.decode()
    draft = drafts.start_draft(actor=actor_of(root), napp=napp)
    address = f"/api/v1/napps/{SLUG}/drafts/{draft.pk}/"
    checked = api.post(f"{address}validate/", {"content": manifest}, format="json")
    # What nests too deep is refused before anything in it is read.
    assert checked.status_code == 400 or section in checked.content.decode()
    saved = api.put(address, {"revision": 1, "content": manifest}, format="json")
    assert saved.status_code < 500
    if saved.status_code == 200:
        refused = api.post(f"{address}register/", {"revision": 2}, format="json")
        assert 400 <= refused.status_code < 500
    client.cookies["gov_language"] = "en"
    for page in ("draft/", "change/"):
        shown = client.get(f"/admin/platform_core/napp/{napp.pk}/{page}")
        assert shown.status_code == 200


@pytest.mark.parametrize("name", RAW)
def test_texts_that_are_no_json_are_refused_at_every_door(client, api, root, napp, name):
    raw = RAW[name]
    with pytest.raises(ManifestInvalid):
        services.register_napp(actor=MAKER, manifest=raw)
    sign_in(client, root)
    answer = client.post("/admin/platform_core/napp/add/", {"text": raw, "register": "1"})
    assert answer.status_code == 400 or 'role="alert"' in answer.content.decode()
    sent = {"data": raw, "content_type": "application/json"}
    assert 400 <= api.post("/api/v1/napps/", **sent).status_code < 500
    draft = drafts.start_draft(actor=actor_of(root), napp=napp)
    address = f"/api/v1/napps/{SLUG}/drafts/{draft.pk}/"
    wrapped = {**sent, "data": f'{{"revision": 1, "content": {raw}}}'}
    assert 400 <= api.put(address, **wrapped).status_code < 500
    assert 400 <= api.post(f"{address}validate/", **wrapped).status_code < 500
