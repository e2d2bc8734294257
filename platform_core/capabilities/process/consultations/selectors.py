"""The opinions asked for in a case, and whom one may ask. Reads only."""

from __future__ import annotations

from platform_core.capabilities.files.models import StoredFile
from platform_core.capabilities.files.subjects import register_subject
from security.access import visible_to
from security.organs.models import Department
from security.organs.selectors import departments_found, users_holding

from ..choosing import heads_of
from ..models import ProcessInstance, Task
from ..permissions import may_handle, own_acts
from .models import Consultation

SUBJECT = "process.consultation"
KIND = "consult"


def consultations_of(user, instance: ProcessInstance) -> list[dict]:
    """The opinions asked for in a process that `user` sees, with the files of the questions. An
    official does not read them in an application of their own."""
    if instance.starter_id == user.pk:
        return []
    found = Consultation.objects.filter(instance=instance)
    rows = list(found.select_related("department", "asked_by", "answered_by", "task"))
    files: dict[str, list] = {}
    ids = [str(one.pk) for one in rows]
    for file in StoredFile.objects.filter(subject_type=SUBJECT, subject_id__in=ids):
        files.setdefault(file.subject_id, []).append(file)
    return [{"one": one, "files": files.get(str(one.pk), [])} for one in rows]


def asked_at_task(task: Task) -> Consultation | None:
    """The question that waits at a department's own task."""
    if task.kind != KIND:
        return None
    return Consultation.objects.filter(task=task).select_related("department", "asked_by").first()


def may_ask(user, task: Task) -> bool:
    """Whether `user` may ask other departments at this task: it waits for them to be handled."""
    return (
        task.state == Task.State.OPEN
        and task.kind in {"approve", "fill"}
        and task.instance.status != ProcessInstance.Status.ENDED
        and may_handle(user, task)
        and task.instance.starter_id != user.pk
        and not own_acts(task, user, task.instance)
    )


def departments_to_ask(task: Task) -> list[Department]:
    """The departments around the case: of its division and of those above it, but its own."""
    instance = task.instance
    region = instance.region or (instance.department.region if instance.department else None)
    if region is None:
        return []
    codes = [code for code in region.path.split("/") if code]
    found = departments_found().filter(region__code__in=codes)
    found = found.exclude(pk=task.pool_department_id)
    return list(found.order_by("-region__level", "code"))


def answerers(department: Department, groups, instance: ProcessInstance) -> tuple[list, list]:
    """(holders of the asking role there, heads): who may answer for a department."""
    barred = instance.starter_id
    holders = [one for one in users_holding(groups, department) if one.pk != barred]
    return holders, [one for one in heads_of(department) if one.pk != barred]


def may_see_file(user, consultation_id: str, request_key: str = "") -> bool:
    """Whether `user` may see the files of a question: they see its case."""
    found = Consultation.objects.filter(pk=consultation_id).first()
    seen = ProcessInstance.objects.filter(pk=found.instance_id) if found else None
    return found is not None and visible_to(user, "see", seen).exists()


register_subject(SUBJECT, may_see_file)
