"""Gathers the admin pages of the general capability platform's modules for Django."""

from .capabilities.documents import admin as documents_admin  # noqa: F401
from .capabilities.process import admin as process_admin  # noqa: F401
from .capabilities.process.migration import admin as migration_admin  # noqa: F401
from .common import admin as calendar_admin  # noqa: F401
from .common.outbox import admin as outbox_admin  # noqa: F401
from .napps import admin as napps_admin  # noqa: F401
from .napps.publication import admin as publications_admin  # noqa: F401
