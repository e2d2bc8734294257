"""Gathers the models of the internal collaboration hub's modules for Django."""

from .inbox.models import SavedFilter, Snooze, WorkItem
from .notices.models import (
    ActionItem,
    Meeting,
    Notice,
    Reach,
    Recipient,
    Release,
    SavedAudience,
)
from .supervision.models import (
    Assistance,
    Evidence,
    Extension,
    PublicSummary,
    Supervision,
    SupervisionLine,
)

__all__ = [
    "ActionItem",
    "Assistance",
    "Evidence",
    "Extension",
    "Meeting",
    "Notice",
    "PublicSummary",
    "Reach",
    "Recipient",
    "Release",
    "SavedAudience",
    "SavedFilter",
    "Snooze",
    "Supervision",
    "SupervisionLine",
    "WorkItem",
]
