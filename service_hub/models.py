"""Gathers the models of the public service hub's modules for Django."""

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
from .cases.models import Case, CaseEvent, CaseSerial, Correction
from .evaluations.models import Appeal, Evaluation, Rectification, RectificationEvent, Visit
from .handling.models import Delivery, Extension, Voiding
from .inquiries.models import Question, QuestionEvent
from .intake.models import Intake
from .items.models import ServiceItem

__all__ = [
    "Appeal",
    "Appointment",
    "Case",
    "CaseEvent",
    "CaseSerial",
    "Correction",
    "Delivery",
    "Evaluation",
    "Extension",
    "Hall",
    "HallDay",
    "Intake",
    "Line",
    "Opening",
    "Question",
    "QuestionEvent",
    "Rectification",
    "RectificationEvent",
    "ServiceItem",
    "Slot",
    "Ticket",
    "TicketSerial",
    "Visit",
    "Voiding",
    "Window",
]
