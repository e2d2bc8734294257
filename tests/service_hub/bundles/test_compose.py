"""One form out of several: everything is asked exactly once, and answers find their way back."""

from hypothesis import given, settings
from hypothesis import strategies as st

from platform_core.capabilities.forms.schema import Form
from service_hub.bundles.compose import Part, compose

WORDS = {"zh": "问", "en": "Question"}
KEYS = ["name", "mobile", "area", "note_1", "kind", "kind_2"]
PREFILLS = [None, None, "profile.name", "profile.mobile"]


@st.composite
def parts(draw):
    found = []
    for number in range(draw(st.integers(1, 4))):
        keys = draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=6, unique=True))
        fields = []
        for at, key in enumerate(keys):
            one = {"key": key, "type": "text", "label": WORDS, "required": draw(st.booleans())}
            one["prefill"] = draw(st.sampled_from(PREFILLS))
            one["max_length"] = draw(st.integers(10, 90))
            if at and draw(st.booleans()):
                one["show_if"] = {"==": [{"var": keys[0]}, "x"]}
            fields.append(one)
        form = {
            "key": "form",
            "title": WORDS,
            "pages": [{"key": "you", "title": WORDS, "fields": fields}],
        }
        found.append(Part(f"napp_{number}/item", WORDS, Form.model_validate(form)))
    return found


@st.composite
def cases(draw):
    found = draw(parts())
    groups, taken = [], set()
    for key in draw(st.lists(st.sampled_from(KEYS), max_size=3, unique=True)):
        group = [f"{one.ref}:{key}" for one in found if one.form.question(key)]
        if len(group) > 1 and not taken & set(group):
            groups.append(group)
            taken |= set(group)
    return found, groups


@settings(max_examples=150, deadline=None)
@given(cases(), st.data())
def test_every_question_is_asked_exactly_once_and_answers_map_back_unchanged(case, data):
    found, groups = case
    made = compose("together", WORDS, found, groups, WORDS)
    asked = [question.key for question in made.form.questions()]
    assert len(asked) == len(set(asked))
    homes = []
    for part in found:
        keys = made.keys[part.ref]
        assert set(keys) == {question.key for question in part.form.questions()}
        assert len(set(keys.values())) == len(keys)  # no two questions of one form become one
        homes += keys.values()
    assert set(homes) == set(asked)
    assert made.asked <= made.separately
    values = {key: data.draw(st.text(max_size=5)) for key in asked}
    for part in found:
        answers = made.answers_of(part.ref, values)
        assert {made.keys[part.ref][own]: said for own, said in answers.items()} == {
            key: values[key] for key in made.keys[part.ref].values()
        }


@settings(max_examples=100, deadline=None)
@given(cases())
def test_what_one_form_always_needs_the_whole_needs(case):
    found, groups = case
    made = compose("together", WORDS, found, groups, WORDS)
    for part in found:
        for question in part.form.questions():
            if question.required and question.show_if is None:
                whole = made.form.question(made.keys[part.ref][question.key])
                assert whole.required and whole.show_if is None
                assert whole.max_length <= question.max_length


def test_conditions_ask_for_the_renamed_question():
    def part(slug: str, prefill=None):
        fields = [
            {"key": "kind", "type": "text", "label": WORDS, "required": True},
            {"key": "more", "type": "text", "label": WORDS,
             "show_if": {"and": [{"==": [{"var": "kind"}, "x"]}]}},
        ]  # fmt: skip
        checks = [
            {"that": {"!=": [{"var": "kind"}, {"var": "more"}]}, "message": WORDS, "field": "more"}
        ]
        form = {"key": "form", "title": WORDS, "checks": checks,
                "pages": [{"key": "you", "title": WORDS, "fields": fields}]}  # fmt: skip
        return Part(f"{slug}/item", WORDS, Form.model_validate(form))

    made = compose("together", WORDS, [part("one"), part("two")], [], WORDS)
    second = made.form.question("more_2")
    assert second.show_if == {"and": [{"==": [{"var": "kind_2"}, "x"]}]}
    assert made.form.checks[1].field == "more_2"
    assert made.form.checks[1].that == {"!=": [{"var": "kind_2"}, {"var": "more_2"}]}
    assert made.errors_here("two/item", {"more": ["no"]}) == {"more_2": ["no"]}
