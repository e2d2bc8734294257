"""Imports whatever this platform registers: policies, manifest sections, listeners, menus, samples."""
from .napps import policies as napp_policies  # noqa: F401
from .napps import samples as napp_samples  # noqa: F401
