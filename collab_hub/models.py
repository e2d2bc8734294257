"""Gathers the models of the internal collaboration hub's modules for Django."""

from .inbox.models import SavedFilter, Snooze, WorkItem

__all__ = ["SavedFilter", "Snooze", "WorkItem"]
