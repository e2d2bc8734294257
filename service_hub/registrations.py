"""Imports whatever this platform registers: policies, manifest sections, listeners, menus,
samples.
"""

from . import benchmarks, invitations, panels, samples, todo_sources, traced  # noqa: F401
from .benefits import menus as benefit_menus  # noqa: F401
from .benefits import policies as benefit_policies  # noqa: F401
from .benefits import samples as benefit_samples  # noqa: F401
from .benefits import tasks as benefit_tasks  # noqa: F401
from .benefits import todos as benefit_todos  # noqa: F401
from .booking import benchmarks as booking_benchmarks  # noqa: F401
from .booking import menus as booking_menus  # noqa: F401
from .booking import policies as booking_policies  # noqa: F401
from .booking import samples as booking_samples  # noqa: F401
from .booking import tasks as booking_tasks  # noqa: F401
from .booking import todos as booking_todos  # noqa: F401
from .bulk import policies as bulk_policies  # noqa: F401
from .bulk import tasks as bulk_tasks  # noqa: F401
from .bundles import capability as bundle_section  # noqa: F401
from .bundles import findables as bundle_findables  # noqa: F401
from .bundles import panels as bundle_panels  # noqa: F401
from .bundles import policies as bundle_policies  # noqa: F401
from .bundles import samples as bundle_samples  # noqa: F401
from .bundles import selectors as bundle_forms  # noqa: F401
from .cases import (  # noqa: F401
    listeners,
    policies,
    subjects,
    tasks,
)
from .catalogue import menus as catalogue_menus  # noqa: F401
from .catalogue import policies as catalogue_policies  # noqa: F401
from .catalogue import samples as catalogue_samples  # noqa: F401
from .certificates import access as document_access  # noqa: F401
from .certificates import contested, sources  # noqa: F401
from .certificates import facts as document_facts  # noqa: F401
from .certificates import listeners as document_listeners  # noqa: F401
from .claims import registrations as claims  # noqa: F401
from .duties import capability as duty_section  # noqa: F401
from .duties import listeners as duty_listeners  # noqa: F401
from .duties import tasks as duty_tasks  # noqa: F401
from .evaluations import policies as evaluation_policies  # noqa: F401
from .evaluations import samples as evaluation_samples  # noqa: F401
from .evaluations import tasks as evaluation_tasks  # noqa: F401
from .evaluations import todos as evaluation_todos  # noqa: F401
from .evaluations import unit_ratings  # noqa: F401
from .firms import deadlines as firm_deadlines  # noqa: F401
from .firms import listeners as firm_listeners  # noqa: F401
from .firms import policies as firm_policies  # noqa: F401
from .firms import samples as firm_samples  # noqa: F401
from .firms import tasks as firm_tasks  # noqa: F401
from .handling import deliveries, office  # noqa: F401
from .handling import policies as handling_policies  # noqa: F401
from .handling import samples as handling_samples  # noqa: F401
from .help import findables as help_findables  # noqa: F401
from .inquiries import registrations as inquiries  # noqa: F401
from .intake import listeners as intake_listeners  # noqa: F401
from .intake import menus as intake_menus  # noqa: F401
from .intake import panels as intake_panels  # noqa: F401
from .intake import policies as intake_policies  # noqa: F401
from .intake import samples as intake_samples  # noqa: F401
from .items import capability, findables  # noqa: F401
from .items import policies as item_policies  # noqa: F401
from .mandates import tasks as mandate_tasks  # noqa: F401
from .materials import hooks as material_hooks  # noqa: F401
from .materials import policies as material_policies  # noqa: F401
from .materials import samples as material_samples  # noqa: F401
from .personal_data import registrations as personal_data  # noqa: F401
