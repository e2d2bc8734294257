"""The section "documents" of a manifest: mistakes are named with their place."""

from types import SimpleNamespace

import pytest

from platform_core.capabilities.documents.capability import decision_outputs
from platform_core.napps.manifest import ManifestInvalid, validate_manifest
from tests.service_hub.makers import manifest_of


def problems(change) -> dict[str, str]:
    manifest = manifest_of("housing_fund")
    change(manifest)
    try:
        validate_manifest(manifest)
    except ManifestInvalid as error:
        return {problem.place: problem.message for problem in error.problems}
    return {}


def template(manifest) -> dict:
    return manifest["documents"][0]


def text(words: str) -> dict:
    return {"kind": "paragraph", "text": {"zh": words, "en": words}}


def test_the_sample_is_sound():
    assert problems(lambda manifest: None) == {}


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda m: template(m)["blocks"].append(text("{nobody}")), "documents[0].blocks[7].text"),
        (
            lambda m: template(m)["blocks"].append(text("{answers.nobody}")),
            "documents[0].blocks[7].text",
        ),
        (lambda m: template(m)["blocks"].append(text("{0}")), "documents[0].blocks[7].text"),
        (
            lambda m: template(m)["blocks"].append(text("{a.__class__}")),
            "documents[0].blocks[7].text",
        ),
        (lambda m: template(m).update(title={"zh": "{x}", "en": "{x}"}), "documents[0].title"),
        (lambda m: template(m).update(form="nowhere"), "documents[0].form"),
        (lambda m: template(m).pop("form"), "documents[0].blocks[2].fields[0]"),
        (
            lambda m: template(m)["blocks"][2]["fields"].append("nobody"),
            "documents[0].blocks[2].fields[4]",
        ),
        (
            lambda m: template(m)["blocks"][2]["fields"].append("lease_photo"),
            "documents[0].blocks[2].fields[4]",
        ),
        (
            lambda m: template(m)["blocks"].append({"kind": "table", "field": "rent"}),
            "documents[0].blocks[7].field",
        ),
        (lambda m: template(m)["number"].update(word="ABC"), "documents[0].number.word"),
        (lambda m: template(m)["blocks"].append({"kind": "qr"}), "documents[0]"),
        (
            lambda m: template(m)["blocks"].append({"kind": "raw", "text": "#x"}),
            "documents[0].blocks[7]",
        ),
        (
            lambda m: m["services"][0]["notices"][0].update(document="nowhere"),
            "services[0].notices[0].document",
        ),
        (
            lambda m: m["services"][0]["result"].update(document="withdrawal_decision"),
            "services[0].result.document",
        ),
        (
            lambda m: m["services"][0]["notices"].append(m["services"][0]["notices"][0]),
            "services[0].notices",
        ),
    ],
)
def test_a_mistake_is_said_at_its_place(change, place):
    assert place in problems(change)


def test_the_outputs_of_decision_tables_have_names():
    table = SimpleNamespace(key="amount", outputs=[SimpleNamespace(key="sum")])
    manifest = SimpleNamespace(section=lambda key: [table] if key == "decisions" else [])
    assert decision_outputs(manifest) == {"decisions.amount.sum"}
