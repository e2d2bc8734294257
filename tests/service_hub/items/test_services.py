"""Service items come from manifests: what a manifest may not say, and what a new version
changes.
"""

import pytest

from platform_core.common.errors import Conflict, Unusable
from platform_core.napps import services as napps
from platform_core.napps.manifest import ManifestInvalid, validate_manifest
from service_hub.cases import services as cases
from service_hub.cases.models import Case
from service_hub.items.models import ServiceItem
from service_hub.items.selectors import takes_new_cases
from service_hub.items.services import resume_item, suspend_item
from tests.factories import MAKER, actor_of, make_department
from tests.service_hub.makers import APPS, item_of, manifest_of, rent_values

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("slug", sorted(p.parent.name for p in APPS.glob("*/manifest.json")))
def test_every_sample_manifest_is_sound(slug):
    assert validate_manifest(manifest_of(slug)).slug == slug


def problems_of(change) -> str:
    manifest = manifest_of("housing_fund")
    change(manifest["services"][0])
    with pytest.raises(ManifestInvalid) as refused:
        validate_manifest(manifest)
    return " ".join(f"{p.section} {p.index} {p.field} {p.message}" for p in refused.value.problems)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s: s.update(promise_days=4), "promise_days"),
        (lambda s: s.update(basic_code="330112001000"), "item type"),
        (lambda s: s.update(theme="weather"), "unknown theme"),
        (lambda s: s.update(form="nowhere"), "nowhere"),
        (lambda s: s.update(process="nowhere"), "nowhere"),
        (lambda s: s.update(region_field="address"), "address"),
        (lambda s: s.update(contact_field="rent"), "rent"),
        (lambda s: s.update(audience=["person", "firm"]), "enterprise"),
        (lambda s: s.update(surprise=1), "surprise"),
        (lambda s: s.update(result={"kind": "certificate", "title": {"zh": "证", "en": "C"},
                                    "statements": ["nothing"]}), "nothing"),
    ],
)  # fmt: skip
def test_a_wrong_item_is_named_in_the_error(change, said):
    found = problems_of(change)
    assert said in found
    assert "services" in found


def test_an_item_that_the_next_version_drops_is_cancelled(db):
    item = item_of("household", "id_card")
    manifest = manifest_of("household") | {"version": "9.0.0"}
    manifest["services"] = [one for one in manifest["services"] if one["key"] != "id_card"]
    version = napps.register_napp(actor=MAKER, manifest=manifest)
    napps.switch_version(actor=MAKER, napp=version.napp, version=version)
    item.refresh_from_db()
    assert item.state == ServiceItem.State.CANCELLED


NOTICE = {"zh": "系统升级，12月1日恢复。", "en": "Being renewed; back on 1 December."}


def test_a_suspended_item_takes_no_cases_until_it_is_back():
    item = item_of("housing_fund", "rent")
    item = suspend_item(actor=MAKER, item=item, notice=NOTICE)
    assert not takes_new_cases(item) and item.notice == NOTICE
    with pytest.raises(Conflict):
        suspend_item(actor=MAKER, item=item, notice=NOTICE)
    item = resume_item(actor=MAKER, item=item)
    assert takes_new_cases(item) and item.notice is None
    with pytest.raises(Conflict):
        resume_item(actor=MAKER, item=item)


def test_a_suspension_says_why_in_both_languages():
    item = item_of("housing_fund", "rent")
    with pytest.raises(Unusable) as refused:
        suspend_item(actor=MAKER, item=item, notice={"zh": "升级", "en": " "})
    assert set(refused.value.errors) == {"en"}


def test_an_application_begun_before_the_suspension_is_not_taken(alice):
    item = item_of("housing_fund", "rent")
    make_department("housing_fund")
    suspend_item(actor=MAKER, item=item, notice=NOTICE)
    with pytest.raises(Conflict):
        # The row as it was read before the suspension.
        cases.file_values(actor=actor_of(alice), item=item, values=rent_values(alice))
    assert not Case.objects.exists()


def test_a_new_version_leaves_a_suspended_item_suspended():
    item = suspend_item(actor=MAKER, item=item_of("household", "id_card"), notice=NOTICE)
    version = napps.register_napp(
        actor=MAKER, manifest=manifest_of("household") | {"version": "1.1.0"}
    )
    napps.switch_version(actor=MAKER, napp=version.napp, version=version)
    item.refresh_from_db()
    assert (item.state, item.notice) == (ServiceItem.State.SUSPENDED, NOTICE)
    assert item_of("household", "newborn").state == ServiceItem.State.IN_USE
