"""docker-compose.yml as far as it can be checked without an engine."""

import os
import re
import subprocess
import sys

import pytest
import yaml

from platform_core.onebox.paths import ROOT

TEXT = (ROOT / "docker-compose.yml").read_text("utf-8")
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
APPLICATION = ("web", "worker", "relay", "beat", "migrate")
SECRETS = ("SECRET_KEY", "FIELD_KEY", "BLIND_KEY", "PUSH_KEY")
SECRETS += ("POSTGRES_PASSWORD", "REDIS_PASSWORD")


def names_waited_for(service: dict) -> dict:
    return {name: entry["condition"] for name, entry in service.get("depends_on", {}).items()}


def test_every_part_of_the_production_shape_is_there():
    assert set(SERVICES) == {"proxy", "pgbouncer", "postgres", "redis", *APPLICATION}


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_every_lasting_service_is_watched_and_restarted(name):
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_no_secret_has_a_default():
    for name in SECRETS:
        uses = re.findall(r"\$\{" + name + r"([^}]*)\}", TEXT)
        assert uses, name
        assert set(uses) == {":?"}, name


def test_no_secret_is_written_down():
    for line in TEXT.splitlines():
        name, _, value = line.strip().partition(": ")
        if re.search(r"(PASSWORD|SECRET|_KEY|AUTH)$", name) and name != "AUTH_TYPE":
            assert value.startswith("${"), line


def test_only_the_proxy_is_reached_from_outside():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]


def test_the_servers_with_data_have_no_way_out():
    assert COMPOSE["networks"]["data"] == {"internal": True}
    for name in ("postgres", "pgbouncer", "redis"):
        assert SERVICES[name]["networks"] == ["data"]


def test_the_application_speaks_through_the_pooler_and_the_migration_past_it():
    for name in APPLICATION:
        address = SERVICES[name]["environment"]["DATABASE_URL"]
        assert ("@postgres:5432/" if name == "migrate" else "@pgbouncer:6432/") in address


@pytest.mark.parametrize("name", sorted(set(APPLICATION) - {"migrate"}))
def test_nothing_serves_before_the_migration_is_done(name):
    waited = names_waited_for(SERVICES[name])
    assert waited["migrate"] == "service_completed_successfully"
    assert waited["pgbouncer"] == waited["redis"] == "service_healthy"


@pytest.mark.parametrize("name", APPLICATION)
def test_the_application_has_few_rights(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["environment"]["BEHIND_TLS"] == "1"
    assert "DEBUG" not in service["environment"]
    assert "DEMO" not in service["environment"]


def test_data_outlive_their_containers():
    mounted = {volume.split(":")[0] for s in SERVICES.values() for volume in s.get("volumes", ())}
    assert {"postgres", "redis", "files", "certificates"} <= mounted
    assert {name for name in mounted if not name.startswith(".")} == set(COMPOSE["volumes"])


def test_images_have_a_version():
    for name, service in SERVICES.items():
        if name not in APPLICATION:
            assert re.search(r":v?\d", service["image"]), name


def test_every_mounted_file_exists():
    for service in SERVICES.values():
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            assert not source.startswith(".") or (ROOT / source).is_file(), volume


def test_the_example_names_exactly_what_must_be_set():
    example = (ROOT / "platform_core/onebox/deploy/example.env").read_text("utf-8")
    offered = set(re.findall(r"^([A-Z_]+)=$", example, re.MULTILINE))
    assert offered == set(re.findall(r"\$\{([A-Z_]+):\?\}", TEXT))


def test_the_settings_start_with_the_environment_of_the_compose_file():
    """The names that compose sets are the names that the settings read."""
    values = {name: "x" * 40 for name in SECRETS} | {"SITE_HOST": "gov.example"}
    environment = {
        key: re.sub(r"\$\{(\w+):[-?](.*?)\}", lambda m: values.get(m[1], m[2]), str(value))
        for key, value in SERVICES["web"]["environment"].items()
    }
    told = "from django.conf import settings as s; print(s.SITE_URL, s.DEBUG, *s.ALLOWED_HOSTS)"
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", told],
        cwd=ROOT,
        env={**kept, **environment, "DJANGO_SETTINGS_MODULE": "platform_core.settings"},
        capture_output=True,
        text=True,
    )
    assert not done.stderr
    assert done.stdout.split() == ["https://gov.example", "False", "gov.example", "127.0.0.1"]


def test_the_image_is_built_from_the_locks_and_runs_as_nobody_special():
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    assert any("--require-hashes" in line for line in lines)
    assert "USER gov" in lines
    copied = {line.split()[1] for line in lines if line.startswith("COPY ") and "/" not in line}
    platforms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert platforms <= copied | {"apps"}
