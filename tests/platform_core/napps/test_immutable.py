"""A published version cannot be changed by any kind of write, and a key is never used twice."""

import copy

import pytest
from django.db import DatabaseError, connection, transaction

from platform_core.napps import services
from platform_core.napps.manifest import ManifestInvalid
from platform_core.napps.models import NAppVersion
from tests.factories import MAKER, make_admin, sign_in
from tests.platform_core.capabilities.process.makers import FORM, approve, manifest, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _chains():
    """The real sections instead of the made-up one of this folder."""


@pytest.fixture
def version():
    found = services.register_napp(actor=MAKER, manifest=manifest([approve("accept")]))
    services.open_napp(actor=MAKER, napp=found.napp)
    return NAppVersion.objects.get(pk=found.pk)


def by_save(version):
    version.manifest = {"schema": 1}
    version.save()


def by_update(version):
    NAppVersion.objects.filter(pk=version.pk).update(manifest={}, digest="x")


def by_bulk(version):
    version.authors = []
    NAppVersion.objects.bulk_update([version], ["authors"])


def by_upsert(version):
    version.note = "x"
    NAppVersion.objects.bulk_create(
        [version], update_conflicts=True, unique_fields=["id"], update_fields=["note"]
    )


def by_sql(version):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE platform_core_nappversion SET manifest = '{}' WHERE id = %s", [version.pk]
        )


def by_deleting(version):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE platform_core_napp SET current_id = NULL")
    version.delete()


def by_deleting_rows(version):
    NAppVersion.objects.filter(pk=version.pk)._raw_delete("default")


def by_deleting_in_sql(version):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM platform_core_nappversion")


@pytest.mark.parametrize(
    "write",
    [
        by_save, by_update, by_bulk, by_upsert, by_sql,
        by_deleting, by_deleting_rows, by_deleting_in_sql,
    ],
)  # fmt: skip
def test_no_write_reaches_a_published_version(version, write):
    before = NAppVersion.objects.filter(pk=version.pk).values().get()
    with pytest.raises(DatabaseError), transaction.atomic():
        write(copy.copy(version))
    assert NAppVersion.objects.filter(pk=version.pk).values().get() == before


def test_the_admin_site_offers_no_way(client, version):
    sign_in(client, make_admin())
    base = f"/admin/platform_core/napp/{version.napp_id}/"
    for address in (
        "/admin/platform_core/nappversion/",
        f"/admin/platform_core/nappversion/{version.pk}/change/",
        f"{base}delete/",
        f"{base}versions/{version.pk}/delete/",
    ):
        assert client.post(address, {"manifest": "{}"}).status_code in (403, 404), address
    assert client.post(f"{base}versions/{version.pk}/", {"text": "{}"}).status_code == 200
    assert NAppVersion.objects.get(pk=version.pk).manifest == version.manifest


def with_field(number: str, **field):
    form = copy.deepcopy(FORM)
    form["pages"][0]["fields"] = [{"label": text("X"), **field}]
    return manifest([approve("accept")], version=number, forms=[form])


class TestKeys:
    def refused(self, data) -> str:
        with pytest.raises(ManifestInvalid) as caught:
            services.register_napp(actor=MAKER, manifest=data)
        (problem,) = caught.value.problems
        assert problem.place == "forms[0].pages[0].fields[0].key"
        return problem.message

    def test_a_key_stands_for_one_type(self, version):
        said = self.refused(with_field("2.0.0", key="dangerous", type="mobile"))
        assert "In version 1.0.0 the key “dangerous” stood for an answer of the type yes_no" in said

    def test_a_key_that_was_gone_for_a_version_is_not_free(self, version):
        services.register_napp(actor=MAKER, manifest=with_field("2.0.0", key="other", type="text"))
        assert "1.0.0" in self.refused(with_field("3.0.0", key="dangerous", type="number"))
        services.register_napp(
            actor=MAKER, manifest=with_field("3.0.0", key="dangerous", type="yes_no")
        )

    def test_a_retired_key_is_never_used_again(self, version):
        data = with_field("2.0.0", key="other", type="text")
        data["forms"][0]["retired"] = ["dangerous"]
        services.register_napp(actor=MAKER, manifest=data)
        said = self.refused(with_field("3.0.0", key="dangerous", type="yes_no"))
        assert said == "Version 2.0.0 retired the key “dangerous”. Choose a new key."

    def test_a_line_may_become_a_paragraph(self, version):
        for number, kind in (("2.0.0", "text"), ("3.0.0", "textarea")):
            services.register_napp(actor=MAKER, manifest=with_field(number, key="words", type=kind))
