"""Which department handles a case: the nearest one with the right function for the place it
concerns.
"""

from django.utils.translation import gettext as _

from platform_core.common.errors import Unusable
from security.accounts.selectors import identity_of
from security.organs import selectors as organs


def place_of(definition, values: dict, *, user=None, firm=None, number: str = ""):
    """The region a case concerns: the form's region field, else the firm's seat, else the
    applicant's home, which the first six digits of their citizen number name.
    """
    code = values.get(definition.region_field) if definition.region_field else None
    is_code = isinstance(code, str) and code.isascii() and code.isdigit()
    region = organs.region_by_code(code) if is_code else None
    if region is None and firm is not None:
        region = firm.region
    if region is None and not number and user is not None:
        identity = identity_of(user)
        number = identity.citizen_number if identity else ""
    if region is None and number:
        region = organs.region_by_code(number[:6])
    return region or organs.regions_below(None).first()


def implementing_department(definition, region):
    """The organ that handles it. Raises Unusable at the region field when nobody is
    responsible there.
    """
    department = organs.department_for(definition.department_kind, region) if region else None
    if department is None or len(department.credit_code) != 18:
        raise Unusable(
            {
                definition.region_field or "": [
                    _("No office handles this matter for the place you gave.")
                ]
            }
        )
    return department
