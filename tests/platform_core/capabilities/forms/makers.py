"""Forms for tests: one with every type of field, published in an N-app."""

import copy

from platform_core.capabilities.forms.binding import bind
from platform_core.capabilities.forms.schema import Form
from platform_core.napps import services as napps
from tests.factories import MAKER

TWO = lambda zh, en: {"zh": zh, "en": en}  # noqa: E731

EVERYTHING = {
    "key": "everything",
    "title": TWO("样样俱全", "One of each"),
    "pages": [
        {
            "key": "you",
            "title": TWO("您的信息", "About you"),
            "fields": [
                {
                    "key": "intro",
                    "type": "note",
                    "label": TWO("请注意", "Before you begin"),
                    "help": TWO("请如实填写。", "Please answer truthfully."),
                },
                {
                    "key": "name",
                    "type": "text",
                    "label": TWO("姓名", "Name"),
                    "required": True,
                    "max_length": 20,
                    "prefill": "profile.name",
                },
                {
                    "key": "number",
                    "type": "citizen_number",
                    "label": TWO("身份证号", "Citizen number"),
                    "prefill": "profile.citizen_number",
                },
                {"key": "mobile", "type": "mobile", "label": TWO("手机号", "Mobile")},
                {"key": "email", "type": "email", "label": TWO("邮箱", "E-mail")},
                {
                    "key": "kind",
                    "type": "choice",
                    "label": TWO("类型", "Kind"),
                    "required": True,
                    "options": [
                        {"value": "person", "label": TWO("个人", "Person")},
                        {"value": "firm", "label": TWO("企业", "Firm")},
                    ],
                },
                {
                    "key": "credit_code",
                    "type": "credit_code",
                    "label": TWO("信用代码", "Credit code"),
                    "required": True,
                    "show_if": {"==": [{"var": "kind"}, "firm"]},
                },
            ],
        },
        {
            "key": "matter",
            "title": TWO("事项", "The matter"),
            "help": TWO("写清楚就好。", "A few words are enough."),
            "fields": [
                {
                    "key": "story",
                    "type": "textarea",
                    "label": TWO("情况", "What happened"),
                    "max_length": 200,
                },
                {
                    "key": "people",
                    "type": "number",
                    "label": TWO("人数", "People"),
                    "min": 0,
                    "max": 999,
                },
                {"key": "rent", "type": "money", "label": TWO("月租", "Rent")},
                {"key": "seen_on", "type": "date", "label": TWO("日期", "Day"), "latest": "today"},
                {
                    "key": "signs",
                    "type": "multi_choice",
                    "label": TWO("症状", "Signs"),
                    "max_choices": 2,
                    "options": [
                        {"value": v, "label": TWO(v, v)} for v in ("fever", "cough", "other")
                    ],
                },
                {"key": "urgent", "type": "yes_no", "label": TWO("紧急吗", "Is it urgent?")},
                {
                    "key": "why",
                    "type": "text",
                    "label": TWO("为什么紧急", "Why is it urgent?"),
                    "required": True,
                    "show_if": {"==": [{"var": "urgent"}, True]},
                },
                {
                    "key": "place",
                    "type": "region",
                    "label": TWO("地点", "Place"),
                    "level": "county",
                },
                {
                    "key": "photos",
                    "type": "attachment",
                    "label": TWO("照片", "Photos"),
                    "max_files": 2,
                },
                {
                    "key": "staff",
                    "type": "repeat",
                    "label": TWO("员工", "Staff"),
                    "max_rows": 3,
                    "cells": [
                        {
                            "key": "name",
                            "type": "text",
                            "label": TWO("姓名", "Name"),
                            "required": True,
                        },
                        {
                            "key": "temp",
                            "type": "number",
                            "decimals": 1,
                            "label": TWO("体温", "Temperature"),
                        },
                        {"key": "mobile", "type": "mobile", "label": TWO("手机", "Mobile")},
                    ],
                },
            ],
        },
        {
            "key": "big",
            "title": TWO("大型", "Large matters"),
            "show_if": {">": [{"var": "people"}, 100]},
            "fields": [
                {"key": "plan", "type": "text", "label": TWO("预案", "Plan"), "required": True}
            ],
        },
    ],
}


def manifest(*forms, slug="paper_work", version="1.0.0", **more) -> dict:
    """A manifest with these forms (the one with everything, when none is given)."""
    return {
        "schema": 1,
        "slug": slug,
        "version": version,
        "title": TWO("填表", "Paper work"),
        "summary": TWO("测试用。", "For tests."),
        "icon": "file-text",
        "ends": ["public"],
        "department": "health",
        "forms": copy.deepcopy(list(forms) or [EVERYTHING]),
        **more,
    }


def publish(*forms, slug="paper_work", version="1.0.0"):
    """The published N-app version with these forms."""
    return napps.register_napp(actor=MAKER, manifest=manifest(*forms, slug=slug, version=version))


def one(kind, key="a", **more) -> dict:
    """A question."""
    return {"key": key, "type": kind, "label": TWO("问", "Question"), **more}


def form_of(*fields, **more) -> dict:
    """A form of one page."""
    page = {"key": "p", "title": TWO("页", "Page"), "fields": list(fields)}
    return {"key": "f", "title": TWO("表", "Form"), "pages": [page], **more}


def judge(values, *fields, actor=None, **more):
    """The form with these fields, bound to typed values."""
    return bind(Form.model_validate(form_of(*fields, **more)), values, actor=actor)
