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
from .papers.models import OrganWord, Paper, Publication, Receipt, Revision, Step, Trace

__all__ = [
    "ActionItem",
    "Assistance",
    "Evidence",
    "Extension",
    "Meeting",
    "Notice",
    "OrganWord",
    "Paper",
    "PublicSummary",
    "Publication",
    "Reach",
    "Receipt",
    "Recipient",
    "Release",
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
    "Revision",
    "SavedAudience",
    "SavedFilter",
    "Snooze",
    "Step",
    "Supervision",
    "SupervisionLine",
    "Trace",
]
    "WorkItem",
]
