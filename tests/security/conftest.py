import pytest
from django.test import Client


class EnglishClient(Client):
    """A browser whose reader prefers English."""

    def __init__(self, **more):
        super().__init__(headers={"accept-language": "en"}, **more)


@pytest.fixture
def client():
    return EnglishClient()


@pytest.fixture
def browser():
    """Makes further browsers, each with its own session."""
    return EnglishClient
