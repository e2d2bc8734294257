import pytest

from security.accounts.models import Identity, User
from security.crypto import blind_index
from tests import factories

pytestmark = pytest.mark.django_db


def test_everyone_can_be_made(client):
    alice = factories.make_citizen("alice", phone="138 0000 0000")
    bob = factories.make_official("bob", kind="health")
    agent = factories.make_firm_agent("carol")
    factories.make_admin(), factories.make_auditor()
    factories.sign_in(client, bob)
    assert User.objects.get(phone_index=blind_index("13800000000", "mobile")) == alice
    fresh = Identity.objects.get(user=alice)
    assert fresh.real_name == "Alice"
    assert fresh.citizen_number == alice.identity.citizen_number
    assert bob.posts.get().department.kind == "health"
    assert agent.mandates.get().firm.credit_code
