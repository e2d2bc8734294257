"""What whoever does a step may do with the answers of the applicant's form.

A step names answers that are hidden from it, and answers that it changes or has to fill in. All
others are read. Changing keeps what stood there before, with who changed it and when.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from platform_core.capabilities.forms.corrections import correct_record
from platform_core.capabilities.forms.selectors import form_of, plain_values, rule_values

from .definition import HUMAN
from .models import Task

OPEN = ("editable", "required")
# Answers of one control that are not masked: what is sealed or a file is the applicant's to change.
CHANGEABLE = frozenset(
    "text textarea number money date working_day time datetime choice multi_choice yes_no"
    " credit_code email qr department person".split()
)


def check_rights(path: tuple, step, manifest) -> Iterator[tuple[tuple, str]]:
    """Rights over answers that no form asks, or that nobody but the applicant can change."""
    rights = _given(step)
    asked: dict[str, list] = {}
    for form in manifest.section("forms") if rights else ():
        for question in form.questions():
            asked.setdefault(question.key, []).append(question)
    for key, right in rights.items():
        where = (*path, "fields", key)
        if key not in asked:
            yield where, _("There is no field “%(key)s”.") % {"key": key}
        elif right in OPEN and (step.kind != "approve" or step.mode != "any"):
            yield where, _("Only a step in which one person decides changes answers.")
        elif right in OPEN and not all(is_changeable(question) for question in asked[key]):
            yield where, _("Only the applicant can change an answer of this kind.")


def _given(step) -> dict[str, str]:
    return step.fields if step.kind in HUMAN else {}


def is_changeable(question) -> bool:
    """Whether an office may write this answer."""
    return question.type in CHANGEABLE and not question.is_sealed


def rights_of(step, task: Task) -> dict[str, str]:
    """The rights of whoever holds a task; an added signer reads."""
    rights = dict(_given(step))
    if task.signs_for is None:
        return rights
    return {key: right for key, right in rights.items() if right == "hidden"}


def hidden_anywhere(plan) -> dict[str, str]:
    """The rights of a task that is no step (a mention, another organ's opinion): it reads what no
    step hides."""
    given = [_given(place.step) for place in plan.places.values()]
    return {key: right for one in given for key, right in dict(one).items() if right == "hidden"}


def change(task: Task, rights: dict[str, str], data: dict | None, actor) -> tuple[list[str], dict]:
    """Write what the step was given to change. Gives the changed fields and, for the conditions
    that follow, the answers as rules read them. Raises Unusable at what is missing or wrong.
    """
    open_keys = [key for key, right in rights.items() if right in OPEN]
    record = task.instance.record
    if not open_keys or record is None:
        return [], {}
    form, before = form_of(record), plain_values(record)
    open_keys = [key for key in open_keys if form.question(key) is not None]
    if not open_keys:
        return [], {}
    values = {key: value for key, value in (data or {}).items() if key in open_keys}
    needed = {key for key in open_keys if rights[key] == "required"}
    record = correct_record(
        actor=actor, record=record, values=values, only_fields=open_keys, needed=needed
    )
    after = plain_values(record)
    changed = sorted(key for key in {*before, *after} if before.get(key) != after.get(key))
    return changed, rule_values(form, {key: after[key] for key in changed if key in after})
