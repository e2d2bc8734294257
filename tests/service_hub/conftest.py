import pytest

from tests.factories import make_citizen, sign_in


@pytest.fixture
def alice(db):
    return make_citizen("alice", phone="13800002046")


@pytest.fixture
def bob(db):
    return make_citizen("bob")


@pytest.fixture
def client(client, settings):
    """A browser that asks for English."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def portal(client):
    """Signs a person in (acting for a firm) and gives their client."""

    def enter(user, firm=None):
        sign_in(client, user, firm=firm)
        return client

    return enter
