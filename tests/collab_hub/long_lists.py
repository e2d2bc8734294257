"""Tables with a hundred thousand rows, made by one statement, and what a page reads of them."""

import json

from django.db import connection
from django.test.utils import CaptureQueriesContext

MANY = 100_000


def multiply(row, n: int = MANY, **changes) -> None:
    """Put `n` copies of a stored row beside it. `changes` are SQL expressions by column, in which
    `n` counts from 1; a UUID as primary key is a new one, a number the sequence's next.
    """
    model = type(row)
    columns = [field.column for field in model._meta.concrete_fields]
    key = model._meta.pk
    if key.column not in changes:
        if key.get_internal_type() == "UUIDField":
            changes[key.column] = "gen_random_uuid()"
        else:
            columns.remove(key.column)
    table = connection.ops.quote_name(model._meta.db_table)
    names = [connection.ops.quote_name(name) for name in columns]
    values = [changes.get(name, f"one.{quoted}") for name, quoted in
              zip(columns, names, strict=True)]  # fmt: skip
    with connection.cursor() as cursor:
        # Rules of single rows and their log are not what is looked at here.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)}"
            f" FROM {table} AS one, generate_series(1, {int(n)}) AS n"
            f" WHERE one.{connection.ops.quote_name(key.column)} = %s",
            [str(row.pk)],
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute(f"ANALYZE {table}")


def nodes(plan: dict):
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def cost(call) -> int:
    """How many queries `call()` takes."""
    with CaptureQueriesContext(connection) as queries:
        call()
    return len(queries)


def read_whole(call, *models) -> list[str]:
    """Which queries of `call()` read one of these tables from end to end, with their plans."""
    with CaptureQueriesContext(connection) as queries:
        call()
    tables = {model._meta.db_table for model in models}
    found = []
    for sql in [one["sql"] for one in queries if one["sql"].startswith("SELECT")]:
        if not any(table in sql for table in tables):
            continue
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN (FORMAT JSON) " + sql.replace("%", "%%"), [])
            plan = cursor.fetchone()[0]
        plan = json.loads(plan) if isinstance(plan, str) else plan
        for node in nodes(plan[0]["Plan"]):
            if node["Node Type"] == "Seq Scan" and node.get("Relation Name") in tables:
                found.append(
                    f"{node['Relation Name']} {node.get('Filter', '')}: {sql[:60]} … {sql[-900:]}"
                )
    return found
