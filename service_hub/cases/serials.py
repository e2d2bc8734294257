"""Gap-free serials: the counter row is locked until the case that took the number is committed."""

from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict

from .numbers import LAST_SERIAL, case_number, implementing_code

# One statement makes or locks the row and counts on; a rolled-back case gives its number back.
NEXT = """
    insert into service_hub_caseserial (code, "on", last) values (%s, %s, 1)
    on conflict (code, "on") do update set last = service_hub_caseserial.last + 1
    where service_hub_caseserial.last < %s
    returning last
"""


def take_number(*, department, digit: str, basic_code: str, on: date) -> str:
    """The next case number of an organ, item and day. Raises Conflict past the last serial of
    the day.
    """
    code = implementing_code(department.credit_code, digit, basic_code)
    return case_number(code, on, next_serial(code, on))


def next_serial(code: str, on: date) -> int:
    """The next serial of `code` on a day, from 1. Raises Conflict past the last one."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [code, on, LAST_SERIAL])
        row = cursor.fetchone()
    if row is None:
        raise Conflict(
            _("Today's numbers for this service are used up. Please apply again tomorrow."),
            code=code,
        )
    return row[0]
