"""Gathers the models of the public service hub's modules for Django."""

from .cases.models import Case, CaseEvent, CaseSerial, Correction
from .evaluations.models import Appeal, Evaluation, Rectification, RectificationEvent, Visit
from .intake.models import Intake
from .items.models import ServiceItem

__all__ = [
    "Appeal",
    "Case",
    "CaseEvent",
    "CaseSerial",
    "Correction",
    "Evaluation",
    "Intake",
    "Rectification",
    "RectificationEvent",
    "ServiceItem",
    "Visit",
]
