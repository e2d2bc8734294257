import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from data_platform.reuse import selectors
from platform_core.napps import services as napps
from tests.collab_hub.makers import FILL, make_napp, text
from tests.factories import MAKER, make_citizen, make_official


@pytest.fixture
def clerk(db):
    return make_official(kind="market")


def uses(user) -> dict[str, list[str]]:
    catalogue = selectors.capability_catalogue(user)
    return {use.key: [napp.slug for napp in use.napps] for use in catalogue}


def test_sections_belong_to_the_capability_that_registered_them():
    owners = selectors.section_owners()
    assert owners["forms"] == "forms"
    assert owners["processes"] == "process"
    # A section of several kinds of page is written as a union.
    assert owners["pages"] == "pages"
    assert "services" not in owners


def test_the_catalogue_counts_published_napps(clerk):
    make_napp()
    second = make_napp(FILL, slug="night_market", title=text("Night market"))
    assert uses(clerk)["forms"] == uses(clerk)["process"] == ["market_stall", "night_market"]
    assert uses(clerk)["pages"] == []
    napps.disable_napp(actor=MAKER, napp=second.napp)
    assert uses(clerk)["forms"] == ["market_stall"]


def test_drafts_do_not_count(clerk):
    from tests.collab_hub.makers import ACCEPT, manifest

    napps.register_napp(actor=MAKER, manifest=manifest([ACCEPT]))
    assert uses(clerk)["forms"] == []


def test_every_capability_is_documented(clerk):
    for use in selectors.capability_catalogue(clerk):
        assert use.title and use.summary
        assert use.document is not None, use.key


def test_questions_asked_twice_come_first(clerk):
    make_napp()
    make_napp(FILL, slug="night_market")
    first, *_rest = selectors.question_catalogue(clerk)
    assert len(first.napps) == 2 and first.asked == 2
    by_key = {use.key: use for use in selectors.question_catalogue(clerk)}
    assert by_key["name"].prefilled == 2 and by_key["place"].prefilled == 0


def test_only_who_works_here_sees_the_figures(db):
    make_napp()
    for user in (make_citizen(), AnonymousUser()):
        assert selectors.capability_catalogue(user) == []
        assert selectors.question_catalogue(user) == []
        with pytest.raises(Http404):
            selectors.capability(user, "forms")


def test_the_catalogue_costs_one_query(clerk, django_assert_num_queries):
    make_napp()
    make_napp(FILL, slug="night_market")
    with django_assert_num_queries(1):
        selectors.capability_catalogue(clerk)
    with django_assert_num_queries(1):
        selectors.question_catalogue(clerk)
