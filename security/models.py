"""Gathers the models of the security base's modules for Django."""

from .accounts.models import ApiToken, Firm, FirmAgent, FirmRegistration, Identity, User
from .audit.models import AuditEntry
from .organs.models import Department, Post, Region

__all__ = [
    "ApiToken",
    "AuditEntry",
    "Department",
    "Firm",
    "FirmAgent",
    "FirmRegistration",
    "Identity",
    "Post",
    "Region",
    "User",
]
