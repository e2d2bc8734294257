import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from platform_core.capabilities.files import services
from security.actors import Actor


def picture(kind="JPEG", size=(8, 6), **more):
    made = io.BytesIO()
    Image.new("RGB", size, "teal").save(made, kind, **more)
    return made.getvalue()


def package(parts, compression=zipfile.ZIP_DEFLATED):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


DOCX = {"[Content_Types].xml": "<Types/>", "word/document.xml": "<document/>"}


@pytest.fixture
def send_file():
    """Sends bytes under a name as somebody; an anonymous visitor unless `user` is given."""

    def send(name, content, user=None, owner_key="v" * 64):
        actor = Actor.of(user) if user else Actor.anonymous()
        upload = SimpleUploadedFile(name, content)
        return services.store_file(actor=actor, upload=upload, owner_key=owner_key)

    return send
