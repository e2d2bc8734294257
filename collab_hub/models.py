"""Gathers the models of the internal collaboration hub's modules for Django."""

from .inbox.models import SavedFilter, Snooze, WorkItem
from .reports.models import (
    ReportAnswer,
    ReportCampaign,
    ReportColumn,
    ReportField,
    ReportFieldVersion,
    ReportFilling,
    ReportReceipt,
    ReportSumChange,
    ReportTemplate,
    ReportTemplateField,
    ReportUrge,
    ReportValue,
)

__all__ = [
    "ReportAnswer",
    "ReportCampaign",
    "ReportColumn",
    "ReportField",
    "ReportFieldVersion",
    "ReportFilling",
    "ReportReceipt",
    "ReportSumChange",
    "ReportTemplate",
    "ReportTemplateField",
    "ReportUrge",
    "ReportValue",
    "SavedFilter",
    "Snooze",
    "WorkItem",
]
