"""Finding services over what is open at this moment."""

import pytest

from platform_core.napps import services as napps
from service_hub.items import selectors
from tests.factories import MAKER, make_citizen, make_department, make_region
from tests.service_hub.makers import file_elsewhere, open_app


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

    def test_as_many_queries_for_one_as_for_many(self, django_assert_num_queries):
        selectors.search_items("公积金")
        # What is open and which N-apps are, then the rows.
        with django_assert_num_queries(4):
            selectors.search_items("公积金")
        with django_assert_num_queries(4):
            selectors.search_items("失业 公积金 线索")
        with django_assert_num_queries(1):
            selectors.search_items("")

    def test_a_change_is_found_by_its_new_words_at_once(self):
        assert selectors.search_items("蓝鲸").items == []
        item = selectors.item_for("housing_fund", "rent")
        item.title = {"zh": "蓝鲸提取", "en": "Whale"}
        item.save()
        assert selectors.search_items("蓝鲸").items == [item]

    def test_the_pages_of_an_open_napp_are_found_and_gone_when_it_is_disabled(self):
        napp = open_app("return_to_work")
        found = selectors.search_items("复工 四项条件", end="enterprise").answer.by_kind
        assert any(hit.what.key.startswith("return_to_work/") for hit in found["page"])
        napps.disable_napp(actor=MAKER, napp=napp)
        gone = selectors.search_items("复工 四项条件", end="enterprise").answer.by_kind
        assert "page" not in gone


@pytest.mark.django_db
class TestPopular:
    def test_what_is_used_around_the_reader_comes_first(self):
        alice = make_citizen()
        make_department("medical_insurance")
        file_elsewhere(alice)
        open_app("employment")
        assert selectors.most_used("public")[0].key == "elsewhere"
        assert selectors.most_used("public", make_region("330106"))[0].key == "elsewhere"
        far = selectors.most_used("public", make_region("330302"))
        assert far[0].near == 0 and far[0].key == "elsewhere"
