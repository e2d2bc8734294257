"""Imports the admin pages of the public service hub's modules."""

from .cases import admin as cases_admin  # noqa: F401
from .evaluations import admin as evaluations_admin  # noqa: F401
from .inquiries import admin as inquiries_admin  # noqa: F401
from .items import admin as items_admin  # noqa: F401
