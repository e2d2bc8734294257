"""Cutting, sounding and understanding what people type. Pure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service_hub.finding.index import Findable, Index
from service_hub.finding.meanings import meant_by
from service_hub.finding.sounds import loose_pairs, read_pinyin, sound_pairs, syllables
from service_hub.finding.words import grams, mark_spans, says_nothing, stem

FUND = Findable("service", "fund", {"zh": "租房提取住房公积金", "en": "Withdraw housing fund"},
                {"zh": "付房租", "en": "For rent"}, ("公积金", "租房"))  # fmt: skip
CARD = Findable("service", "card", {"zh": "居民身份证换领", "en": "Renew your identity card"},
                {"zh": "到期换证", "en": "When it ends"})  # fmt: skip
DOG = Findable("service", "dog", {"zh": "养犬登记", "en": "Register a dog"},
               {"zh": "办狗证", "en": "A licence"})  # fmt: skip
INDEX = Index([FUND, CARD, DOG])


def first(text: str) -> str:
    hits = INDEX.search(INDEX.understand(text))
    return hits[0].what.key if hits else ""


def test_two_character_words_are_found():
    assert "租房" in grams("租房提取住房公积金")


def test_english_forms_of_a_word_meet():
    assert stem("renting") == stem("rents") == stem("rented")


def test_everyday_phrasing_says_nothing():
    assert says_nothing("我想") and says_nothing("how")
    assert not says_nothing("租房")


def test_words_decide_how_a_character_sounds():
    assert syllables("银行") == ("yin", "hang")
    assert syllables("行政") == ("xing", "zheng")


def test_pinyin_is_read_in_the_fewest_syllables():
    assert read_pinyin("gongjijin")[0] == ("gong", "ji", "jin")
    assert ("xi", "an") in read_pinyin("xian")
    assert read_pinyin("fund") == ()


def test_careless_sounds_meet():
    assert sound_pairs(("zu", "fang")) != sound_pairs(("zhu", "fang"))
    assert loose_pairs(("zu", "fang")) == loose_pairs(("zhu", "fan"))


def test_a_longer_saying_hides_the_shorter_ones():
    assert [said for said, _meant in meant_by("老头卡丢了")] == ["老头卡", "丢了"]
    assert "old" not in [said for said, _meant in meant_by("gold")]


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("我想要租房", "fund"), ("公积金", "fund"), ("公基金", "fund"), ("gongjijin", "fund"),
        ("gong ji jin", "fund"), ("gjj", "fund"), ("hosing fund", "fund"), ("ＦＵＮＤ", "fund"),
        ("生份证", "card"), ("shenfenzheng", "card"), ("renwe identity", "card"), ("狗证", "dog"),
    ],
)  # fmt: skip
def test_what_is_meant_is_found_however_it_is_typed(said, key):
    assert first(said) == key


def test_a_correction_is_said():
    assert INDEX.understand("hosing").read_as == {"hosing": "housing"}
    assert INDEX.understand("housing").read_as == {}


@pytest.mark.parametrize("said", ["", "   ", "🦖🦖", "zzzzqqqq", "\x00", "，。！"])
def test_nonsense_finds_nothing(said):
    assert first(said) == ""


def test_only_filler_words_still_ask_for_something():
    assert INDEX.understand("怎么办理").units


@given(st.text(max_size=300))
def test_any_text_is_understood_and_bounded(text):
    query = INDEX.understand(text)
    assert len(query.units) <= 40
    scores = [hit.score for hit in INDEX.search(query)]
    assert scores == sorted(scores, reverse=True)
    assert "".join(piece for piece, _hit in mark_spans(text, query.marked)) == text


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", max_size=200))
def test_letters_are_read_in_bounded_steps(letters):
    assert all("".join(way) == letters for way in read_pinyin(letters))
