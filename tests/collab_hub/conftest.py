import pytest
from rest_framework.test import APIClient

from tests.factories import make_citizen, make_official, sign_in

from .makers import make_napp


@pytest.fixture
def clerk(db):
    return make_official("alice", kind="market", duties=["clerk"], name="Alice")


@pytest.fixture
def other_clerk(db):
    return make_official("bob", kind="market", duties=["clerk"], name="Bob")


@pytest.fixture
def reviewer(db):
    return make_official("carol", kind="market", duties=["reviewer"], name="Carol")


@pytest.fixture
def stranger(db):
    return make_official("mallory", kind="health", duties=["clerk", "reviewer"], name="Mallory")


@pytest.fixture
def citizen(db):
    return make_citizen("dave")


@pytest.fixture
def stall(db):
    """The version of the open market stall N-app."""
    return make_napp()


@pytest.fixture
def client(client, settings):
    """A browser that asks for English."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def office(client):
    """Signs a person in and gives their client."""

    def enter(user):
        sign_in(client, user)
        return client

    return enter


@pytest.fixture
def api(db):
    """Gives an API client of a person, or of nobody."""

    def enter(user) -> APIClient:
        found = APIClient(headers={"Accept-Language": "en"})
        if user:
            sign_in(found, user)
        return found

    return enter
