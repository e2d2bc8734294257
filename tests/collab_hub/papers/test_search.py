"""The search finds what the reader may see, and nothing else."""

import pytest

from collab_hub.papers import receiving_services, selectors
from tests.factories import actor_of, make_official

from .makers import make_draft, make_house, make_sent


@pytest.fixture
def house(db):
    return make_house()


def found(user, text) -> list[str]:
    return [paper.title for paper in selectors.papers_for(user, "all", text)]


def test_chinese_words_numbers_and_parts_of_them(house):
    paper = make_sent(house)
    clerk = house["clerk"]
    for text in ("回头看", "开展回头看工作", "按时完成", "看", "13800007766", paper.number):
        assert found(clerk, text) == [paper.title], text
    # Both pairs of characters are there, the word is not.
    for text in ("看工完成", "没有", "！？"):
        assert found(clerk, text) == [], text


def test_only_in_what_the_reader_may_see(house):
    make_sent(house)
    make_draft(house, title="关于回头看内部方案的通知")
    assert len(found(house["clerk"], "回头看")) == 2
    assert found(house["nurse"], "回头看") == ["关于开展回头看工作的通知"]
    assert found(house["builder"], "回头看") == []
    stranger = make_official("stranger", kind="education", region="330302")
    assert found(stranger, "回头看") == []


def test_papers_from_outside_are_found_by_their_sender(house):
    receiving_services.register_outside(
        actor=actor_of(house["nurse"]), organ=house["health"], kind="notice",
        sender="杭州市疾病预防控制中心", number="杭疾控〔2026〕58号",
        content={"title": "关于流感防控的通知", "body": "请通风。"},
    )  # fmt: skip
    assert found(house["nurse"], "疾病预防控制") == ["关于流感防控的通知"]
    assert found(house["nurse"], "杭疾控〔2026〕58号") == ["关于流感防控的通知"]
    assert found(house["clerk"], "通风") == []
    assert [one.paper.title for one in selectors.receipts_for(house["nurse"], "通风")]
