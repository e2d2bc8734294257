"""Registers of another department: refused when a manifest names one, and again when it is read."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from platform_core.napps.selectors import napp_by_slug

PREFIX = "register."


def check_registers(manifest, forms) -> Iterator[tuple[tuple, str]]:
    """Fields that are to be filled in from the register of a department that is not the manifest's
    own. One that is not there yet may be named: reading it is refused like any other."""
    departments: dict[str, str] = {}
    for number, form in enumerate(forms):
        for place, page in enumerate(form.pages):
            for position, field in enumerate(page.fields):
                source = getattr(field, "prefill", None) or ""
                if not source.startswith(PREFIX):
                    continue
                slug = source.removeprefix(PREFIX).partition(".")[0]
                if slug not in departments:
                    napp = napp_by_slug(slug)
                    departments[slug] = napp.department_kind if napp else manifest.department
                if departments[slug] != manifest.department:
                    # Which registers others keep is not told.
                    message = _("There is no register “%(name)s” that this department may use.")
                    path = (number, "pages", place, "fields", position, "prefill")
                    yield path, message % {"name": slug}
