import json

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from platform_core.napps.manifest import (
    ManifestInvalid,
    Section,
    manifest_schema,
    register_section,
    validate_manifest,
)

ASK = {"kind": "ask", "words": {"zh": "你好", "en": "Hello"}}


def problems(data, **options):
    with pytest.raises(ManifestInvalid) as caught:
        validate_manifest(data, **options)
    return {problem.place: problem.message for problem in caught.value.problems}


def chain(*links, key="first"):
    return [{"key": key, "links": list(links)}]


def test_a_sound_manifest_is_typed(manifest):
    sound = validate_manifest(json.dumps(manifest(chains=chain(ASK))))
    assert sound.slug == "lost_property"
    assert sound.title.en == "Lost property"
    assert sound.role("desk").verbs == ["use", "handle"]
    assert sound.section("chains")[0].links[0].words.zh == "你好"
    assert sound.section("maps") == ()


def test_every_mistake_is_listed_with_section_number_and_field(manifest):
    found = problems(
        manifest(
            slug="Lost Property",
            colour="red",
            chains=[
                {"key": "first", "links": [ASK, {"kind": "go", "to": "first", "after": 12}]},
                {"key": "second", "links": [{"kind": "fly"}], "size": 3},
            ],
        )
    )
    assert set(found) == {
        "manifest.slug",
        "colour",
        "chains[0].links[1].after",
        "chains[1].links[0]",
        "chains[1].size",
    }
    assert found["chains[0].links[1].after"] == "This must be at most 9."
    assert found["chains[1].size"] == "This key is not known."
    assert "“fly” is not known here" in found["chains[1].links[0]"]
    assert found["colour"] == "This section is not known. Known: chains."


def test_names_that_lead_nowhere_are_found_by_the_section(manifest):
    found = problems(manifest(chains=chain({"kind": "go", "to": "third"})))
    assert found == {"chains[0].links[0].to": "There is no chain “third”."}


def test_mistakes_are_said_in_the_readers_language(manifest):
    with translation.override("zh-hans"):
        found = problems(manifest(colour="red"))
    assert "chains" in found["colour"]
    assert "section" not in found["colour"]


@pytest.mark.parametrize(
    "version", ["1", "1.0", "01.0.0", "1.0.0-beta", "v1.0.0", "1.0.0\n", "100000.0.0", 1]
)
def test_versions_are_three_numbers(manifest, version):
    assert "manifest.version" in problems(manifest(version=version))


@pytest.mark.parametrize("slug", ["", "a", "1a", "a-b", "a b", "../etc", "é", "a" * 41, "a\n"])
def test_slugs_are_plain_names(manifest, slug):
    assert "manifest.slug" in problems(manifest(slug=slug))


def test_keys_given_twice_are_refused(manifest):
    two = chain(ASK) + chain(ASK)
    assert problems(manifest(chains=two)) == {"chains[1].key": "The key “first” is given twice."}
    roles = manifest()["roles"] * 2
    assert "manifest.roles[1].key" in problems(manifest(roles=roles))
    assert "twice" in problems('{"slug": "ab", "slug": "cd"}')["manifest"]


def test_a_missing_text_names_the_language(manifest):
    assert problems(manifest(title={"zh": "失物"})) == {"manifest.title.en": "This is missing."}


def test_a_hundred_thousand_levels_never_reach_the_parser():
    for deep in ("[" * 10**5, '{"a":' * 10**5, "[" * 10**5 + "]" * 10**5):
        assert "levels deep" in problems(deep)["manifest"]


def test_more_than_a_megabyte_is_refused():
    assert "larger than 1 MB" in problems(b'"' + b"a" * 1024 * 1024 + b'"')["manifest"]


@pytest.mark.parametrize(
    "text",
    [
        "", "nonsense", "[]", "null", '"text"', "NaN", '{"a": Infinity}', '{"a": 1e999}',
        '{"a": ' + "9" * 5000 + "}", '{"a": "\\u0000"}', '{"a": "\\ud800"}',
        b"\xff\xfe", "{'a': 1}",
    ],
)  # fmt: skip
def test_what_is_no_usable_json_is_refused_in_words(text):
    assert list(problems(text)) == ["manifest"]


def test_where_the_json_breaks_is_said():
    assert problems('{\n  "slug": oops}')["manifest"] == (
        "This is not valid JSON: see line 2, column 11."
    )


def test_a_manifest_made_in_the_browser_may_not_name_a_hook(manifest):
    register_section(Section("calls", list[dict]))
    found = problems(manifest(calls=[{"key": "a", "step": {"hook": "issue_number"}}]))
    assert found == {"calls[0].step.hook": "Only an N-app with code of its own may name a hook."}


def test_the_digest_does_not_depend_on_spacing_or_order(manifest):
    one = validate_manifest(manifest())
    two = validate_manifest(json.dumps(dict(reversed(manifest().items())), indent=4))
    assert one.digest == two.digest


def test_a_section_key_belongs_to_one_capability():
    register_section(Section("calls", list[int]))
    with pytest.raises(ValueError, match="calls"):
        register_section(Section("calls", list[str]))
    with pytest.raises(ValueError, match="roles"):
        register_section(Section("roles", list[str]))


def test_the_json_schema_covers_core_and_sections():
    schema = manifest_schema()
    assert {"slug", "roles", "chains"} <= set(schema["properties"])
    assert "chains.Go" in schema["$defs"]
    assert schema["additionalProperties"] is False


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["schema", "slug", "title", "roles", "chains", "ends", "x"]), json_values
    )
)
def test_any_json_is_answered_with_problems_never_with_an_error(data):
    with pytest.raises(ManifestInvalid) as caught:
        validate_manifest(data)
    assert all(problem.message for problem in caught.value.problems)
