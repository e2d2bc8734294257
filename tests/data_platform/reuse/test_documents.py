from data_platform.reuse.documents import parse, read_document

TEXT = """# Forms

Draws **forms** as `data`, see [the rules](../rules/README.md).
Second line.

## Owns
- one
- two
  goes on

| a | b |
|---|---|
| 1 | 2 |

```python
x = 1
```
"""


def test_a_readme_becomes_blocks():
    kinds = [(block.kind, block.lines) for block in parse(TEXT)]
    assert kinds == [
        ("heading", ["Forms"]),
        ("text", ["Draws forms as data, see the rules.", "Second line."]),
        ("heading", ["Owns"]),
        ("list", ["one", "two goes on"]),
        ("table", [["a", "b"], ["1", "2"]]),
        ("code", ["x = 1"]),
    ]


def test_the_document_has_title_and_summary(tmp_path):
    path = tmp_path / "README.md"
    path.write_text(TEXT)
    found = read_document(path)
    assert found.title == "Forms"
    assert found.summary == "Draws forms as data, see the rules. Second line."
    assert found.blocks[0].kind == "text"
    assert read_document(tmp_path / "none.md") is None


def test_markup_stays_text():
    (block,) = parse("<script>alert(1)</script>")
    assert block.lines == ["<script>alert(1)</script>"]
