import io
import os
import struct
import zipfile
import zlib

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from PIL import Image

from platform_core.capabilities.files import limits, selectors, services, tasks
from platform_core.capabilities.files.kinds import TYPES
from platform_core.capabilities.files.models import StoredFile
from platform_core.common.errors import Unusable
from platform_core.common.outbox.models import OutboxMessage
from security.actors import Actor
from tests.factories import make_citizen

from .conftest import DOCX, package, picture

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


def refusal(send_file, name, content):
    with pytest.raises(Unusable) as caught:
        send_file(name, content)
    assert StoredFile.objects.count() == 0
    return caught.value.errors[""][0]


def png_of(width, height):
    """The header of a PNG that claims a size, without the pixels."""

    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0"))
        + chunk(b"IEND", b"")
    )


class TestAccepted:
    @pytest.mark.parametrize(
        ("name", "content", "content_type"),
        [
            ("a.jpg", picture("JPEG"), "image/jpeg"),
            ("a.jpeg", picture("JPEG"), "image/jpeg"),
            ("a.png", picture("PNG"), "image/png"),
            ("a.webp", picture("WEBP"), "image/webp"),
            ("a.gif", picture("GIF"), "image/gif"),
            ("a.pdf", b"%PDF-1.7\n%%EOF\n", "application/pdf"),
            ("a.docx", package(DOCX), TYPES["docx"]),
            ("a.ofd", package({"OFD.xml": "<OFD/>"}), "application/ofd"),
            ("a.txt", "𠮷 你好".encode(), "text/plain; charset=utf-8"),
            ("a.csv", "名称,数量\n".encode("gb18030"), "text/csv; charset=utf-8"),
        ],
    )
    def test_each_kind(self, send_file, name, content, content_type):
        file = send_file(name, content)
        assert (file.name, file.content_type, file.state) == (name, content_type, "clean")
        assert len(selectors.open_content(file).read()) == file.size

    def test_names_in_the_store_are_random_and_private(self, send_file, settings):
        file = send_file("secret.pdf", b"%PDF-1.7\n%%EOF\n")
        assert "secret" not in file.path and "." not in file.path
        assert default_storage.path(file.path).startswith(str(settings.MEDIA_ROOT))

    def test_pictures_are_measured(self, send_file):
        file = send_file("a.png", picture("PNG", (30, 20)))
        assert (file.width, file.height) == (30, 20)


class TestMetadata:
    def exif(self):
        exif = Image.Exif()
        exif[0x0112] = 6
        exif[0x010F] = "PhoneMaker"
        exif.get_ifd(0x8825)[1] = "N"
        return exif.tobytes()

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
    def test_a_photograph_does_not_tell_where_it_was_taken(self, send_file, kind):
        sent = picture(kind, exif=self.exif())
        stored = selectors.open_content(send_file(f"a.{kind.lower()}", sent)).read()
        assert b"PhoneMaker" in sent
        assert b"PhoneMaker" not in stored
        with Image.open(io.BytesIO(sent)) as before, Image.open(io.BytesIO(stored)) as after:
            assert before.convert("RGB").tobytes() == after.convert("RGB").tobytes()
            assert dict(after.getexif()).get(0x0112) == (6 if kind == "JPEG" else None)
            assert not after.getexif().get_ifd(0x8825)


