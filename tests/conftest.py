"""Fixtures of the whole suite: nothing leaves the machine, nothing leaks from one test into the
next.
"""

import os
import uuid

import pytest
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck, settings

from tests.emptying import EMPTYING

# Nothing is said about time: how busy the machine is decides over no test.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """Test databases are copies of one that has all migrations, where the runner made one."""
    connection.settings_dict["TEST"]["TEMPLATE"] = os.environ.get("TEST_TEMPLATE")


@pytest.fixture(autouse=True, scope="session")
def _tables_are_emptied():
    """Tests with real transactions leave an empty database; append-only tables would refuse it."""
    plain = DatabaseOperations.execute_sql_flush

    def execute_sql_flush(self, sql_list):
        return plain(self, ["SET LOCAL session_replication_role = replica", *sql_list])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", execute_sql_flush)
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: EMPTYING())
        yield


@pytest.fixture(autouse=True)
def _settings_of_tests(settings, tmp_path):
    """Fast password hashes, letters in memory, files in the test's own folder, source language."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.STORAGES = {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "files"), "base_url": None},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.DEMO = False
    # Whatever the hour at which the tests run, nothing waits for the morning.
    settings.QUIET_HOURS = ()
    # Counters of one test (rate limits, used codes) never meet those of another.
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "KEY_PREFIX": f"test-{uuid.uuid4().hex}"}
    }


@pytest.fixture(autouse=True)
def _reader_of_english():
    """Tests read the source language unless they choose another one."""
    with translation.override("en"):
        yield
