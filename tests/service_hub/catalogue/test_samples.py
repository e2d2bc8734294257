"""The sample catalogue: made once, by two administrators, through the services."""

import pytest

from service_hub.catalogue.models import BasicItem, Change, ImplementingItem
from service_hub.catalogue.samples import catalogue
from tests.factories import make_admin, make_department
from tests.service_hub.makers import item_of

pytestmark = pytest.mark.django_db


def test_the_sample_catalogue_is_published_by_two_people_once():
    assert catalogue() == "0 added"
    make_admin("writer"), make_admin("second")
    item_of("housing_fund", "rent")
    item_of("schooling", "enrol")
    make_department("housing_fund", "330106")
    make_department("education", "330382")
    catalogue()
    rent = ImplementingItem.objects.get(basic__code="332012001000")
    assert rent.current.number == 1 and rent.versions.filter(state="proposed").exists()
    assert ImplementingItem.objects.get(basic__code="332005001000").notice
    assert BasicItem.objects.filter(current__isnull=False).count() > 2
    assert Change.objects.filter(state="open").count() == 1
    assert catalogue() == "0 added"
