"""Gathers the models of the internal collaboration hub's modules for Django."""

from .inbox.models import SavedFilter, Snooze, WorkItem
from .papers.models import OrganWord, Paper, Publication, Receipt, Revision, Step, Trace

__all__ = [
    "OrganWord",
    "Paper",
    "Publication",
    "Receipt",
    "Revision",
    "SavedFilter",
    "Snooze",
    "Step",
    "Trace",
    "WorkItem",
]
