"""Going back to an earlier state of the tables, and to those of today again."""

import os

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.emptying import EMPTYING

# More rows than one test makes.
MARGIN = 100_000


def go_to(app: str, name: str):
    """Migrate `app` to the migration `name`; returns the models of that state."""
    executor = MigrationExecutor(connection)
    executor.migrate([(app, name)])
    return executor.loader.project_state([(app, name)]).apps


@pytest.fixture
def back_to_today(transactional_db):
    """Whatever the test migrated to, the tests after it find the tables of today."""
    reached = sequences()
    yield
    template = os.environ.get("TEST_TEMPLATE")
    if not template:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
        return
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    connection.close()
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {connection.ops.quote_name(template)}")
    EMPTYING.forget()
    with connection.cursor() as cursor:
        for sequence, last in reached:
            cursor.execute("SELECT setval(%s::regclass, %s)", [sequence, last + MARGIN])


def sequences() -> list[tuple[str, int]]:
    """How far numbers have been given. They are not given again: what this process remembers of
    rows by their numbers would be taken for new rows.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%I.%I', schemaname, sequencename), last_value FROM pg_sequences"
            " WHERE schemaname = 'public' AND last_value IS NOT NULL"
        )
        return cursor.fetchall()
