"""An author who names what is not theirs is refused at the place, whatever section it is in."""

import copy
import json
from pathlib import Path

import pytest

from platform_core.capabilities.rules.lookups import _sources, register_lookup_source
from platform_core.napps import selectors, services
from platform_core.napps.manifest import ManifestInvalid
from tests.factories import MAKER

pytestmark = pytest.mark.django_db
APPS = Path(__file__).parents[3] / "apps"
OTHER = "housing_fund"
TEXT = {"zh": "文字", "en": "Text"}


@pytest.fixture(autouse=True)
def _chains():
    """The real sections instead of the made-up one of this folder."""


def shipped(slug: str) -> dict:
    return json.loads((APPS / slug / "manifest.json").read_text(encoding="utf-8"))


@pytest.fixture
def theirs():
    """An N-app of another department, open and with forms, processes and roles of its own."""
    version = services.register_napp(actor=MAKER, manifest=shipped(OTHER))
    return services.open_napp(actor=MAKER, napp=version.napp)


@pytest.fixture
def secret_source():
    """A data set that only the department of housing may use."""
    register_lookup_source(
        "housing_secrets", label=TEXT, columns={}, find=lambda key, today: None,
        may_use=lambda manifest: manifest is not None and manifest.department == "housing_fund",
    )  # fmt: skip
    yield "housing_secrets"
    del _sources["housing_secrets"]


def steps(manifest) -> list:
    return manifest["processes"][0]["steps"]


def form(manifest) -> dict:
    return manifest["forms"][0]


def last_field(manifest) -> dict:
    return form(manifest)["pages"][-1]["fields"][-1]


def step(kind: str, **more) -> dict:
    return {"kind": kind, "key": "hostile", "title": TEXT, **more}


def page(**more) -> dict:
    shown = {"key": "stolen", "title": TEXT, "ends": ["government"]}
    return {**shown, "kind": "records", "columns": [{"field": "rent"}], **more}