class TestRefused:
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("virus.exe", b"MZ" + b"\0" * 100),
            ("page.html", b"<script>alert(1)</script>"),
            ("drawing.svg", b"<svg onload='alert(1)'/>"),
            ("photo.jpg.exe", picture()),
            ("no_ending", picture()),
            ("old.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 600),
        ],
    )
    def test_kinds_that_are_not_accepted(self, send_file, name, content):
        assert "not accepted" in refusal(send_file, name, content)

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("virus.jpg", b"MZ" + b"\0" * 100),
            ("virus.pdf", b"MZ" + b"\0" * 100),
            ("virus.docx", b"MZ" + b"\0" * 100),
            ("virus.txt", b"MZ" + b"\0" * 100),
            ("page.png", b"<script>alert(1)</script>"),
            ("other.png", picture("JPEG")),
            ("other.gif", picture("PNG")),
            ("plain.docx", package({"hello.txt": "x"})),
            ("sheet.docx", package({"[Content_Types].xml": "", "xl/workbook.xml": ""})),
            ("late.pdf", b"<script>" + b"%PDF-1.7\n"),
            ("latin.txt", b"\xff\xfe\xff\xff\xff"),
        ],
    )
    def test_content_that_contradicts_the_name(self, send_file, name, content):
        assert "although its name says so" in refusal(send_file, name, content)

    def test_empty_and_too_large(self, send_file, settings):
        assert refusal(send_file, "a.txt", b"") == "The file is empty."
        settings.FILE_MAX_BYTES = 100
        assert "at most" in refusal(send_file, "a.txt", b"x" * 101)

    def test_a_picture_of_fifty_thousand_pixels_square(self, send_file):
        assert "too many" in refusal(send_file, "a.png", png_of(50_000, 50_000))
        assert "9000 × 9000" in refusal(send_file, "a.png", png_of(9_000, 9_000))

    def test_a_damaged_picture(self, send_file):
        assert "damaged" in refusal(send_file, "a.jpg", picture()[:40])

    def test_a_moving_picture_with_too_many_frames(self, send_file):
        frames = [Image.new("L", (2, 2), n % 256) for n in range(260)]
        made = io.BytesIO()
        frames[0].save(made, "GIF", save_all=True, append_images=frames[1:])
        assert "frames" in refusal(send_file, "a.gif", made.getvalue())

    def test_packages_that_explode(self, send_file):
        many = DOCX | {f"p{n}": "" for n in range(2500)}
        assert "unpacked" in refusal(send_file, "a.docx", package(many))
        assert "unpacked" in refusal(send_file, "a.docx", package(DOCX | {"x": b"0" * 9_000_000}))

    def test_packages_that_leave_their_folder_or_carry_programs(self, send_file):
        assert "unsafe" in refusal(send_file, "a.docx", package(DOCX | {"../../x": "y"}))
        assert "macros" in refusal(send_file, "a.docx", package(DOCX | {"word/vbaProject.bin": ""}))

    def test_packages_with_links(self, send_file):
        made = io.BytesIO(package(DOCX))
        with zipfile.ZipFile(made, "a") as archive:
            link = zipfile.ZipInfo("word/link")
            link.external_attr = 0o120777 << 16
            archive.writestr(link, "/etc/passwd")
        assert "unsafe" in refusal(send_file, "a.docx", made.getvalue())

    def test_more_than_one_person_may_send_in_a_day(self, send_file, monkeypatch):
        monkeypatch.setattr(limits, "FILES_A_DAY", 2)
        for n in range(2):
            send_file(f"{n}.txt", b"x")
        with pytest.raises(Unusable, match="files a day"):
            send_file("3.txt", b"x")
        send_file("other.txt", b"x", owner_key="w" * 64)
        monkeypatch.setattr(limits, "BYTES_A_DAY", 10)
        with pytest.raises(Unusable, match="a day"):
            send_file("4.txt", b"x" * 20, owner_key="w" * 64)

    def test_a_new_cookie_for_each_file_does_not_help(self, monkeypatch):
        monkeypatch.setattr(limits, "FILES_A_DAY_FROM_AN_ADDRESS", 2)

        def send(number, ip):
            return services.store_file(
                actor=Actor.anonymous(ip=ip),
                upload=SimpleUploadedFile("a.txt", b"x"),
                owner_key=f"{number:064}",
            )

        send(1, "10.9.8.7")
        send(2, "10.9.8.7")
        with pytest.raises(Unusable, match="your network"):
            send(3, "10.9.8.7")
        assert send(4, "10.9.8.8")

    @pytest.mark.parametrize("ending", ["jpg", "png", "webp", "gif", "pdf", "docx", "ofd", "txt"])
    def test_random_bytes_are_refused_in_words(self, send_file, ending):
        for size in (1, 9, 200):
            refusal(send_file, f"a.{ending}", b"\xff\xd8\xff\x00" + os.urandom(size) + b"\0")


class TestLinks:
    def test_the_sender_links_once(self, send_file):
        alice, bob = make_citizen("alice"), make_citizen("bob")
        file = send_file("a.txt", b"x", user=alice)
        with pytest.raises(Unusable):
            services.link_file(
                actor=Actor.of(bob), file_id=file.pk, subject_type="case", subject_id=1
            )
        services.link_file(
            actor=Actor.of(alice), file_id=file.pk, subject_type="case", subject_id=1
        )
        services.link_file(
            actor=Actor.of(alice), file_id=file.pk, subject_type="case", subject_id=1
        )
        with pytest.raises(Unusable):
            services.link_file(
                actor=Actor.of(alice), file_id=file.pk, subject_type="case", subject_id=2
            )
        assert list(selectors.files_of("case", 1)) == [file]

    def test_a_visitor_needs_the_key(self, send_file):
        file = send_file("a.txt", b"x")
        for key in ("", "w" * 64):
            with pytest.raises(Unusable):
                services.link_file(
                    actor=Actor.anonymous(),
                    file_id=file.pk,
                    subject_type="case",
                    subject_id=1,
                    owner_key=key,
                )
        assert selectors.file_for(None, file.pk, "v" * 64) == file
        for key in ("", "w" * 64):
            with pytest.raises(Http404):
                selectors.file_for(None, file.pk, key)

    def test_a_copy_that_is_linked_to_nothing_goes_too(self, send_file):
        alice = make_citizen("alice")
        file = send_file("a.txt", b"x", user=alice)
        copied = services.copy_file(actor=Actor.of(alice), original=file.pk)
        message = OutboxMessage.objects.get(
            topic="files.drop_unlinked", payload__file=str(copied.pk)
        )
        tasks.drop_unlinked(message)
        assert list(StoredFile.objects.all()) == [file]

    def test_what_is_linked_to_nothing_goes_and_its_bytes_with_it(self, send_file):
        file = send_file("a.txt", b"x")
        kept = send_file("b.txt", b"x")
        services.link_file(actor=SYSTEM, file_id=kept.pk, subject_type="case", subject_id=1)
        for message in OutboxMessage.objects.filter(topic="files.drop_unlinked"):
            tasks.drop_unlinked(message)
        assert list(StoredFile.objects.all()) == [kept]
        tasks.erase(OutboxMessage.objects.get(topic="files.erase"))
        tasks.erase(OutboxMessage.objects.get(topic="files.erase"))
        assert not default_storage.exists(file.path)
        assert default_storage.exists(kept.path)
