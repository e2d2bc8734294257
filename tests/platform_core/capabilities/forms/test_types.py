"""The types of answers beyond plain text: days, places on the map, organs, people, signatures,
codes, values that the server computes, and what must hold between answers.
"""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from PIL import Image

from platform_core.capabilities.forms import present, selectors, services
from platform_core.capabilities.forms.binding import bind_draft
from platform_core.capabilities.forms.display import answers
from tests.factories import (
    actor_of,
    make_citizen,
    make_department,
    make_official,
    make_region,
)

from .makers import TWO, form_of, judge, one, publish

pytestmark = pytest.mark.django_db


def png() -> bytes:
    """A small drawing."""
    into = io.BytesIO()
    Image.new("RGB", (60, 20), "white").save(into, "PNG")
    return into.getvalue()


def cleaned(kind, raw, actor=None, /, **more):
    """The stored answer of a form with one question, or its messages by path."""
    question = {"key": "a", "label": TWO("问", "Question"), **more, "type": kind}
    bound = judge({"a": raw}, question, actor=actor)
    return bound.errors or bound.cleaned.get("a")


def wrong(kind_, raw, path="a", actor=None, **more) -> str:
    found = cleaned(kind_, raw, actor, **more)
    assert isinstance(found, dict) and path in found, found
    return found[path][0]


class TestDays:
    def test_a_working_day_is_one_on_which_offices_work(self):
        assert cleaned("working_day", "2026-02-13") == "2026-02-13"
        # Spring Festival, and the Saturday on which offices make up for it.
        assert "not a working day" in wrong("working_day", "2026-02-17")
        assert cleaned("working_day", "2026-02-14") == "2026-02-14"

    def test_the_next_working_day_is_named(self):
        assert "2026-10-08" in wrong("working_day", "2026-10-03")

    def test_a_year_without_a_calendar_is_refused_not_guessed(self):
        assert "not published" in wrong("working_day", "2040-01-04")

    @pytest.mark.parametrize("typed", ["9:30", "09:30", "9点30分", "09:30:00", "９：３０"])
    def test_times_are_read_as_people_write_them(self, typed):
        assert cleaned("time", typed) == "09:30"

    @pytest.mark.parametrize("typed", ["25:00", "9:60", "soon", "9", "\x00"])
    def test_what_is_no_time_is_refused(self, typed):
        assert wrong("time", typed)

    def test_times_keep_office_hours(self):
        assert "17:00 or earlier" in wrong("time", "17:01", earliest="09:00", latest="17:00")
        assert "09:00 or later" in wrong("time", "8:59", earliest="09:00", latest="17:00")

    @pytest.mark.parametrize("typed", ["2026-02-13T09:30", "2026年2月13日 9:30", "2026/2/13 09.30"])
    def test_a_moment_is_a_day_and_a_time(self, typed):
        assert cleaned("datetime", typed) == "2026-02-13T09:30"

    @pytest.mark.parametrize("typed", ["2026-02-13", "09:30", "2026-02-30 09:30", "T"])
    def test_half_a_moment_is_refused(self, typed):
        assert "date and a time" in wrong("datetime", typed)


class TestPlaces:
    def test_an_address_is_a_division_and_a_street(self):
        make_region("330106")
        raw = {"region": "330106", "street": " 文三路 90 号 "}
        assert cleaned("address", raw) == {"region": "330106", "street": "文三路 90 号"}
        assert "street" in wrong("address", {"region": "330106"}, path="a.street")
        assert wrong("address", {"street": "文三路"}, path="a.region")
        assert wrong("address", {"region": "999999", "street": "x"}, path="a.region")
        assert wrong("address", "文三路") and wrong("address", {"other": "x"})

    def test_a_place_is_coordinates_or_words(self):
        assert cleaned("location", {"text": "村口大树下"}) == {"text": "村口大树下"}
        point = {"lng": "120.15507", "lat": "30.2740851234"}
        assert cleaned("location", point) == {"lng": "120.155070", "lat": "30.274085"}
        assert "belong together" in wrong("location", {"lng": "120.1"}, path="a.lat")

    def test_swapped_coordinates_are_noticed(self):
        found = cleaned("location", {"lng": "30.27", "lat": "120.15"})
        assert set(found) == {"a.lng", "a.lat"}

    @pytest.mark.parametrize("typed", ["NaN", "1e2", "Infinity", "120,1", "-", "9" * 400])
    def test_what_is_no_coordinate_is_refused(self, typed):
        assert wrong("location", {"lng": typed, "lat": "30"}, path="a.lng")


