"""A market stall service: its form, its two desks, and cases that wait at them."""

import itertools

from platform_core.capabilities.forms import services as forms
from platform_core.capabilities.process import services as process
from platform_core.capabilities.process.models import Task
from platform_core.napps import services as napps
from tests.factories import MAKER, actor_of, citizen_number, make_department, make_region

_numbers = itertools.count(1)


def text(en: str, zh: str = "") -> dict:
    return {"zh": zh or en, "en": en}


FORM = {
    "key": "stall",
    "title": text("Stall", "摊位"),
    "pages": [
        {
            "key": "main",
            "title": text("The stall", "摊位情况"),
            "fields": [
                {"type": "text", "key": "name", "label": text("Name", "姓名"), "required": True,
                 "prefill": "profile.name"},
                {"type": "citizen_number", "key": "number",
                 "label": text("Identity number", "身份证号"), "required": True},
                {"type": "mobile", "key": "mobile", "label": text("Mobile number", "手机号")},
                {"type": "text", "key": "place", "label": text("Where", "位置")},
                {"type": "attachment", "key": "photos", "label": text("Photos", "照片")},
            ],
        }
    ],
}  # fmt: skip
VISIT = {
    "key": "visit",
    "title": text("Visit", "现场核查"),
    "pages": [
        {
            "key": "main",
            "title": text("What you saw", "核查情况"),
            "fields": [
                {"type": "textarea", "key": "seen", "label": text("What you saw", "看到的情况"),
                 "required": True},
                {"type": "yes_no", "key": "fits", "label": text("It fits", "符合要求"),
                 "required": True},
            ],
        }
    ],
}  # fmt: skip


def approve(key: str, title: dict, role: str = "desk", **more) -> dict:
    actions = ["approve", "correct", "return", "reject", "transfer"]
    step = {"kind": "approve", "key": key, "title": title, "assign": {"role": role}}
    return {**step, "actions": actions, **more}


ACCEPT = approve("accept", text("Accept", "受理"), stage="acceptance", deadline={"working_days": 1})
DECIDE = approve(
    "decide", text("Decide", "决定"), role="boss", stage="decision", deadline={"working_days": 5}
)
FILL = {
    "kind": "fill",
    "key": "visit",
    "title": text("Visit the place", "现场核查"),
    "assign": {"role": "desk"},
    "form": "visit",
}
COPY = {
    "kind": "cc",
    "key": "copy",
    "title": text("For information", "抄送"),
    "assign": {"role": "boss"},
}


def manifest(steps, slug: str = "market_stall", **more) -> dict:
    return {
        "schema": 1,
        "slug": slug,
        "version": "1.0.0",
        "title": text("Market stall", "集市摊位"),
        "summary": text("A stall on the market.", "在集市摆摊。"),
        "icon": "store",
        "ends": ["public", "government"],
        "department": "market",
        "roles": [
            {"key": "desk", "title": text("Desk"), "verbs": ["handle"], "includes": ["clerk"]},
            {"key": "boss", "title": text("Boss"), "verbs": ["handle"], "includes": ["reviewer"]},
        ],
        "forms": [FORM, VISIT],
        "processes": [{"key": "main", "title": text("Main", "主流程"), "steps": list(steps)}],
        **more,
    }


def make_napp(*steps, **more):
    """An open N-app whose process has these steps (accept and decide unless given)."""
    data = manifest(steps or (ACCEPT, DECIDE), **more)
    version = napps.register_napp(actor=MAKER, manifest=data)
    napps.open_napp(actor=MAKER, napp=version.napp)
    return version


def make_record(version, starter=None, **answers):
    """Answers to the stall form."""
    number = next(_numbers)
    values = {
        "name": "Chen Ning",
        "number": citizen_number(number),
        "mobile": "13812342046",
        "place": f"Stall {number}",
        **answers,
    }
    return forms.submit_values(
        actor=actor_of(starter), napp_version=version, form_key="stall", values=values
    )


def make_case(version, *, starter=None, label: str = "Chen Ning's stall", at=None, **answers):
    """A running process about a stall of the market department of Xihu District."""
    number = next(_numbers)
    return process.start_process(
        actor=actor_of(starter),
        napp_version=version,
        process_key="main",
        subject_type="test.stall",
        subject_id=str(number),
        subject_label=label,
        subject_number=f"33010600{number:06d}",
        record=make_record(version, starter, **answers),
        facts={},
        region=make_region(),
        department=make_department("market"),
        starter=starter,
        at=at,
    )


def open_task(instance) -> Task:
    """The one open task of a process."""
    return Task.objects.get(instance=instance, state="open")
