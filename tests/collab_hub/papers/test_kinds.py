"""What each of the fifteen kinds demands before a draft may be sent on."""

import pytest

from collab_hub.papers.elements import asked_for, clean, problems
from collab_hub.papers.kinds import KINDS, UP, kind_of


def content(kind: str, **more) -> dict:
    found = {
        "title": f"关于某事的{KINDS[kind].title['zh']}", "body": "正文。", "matters": "某事",
        "direction": KINDS[kind].directions[0], "main_to": [1], "signer": 7, "contact": "方言",
        "contact_phone": "0571-88880000", "reply_to": "西政办〔2026〕1号",
    }  # fmt: skip
    return clean(found | more)


def wrong(kind: str, **more) -> set[str]:
    return set(problems(kind_of(kind), content(kind, **more)))


def test_there_are_fifteen_and_each_can_be_complete():
    assert len(KINDS) == 15
    assert {one.title["zh"] for one in KINDS.values()} == set(
        "决议 决定 命令 公报 公告 通告 意见 通知 通报 报告 请示 批复 议案 函 纪要".split()
    )
    for key in KINDS:
        assert wrong(key) == set(), key


@pytest.mark.parametrize("kind", [key for key, one in KINDS.items() if UP in one.directions])
def test_what_goes_up_names_who_signs(kind):
    assert wrong(kind, direction=UP, signer=None) == {"signer"}


def test_a_request_has_one_matter_one_addressee_and_somebody_to_ask():
    assert wrong("request", matters="甲\n乙") == {"matters"}
    assert wrong("request", matters="") == {"matters"}
    assert wrong("request", main_to=[1, 2]) == {"main_to"}
    assert wrong("request", contact="", contact_phone="") == {"contact", "contact_phone"}
    assert wrong("notice", main_to=[1, 2], contact="", contact_phone="", matters="") == set()


def test_a_report_carries_no_request():
    assert wrong("report", body="情况如上。妥否，请批示。") == {"body"}
    assert wrong("request", body="情况如上。妥否，请批示。") == set()
    assert asked_for("恳请\n批准") == "恳请批准"


def test_the_rest_of_the_rules():
    assert wrong("reply", reply_to="") == {"reply_to"}
    assert wrong("notice", title="关于某事的报告") == {"title"}
    assert wrong("notice", direction="up") == {"direction"}
    assert wrong("notice", main_to=[]) == {"main_to"}
    assert wrong("announcement", main_to=[]) == set()
    assert wrong("notice", secrecy="secret") == {"secret_for"}
    assert wrong("notice", body="长" * 60_001) == {"body"}


def test_anything_sent_becomes_a_content():
    sent = {"body": " 一 \r\n\r\n\u3000\u3000二\x00", "main_to": ["3", "x", 3]}
    assert clean(sent)["body"] == "一\n二"
    assert clean({"main_to": ["3", "x", 3], "copy_to": [3, 4]})["copy_to"] == [4]
