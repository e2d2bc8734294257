"""Pictures become the pages of one PDF, in order, and nothing of them gets lost on the way."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from platform_core.capabilities.files import services
from platform_core.capabilities.files.joining import NotJoined, joined
from platform_core.capabilities.files.models import StoredFile
from platform_core.capabilities.files.selectors import open_content
from tests.factories import actor_of, make_citizen


def picture(size=(300, 420), mode="RGB", colour="white", kind="JPEG", **more) -> BytesIO:
    out = BytesIO()
    Image.new(mode, size, colour).save(out, kind, **more)
    out.seek(0)
    return out


@pytest.mark.parametrize("number", [1, 3, 20])
def test_each_picture_is_a_page(number):
    content = joined([picture() for _page in range(number)])
    assert content.startswith(b"%PDF-") and b"/Count %d" % number in content


def test_large_transparent_and_turned_pictures_are_pages_too():
    turned = Image.Exif()
    turned[0x0112] = 6
    found = joined(
        [
            picture((5000, 7000)),
            picture(mode="RGBA", colour=(0, 0, 0, 0), kind="PNG"),
            picture(mode="P", colour=0, kind="PNG"),
            picture((400, 200), exif=turned),
        ]
    )
    assert b"/Count 4" in found and len(found) < 500_000


def test_a_damaged_page_is_named():
    with pytest.raises(NotJoined) as refused:
        joined([picture(), BytesIO(b"\xff\xd8 no picture")])
    assert refused.value.number == 2


@pytest.mark.django_db
def test_only_ones_own_pictures_are_joined():
    alice, bob = make_citizen("alice"), make_citizen("bob")

    def stored(user, name="page.jpg"):
        upload = SimpleUploadedFile(name, picture().read())
        return str(services.store_file(actor=actor_of(user), upload=upload).pk)

    mine, strangers = [stored(alice), stored(alice)], stored(bob)
    made, gone = services.join_pictures(
        actor=actor_of(alice), file_ids=[mine[1], strangers, mine[0]], name="%(n)s pages"
    )
    assert gone == [mine[1], mine[0]] and made.name == "2 pages.pdf" and made.owner == alice
    assert open_content(made).read().startswith(b"%PDF-")
    assert StoredFile.objects.filter(pk=strangers).exists()
    assert not StoredFile.objects.filter(pk__in=mine).exists()
    assert services.join_pictures(actor=actor_of(bob), file_ids=[strangers], name="x") == (None, [])
