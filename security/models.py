"""Gathers the models of the security base's modules for Django."""

from .accounts.models import ApiToken, Firm, FirmAgent, FirmRegistration, Identity, User
from .audit.models import AuditEntry
from .organs.models import Department, Post, Region
from .privacy.models import Consent

__all__ = [
    "ApiToken",
    "AuditEntry",
    "Consent",
    "Department",
    "Firm",
    "FirmAgent",
    "FirmRegistration",
    "Identity",
    "Post",
    "Region",
    "User",
]
