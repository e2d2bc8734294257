"""Imports whatever this platform registers: policies, sections, listeners, menus, samples."""

from .capabilities.decisions import benchmarks as decisions_benchmarks  # noqa: F401
from .capabilities.decisions import capability as decisions_section  # noqa: F401
from .capabilities.decisions import showing as decisions_showing  # noqa: F401
from .capabilities.documents import benchmarks as document_benchmarks  # noqa: F401
from .capabilities.documents import capability as documents_section  # noqa: F401
from .capabilities.documents import policies as document_policies  # noqa: F401
from .capabilities.documents import showing as document_parts  # noqa: F401
from .capabilities.documents import tasks as document_tasks  # noqa: F401
from .capabilities.files import policies as file_policies  # noqa: F401
from .capabilities.files import tasks as file_tasks  # noqa: F401
from .capabilities.forms import capability as forms_section  # noqa: F401
from .capabilities.forms import changes as forms_changes  # noqa: F401
from .capabilities.forms import earlier as forms_earlier  # noqa: F401
from .capabilities.forms import policies as forms_policies  # noqa: F401
from .capabilities.forms import tasks as forms_tasks  # noqa: F401
from .capabilities.notifications import capability as notifications_capability  # noqa: F401
from .capabilities.notifications import policies as notification_policies  # noqa: F401
from .capabilities.notifications import tasks as notification_tasks  # noqa: F401
from .capabilities.pages import capability as pages_capability  # noqa: F401
from .capabilities.pages import menus as pages_menus  # noqa: F401
from .capabilities.process import benchmarks as process_benchmarks  # noqa: F401
from .capabilities.process import capability as process_section  # noqa: F401
from .capabilities.process import changes as process_changes  # noqa: F401
from .capabilities.process import policies as process_policies  # noqa: F401
from .capabilities.process import showing as process_showing  # noqa: F401
from .capabilities.process import waking as process_waking  # noqa: F401
from .capabilities.process.comments import selectors as comments  # noqa: F401
from .capabilities.process.consultations import services as consultations  # noqa: F401
from .capabilities.process.delegation import policies as delegation_policies  # noqa: F401
from .capabilities.process.migration import tasks as migration_tasks  # noqa: F401
from .capabilities.rules import benchmarks as rules_benchmarks  # noqa: F401
from .capabilities.rules import reference as rules_reference  # noqa: F401
from .common import base_samples  # noqa: F401
from .napps import policies as napp_policies  # noqa: F401
from .napps import samples as napp_samples  # noqa: F401
from .napps.changes import core as core_changes  # noqa: F401
