"""Imports the admin pages of the security base's modules."""

from .accounts import admin as accounts_admin  # noqa: F401
from .audit import admin as audit_admin  # noqa: F401
from .organs import admin as organs_admin  # noqa: F401
