"""Gathers the models of the public service hub's modules for Django."""

from .benefits.models import Benefit
from .booking.models import (
    Appointment,
    Hall,
    HallDay,
    Line,
    Opening,
    Slot,
    Ticket,
    TicketSerial,
    Window,
)
from .bulk.models import Batch, BatchRow
from .bundles.models import Bundle, BundleCase
from .cases.models import Case, CaseEvent, CaseSerial, Correction
from .catalogue.models import (
    BasicItem,
    BasicVersion,
    Change,
    ImplementingItem,
    ImplementingVersion,
    Upload,
)
from .claims.models import FirmClaim
from .duties.models import Duty, DutyMark
from .evaluations.models import Appeal, Evaluation, Rectification, RectificationEvent, Visit
from .firms.models import FirmEvent, FirmInvitation
from .handling.models import Delivery, Extension, Voiding
from .inquiries.models import Question, QuestionEvent
from .intake.models import Intake
from .items.models import ServiceItem
from .materials.models import Confirmation, MaterialReceipt, SharedFact, WithdrawnPaper
from .personal_data.models import DataRequest

__all__ = [
    "Appeal",
    "Appointment",
    "BasicItem",
    "BasicVersion",
    "Batch",
    "BatchRow",
    "Benefit",
    "Bundle",
    "BundleCase",
    "Case",
    "CaseEvent",
    "CaseSerial",
    "Change",
    "Confirmation",
    "Correction",
    "DataRequest",
    "Delivery",
    "Duty",
    "DutyMark",
    "Evaluation",
    "Extension",
    "FirmClaim",
    "FirmEvent",
    "FirmInvitation",
    "Hall",
    "HallDay",
    "ImplementingItem",
    "ImplementingVersion",
    "Intake",
    "Line",
    "MaterialReceipt",
    "Opening",
    "Question",
    "QuestionEvent",
    "Rectification",
    "RectificationEvent",
    "ServiceItem",
    "SharedFact",
    "Slot",
    "Ticket",
    "TicketSerial",
    "Upload",
    "Visit",
    "Voiding",
    "Window",
    "WithdrawnPaper",
]
