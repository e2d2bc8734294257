"""Tables as DMN 1.3: out and in again unchanged, understood by others, hostile ones refused."""

import io
from pathlib import Path

import pytest
import SpiffWorkflow.dmn.parser as spiff
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from SpiffWorkflow.dmn.parser.DMNParser import DMNParser

from platform_core.capabilities.decisions import evaluate
from platform_core.capabilities.decisions.dmn import DMNRefused, read_dmn, to_dmn
from platform_core.capabilities.decisions.dmn.feel import NotMeant, read_cell, read_literal
from platform_core.capabilities.decisions.dmn.xml import DMN
from tests.platform_core.capabilities.decisions.makers import (
    TODAY,
    answers,
    decisions,
    table,
    text,
)

SCHEMA = etree.XMLSchema(
    etree.parse(Path(spiff.__file__).parent / "schema" / "DMN13.xsd")
)  # OMG's own


def refusal(document) -> str:
    with pytest.raises(DMNRefused) as refused:
        read_dmn(document if isinstance(document, bytes) else document.encode())
    return str(refused.value)


@settings(max_examples=150, deadline=None)
@given(decisions())
def test_out_and_in_again_is_the_same_table(decision):
    document = to_dmn(decision)
    assert read_dmn(document).decision == decision
    assert SCHEMA.validate(etree.fromstring(document)), SCHEMA.error_log


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_without_our_extension_the_table_still_means_the_same(data):
    """Another tool may drop what it does not know; rows and results must not change by it."""
    decision = data.draw(decisions())
    root = etree.fromstring(to_dmn(decision))
    for element in root.findall(f".//{{{DMN}}}extensionElements"):
        element.getparent().remove(element)
    values = data.draw(answers(decision))
    try:
        bare = read_dmn(etree.tostring(root)).decision
    except DMNRefused:
        raise AssertionError("a table of ours is refused without its extension") from None
    found, wanted = (evaluate(one, values, today=TODAY) for one in (bare, decision))
    if found.problem != "unfit":  # it takes no empty value where no cell asks for one
        assert (found.rows, found.outputs) == (wanted.rows, wanted.outputs)


@settings(max_examples=40, deadline=None)
@given(decisions())
def test_another_parser_reads_the_same_rows(decision):
    root = etree.parse(io.BytesIO(to_dmn(decision))).getroot()
    parser = DMNParser(None, root, {"dmn": DMN})
    parser.parse()
    (read,) = parser.decision.decisionTables
    assert [one.expression for one in read.inputs] == [one.key for one in decision.inputs]
    assert [one.name for one in read.outputs] == [one.key for one in decision.outputs]
    assert len(read.rules) == len(decision.rows)
    assert read.hit_policy == decision.hit.upper()


HOSTILE = ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "]]>", "&lol;", "'--",
           "=cmd|' /C calc'!A0", "\u200f\u2060", "a\x0bb", "<!DOCTYPE"]  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words(words):
    rows = table().model_dump(by_alias=True)["rows"]
    rows[0]["note"] = text(words)
    decision = table(title=text(words), rows=rows)
    document = to_dmn(decision)
    root = etree.fromstring(document)
    assert not root.findall(".//script") and not root.findall(".//img")
    assert read_dmn(document).decision == decision


