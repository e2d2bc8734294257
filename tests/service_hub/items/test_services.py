"""Service items come from manifests: what a manifest may not say, and what a new version
changes.
"""

import pytest

from platform_core.napps.manifest import ManifestInvalid, validate_manifest
from service_hub.items.models import ServiceItem
from service_hub.items.selectors import takes_new_cases
from service_hub.items.services import suspend_item
from tests.factories import MAKER
from tests.service_hub.makers import APPS, item_of, manifest_of

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
    from platform_core.napps import services as napps

    item = item_of("household", "id_card")
    manifest = manifest_of("household") | {"version": "1.1.0"}
    manifest["services"] = [one for one in manifest["services"] if one["key"] != "id_card"]
    version = napps.register_napp(actor=MAKER, manifest=manifest)
    napps.switch_version(actor=MAKER, napp=version.napp, version=version)
    item.refresh_from_db()
    assert item.state == ServiceItem.State.CANCELLED


def test_a_suspended_item_takes_no_cases_until_it_is_back():
    item = item_of("housing_fund", "rent")
    assert not takes_new_cases(suspend_item(actor=MAKER, item=item, is_suspended=True))
    assert takes_new_cases(suspend_item(actor=MAKER, item=item, is_suspended=False))
