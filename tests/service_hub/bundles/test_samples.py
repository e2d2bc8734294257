"""The sample shows a life event that is on its way."""

import pytest

from service_hub.bundles.models import BundleCase
from service_hub.bundles.samples import a_baby_is_born
from tests.factories import make_citizen

from .makers import open_birth

pytestmark = pytest.mark.django_db


def test_one_family_has_sent_everything_and_only_once():
    open_birth()
    make_citizen("wangwei", phone="13800002046")
    assert a_baby_is_born() == "1 added"
    assert BundleCase.objects.get().cases.count() == 2
    assert a_baby_is_born() == "0 added"
