"""One form out of several: everything is asked exactly once, and answers find their way back."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from platform_core.capabilities.forms.engine import examine
from platform_core.capabilities.forms.facts import Facts, FileFact
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


KINDS = ["pdf", "jpg", "png"]
CODES = ["household_book", "birth_certificate", "plan"]


@st.composite
def with_papers(draw):
    """Forms that ask for papers, some only when an answer of their own says so."""
    found = []
    for number in range(draw(st.integers(2, 4))):
        codes = draw(st.lists(st.sampled_from(CODES), min_size=1, max_size=3, unique=True))
        kinds = st.lists(st.sampled_from(KINDS[1:]), unique=True)
        fields = [{"key": "kind", "type": "yes_no", "label": WORDS, "required": True}]
        for at in range(len(codes)):
            one = {"key": f"file_{at}", "type": "attachment", "label": WORDS,
                   "required": draw(st.booleans()), "max_files": draw(st.integers(1, 3)),
                   "accept": ["pdf", *draw(kinds)]}  # fmt: skip
            if draw(st.booleans()):
                one["show_if"] = {"==": [{"var": "kind"}, draw(st.booleans())]}
            fields.append(one)
        form = {"key": "form", "title": WORDS,
                "pages": [{"key": "you", "title": WORDS, "fields": fields}]}  # fmt: skip
        papers = {f"file_{at}": f"{code}:upload" for at, code in enumerate(codes)}
        found.append(Part(f"napp_{number}/item", WORDS, Form.model_validate(form), papers))
    # The author may add, and says something else about the same papers.
    pairs = [[f"{found[0].ref}:file_0", f"{found[-1].ref}:file_0"]] if draw(st.booleans()) else []
    return found, pairs


@settings(max_examples=200, deadline=None)
@given(with_papers(), st.data())
def test_each_paper_is_asked_once_and_what_the_whole_takes_each_form_takes(case, data):
    found, pairs = case
    made = compose("together", WORDS, found, pairs, WORDS)
    homes: dict[str, set[str]] = {}
    for part in found:
        for own, code in part.papers.items():
            homes.setdefault(code, set()).add(made.keys[part.ref][own])
    assert all(len(keys) == 1 for keys in homes.values())
    files = {f"{kind}{n}": FileFact(f"{kind}{n}", f"a.{kind}", 9, "", "clean")
             for kind in KINDS for n in range(3)}  # fmt: skip
    facts = Facts(today=date(2026, 9, 1), files=files)
    values = {}
    for one in made.form.questions():
        if one.type == "yes_no":
            values[one.key] = data.draw(st.booleans())
        else:
            values[one.key] = data.draw(
                st.lists(st.sampled_from(sorted(files)), max_size=3, unique=True)
            )
    whole = examine(made.form, values, facts)
    errors = {}
    for part in found:
        own = examine(part.form, made.answers_of(part.ref, values), facts)
        errors |= made.errors_here(part.ref, own.errors)
    if not whole.errors:
        assert not errors
    # The whole is no stricter than needed: it misses only what one of the forms misses.
    assert set(whole.missing) <= set(errors)


@settings(max_examples=100, deadline=None)
@given(with_papers(), st.data())
def test_only_what_no_form_needs_any_more_is_spared(case, data):
    found, pairs = case
    made = compose("together", WORDS, found, pairs, WORDS)
    exempt = {
        part.ref: {own: {"by": part.ref} for own in part.papers if data.draw(st.booleans())}
        for part in found
    }
    spared = made.spared(exempt)
    for part in found:
        for own in part.papers:
            key = made.keys[part.ref][own]
            if part.form.question(own).required and own not in exempt[part.ref]:
                assert key not in spared
    for key in spared:
        assert any(key == made.keys[ref][own] for ref, owns in exempt.items() for own in owns)
