"""Imports whatever this platform registers: policies, manifest sections, listeners, menus, samples."""
from .napps import policies as napp_policies  # noqa: F401
from .napps import samples as napp_samples  # noqa: F401
from .capabilities.files import policies as file_policies  # noqa: F401
from .capabilities.files import tasks as file_tasks  # noqa: F401
from .capabilities.forms import capability as forms_section  # noqa: F401
from .capabilities.forms import policies as forms_policies  # noqa: F401
