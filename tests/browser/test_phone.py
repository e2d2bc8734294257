"""The office as an app on a phone: installed, without a connection, told of messages."""

import json
from hashlib import sha256
from urllib.parse import urljoin

import pytest
from playwright.sync_api import expect

from platform_core.capabilities.notifications.models import PushDevice
from tests.browser.conftest import until
from tests.collab_hub.makers import make_case, make_napp
from tests.factories import make_official
from tests.platform_core.capabilities.notifications.devices import Browser, push_service

pytestmark = pytest.mark.django_db(transaction=True)
KEPT = """async () => (await Promise.all((await caches.keys()).map(async (name) =>
  [name, (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname)])))"""
# It takes over once it is ready, and ready it is once the old caches are gone.
CONTROLLED = "() => navigator.serviceWorker.controller !== null"
# Stands in for the service of the browser's maker, which is out of reach here, and for the
# browser's question, which one without a screen answers by itself, often with no.
ASKED = """(given) => {
  const { endpoint, key, secret } = given;
  Object.defineProperty(Notification, "permission", { get: () => "granted" });
  Notification.requestPermission = async () => "granted";
  const made = { endpoint, keys: { p256dh: key, auth: secret } };
  const subscription = { endpoint, toJSON: () => made };
  PushManager.prototype.subscribe = async () => subscription;
  PushManager.prototype.getSubscription = async () =>
    sessionStorage.asked ? subscription : (sessionStorage.asked = 1, null);
}"""
# A browser without a screen shows nothing, and forgets what it did not show.
SHOWING = """() => {
  self.shown = [];
  self.registration.showNotification = async (title, { tag, data }) => {
    self.shown.push([title, tag, data]);
  };
}"""


@pytest.fixture
def clerk(transactional_db):
    return make_official("alice", kind="market", duties=["clerk"], name="Alice")


@pytest.fixture
def stall(clerk):
    return make_case(make_napp(), label="Chen Ning's stall")


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "网络已断开"), ("en", "No connection")]
)
def test_without_a_connection_a_page_says_so_and_nothing_of_a_person_is_kept(
    browse, axe, overflows, clerk, stall, language, words
):
    browse.expect("net::ERR_INTERNET_DISCONNECTED")
    page = browse("/about/privacy/", language=language, user=clerk)
    # What an earlier release left is cleared away.
    page.wait_for_function("caches.open('gov-earlier')")
    page.goto("/office/")
    page.wait_for_function(CONTROLLED)
    page.goto("/office/inbox/")
    page.get_by_role("link", name="Chen Ning's stall").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Chen Ning's stall")
    page.goto("/office/messages/")
    ((name, kept),) = page.wait_for_function(KEPT).json_value()
    assert name.startswith("gov-") and name != "gov-earlier"
    assert all(one.startswith(("/static/gov/", "/offline/")) for one in kept), kept
    page.context.set_offline(True)
    page.goto("/office/inbox/")
    expect(page.get_by_role("heading", level=1)).to_have_text(words)
    lang = "en" if language == "en" else "zh-CN"
    expect(page.locator("html")).to_have_attribute("lang", lang)
    assert "Alice" not in page.content() and not overflows(page) and not axe(page)
    page.context.set_offline(False)
    # By itself, without a tap.
    expect(page.get_by_role("link", name="Chen Ning's stall")).to_be_visible()


def test_approving_takes_three_taps_from_where_the_app_begins(browse, clerk, stall):
    page = browse("/office/settings/", language="en", user=clerk)
    address = page.locator("link[rel=manifest]").get_attribute("href")
    manifest = json.loads(page.request.get(address).text())
    for icon in manifest["icons"]:
        assert page.request.get(icon["src"]).headers["content-type"] == "image/png"
    page.goto(urljoin(page.url, manifest["start_url"]))
    page.get_by_role("navigation", name="Bottom").get_by_role("link", name="Inbox").tap()
    page.get_by_role("link", name="Chen Ning's stall").tap()
    button = page.get_by_role("button", name="Approve", exact=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("Chen Ning's stall")
    page.wait_for_load_state()
    box = button.bounding_box()
    assert box["y"] > 844 / 2 and box["height"] >= 44
    button.tap()
    expect(
        page.get_by_role("status").filter(has_text="Approved: Chen Ning's stall")
    ).to_be_visible()


def test_a_device_asks_to_be_told_and_shows_what_it_is_told(browse, axe, clerk, settings):
    with push_service() as service:
        settings.PUSH_SERVICES = [service.origin]
        reader = Browser(service.origin)
        page = browse("/about/privacy/", language="en", user=clerk)
        given = {"endpoint": reader.endpoint, **reader.keys}
        page.add_init_script(f"({ASKED})({json.dumps(given)})")
        page.goto("/office/settings/")
        page.get_by_label("Name of this device").fill("Blue phone")
        assert not axe(page)
        page.get_by_role("button", name="Tell me on this device").tap()
        line = page.locator("[data-device]", has_text="Blue phone")
        expect(line.get_by_text("This device")).to_be_visible()
        expect(page.get_by_text("This device is among them.")).to_be_visible()
        assert line.get_attribute("data-device") == sha256(reader.endpoint.encode()).hexdigest()
        assert PushDevice.objects.get().user == clerk and not axe(page)
        shown = pushed(page, {"title": "Something waits for you", "id": "7", "url": "/office/"})
        assert shown == [["Something waits for you", "7", "/office/"]]
        page.get_by_role("button", name="Take away Blue phone").tap()
        expect(page.get_by_text("no longer hears of messages")).to_be_visible()
        assert not PushDevice.objects.exists()


def pushed(page, content: dict) -> list[list[str]]:
    """What the page's service worker shows once it is handed `content`: [title, tag, address]."""
    until(page, lambda: page.context.service_workers)
    (worker,) = page.context.service_workers
    worker.evaluate(SHOWING)
    session = page.context.new_cdp_session(page)
    ids = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: ids.extend(
        one["registrationId"] for one in event["registrations"]))  # fmt: skip
    session.send("ServiceWorker.enable")
    until(page, lambda: ids)
    session.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": page.evaluate("location.origin"), "registrationId": ids[0],
         "data": json.dumps(content)},
    )  # fmt: skip
    until(page, lambda: worker.evaluate("self.shown.length"))
    return worker.evaluate("self.shown")
