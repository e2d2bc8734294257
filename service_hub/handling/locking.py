"""Locks for what is done to a case beside the steps of its process: process first, then case."""

from django.utils.translation import gettext as _

from platform_core.capabilities.process.locking import lock_instance
from platform_core.common.errors import Conflict
from service_hub.cases.listeners import locked_case

LONGEST_WORDS = 1000


def lock_case(case, version: int | None = None):
    """(process, case), locked until the end of the transaction. Conflict when the case is no longer
    what the page with `version` showed.
    """
    instance = lock_instance(id=case.process_id)
    locked = locked_case(instance)
    if version is not None and version != locked.version:
        raise Conflict(_("The case has changed meanwhile. Look at it again before you go on."))
    return instance, locked


def words(text: str) -> str:
    """What somebody wrote, as it is kept."""
    return text.replace("\x00", "").strip()[: LONGEST_WORDS + 1]
