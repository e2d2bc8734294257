"""Usual opinions of a person and of a department."""

import pytest
from django.http import Http404

from platform_core.capabilities.process.phrases.models import Phrase
from platform_core.capabilities.process.phrases.selectors import phrases_for
from platform_core.capabilities.process.phrases.services import MOST, add_phrase, drop_phrase
from platform_core.common.errors import Unusable
from tests.factories import actor_of, make_department

from ..test_choosing import head_of

pytestmark = pytest.mark.django_db


def keep(user, text="Complete and correct.", **more):
    return add_phrase(actor=actor_of(user), text=text, **more)


def texts(user, node="accept") -> list[str]:
    return [one.text for one in phrases_for(user, node)]


def test_ones_own_are_ones_own(clerk, other_clerk):
    keep(clerk, "  Complete   and correct. ")
    assert texts(clerk) == ["Complete and correct."]
    assert texts(other_clerk) == []


def test_a_departments_are_for_its_people_and_its_step(clerk, stranger):
    head = head_of(make_department("market"), "head")
    keep(head, "Accepted.", department=make_department("market"), node="accept")
    keep(head, "As the law says.", department=make_department("market"))
    assert texts(clerk) == ["Accepted.", "As the law says."]
    assert texts(clerk, "decide") == ["As the law says."]
    assert texts(stranger) == []


def test_only_the_head_keeps_them_for_a_department(clerk):
    with pytest.raises(Unusable) as error:
        keep(clerk, department=make_department("market"))
    assert set(error.value.errors) == {"department"}


@pytest.mark.parametrize("text", ["", "  ", "x" * 501, "a\x00b"])
def test_what_cannot_be_kept_is_named(clerk, text):
    with pytest.raises(Unusable) as error:
        keep(clerk, text)
    assert set(error.value.errors) == {"text"}


def test_not_twice_and_not_without_end(clerk):
    keep(clerk)
    with pytest.raises(Unusable):
        keep(clerk)
    Phrase.objects.bulk_create(Phrase(owner=clerk, text=f"x{n}") for n in range(MOST - 1))
    with pytest.raises(Unusable):
        keep(clerk, "One more.")


def test_who_may_drop_one(clerk, other_clerk):
    own = keep(clerk)
    with pytest.raises(Http404):
        drop_phrase(actor=actor_of(other_clerk), phrase_id=own.pk)
    head = head_of(make_department("market"), "head")
    shared = keep(head, "Shared.", department=make_department("market"))
    with pytest.raises(Http404):
        drop_phrase(actor=actor_of(clerk), phrase_id=shared.pk)
    drop_phrase(actor=actor_of(head), phrase_id=shared.pk)
    drop_phrase(actor=actor_of(clerk), phrase_id=own.pk)
    assert not Phrase.objects.exists()
