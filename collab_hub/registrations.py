"""Imports whatever this platform registers: policies, sections, listeners, menus, samples."""

from . import benchmarks  # noqa: F401
from .dashboards import registrations as dashboards  # noqa: F401
from .directory import registrations as directory  # noqa: F401
from .inbox import benchmarks as inbox_benchmarks  # noqa: F401
from .inbox import calendar, policies, tasks, work  # noqa: F401
from .incidents import registrations as incidents  # noqa: F401
from .notices import benchmarks as notice_benchmarks  # noqa: F401
from .notices import calendar as notice_calendar  # noqa: F401
from .notices import capability as notices_section  # noqa: F401
from .notices import kinds as notice_kinds  # noqa: F401
from .notices import menus as notice_menus  # noqa: F401
from .notices import policies as notice_policies  # noqa: F401
from .notices import samples as notice_samples  # noqa: F401
from .notices import tasks as notice_tasks  # noqa: F401
from .notices import traced as notice_traced  # noqa: F401
from .papers import registrations as papers  # noqa: F401
from .reports import registrations as reports  # noqa: F401
from .supervision import registrations as supervision  # noqa: F401
from .trace import registrations as trace  # noqa: F401
