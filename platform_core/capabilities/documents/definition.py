"""The manifest section "documents": what a certificate, notice or decision looks like, as data.

Authors write blocks of text with {placeholders}; nothing of it is ever read as markup.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from platform_core.common.i18n import Text
from platform_core.napps.manifest import Key, Strict

from .numbers import WORD, word_for
from .placeholders import names_in

MOST_BLOCKS = 60
# Stands for whatever division fills the blank, to check the shape of a word.
ANY_REGION = "\u897f\u6e56\u533a"


class CertificateNumber(Strict):
    """An identifier of electronic certificates (GB/T 36904); `type_code` is the organ's own."""

    scheme: Literal["certificate"]
    type_code: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{3}$")]


class OfficialNumber(Strict):
    """An official-document number: `word`, the year, a serial without gaps.

    {region} in the word is the short name of the issuing organ's division. Organs with the same
    word share one row of serials.
    """

    scheme: Literal["official"]
    word: Annotated[str, StringConstraints(min_length=2, max_length=20)]

    @field_validator("word")
    @classmethod
    def _chinese(cls, word: str) -> str:
        if not WORD.match(word_for(word, ANY_REGION)):
            raise ValueError("the word of a number has 2 to 12 Chinese characters")
        return word


class Heading(Strict):
    kind: Literal["heading"]
    text: Text


class Paragraph(Strict):
    """Left out when it asks for values and has none of them."""

    kind: Literal["paragraph"]
    text: Text
    align: Literal["start", "center", "right"] = "start"
    indent: bool = True


class Row(Strict):
    label: Text
    value: Text


class Fields(Strict):
    """Labels with values; rows without a value are left out."""

    kind: Literal["fields"]
    rows: list[Row] = Field(min_length=1, max_length=40)


class Answers(Strict):
    """Answers of the form under their own labels; unanswered ones are left out."""

    kind: Literal["answers"]
    fields: list[Key] = Field(min_length=1, max_length=40)


class Items(Strict):
    kind: Literal["list"]
    items: list[Text] = Field(min_length=1, max_length=40)
    ordered: bool = False


class Table(Strict):
    """A table that was filled in row by row (a field of type "repeat")."""

    kind: Literal["table"]
    field: Key


class Signature(Strict):
    """The issuing organ and the day. Without this block it stands at the end."""

    kind: Literal["signature"]


class QrCode(Strict):
    """The code to check the document with. Without this block it stands at the end."""

    kind: Literal["qr"]


Block = Annotated[
    Heading | Paragraph | Fields | Answers | Items | Table | Signature | QrCode,
    Field(discriminator="kind"),
]


class Template(Strict):
    """One kind of document. `form` is the form whose answers it states.

    Personal answers are printed masked unless `purpose` says why they must be read in full.
    """

    key: Key
    kind: Literal["certificate", "notice", "decision", "official"]
    title: Text
    language: Literal["zh", "en", "both"] = "zh"
    number: Annotated[CertificateNumber | OfficialNumber, Field(discriminator="scheme")]
    form: Key | None = None
    purpose: Text | None = None
    valid_days: int | None = Field(default=None, ge=1, le=36500)
    blocks: list[Block] = Field(min_length=1, max_length=MOST_BLOCKS)

    @model_validator(mode="after")
    def _only_one_of_a_kind(self):
        kinds = [block.kind for block in self.blocks]
        for kind in ("signature", "qr"):
            if kinds.count(kind) > 1:
                raise ValueError(f"a document has at most one block of the kind {kind}")
        return self

    def texts(self):
        """(path, text) of everything that may hold placeholders."""
        yield ("title",), self.title
        for at, block in enumerate(self.blocks):
            here = ("blocks", at)
            if block.kind in ("heading", "paragraph"):
                yield (*here, "text"), block.text
            elif block.kind == "list":
                for number, item in enumerate(block.items):
                    yield (*here, "items", number), item
            elif block.kind == "fields":
                for number, row in enumerate(block.rows):
                    yield (*here, "rows", number, "label"), row.label
                    yield (*here, "rows", number, "value"), row.value

    def names(self) -> set[str]:
        """Every name in braces that the template asks for."""
        return set().union(*(names_in(text) for _path, text in self.texts()))

    def asked_fields(self):
        """(path, field key) of every answer that a block names."""
        for at, block in enumerate(self.blocks):
            if block.kind == "answers":
                for number, key in enumerate(block.fields):
                    yield ("blocks", at, "fields", number), key
            elif block.kind == "table":
                yield ("blocks", at, "field"), block.field
