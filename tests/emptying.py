"""Empties the database after a test with real transactions, in milliseconds.

Django truncates every table and then sends `post_migrate`, which writes all content types and
permissions again: with several hundred tables that takes longer than most of the tests. Here the
first time of a run goes Django's way and is remembered; from then on only the tables that hold
something are emptied, and what `post_migrate` had written is put back with the same ids.
"""

from django.core.management import call_command
from django.db import connection, transaction

SCHEMA = "after_flush"


class Emptying:
    """One run of the suite in one process; `columns`: of each table that is not empty at rest."""

    def __init__(self) -> None:
        self.columns: dict[str, list[str]] = {}

    def __call__(self) -> None:
        if not self.columns:
            call_command("flush", verbosity=0, interactive=False, reset_sequences=False)
            self.remember()
            return
        name = connection.ops.quote_name
        full = full_tables()
        statements = [f"DELETE FROM {name(table)}" for table in full]
        for table, columns in self.columns.items():
            listed = ", ".join(map(name, columns))
            statements.append(
                f"INSERT INTO {name(table)} ({listed}) SELECT {listed} FROM {SCHEMA}.{name(table)}"
            )
        with transaction.atomic(), connection.cursor() as cursor:
            # Neither foreign keys nor the triggers of append-only tables have a say here.
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("; ".join(statements))

    def remember(self) -> None:
        name = connection.ops.quote_name
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA}")
            for table in full_tables():
                cursor.execute(f"CREATE TABLE {SCHEMA}.{name(table)} AS TABLE {name(table)}")
                fields = connection.introspection.get_table_description(cursor, table)
                self.columns[table] = [field.name for field in fields]


def full_tables() -> list[str]:
    """The tables of the project's models that hold at least one row."""
    name = connection.ops.quote_name
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    asked = " UNION ALL ".join(f"(SELECT '{one}' FROM {name(one)} LIMIT 1)" for one in tables)
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [row[0] for row in cursor.fetchall()]


EMPTYING = Emptying()
