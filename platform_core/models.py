"""Gathers the models of the general capability platform's modules for Django."""

from .capabilities.documents.models import Document, DocumentCopy, Serial
from .capabilities.files.models import StoredFile
from .capabilities.forms.models import Draft, Record, RecordRevision
from .capabilities.notifications.models import AddressCode, Delivery, Message, PushDevice
from .capabilities.process.comments.models import Comment
from .capabilities.process.consultations.models import Consultation
from .capabilities.process.delegation.models import Delegation
from .capabilities.process.migration.models import CaseMigration, MigratedCase
from .capabilities.process.models import (
    AssignmentTurn,
    ProcessEvent,
    ProcessInstance,
    Task,
    Wait,
)
from .capabilities.process.phrases.models import Phrase
from .capabilities.process.suspension.models import Suspension
from .common.models import CalendarDay, IdempotentResponse
from .common.outbox.models import OutboxMessage
from .napps.drafts.models import DraftRevision, ManifestDraft, SideDraft
from .napps.models import NApp, NAppVersion
from .napps.publication.models import PublicationRequest

__all__ = [
    "AddressCode",
    "AssignmentTurn",
    "CalendarDay",
    "CaseMigration",
    "Comment",
    "Consultation",
    "Delegation",
    "Delivery",
    "Document",
    "DocumentCopy",
    "Draft",
    "DraftRevision",
    "IdempotentResponse",
    "ManifestDraft",
    "Message",
    "MigratedCase",
    "NApp",
    "NAppVersion",
    "OutboxMessage",
    "Phrase",
    "ProcessEvent",
    "ProcessInstance",
    "PublicationRequest",
    "PushDevice",
    "Record",
    "RecordRevision",
    "Serial",
    "SideDraft",
    "StoredFile",
    "Suspension",
    "Task",
    "Wait",
]
