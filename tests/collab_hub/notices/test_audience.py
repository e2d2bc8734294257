"""The language of audiences: its algebra, its stored form, and that the database reads it alike."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collab_hub.notices.audience import (
    Audience,
    NoAudience,
    Term,
    read,
    read_saved,
    written,
)
from collab_hub.notices.people import members
from security.organs.models import Post
from tests.factories import make_department, make_official

from .reference import PersonFacts, PostFacts, matches

SLOW_MACHINE = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
KINDS, REGIONS, DUTIES = ("health", "market"), ("330100", "330106", "330110"), ("head", "clerk")


def some(values, most: int = 2):
    return st.frozensets(st.sampled_from(values), max_size=most)


terms = st.builds(
    Term, organ=some(range(1, 4)), below=st.booleans(), kind=some(KINDS), region=some(REGIONS),
    duty=some(DUTIES), person=some(range(1, 6)), other=some([("grid", "a"), ("grid", "b")]),
)  # fmt: skip
audiences = st.builds(
    Audience, st.lists(terms, max_size=3).map(tuple), st.lists(terms, max_size=2).map(tuple)
)
posts = st.builds(
    lambda organ, up, kind, regions, duties: PostFacts(
        organ, frozenset({organ, *up}), kind, regions, duties
    ),
    st.integers(1, 3), some(range(1, 4)), st.sampled_from(KINDS), some(REGIONS, 3), some(DUTIES),
)  # fmt: skip
people = st.builds(
    PersonFacts, st.integers(1, 5), st.lists(posts, max_size=3).map(tuple),
    some([("grid", "a"), ("grid", "b")]),
)  # fmt: skip


@SLOW_MACHINE
@given(audiences, terms, people)
def test_unions_add_exceptions_take_away_and_order_does_not_matter(audience, term, one):
    plain = Audience(audience.terms)
    other = Audience((term,))
    in_either = matches(plain, one, {}) or matches(other, one, {})
    assert matches(plain | other, one, {}) == matches(other | plain, one, {}) == in_either
    less = plain.less(term)
    assert matches(less, one, {}) == (matches(plain, one, {}) and not matches(other, one, {}))
    assert matches(plain | plain, one, {}) == matches(plain, one, {})
    # A saved group stands for its own audience with its own exceptions.
    group = Audience((Term(group=frozenset({9})),))
    assert matches(group, one, {9: audience}) == matches(audience, one, {})
    assert not matches(group, one, {})


@SLOW_MACHINE
@given(audiences, people)
def test_an_audience_is_read_as_it_was_written(audience, one):
    again = read(written(audience))
    assert written(again) == written(audience)
    assert matches(again, one, {}) == matches(audience, one, {})


@pytest.mark.parametrize(
    "data",
    [None, [], {"all": []}, {"any": {}}, {"any": [{"organ": ["1"]}]}, {"any": [{"organ": [True]}]},
     {"any": [{"duty": ["king"]}]}, {"any": [{"other": [["grid"]]}]}, {"any": [{"below": 1}]},
     {"any": [{}] * 21}, {"any": [{"person": [2**31]}]}],
)  # fmt: skip
def test_what_is_no_audience_is_refused(data):
    with pytest.raises(NoAudience):
        read(data)


def test_a_saved_group_names_no_group():
    with pytest.raises(NoAudience):
        read_saved({"any": [{"group": [1]}]})


@pytest.fixture
def world(db):
    """Three organs, one below another one, with people of several duties; {name: user}."""
    health = make_department("health")
    below = make_department("health_station", parent=health)
    city = make_department("market", "330100")
    made = {
        "chief": make_official("chief", department=health, duties=["head"]),
        "clerk": make_official("clerk", department=health),
        "nurse": make_official("nurse", department=below),
        "mayor": make_official("mayor", department=city, duties=["head"]),
    }
    Post.objects.filter(user=made["mayor"]).update(is_head=True)
    return made


def facts(user) -> PersonFacts:
    found = []
    for post in user.posts.select_related("department__region").prefetch_related("groups"):
        organ, chain = post.department, set()
        while organ:
            chain.add(organ.pk)
            organ = organ.parent
        duties = {group.name.removeprefix("duty:") for group in post.groups.all()}
        found.append(
            PostFacts(
                post.department_id, frozenset(chain), post.department.kind,
                frozenset(post.department.region.path.strip("/").split("/")),
                frozenset(duties | ({"head"} if post.is_head else set())),
            )
        )  # fmt: skip
    return PersonFacts(user.pk, tuple(found))


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
@given(data=st.data())
def test_the_database_chooses_the_same_people(world, data):
    organs = sorted({post.department_id for one in world.values() for post in one.posts.all()})
    keys = [one.pk for one in world.values()]
    real = st.builds(
        Term, organ=some(organs), below=st.booleans(),
        kind=some(["health", "health_station", "market"]), region=some(REGIONS),
        duty=some(["head", "clerk"]), person=some(keys),
    )  # fmt: skip
    chosen = data.draw(
        st.builds(Audience, st.lists(real, max_size=3).map(tuple),
                  st.lists(real, max_size=2).map(tuple))
    )  # fmt: skip
    expected = {one.pk for one in world.values() if matches(chosen, facts(one), {})}
    assert set(members(chosen).values_list("pk", flat=True)) == expected