DESK = {"role": "desk"}
HOSTILE = {
    "services: a form of theirs": (
        lambda m: m["services"][0].update(form="rent"),
        "services[0].form",
    ),
    "services: a process of theirs": (
        lambda m: m["services"][0].update(process="withdrawal_of_rent"),
        "services[0].process",
    ),
    "services: a field of theirs": (
        lambda m: m["services"][0].update(region_field="rent"),
        "services[0].region_field",
    ),
    "pages: records of theirs": (
        lambda m: m.update(pages=[page(form="rent")]),
        "pages[0].form",
    ),
    "pages: records of theirs by address": (
        lambda m: m.update(pages=[page(form=f"{OTHER}.rent")]),
        "pages[0].form",
    ),
    "pages: a field of theirs": (
        lambda m: m.update(pages=[page(form="clue")]),
        "pages[0].columns[0].field",
    ),
    "pages: a script as an address": (
        lambda m: m.update(
            pages=[
                {"kind": "text", "key": "x", "title": TEXT, "ends": ["government"],
                 "blocks": [{"kind": "link", "text": TEXT, "to": "javascript:alert(1)"}]}
            ]
        ),
        "pages[0].blocks[0].to",
    ),
    "processes: a form of theirs": (
        lambda m: steps(m).insert(0, step("fill", form="rent", assign=DESK)),
        "processes[0].steps[0].form",
    ),
    "processes: a role of theirs": (
        lambda m: steps(m)[0].update(assign={"role": "fund_desk"}),
        "processes[0].steps[0].assign.role",
    ),
    "processes: a group by its name": (
        lambda m: steps(m)[0].update(assign={"role": f"napp:{OTHER}:desk"}),
        "processes[0].steps[0].assign.role",
    ),
    "processes: a process of theirs": (
        lambda m: steps(m).insert(0, step("subprocess", process="withdrawal_of_rent")),
        "processes[0].steps[0].process",
    ),
    "processes: a decision of theirs": (
        lambda m: steps(m).insert(0, step("decision", decision="their_table")),
        "processes[0].steps[0].decision",
    ),
    "processes: a wording of theirs": (
        lambda m: steps(m).insert(0, step("notify", to="applicant", template="their_words")),
        "processes[0].steps[0].template",
    ),
    "processes: code without having any": (
        lambda m: steps(m).insert(0, step("call", hook="read_everything")),
        "processes[0].steps[0].hook",
    ),
    "processes: a condition over an answer of theirs": (
        lambda m: steps(m).insert(
            0,
            {"kind": "condition", "branches": [
                {"when": {">": [{"var": "rent"}, 1]}, "steps": []}, {"steps": []},
            ]},
        ),
        "processes[0].steps[0].branches[0].when",
    ),
    "forms: a condition over an answer of theirs": (
        lambda m: last_field(m).update(show_if={"filled": {"var": "rent"}}),
        "forms[0].pages[2].fields[3].show_if",
    ),
    "forms: earlier answers of theirs": (
        lambda m: last_field(m).update(prefill="earlier.rent.mobile"),
        "forms[0].pages[2].fields[3].prefill",
    ),
    "forms: a register of theirs": (
        lambda m: last_field(m).update(prefill=f"register.{OTHER}.rent.mobile"),
        "forms[0].pages[2].fields[3].prefill",
    ),
    "forms: a source that nobody offers": (
        lambda m: last_field(m).update(prefill="settings.SECRET_KEY"),
        "forms[0].pages[2].fields[3].prefill",
    ),
    "forms: a data set of theirs": (
        lambda m: last_field(m).update(
            show_if={"==": [{"lookup": ["housing_secrets", {"var": "name"}, "x"]}, "y"]}
        ),
        "forms[0].pages[2].fields[3].show_if",
    ),
    "notifications: a name that opens an object": (
        lambda m: m.update(
            notifications=[
                {"key": "x", "title": TEXT,
                 "body": {"zh": "{applicant.password}", "en": "{applicant.password}"}}
            ]
        ),
        "notifications[0].body.zh",
    ),
    "decisions: a data set of theirs": (
        lambda m: m.update(
            decisions=[
                {"key": "d", "title": TEXT, "hit": "first",
                 "inputs": [{"key": "i", "label": TEXT, "type": "text", "expression":
                             {"lookup": ["housing_secrets", {"var": "name"}, "x"]}}],
                 "outputs": [{"key": "o", "label": TEXT, "type": "text"}],
                 "rows": [{"results": {"o": "x"}}], "tests": []}
            ]
        ),
        "decisions[0].inputs[0].expression",
    ),
    "roles: a role that is no key": (
        lambda m: m["roles"][0].update(key=f"napp:{OTHER}:desk"),
        "manifest.roles[0].key",
    ),
    "roles: a verb that nobody gives": (
        lambda m: m["roles"][0].update(verbs=["superuser"]),
        "manifest.roles[0].verbs[0]",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_belongs_to_others_is_refused_at_its_place(theirs, secret_source, name):
    change, place = HOSTILE[name]
    manifest = copy.deepcopy(shipped("public_clues"))
    change(manifest)
    with pytest.raises(ManifestInvalid) as caught:
        services.register_napp(actor=MAKER, manifest=manifest)
    places = [problem.place for problem in caught.value.problems]
    assert place in places, caught.value.problems
    assert selectors.napp_by_slug("public_clues") is None


def test_the_refusal_does_not_tell_what_others_keep(theirs, secret_source):
    messages = set()
    for source in ("housing_secrets", "nothing_at_all"):
        manifest = copy.deepcopy(shipped("public_clues"))
        HOSTILE["forms: a data set of theirs"][0](manifest)
        text = json.dumps(manifest).replace("housing_secrets", source)
        with pytest.raises(ManifestInvalid) as caught:
            services.register_napp(actor=MAKER, manifest=text)
        messages.add(caught.value.problems[-1].message.replace(source, "…"))
    assert len(messages) == 1


def test_the_data_set_of_one_s_own_department_may_be_named(secret_source):
    manifest = copy.deepcopy(shipped(OTHER))
    last = form(manifest)["pages"][-1]["fields"][-1]
    asked = form(manifest)["pages"][0]["fields"][0]["key"]
    last["show_if"] = {"==": [{"lookup": ["housing_secrets", {"var": asked}, "x"]}, "y"]}
    with pytest.raises(ManifestInvalid) as caught:
        services.register_napp(actor=MAKER, manifest=manifest)
    # Only its column is wrong: the data set itself is theirs to use.
    assert "has no column" in caught.value.problems[0].message


def test_another_slug_is_not_taken_over(theirs):
    """A version belongs to the N-app of its slug; to claim a slug is to write its next version,
    which a second person approves."""
    manifest = shipped("public_clues") | {"slug": OTHER, "version": "9.0.0"}
    version = services.register_napp(actor=MAKER, manifest=manifest)
    assert version.napp == theirs
    assert selectors.napp_by_slug(OTHER).current.version == shipped(OTHER)["version"]
