"""How templates are shown to whoever publishes them: what they say, and a sample as PDF."""

from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict
from platform_core.common.i18n import pick
from platform_core.napps.selectors import version_manifest
from platform_core.napps.showing import Download, Part, register_files, register_parts

from .models import Document
from .samples import sample_number, sample_pdf
from .typesetting import LANGUAGES as PRINTED
from .typesetting import Unprintable

LANGUAGES = {"zh": "中文", "en": "English"}


def parts(version) -> list[Part]:
    """One part for each template of a version."""
    return [
        Part(
            _("Document: %(title)s") % {"title": pick(template.title)},
            "documents/template.html",
            {
                "template": template,
                "kind": Document.Kind(template.kind).label,
                "number": sample_number(template),
                "language": " · ".join(LANGUAGES[one] for one in PRINTED[template.language]),
            },
            ((f"{template.key}.pdf", _("Sample as PDF")),),
            "documents",
        )
        for template in version_manifest(version).section("documents")
    ]


def files(version, name: str) -> Download | None:
    """The sample of a template: its key with the ending .pdf."""
    known = {one.key: one for one in version_manifest(version).section("documents")}
    template = known.get(name.removesuffix(".pdf"))
    if template is None:
        return None
    try:
        return Download(name, "application/pdf", sample_pdf(version, template))
    except (Unprintable, Conflict) as error:
        return Download(f"{name}.txt", "text/plain; charset=utf-8", str(error).encode())


register_parts("documents", parts)
register_files("documents", files)
