"""Gathers the models of the internal collaboration hub's modules for Django."""

from .inbox.models import SavedFilter

__all__ = ["SavedFilter"]
