from django.http import QueryDict

from collab_hub.inbox.query import InboxQuery


def test_a_view_reads_back_from_its_own_address():
    query = InboxQuery(
        box="pool",
        q="陈 & Söhne",
        due="late",
        napp="market_stall",
        stage="review",
        kind="fill",
        light="red",
    )
    assert InboxQuery.read(QueryDict(query.address())) == query


def test_the_first_box_has_a_short_address():
    assert InboxQuery().address() == ""
    assert InboxQuery(box="mine", due="late").address(due="") == "box=mine"


def test_what_is_not_offered_counts_as_not_given():
    read = InboxQuery.read(QueryDict("box=%00&due=yesterday&stage=x&napp=a';drop--&q=" + "x" * 500))
    assert (read.box, read.due, read.stage) == ("all", "", "")
    assert read.napp == "adrop--"
    assert len(read.q) == 100
