"""Finding services: pure search grams, then the search over what is open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_core.napps import services as napps
from service_hub.items import selectors
from service_hub.items.search import grams, mark_spans, query_grams, score
from tests.factories import MAKER
from tests.service_hub.makers import open_app


def test_two_character_words_are_found():
    assert "租房" in grams("租房提取住房公积金")


def test_everyday_phrasing_leaves_only_what_tells():
    assert query_grams("我想要租房") == ["租房"]
    assert query_grams("how do I apply for the housing fund") == ["hous", "fund"]


def test_only_filler_words_still_search_for_something():
    assert query_grams("怎么办理") != []


def test_english_forms_of_a_word_meet():
    assert query_grams("renting") == query_grams("rents") == query_grams("rented")


@given(st.text(max_size=300))
def test_any_text_is_searchable_and_bounded(text):
    found = query_grams(text)
    assert len(found) <= 40
    assert all(0 < len(gram) <= 24 for gram in found)
    assert "".join(piece for piece, _hit in mark_spans(text, found)) == text
    assert score(found, [(3, grams(text))]) >= 0


@pytest.mark.django_db
class TestWhatIsOpen:
    @pytest.fixture(autouse=True)
    def _apps(self):
        self.fund = open_app("housing_fund")
        open_app("employment")
        open_app("public_clues")

    @pytest.mark.parametrize(
        ("said", "key"),
        [
            ("租房", "rent"), ("我想租房提公积金", "rent"), ("housing fund", "rent"),
            ("失业了怎么领钱", "benefit"), ("unemployment", "benefit"), ("口罩涨价", "report"),
        ],
    )  # fmt: skip
    def test_the_best_answer_stands_first(self, said, key):
        assert selectors.search_items(said).items[0].key == key

    def test_a_firm_sees_services_for_firms(self):
        assert {i.key for i in selectors.search_items("", end="enterprise").items} == {"refund"}

    def test_nonsense_finds_nothing(self):
        assert selectors.search_items("🦖🦖").items == []
        assert selectors.search_items("zzzzqqqq").items == []

    def test_closing_takes_it_off_the_list_but_leaves_the_guide(self):
        napps.close_napp(actor=MAKER, napp=self.fund)
        assert "rent" not in {i.key for i in selectors.search_items("租房").items}
        item = selectors.item_for("housing_fund", "rent")
        assert not selectors.takes_new_cases(item)

    def test_one_query_for_one_or_many(self, django_assert_num_queries):
        with django_assert_num_queries(1):
            selectors.search_items("公积金")
        with django_assert_num_queries(1):
            selectors.search_items("")
