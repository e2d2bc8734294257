"""How a version shows its tables: as a grid with its proof, and as a DMN 1.3 file."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from platform_core.common.i18n import pick
from platform_core.napps.overview import register_overview_link
from platform_core.napps.selectors import version_manifest
from platform_core.napps.showing import Download, Part, register_files, register_parts

from .capability import decisions_of
from .dmn import to_dmn
from .grid import grid, proof_lines, test_lines

TEMPLATE = "decisions/version_part.html"


def parts(version) -> list[Part]:
    """A part for each table of the version."""
    return [
        Part(
            title=pick(decision.title),
            template=TEMPLATE,
            context={
                "grid": grid(decision),
                "proof": [*proof_lines(decision), *test_lines(decision)],
                "trial": reverse("decisions:trial", args=[version.napp_id, version.pk, key]),
            },
            files=((f"{key}.dmn", _("As DMN 1.3")),),
            section="decisions",
        )
        for key, decision in decisions_of(version).items()
    ]


def files(version, name: str) -> Download | None:
    """The table as a DMN 1.3 document; `name` is its key with the ending."""
    key, _dot, ending = name.rpartition(".")
    tables = decisions_of(version)
    if ending != "dmn" or key not in tables:
        return None
    title = f"{version_manifest(version).slug}-{version.version}-{name}"
    return Download(title, "application/xml; charset=utf-8", to_dmn(tables[key]))


def reading_link(napp) -> tuple[str, str]:
    """Where a DMN file is looked at before its table goes into a draft."""
    return _("Read a DMN file"), reverse("decisions:reading")


register_overview_link(reading_link)
register_parts("decisions", parts)
register_files("decisions", files)
