"""Values that the server computes, conditions inside tables, and what must hold between answers."""

import pytest
from django.http import QueryDict

from platform_core.capabilities.forms import selectors, services
from platform_core.capabilities.forms.display import answer_texts, answers
from platform_core.common.errors import Unusable
from tests.factories import actor_of, make_citizen, make_region

from .makers import TWO, form_of, judge, one, publish

pytestmark = pytest.mark.django_db


class TestComputed:
    TABLE = one(
        "repeat",
        "lines",
        cells=[
            one("number", "n"),
            one("money", "each"),
            one("computed", "sum", result="money", rule={"*": [{"row": "n"}, {"row": "each"}]}),
        ],
        totals=["n", "sum"],
    )
    ALL = one("computed", "all", result="money", rule={"sum": [{"var": "lines"}, {"row": "sum"}]})
    TAX = one(
        "computed", "tax", decimals=3, rule={"*": [{"var": "all"}, 0.015]}, unit=TWO("元", "yuan")
    )

    def test_values_build_on_values_in_order(self):
        rows = [{"n": "2", "each": "1.25"}, {"n": "3", "each": "0.10"}, {"n": "7"}]
        bound = judge({"lines": rows}, self.TABLE, self.ALL, self.TAX)
        assert not bound.errors
        assert [row.get("sum") for row in bound.cleaned["lines"]] == ["2.50", "0.30", None]
        assert bound.cleaned["all"] == "2.80" and bound.cleaned["tax"] == "0.042"

    def test_what_was_sent_for_a_computed_value_does_not_count(self):
        actor = actor_of(make_citizen("alice"))
        record = services.submit_values(
            actor=actor,
            napp_version=publish(form_of(self.TABLE, self.ALL)),
            form_key="f",
            values={"lines": [{"n": 2, "each": "5", "sum": "999"}], "all": "999.00"},
        )
        assert selectors.plain_values(record) == {
            "lines": [{"n": 2, "each": "5.00", "sum": "10.00"}],
            "all": "10.00",
        }

    def test_the_columns_are_summed_where_the_table_is_read(self):
        actor = actor_of(make_citizen("alice"))
        rows = [{"n": 2, "each": "1.25"}, {"n": 3, "each": "1000"}]
        record = services.submit_values(
            actor=actor,
            napp_version=publish(form_of(self.TABLE)),
            form_key="f",
            values={"lines": rows},
        )
        (shown,) = answers(record)[0].answers
        assert shown.foot == ["5", "", "¥3,002.50"]
        assert "¥2.50" in answer_texts([record], ["lines"])[0]["lines"]

    @pytest.mark.parametrize(
        ("result", "rule", "stored"),
        [
            ("number", {"/": [{"var": "n"}, 3]}, "0.67"),
            ("number", {"/": [{"var": "n"}, 0]}, None),
            ("yes_no", {">": [{"var": "n"}, 1]}, True),
            ("text", {"concat": ["No. ", {"text": [{"var": "n"}]}]}, "No. 2"),
            ("date", {"add_days": ["2026-02-28", {"var": "n"}]}, "2026-03-02"),
        ],
    )
    def test_every_kind_of_result(self, result, rule, stored):
        bound = judge({"n": "2"}, one("number", "n"), one("computed", result=result, rule=rule))
        assert bound.cleaned.get("a") == stored and not bound.errors


