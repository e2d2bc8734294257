"""The OpenAPI description is generated from the endpoints, complete and without warnings."""

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.django_db


def test_the_schema_is_valid_and_has_no_warnings(tmp_path):
    """drf-spectacular raises on the first warning or invalid part."""
    target = tmp_path / "schema.yml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(target))
    text = target.read_text()
    for part in ("items", "intake", "cases", "tasks", "evaluations", "napps", "regions"):
        assert f"/{part}/:" in text, part


def test_the_docs_can_be_read_without_signing_in(client):
    assert client.get("/api/v1/docs/").status_code == 200
    assert client.get("/api/v1/schema/").status_code == 200