def bare(entry="-", *, kind="number", policy="UNIQUE", extra="", more="", result='"low"'):
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="{DMN}" name="d" namespace="n" id="defs">{more}
 <decision id="risk" name="Risk">{extra}
  <decisionTable id="t" hitPolicy="{policy}">
   <input id="i" label="Staff"><inputExpression id="e" typeRef="{kind}"><text>staff</text>
   </inputExpression></input>
   <output id="o" name="level" typeRef="string"/>
   <rule id="r"><inputEntry id="ie"><text>{entry}</text></inputEntry>
   <outputEntry id="oe"><text>{result}</text></outputEntry></rule>
  </decisionTable></decision></definitions>"""


def test_a_table_that_others_wrote_is_read():
    decision = read_dmn(bare("[60..80)").encode()).decision
    assert evaluate(decision, {"staff": 60}, today=TODAY).outputs == {"level": "low"}
    assert evaluate(decision, {"staff": 80}, today=TODAY).problem == "nothing"
    assert evaluate(decision, {}, today=TODAY).problem == "unfit"


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (bare("staff + 1"), "rule 1, input 1: “staff + 1” is not understood"),
        (bare('"many"'), "rule 1, input 1: the value does not fit"),
        (bare("&lt; 3, > 9"), "rule 1, input 1"),
        (bare("-", result="level + 1"), "rule 1, output 1"),
        (bare("-", result="-"), "rule 1, output 1"),
        (bare(policy="PRIORITY"), "hit policy PRIORITY"),
        (bare(policy="ANY"), "hit policy ANY"),
        (bare(policy="RULE ORDER"), "hit policy RULE ORDER"),
        (bare(kind="context"), "type context"),
        (bare(more='<businessKnowledgeModel id="b" name="b"/>'), "businessKnowledgeModel"),
        (bare(more='<itemDefinition id="b" name="b"/>'), "itemDefinition"),
        (bare(extra='<informationRequirement><requiredDecision href="#x"/>'
                    "</informationRequirement>"), "another decision"),
        (bare().replace('id="risk"', 'id="Risk 1"'), "no key"),
        (bare().replace("<text>staff</text>", "<text>size(staff)</text>"), "no key"),
        (bare().replace("20191111", "20180521"), "not a DMN 1.3"),
        (bare().replace("decisionTable", "literalExpression"), "not a table"),
        ("<a>", "no XML"),
        ("", "no XML"),
        (b"\xff\xfe<\x00", "UTF-8"),
    ],
)  # fmt: skip
def test_what_could_not_be_meant_is_refused_with_its_place(document, words):
    assert words in refusal(document)


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
DOCTYPES = {
    "billion laughs": f'<!DOCTYPE d [<!ENTITY l0 "ha">{LAUGHS}]><d>&l9;</d>',
    "in an attribute": f'<!DOCTYPE d [<!ENTITY l0 "ha">{LAUGHS}]><d a="&l9;"/>',
    "quadratic": f'<!DOCTYPE d [<!ENTITY a "{"a" * 50_000}">]><d>{"&a;" * 50_000}</d>',
    "a file": '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>',
    "the net": '<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd"><d/>',
}


@pytest.mark.parametrize("document", DOCTYPES.values(), ids=DOCTYPES)
def test_a_document_type_is_refused_before_it_is_read(document):
    assert "document type" in refusal(document)


def test_a_declared_encoding_hides_no_document_type():
    hidden = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'
    document = b'<?xml version="1.0" encoding="UTF-7"?>' + hidden.encode("utf-7")
    assert "passwd" not in refusal(document)


@pytest.mark.parametrize("depth", [101, 300, 200_000])
def test_what_nests_too_deep_is_refused(depth):
    assert refusal("<a>" * depth + "</a>" * depth)


def test_what_is_too_large_is_refused():
    assert "elements" in refusal(f"<a>{'<b/>' * 20_001}</a>")
    assert "2 MB" in refusal(b" " * (2 * 1024 * 1024 + 1))


@pytest.mark.parametrize(
    ("words", "kind", "cell"),
    [
        ("-", "number", None),
        (">= 1.50", "number", {"is": "compare", "op": ">=", "value": 1.5}),
        ("]1..2[", "number",
         {"is": "between", "from": 1, "to": 2, "from_open": True, "to_open": True}),
        ('@"2020-02-29"', "date", {"is": "equal", "value": "2020-02-29"}),
        ('"a" , "b"', "text", {"is": "one_of", "values": ["a", "b"]}),
        ('not("a",null)', "text", {"is": "not_one_of", "values": ["a"]}),
        ("not(null)", "text", {"is": "filled"}),
        ("null", "yes_no", {"is": "empty"}),
        (r'"\u4e01\"\\"', "text", {"is": "equal", "value": '丁"\\'}),
        ("-.5", "money", {"is": "equal", "value": -0.5}),
    ],
)  # fmt: skip
def test_unary_tests_mean_cells(words, kind, cell):
    assert read_cell(words, kind, required=False) == cell


@pytest.mark.parametrize(
    "words",
    ["not(1)", "not(> 1)", "1..2", "[1..", "[1..2", "1, null", "> null", "1.0000001", "1 2",
     "date(\"2020-02-30\")", "?> 3", "1e3", "x", "(1)", "9" * 40, "\\", "not 1", "1,"],
)  # fmt: skip
def test_everything_else_is_refused(words):
    with pytest.raises(NotMeant):
        read_cell(words, "number", required=False)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=30) | st.from_regex(r"[\[\]()<>=.,0-9\-\"a-z ]{0,20}", fullmatch=True))
def test_any_text_is_a_cell_or_refused(words):
    for kind in ("number", "text", "date", "yes_no"):
        for read in (lambda w, k: read_cell(w, k, required=True), read_literal):
            try:
                read(words, kind)
            except NotMeant as error:
                assert str(error)
