"""The published figures counted a second time, by SQL written by hand over the raw tables.

Nothing of the board's own reads is used: services come from the cases and visits themselves,
exclusions from the decided appeals, call backs and answers from the trace of each order. Whatever
differs from the board is a mistake in one of the two.
"""

from dataclasses import fields

from django.conf import settings
from django.db import connection
from django.utils import timezone

from service_hub.indicators import Filters

from . import board
from .figures import Figures

KEYS = {
    board.AREA: """CASE WHEN array_length(string_to_array(rtrim(g.path, '/'), '/'), 1) < %(deep)s
                   THEN g.path ELSE array_to_string(
                     (string_to_array(g.path, '/'))[1:%(deep)s], '/') || '/' END""",
    board.ORGAN: "x.department_id::text",
    board.ITEM: "x.item_id::text",
    board.CHANNEL: "x.channel",
    board.MONTH: "to_char(x.at AT TIME ZONE %(zone)s, 'YYYY-MM-01')",
}
COUNT = """
WITH service AS (
  SELECT department_id, item_id, channel, accepted_at AS at, id AS case_id, 1 AS no, NULL::uuid AS v
    FROM service_hub_case WHERE accepted_at IS NOT NULL
  UNION ALL
  SELECT department_id, item_id, channel, decided_at, id, 2, NULL
    FROM service_hub_case WHERE decided_at IS NOT NULL
  UNION ALL
  SELECT department_id, item_id, 'window', at, case_id, service_no, id FROM service_hub_visit
), rating AS (
  SELECT e.id, e.department_id, e.item_id, s.channel, s.at, e.grade, e.rated_at,
         e.rater_id IS NOT NULL OR coalesce(e.contact, '') <> '' AS named,
         EXISTS (SELECT 1 FROM service_hub_appeal a WHERE a.order_id = r.id
                 AND a.state = 'approved') AS out,
         r.id AS order_id, r.answer_due_at AS due,
         (SELECT max(t.at) FROM service_hub_rectificationevent t
           WHERE t.order_id = r.id AND t.kind = 'answer') AS answered,
         EXISTS (SELECT 1 FROM service_hub_rectificationevent t
                  WHERE t.order_id = r.id AND t.kind = 'call_back') AS called
    FROM service_hub_evaluation e
    JOIN service s ON CASE WHEN e.visit_id IS NULL THEN s.v IS NULL AND s.case_id = e.case_id
                           AND s.no = e.service_no ELSE s.v = e.visit_id END
    LEFT JOIN service_hub_rectification r ON r.evaluation_id = e.id
), x AS (
  SELECT 'case' AS kind, department_id, item_id, channel, submitted_at AS at, NULL::bigint AS r
    FROM service_hub_case
  UNION ALL SELECT 'service', department_id, item_id, channel, at, NULL FROM service
  UNION ALL SELECT 'rating', department_id, item_id, channel, at, id FROM rating
)
SELECT {key} AS key,
       count(*) FILTER (WHERE x.kind = 'case') AS cases,
       count(*) FILTER (WHERE x.kind = 'service') AS services,
       count(*) FILTER (WHERE NOT y.out) AS ratings,
       round(100.0 * count(*) FILTER (WHERE NOT y.out)
             / nullif(count(*) FILTER (WHERE x.kind = 'service'), 0), 1) AS active_rate,
       round(100.0 * count(*) FILTER (WHERE NOT y.out AND y.grade >= 3)
             / nullif(count(*) FILTER (WHERE NOT y.out), 0), 1) AS good_rate,
       count(*) FILTER (WHERE NOT y.out AND y.grade <= 2) AS bad,
       round(100.0 * count(*) FILTER (WHERE NOT y.out AND y.answered <= y.due)
             / nullif(count(*) FILTER (WHERE NOT y.out AND y.order_id IS NOT NULL
                      AND (y.answered IS NOT NULL OR y.due < %(now)s)), 0), 1) AS in_time_rate,
       round(100.0 * count(*) FILTER (WHERE NOT y.out AND y.order_id IS NOT NULL
                                      AND y.named AND y.called)
             / nullif(count(*) FILTER (WHERE NOT y.out AND y.order_id IS NOT NULL AND y.named), 0),
             1) AS called_back_rate,
       round(extract(epoch FROM sum(y.answered - y.rated_at) FILTER (WHERE NOT y.out))
             / nullif(count(y.answered) FILTER (WHERE NOT y.out), 0) / 3600, 1) AS hours,
       count(*) FILTER (WHERE y.out) AS excluded
  FROM x
  JOIN security_department d ON d.id = x.department_id
  JOIN security_region g ON g.id = d.region_id
  LEFT JOIN rating y ON y.id = x.r
 WHERE (x.at AT TIME ZONE %(zone)s)::date >= %(first)s
   AND (x.at AT TIME ZONE %(zone)s)::date < %(until)s
   AND g.path LIKE %(path)s AND (%(organ)s IS NULL OR x.department_id = %(organ)s)
   AND (%(item)s IS NULL OR x.item_id = %(item)s)
   AND (%(channel)s = '' OR x.channel = %(channel)s)
 GROUP BY 1
"""
NAMES = [field.name for field in fields(Figures) if field.name != "is_hidden"]


def recounted(filters: Filters, by: str | None, now=None) -> dict[str, dict]:
    """{key as text: {figure: number}} by the SQL above; the key is "" without groups."""
    path = filters.region.path if filters.region else ""
    facts = {
        "first": filters.first,
        "until": filters.until,
        "now": now or timezone.now(),
        "zone": settings.TIME_ZONE,
        "path": f"{path}%",
        "deep": path.count("/") + 1 if path else 2,
        "organ": filters.department.pk if filters.department else None,
        "item": filters.item.pk if filters.item else None,
        "channel": filters.channel,
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNT.replace("{key}", KEYS[by] if by else "''"), facts)
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {
        str(row.pop("key")): {
            name: float(value) if name.endswith("rate") or name == "hours" else value
            for name, value in row.items()
            if value is not None
        }
        for row in rows
    }


def differences(filters: Filters, now=None) -> list[str]:
    """What the board shows and the recount does not, in words; empty when all is well."""
    now = now or timezone.now()
    found = []
    for by in (None, *board.WAYS):
        again = recounted(filters, by, now)
        shown = _shown(filters, by, now)
        if set(again) != set(shown) and by:
            found.append(f"{by}: rows {sorted(set(again) ^ set(shown))}")
        for key in set(again) & set(shown):
            found += [
                f"{by or 'total'} {key} {name}: {getattr(shown[key], name)} is {counted}"
                for name, counted in again[key].items()
                if not shown[key].is_hidden and getattr(shown[key], name) != counted
            ]
    return found


def _shown(filters: Filters, by: str | None, now) -> dict[str, Figures]:
    if by is None:
        return {"": board.total(filters, now)}
    return {str(group.key): group.figures for group in board.groups(filters, by, now)}
