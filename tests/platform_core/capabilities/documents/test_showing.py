"""Whoever publishes a template sees it as it will be, filled with samples."""

import pytest

from platform_core.napps.models import NApp
from tests.factories import make_admin, make_citizen, sign_in
from tests.service_hub.makers import open_app

from .makers import text_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("slug", "key", "words"),
    [
        ("housing_fund", "withdrawal_decision", "住房公积金提取准予决定书"),
        ("food_licence", "licence", "食品经营许可证"),
    ],
)
def test_an_administrator_sees_a_sample_of_each_template(client, slug, key, words):
    open_app(slug)
    napp = NApp.objects.get(slug=slug)
    version = napp.current
    base = f"/admin/platform_core/napp/{napp.pk}/versions/{version.pk}"
    sign_in(client, make_admin())
    assert words in client.get(f"{base}/", headers={"accept-language": "zh-hans"}).content.decode()
    pages = client.get(f"{base}/documents/{key}.pdf")
    assert pages["Content-Type"] == "application/pdf"
    text = text_of(pages.content)
    assert words in text
    assert client.get(f"{base}/documents/nothing.pdf").status_code == 404
    sign_in(client, make_citizen())
    assert client.get(f"{base}/documents/{key}.pdf").status_code != 200
