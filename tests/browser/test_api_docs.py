"""The documentation of the API draws itself under the strict content security policy."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.usefixtures("transactional_db")


def test_the_docs_list_the_endpoints(browse):
    page = browse("/api/v1/docs/", size="desktop", language="en")
    expect(page.get_by_text("Govplatform API").first).to_be_visible()
    expect(page.get_by_text("/api/v1/intake/").first).to_be_visible()
