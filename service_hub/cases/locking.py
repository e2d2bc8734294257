"""Locks of cases. The order is process first, then case, by officials and applicants alike."""

from uuid import UUID

from django.utils.translation import gettext as _

from platform_core.capabilities.process.locking import lock_instance
from platform_core.common.errors import Conflict
from security.statements import Prepared

from .models import Case

SUBJECT = "service_hub.case"


def lock_case(case: Case, version: int | None = None):
    """(process, case), locked until the end of the transaction. Conflict when the case is no longer
    what the page with `version` showed.
    """
    instance = lock_instance(id=case.process_id)
    locked = locked_case(instance)
    if version is not None and version != locked.version:
        raise Conflict(_("The case has changed meanwhile. Look at it again before you go on."))
    return instance, locked


def locked_case(instance) -> Case | None:
    """The case of a process, locked, or None when the process belongs to something else.

    One move tells its listeners several things: they share the case, and the last one writes it.
    """
    if instance.subject_type != SUBJECT:
        return None
    if instance.subject_of_move is None:
        case = instance.subject_of_move = _locked(instance)
        case.lines_of_move = []
    return instance.subject_of_move


def _locked(instance) -> Case:
    """The row with what every move asks of it; what the instance has read already is shared."""
    (case,) = _case_to_move(case=UUID(str(instance.subject_id)))
    # A case that moved to another version of its process is still judged by its own.
    if case.napp_version_id == instance.napp_version_id:
        case.napp_version = instance.napp_version
    case.item.napp = instance.napp_version.napp
    if case.department_id == instance.department_id:
        case.department = instance.department
    return case


@Prepared
def _case_to_move(case: UUID):
    cases = Case.objects.select_for_update(of=("self",)).select_related(
        "item", "applicant", "implementing_version"
    )
    return cases.filter(pk=case)
