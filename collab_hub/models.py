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

__all__ = [
    "ActionItem",
    "Meeting",
    "Notice",
    "Reach",
    "Recipient",
    "Release",
    "SavedAudience",
    "SavedFilter",
    "Snooze",
    "WorkItem",
]
