"""Whoever publishes a version sees its processes drawn, played through, told in words, and as a
file."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import etree

from platform_core.napps.manifest import ManifestInvalid
from platform_core.napps.services import register_napp
from tests.factories import MAKER, make_admin, make_official, sign_in

from .flows import condition, end
from .makers import approve, make_napp, manifest
from .spiff import BPMN

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(client):
    sign_in(client, make_admin())
    return make_napp()


def address(name, version, *more):
    return reverse(f"admin:platform_core_napp_{name}", args=[version.napp_id, version.pk, *more])


def test_the_version_page_draws_and_explains_each_process(client, version):
    english = {"Accept-Language": "en"}
    page = client.get(address("version", version), headers=english).content.decode()
    assert page.count('<svg class="process-picture') == 2
    assert "It never gets stuck" in page
    assert "way through" in page or "ways through" in page


def test_the_page_costs_the_same_for_one_process_and_for_three(
    client, version, django_assert_num_queries
):
    data = {**version.manifest, "version": "9.0.0"}
    data["processes"] = [
        {**data["processes"][0], "key": f"copy_{number}"} for number in range(2)
    ] + data["processes"]
    larger = register_napp(actor=MAKER, manifest=data)
    client.get(address("version", version))
    with CaptureQueriesContext(connection) as queries:
        client.get(address("version", version))
    with django_assert_num_queries(len(queries)):
        client.get(address("version", larger))


def test_a_role_that_nobody_holds_is_named(client, version):
    english = {"Accept-Language": "en"}
    page = client.get(address("version", version), headers=english).content.decode()
    assert "Nobody holds the role" in page
    roles = {role["key"] for role in version.manifest["roles"]}
    make_official(
        kind="market",
        groups=list(
            Group.objects.filter(name__in=[f"napp:{version.napp.slug}:{key}" for key in roles])
        ),
    )
    page = client.get(address("version", version), headers=english).content.decode()
    assert "Nobody holds the role" not in page


def test_a_process_is_downloaded_as_bpmn(client, version):
    key = version.manifest["processes"][0]["key"]
    answer = client.get(address("file", version, "processes", f"{key}.bpmn"))
    assert answer["Content-Type"].startswith("application/xml")
    assert "attachment" in answer["Content-Disposition"]
    assert etree.fromstring(answer.content).find(f"{BPMN}process").get("id") == key


@pytest.mark.parametrize(
    ("section", "name"),
    [("processes", "other.bpmn"), ("processes", "x"), ("nothing", "x.bpmn"), ("roles", "x.y")],
)
def test_what_is_not_there_is_not_found(client, version, section, name):
    assert client.get(address("file", version, section, name)).status_code == 404


def test_only_administrators_get_the_file(client, version):
    client.logout()
    key = version.manifest["processes"][0]["key"]
    answer = client.get(address("file", version, "processes", f"{key}.bpmn"))
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ([approve("a"), end("rejected")], "only end with a refusal"),
        ([condition([end()], [end()]), approve("b")], "never be reached"),
    ],
)
def test_an_unsound_process_is_refused(steps, says):
    with pytest.raises(ManifestInvalid) as refused:
        register_napp(actor=MAKER, manifest=manifest(steps))
    assert any(says in problem.message for problem in refused.value.problems)