class TestRules:
    def test_a_question_may_be_needed_only_under_a_condition(self):
        pair = (
            one("text", "phone"),
            one("text", "mail", required_if={"empty": [{"var": "phone"}]}),
        )
        assert judge({}, *pair).errors == {"mail": ["Fill in: Question"]}
        assert not judge({"phone": "1"}, *pair).errors

    def test_checks_compare_answers_once_all_are_there(self):
        pair = (one("date", "from"), one("date", "to"))
        rule = {">=": [{"var": "to"}, {"var": "from"}]}
        said = TWO("先后不对", "The end lies before the beginning.")
        checks = [{"that": rule, "message": said, "field": "to"}]
        days = {"from": "2026-02-02", "to": "2026-02-01"}
        assert judge(days, *pair, checks=checks).errors == {"to": [said["en"]]}
        assert not judge({"from": "2026-02-02"}, *pair, checks=checks).errors
        assert set(judge({**days, "from": "soon"}, *pair, checks=checks).errors) == {"from"}

    def test_a_check_with_a_condition_speaks_of_empty_answers_too(self):
        pair = (one("yes_no", "urgent"), one("text", "phone"), one("text", "mail"))
        check = {
            "when": {"==": [{"var": "urgent"}, True]},
            "that": {"or": [{"filled": [{"var": "phone"}]}, {"filled": [{"var": "mail"}]}]},
            "message": TWO("留一个", "Leave one way to reach you."),
            "field": "phone",
        }
        assert judge({"urgent": "yes"}, *pair, checks=[check]).errors == {
            "phone": ["Leave one way to reach you."]
        }
        assert not judge({"urgent": "no"}, *pair, checks=[check]).errors

    def test_rows_have_conditions_and_checks_of_their_own(self):
        table = one(
            "repeat",
            "staff",
            cells=[
                one("yes_no", "ill"),
                one("text", "since", required=True, show_if={"==": [{"row": "ill"}, True]}),
                one("number", "age"),
                one("text", "guardian", required_if={"<": [{"row": "age"}, 18]}),
            ],
            checks=[
                {
                    "that": {">=": [{"row": "age"}, {"var": "least"}]},
                    "message": TWO("太小", "Too young for this."),
                    "field": "age",
                }
            ],
        )
        rows = [
            {"ill": "no", "since": "hidden", "age": "30"},
            {"ill": "yes", "age": "30"},
            {"ill": "no", "age": "17"},
            {"ill": "no", "age": "3", "guardian": "x"},
        ]
        bound = judge({"least": "16", "staff": rows}, one("number", "least"), table)
        assert set(bound.errors) == {"staff[1].since", "staff[2].guardian", "staff[3].age"}
        assert bound.errors["staff[3].age"] == ["Too young for this."]
        good = judge({"least": "1", "staff": rows[:1]}, one("number", "least"), table)
        assert good.cleaned["staff"] == [{"ill": False, "age": 30}]

    def test_tables_take_places_lists_and_mails(self):
        make_region("330106")
        make_region("330302")
        options = [{"value": v, "label": TWO(v, v)} for v in ("x", "y")]
        table = one(
            "repeat",
            "t",
            cells=[
                one("region", "r", within="3301"),
                one("multi_choice", "m", options=options),
                one("email", "e"),
                one("time", "at"),
            ],
        )
        row = {"r": "330106", "m": ["y", "x"], "e": "a@b.example", "at": "9:00"}
        assert judge({"t": [row]}, table).cleaned["t"] == [{**row, "m": ["x", "y"], "at": "09:00"}]
        assert set(judge({"t": [{"r": "330302", "e": "@"}]}, table).errors) == {"t[0].r", "t[0].e"}

    def test_a_default_waits_in_a_new_draft_and_a_fixed_answer_stays(self):
        actor = actor_of(make_citizen("alice"))
        fields = (
            one("text", "kind", default="ordinary", read_only=True),
            one("date", "on", default="today"),
            one("text", "free", default="as you like"),
        )
        version = publish(form_of(*fields))
        draft = services.start_draft(actor=actor, napp_version=version, form_key="f", purpose="x")
        before = selectors.plain_values(draft)
        assert before["kind"] == "ordinary" and len(before["on"]) == 10
        services.save_page(
            actor=actor, draft=draft, page="p", values=QueryDict("kind=special&free=&_shown=free")
        )
        draft.refresh_from_db()
        after = selectors.plain_values(draft)
        assert (after["kind"], after["free"]) == ("ordinary", "")
        record = services.submit_values(
            actor=actor, napp_version=version, form_key="f", values={"kind": "special"}
        )
        assert selectors.plain_values(record) == {"kind": "ordinary"}

    def test_wrong_rows_are_told_apart_in_what_the_api_says(self):
        with pytest.raises(Unusable) as refused:
            services.submit_values(
                actor=actor_of(make_citizen("alice")),
                napp_version=publish(form_of(TestComputed.TABLE)),
                form_key="f",
                values={"lines": [{"n": 1}, {"n": "x"}]},
            )
        assert set(refused.value.errors) == {"lines[1].n"}
