"""Many applications by spreadsheet, from the upload to the numbers."""

import pytest
from playwright.sync_api import expect

from platform_core.common.spreadsheets import write_xlsx
from service_hub.bulk import services
from service_hub.bulk.models import Batch
from tests.factories import MAKER, make_department, make_region
from tests.service_hub.firms.makers import make_members
from tests.service_hub.makers import item_of

pytestmark = pytest.mark.usefixtures("transactional_db")
TITLES = [
    "County or district", "Mobile number of the contact", "Bank account of the firm",
    "Insured employees last year, on average", "People dismissed last year",
]  # fmt: skip
GOOD = ["330106", "13800002046", "6222021202000006217", "40", "1"]


def test_errors_by_cell_then_the_right_rows_are_filed(browse, axe, overflows):
    browse.expect("422")
    make_region("330106")
    make_department("social_security")
    item = item_of("employment", "refund")
    firm, people = make_members()
    look = {"size": "desktop", "language": "en", "user": people["legal"], "firm": firm}
    page = browse(f"/enterprise/firm/batches/new/{item.napp.slug}/{item.key}/", **look)
    sheet = write_xlsx("x", TITLES, [GOOD, [*GOOD[:3], "0", "x"], GOOD])
    page.locator("#file").set_input_files(
        {"name": "jobs.csv", "mimeType": "text/csv", "buffer": b"PK nothing"}
    )
    page.locator("main form .btn.lg").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    assert not axe(page)
    page.locator("#file").set_input_files(
        {"name": "jobs.xlsx", "mimeType": "application/octet-stream", "buffer": sheet}
    )
    page.locator("main form .btn.lg").click()
    expect(page.locator("main")).to_contain_text("2 rows are right, 1 must be corrected")
    expect(page.locator("main table")).to_contain_text("D3")
    assert not axe(page) and not overflows(page)
    page.locator("main form .btn.lg").click()
    expect(page.locator("main progress")).to_be_visible()
    services.file_next(actor=MAKER, batch_id=Batch.objects.get().pk, step=0)
    page.goto(f"{page.url.partition('?')[0]}?state=filed")
    expect(page.locator("main table .tag.ok")).to_have_count(2)
    assert not axe(page) and not overflows(page)
    phone = browse("/enterprise/firm/batches/", user=people["legal"], firm=firm)
    assert not axe(phone) and not overflows(phone)
