"""Gathers the models of the public service hub's modules for Django."""

from .cases.models import Case, CaseEvent, CaseSerial, Correction
from .evaluations.models import Evaluation, FollowUp, Visit
from .intake.models import Intake
from .items.models import ServiceItem

__all__ = [
    "Case",
    "CaseEvent",
    "CaseSerial",
    "Correction",
    "Evaluation",
    "FollowUp",
    "Intake",
    "ServiceItem",
    "Visit",
]
