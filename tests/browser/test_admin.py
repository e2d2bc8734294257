"""An administrator brings a service online in the browser and takes it off, without a restart."""

import json

import pytest
from playwright.sync_api import expect

from tests.collab_hub.makers import manifest, text
from tests.factories import make_admin, make_citizen, make_department, make_official

pytestmark = pytest.mark.django_db(transaction=True)
GUIDE = "/services/night_market/stall/"
SERVICE = {
    "key": "stall",
    "title": text("A stall on the night market", "夜市摆摊"),
    "summary": text("Sell food and flowers in the evening.", "晚上摆摊卖小吃和鲜花。"),
    "keywords": ["夜市", "stall"],
    "icon": "store",
    "theme": "work",
    "audience": ["person"],
    "basic_code": "330133000001",
    "item_type": "01",
    "department_kind": "market",
    "form": "stall",
    "process": "main",
    "guide": {
        "who": text("Anyone with a stall.", "有摊位的人。"),
        "get": text("A decision.", "一份决定。"),
        "fees": text("Free of charge.", "不收费。"),
        "legal_basis": [text("Market rules, article 3.", "集市管理办法第三条。")],
        "flow": [text("Accept, decide.", "受理，决定。")],
    },
    "promise_days": 3,
    "legal_days": 20,
}


def night_market(**more) -> dict:
    steps = [
        {
            "kind": "approve",
            "key": "accept",
            "title": text("Accept", "受理"),
            "stage": "acceptance",
            "assign": {"role": "desk"},
        }
    ]
    shown = {"title": text("Night market", "夜市"), "services": [SERVICE]}
    return manifest(steps, slug="night_market", **{**shown, **more})


def as_file(data, name="manifest.json") -> dict:
    content = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    return {"name": name, "mimeType": "application/json", "buffer": content.encode()}


@pytest.fixture
def admin(transactional_db):
    make_department("market")
    return make_admin("root")


def upload(page, data, name="manifest.json") -> None:
    page.goto("/admin/platform_core/napp/add/")
    page.get_by_label("Manifest file").set_input_files(as_file(data, name))
    page.get_by_role("button", name="Register the manifest").click()


def publish(page, second) -> None:
    """Ask for the publication on the N-app's page, and let a second administrator approve it."""
    page.get_by_role("link", name="Ask for publication").first.click()
    page.get_by_role("button", name="Ask for publication").click()
    expect(page.locator(".messagelist")).to_contain_text("A second person decides now")
    second.goto("/admin/platform_core/publicationrequest/?turn=mine")
    second.locator("#result_list tbody th a").first.click()
    second.get_by_role("button", name="Approve and publish").click()
    expect(second.locator(".messagelist")).to_contain_text("Approved: ")
    page.reload()


def confirm(page, label: str) -> None:
    page.get_by_role("link", name=label).click()
    page.get_by_role("button", name=label).click()
    expect(page.locator(".messagelist")).to_contain_text("Done: ")


def test_a_manifest_brings_a_service_online_and_offline(browse, admin):
    browse.expect("404")
    citizen = browse("/", size="phone", language="en", user=make_citizen("dave"))
    assert citizen.goto(GUIDE).status == 404
    page = browse("/admin/", size="desktop", language="en", user=admin)
    upload(page, night_market())
    expect(page.locator(".messagelist")).to_contain_text("arket 1.0.0 is registered")
    assert citizen.goto(GUIDE).status == 404  # still a draft
    publish(page, browse("/admin/", size="desktop", language="en", user=make_admin("second")))
    assert citizen.goto(GUIDE).status == 200
    expect(citizen.get_by_role("heading", level=1)).to_contain_text("A stall on the night market")
    citizen.goto("/search/?q=stall")
    expect(citizen.get_by_role("link", name="A stall on the night market").first).to_be_visible()
    confirm(page, "Disable the N-app")
    assert citizen.goto(GUIDE).status == 404
    citizen.goto("/search/?q=stall")
    expect(citizen.get_by_role("link", name="A stall on the night market")).to_have_count(0)
    confirm(page, "Open the N-app again")
    assert citizen.goto(GUIDE).status == 200


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (night_market(magic=[]), "magic"),
        (night_market(services=[{**SERVICE, "form": "lost"}]), "The manifest has no form “lost”."),
        ("{", "JSON"),
        ('{"a":' * 100_000, "deep"),
    ],
    ids=["unknown section", "dangling name", "broken JSON", "100,000 deep"],
)
def test_mistakes_are_named_and_nothing_is_changed(browse, axe, admin, data, said):
    page = browse("/admin/", size="desktop", language="en", user=admin)
    upload(page, data)
    expect(page.get_by_role("alert")).to_contain_text("Nothing was changed")
    expect(page.get_by_role("region", name="Mistakes")).to_contain_text(said)
    page.goto("/admin/platform_core/napp/")
    expect(page.get_by_text("0 N-apps")).to_be_visible()


def test_the_admin_is_for_administrators(browse, admin):
    clerk = make_official("alice", kind="market")
    browse.expect("403")
    page = browse("/office/", size="desktop", language="en", user=clerk)
    page.goto("/admin/platform_core/napp/")
    expect(page.get_by_role("heading", level=1)).to_have_text("This is not open to you")
