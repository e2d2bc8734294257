"""Two editors of one paper: neither loses a paragraph."""

from hypothesis import given
from hypothesis import strategies as st

from collab_hub.papers.merging import merge, merge_content, merged_lines

LINES = st.lists(st.sampled_from([f"p{n}" for n in range(9)]), max_size=9)
# Which paragraphs are dropped, and where new ones are put in.
EDIT = st.tuples(st.sets(st.integers(0, 8)), st.lists(st.integers(0, 9), max_size=3))


def edited(base, edit, name):
    dropped, added = edit
    text = [line for at, line in enumerate(base) if at not in dropped]
    for n, at in enumerate(added):
        text.insert(at, f"{name}{n}")
    return text


@st.composite
def edits(draw):
    """(base, one's text, the other's text): each with paragraphs dropped and put in."""
    base = draw(LINES)
    return base, edited(base, draw(EDIT), "a"), edited(base, draw(EDIT), "b")


@given(edits())
def test_every_paragraph_that_either_wrote_is_there(texts):
    base, first, second = texts
    merged = merged_lines(merge(base, first, second))
    for text in (first, second):
        assert set(text) - set(base) <= set(merged)


@given(edits())
def test_the_pieces_show_both_texts_whole(texts):
    base, first, second = texts
    pieces = merge(base, first, second)
    assert [line for piece in pieces for line in piece.base] == base
    assert [line for piece in pieces for line in piece.first] == first
    assert [line for piece in pieces for line in piece.second] == second
    for piece in pieces:
        if piece.is_conflict:
            assert set(piece.lines) == set(piece.first) | set(piece.second)


@given(edits())
def test_who_alone_changed_it_gets_their_text(texts):
    base, first, _second = texts
    assert merged_lines(merge(base, first, base)) == first
    assert merged_lines(merge(base, base, first)) == first
    assert not any(piece.is_conflict for piece in merge(base, first, first))


def test_other_fields():
    base = {"title": "A", "body": "x", "main_to": [1, 2]}
    first = {"title": "B", "body": "x\ny", "main_to": [1]}
    second = {"title": "C", "body": "z\nx", "main_to": [1, 2, 3]}
    merged, texts, clashes = merge_content(base, first, second)
    assert merged == {"title": "C", "body": "z\nx\ny", "main_to": [1, 3]}
    assert [(one.name, one.first, one.second) for one in clashes] == [("title", "B", "C")]
    assert not any(piece.is_conflict for piece in texts["body"])
