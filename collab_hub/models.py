"""Gathers the models of the internal collaboration hub's modules for Django."""

from .inbox.models import SavedFilter, Snooze, WorkItem
from .supervision.models import (
    Assistance,
    Evidence,
    Extension,
    PublicSummary,
    Supervision,
    SupervisionLine,
)

__all__ = [
    "Assistance", "Evidence", "Extension", "PublicSummary", "SavedFilter", "Snooze", "Supervision",
    "SupervisionLine", "WorkItem",
]  # fmt: skip
