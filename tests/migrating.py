"""Going back to an earlier state of the tables, and to those of today again."""

import os

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.emptying import EMPTYING


def go_to(app: str, name: str):
    """Migrate `app` to the migration `name`; returns the models of that state."""
    executor = MigrationExecutor(connection)
    executor.migrate([(app, name)])
    return executor.loader.project_state([(app, name)]).apps


@pytest.fixture
def back_to_today(transactional_db):
    """Whatever the test migrated to, the tests after it find the tables of today."""
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
