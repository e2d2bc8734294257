"""The manifest section "pages": what an N-app shows besides its services."""

from collections.abc import Iterable
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field, StringConstraints

from platform_core.common.i18n import Text
from platform_core.napps.changes import register_wording
from platform_core.napps.manifest import (
    End,
    Key,
    Kind,
    Manifest,
    Section,
    Strict,
    entries,
    register_section,
)

# An address of this site, or a secure one elsewhere: never a script.
Address = Annotated[
    str,
    StringConstraints(pattern=r"^(/[^/\\\s][^\\\s]*|/|https://[^\s/\\]+[^\s\\]*)$", max_length=500),
]


class Heading(Strict):
    kind: Literal["heading"]
    text: Text


class Paragraph(Strict):
    kind: Literal["paragraph"]
    text: Text


class Bullets(Strict):
    kind: Literal["list"]
    items: list[Text] = Field(min_length=1, max_length=100)
    is_numbered: bool = False


class Link(Strict):
    kind: Literal["link"]
    text: Text
    to: Address


Block = Annotated[Heading | Paragraph | Bullets | Link, Field(discriminator="kind")]


class Page(Strict):
    """What every page has. `menu` puts it into the menus of its ends."""

    key: Key
    title: Text
    ends: list[End] = Field(min_length=1, max_length=3)
    icon: Kind = "file-text"
    menu: bool = False


class TextPage(Page):
    """Words in blocks. Texts are shown as they are: there is no markup in them."""

    kind: Literal["text"]
    blocks: list[Block] = Field(min_length=1, max_length=300)


class Column(Strict):
    """One answer of the form; `label` replaces the question's own words."""

    field: Key
    label: Text | None = None


class RecordsPage(Page):
    """The submitted forms that the reader may see, newest first, as a table."""

    kind: Literal["records"]
    form: Key
    columns: list[Column] = Field(min_length=1, max_length=12)
    empty: Text | None = None


AnyPage = Annotated[TextPage | RecordsPage, Field(discriminator="kind")]


def check(manifest: Manifest, pages: list[AnyPage]) -> Iterable[tuple]:
    """Ends that the N-app does not have; forms and fields that are not there."""
    forms = {form.key: form for form in manifest.section("forms")}
    for number, page in enumerate(pages):
        for position, end in enumerate(page.ends):
            if end not in manifest.ends:
                yield (number, "ends", position), _("The N-app is not shown at this end.")
        if page.kind != "records":
            continue
        form = forms.get(page.form)
        if form is None:
            yield (number, "form"), _("There is no form “%(key)s”.") % {"key": page.form}
            continue
        fields = {question.key: question for question in form.questions()}
        for position, column in enumerate(page.columns):
            place = (number, "columns", position, "field")
            question = fields.get(column.field)
            if question is None:
                yield place, _("The form has no field “%(key)s”.") % {"key": column.field}
            elif question.is_sealed:
                yield place, _("A sealed answer cannot be a column: the case shows it.")
            elif question.type in ("attachment", "repeat"):
                yield place, _("A field of this type cannot be a column.")


register_section(Section("pages", entries(AnyPage), check=check))
register_wording("pages", gettext_lazy("Pages"))