class TestOrgansAndPeople:
    def test_a_department_is_chosen_by_code_within_its_function(self):
        health = make_department("health")
        assert cleaned("department", health.code) == health.code
        assert "list" in wrong("department", health.code, kind="police")
        assert wrong("department", "nowhere")

    def test_a_civil_servant_chooses_a_colleague(self):
        anna, ben = (make_official(name, kind="health") for name in ("anna", "ben"))
        carl = make_official("carl", kind="police")
        actor = actor_of(anna)
        assert cleaned("person", str(ben.pk), actor) == str(ben.pk)
        assert "list" in wrong("person", str(carl.pk), actor=actor)
        assert cleaned("person", str(carl.pk), actor, among="directory") == str(carl.pk)
        assert wrong("person", str(carl.pk), actor=actor, among="directory", kind="health")

    def test_citizens_never_see_the_directory(self):
        anna, alice = make_official("anna"), make_citizen("al")
        person = one("person", among="directory", label=TWO("人", "Reviewer"))
        draft = services.start_draft(
            actor=actor_of(alice), napp_version=publish(form_of(person)), form_key="f", purpose="x"
        )
        for who in (actor_of(alice), None):
            assert cleaned("person", str(anna.pk), who, among="directory")["a"]
        bound = bind_draft(draft, page="p", actor=actor_of(alice), quiet=True)
        assert present.draw(bound).questions[0].groups == []

    @pytest.mark.parametrize("raw", ["", "x", "٣", "9" * 99, "-1", ["1"], {"a": 1}, True])
    def test_hostile_people_are_refused(self, raw):
        make_official("anna")
        assert cleaned("person", raw, actor_of(make_official("ben"))) in (None,) or wrong(
            "person", raw
        )


class TestSignatures:
    def test_a_name_with_a_declaration_signs(self):
        assert cleaned("signature", {"name": "陈小宁", "agreed": "1"}) == {
            "name": "陈小宁",
            "agreed": True,
        }
        assert "declaration" in wrong("signature", {"name": "陈小宁"}, path="a.agreed")
        assert "name" in wrong("signature", {"agreed": "1"}, path="a.name")

    def test_a_drawing_is_kept_as_a_file_and_belongs_to_the_record(self):
        alice = make_citizen("alice")
        actor = actor_of(alice)
        version = publish(form_of(one("signature", required=True)))
        draft = services.start_draft(actor=actor, napp_version=version, form_key="f", purpose="x")
        post = QueryDict("a-name=陈小宁&_shown=a&_next=1")
        drawn = {"a": SimpleUploadedFile("signature.png", png(), "image/png")}
        bound = services.save_page(actor=actor, draft=draft, page="p", values=post, files=drawn)
        assert bound.is_valid, bound.errors
        record = services.submit_draft(actor=actor, draft=draft)
        (file_id,) = selectors.files_of(record)
        assert selectors.plain_values(record)["a"] == {"name": "陈小宁", "file": file_id}
        (shown,) = answers(record)[0].answers
        assert shown.text == "陈小宁 (signed by hand)" and len(shown.files) == 1

    def test_a_drawing_can_be_taken_back(self):
        actor = actor_of(make_citizen("alice"))
        version = publish(form_of(one("signature")))
        draft = services.start_draft(actor=actor, napp_version=version, form_key="f", purpose="x")
        drawn = {"a": SimpleUploadedFile("signature.png", png(), "image/png")}
        post = QueryDict("a-name=Chen&_shown=a")
        services.save_page(actor=actor, draft=draft, page="p", values=post, files=drawn)
        draft.refresh_from_db()
        file_id = selectors.plain_values(draft)["a"]["file"]
        post = QueryDict(f"a-name=Chen&_shown=a&_remove=a:{file_id}")
        services.save_page(actor=actor, draft=draft, page="p", values=post)
        draft.refresh_from_db()
        assert selectors.plain_values(draft)["a"] == {"name": "Chen"}

    def test_somebody_elses_drawing_signs_nothing(self):
        assert wrong("signature", {"name": "x", "file": "5f0c3f0e-0000-4000-8000-000000000000"})

    def test_what_is_no_picture_is_refused(self):
        actor = actor_of(make_citizen("alice"))
        version = publish(form_of(one("signature")))
        draft = services.start_draft(actor=actor, napp_version=version, form_key="f", purpose="x")
        for name, content in (("s.svg", b"<svg/>"), ("s.png", b"<script>"), ("s.png", b"")):
            bound = services.save_page(
                actor=actor,
                draft=draft,
                page="p",
                values=QueryDict("a-name=Chen&a-agreed=1&_shown=a"),
                files={"a": SimpleUploadedFile(name, content)},
            )
            assert bound.errors["a"]


class TestPatterns:
    BADGE = {"pattern": "[A-Z]{2}[0-9]{4}", "pattern_message": TWO("两个字母", "Two letters first")}

    def test_the_whole_answer_must_fit(self):
        assert cleaned("text", "AB1234", **self.BADGE) == "AB1234"
        for typed in ("AB12345", "xAB1234", "ab1234"):
            assert wrong("text", typed, **self.BADGE) == "Two letters first"

    def test_a_bomb_costs_nothing(self):
        bomb = {"pattern": "(a*)*(a|aa)+$", "pattern_message": TWO("a", "only a")}
        assert wrong("text", "a" * 399 + "!", max_length=400, **bomb) == "only a"

    def test_a_code_begins_as_the_author_says(self):
        assert cleaned("qr", " FG-1 ", prefix="FG") == "FG-1"
        assert "not the code" in wrong("qr", "http://evil.example", prefix="FG")
