"""The published counter counted a second time, by SQL written by hand over the raw tables: how
often people were asked for a value that was known.
"""

from django.conf import settings
from django.db import connection

from .counters import counters

ASKED_AGAIN = """
SELECT count(*)
  FROM collab_hub_reportvalue v
  JOIN collab_hub_reportfieldversion f ON f.id = v.version_id
 WHERE v.turn = 1 AND v.origin = 'filled'
   AND EXISTS (
     SELECT 1
       FROM collab_hub_reportvalue o
       JOIN collab_hub_reportfieldversion g ON g.id = o.version_id
      WHERE o.department_id = v.department_id AND o.chain <> v.chain AND o.at < v.at
        AND g.field_id = f.field_id AND g.sense = f.sense
        AND o.valid_until >= (v.at AT TIME ZONE %s)::date
        AND (NOT f.is_of_period OR o.period = v.period))
"""
SPARED = """
SELECT count(*) FROM collab_hub_reportanswer a
  JOIN collab_hub_reportcolumn c ON c.id = a.column_id
 WHERE a.is_known_before
"""


def recounted() -> dict[str, int]:
    """{"asked_again", "spared"} by the SQL above."""
    with connection.cursor() as cursor:
        cursor.execute(ASKED_AGAIN, [settings.TIME_ZONE])
        again = cursor.fetchone()[0]
        cursor.execute(SPARED)
        return {"asked_again": again, "spared": cursor.fetchone()[0]}


def differences(counted: dict[str, int]) -> list[str]:
    """What the office page says and the recount (`recounted`) does not; empty when all is well."""
    said = counters()
    return [f"{key}: {said[key]} is {counted[key]}" for key in said if said[key] != counted[key]]
