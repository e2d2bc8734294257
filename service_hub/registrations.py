"""Imports whatever this platform registers: policies, manifest sections, listeners, menus,
samples.
"""

from . import benchmarks, panels, samples  # noqa: F401
from .cases import listeners, policies  # noqa: F401
from .certificates import contested, sources  # noqa: F401
from .certificates import listeners as certificate_listeners  # noqa: F401
from .certificates import policies as certificate_policies  # noqa: F401
from .evaluations import policies as evaluation_policies  # noqa: F401
from .items import capability  # noqa: F401
from .items import policies as item_policies  # noqa: F401
