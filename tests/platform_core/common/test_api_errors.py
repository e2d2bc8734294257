"""Problem-style errors and bounded input, through one small view."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from platform_core.common.errors import Conflict, NotAllowed, Unusable

requests = APIRequestFactory()


class Inner(serializers.Serializer):
    size = serializers.IntegerField()


class Outer(serializers.Serializer):
    name = serializers.CharField()
    rows = Inner(many=True)


class View(APIView):
    authentication_classes = permission_classes = ()

    def post(self, request):
        what = request.data
        if isinstance(what, dict) and "raise" in what:
            raise {
                "unusable": Unusable({"pages[0].phone": ["wrong"]}),
                "conflict": Conflict("too late", by="Bob"),
                "not_allowed": NotAllowed("only the head may"),
                "missing": Http404(),
                "denied": PermissionDenied(),
            }[what["raise"]]
        form = Outer(data=what)
        form.is_valid(raise_exception=True)
        return Response(form.data)


def post(body, content_type="application/json"):
    raw = body if isinstance(body, str | bytes) else json.dumps(body)
    answer = View.as_view()(requests.post("/x", raw, content_type=content_type)).render()
    return answer.status_code, json.loads(answer.content), answer


@pytest.mark.parametrize(
    ("what", "status", "title"),
    [
        ("unusable", 422, "Some answers need to be changed."),
        ("conflict", 409, "too late"),
        ("not_allowed", 403, "only the head may"),
        ("missing", 404, "Not found."),
        ("denied", 403, "You do not have permission to perform this action."),
    ],
)
def test_every_refusal_has_one_shape(what, status, title):
    code, body, answer = post({"raise": what})
    assert (code, body["status"], body["title"]) == (status, status, title)
    assert answer["Content-Type"] == "application/problem+json"


def test_facts_and_paths_are_told():
    assert post({"raise": "conflict"})[1]["by"] == "Bob"
    assert post({"raise": "unusable"})[1]["errors"] == {"pages[0].phone": ["wrong"]}


def test_wrong_fields_are_named_by_path():
    code, body, _answer = post({"rows": [{"size": 1}, {"size": "x"}]})
    assert code == 400
    assert set(body["errors"]) == {"name", "rows[1].size"}


@pytest.mark.parametrize(
    "raw",
    [
        "[" * 10**5, "", "{", "NaN", '{"a": "\\u0000"}', '{"a": "\\ud800"}', b"\xff", "[1e999]",
        '{"a":1,"a":2}', "[" + "9" * 5000 + "]",
    ],
)  # fmt: skip
def test_unusable_bodies_are_refused_in_words(raw):
    code, body, _answer = post(raw)
    assert code == 400
    assert body["title"]


def test_more_than_two_megabytes_are_too_much():
    code, body, _answer = post('"' + "a" * (2 * 1024 * 1024) + '"')
    assert (code, body["status"]) == (413, 413)


def test_rare_characters_and_emoji_pass():
    name = "𠮷野家 🙂"
    assert post({"name": name, "rows": []})[1]["name"] == name


def test_other_content_types_are_refused():
    assert post("<a/>", content_type="application/xml")[0] == 415
