"""Templates and documents for tests."""

from __future__ import annotations

from io import BytesIO

from pypdf import PdfReader

from platform_core.capabilities.documents import services
from platform_core.capabilities.documents.definition import Template
from tests.factories import actor_of, make_department

WORDS = {"zh": "西湖区关于{holder}的通知", "en": "On {holder}"}


def template(**changes) -> Template:
    """A small official document."""
    return Template.model_validate(
        {
            "key": "letter",
            "kind": "official",
            "title": {"zh": "关于开展检查的通知", "en": "On inspections"},
            "number": {"scheme": "official", "word": "西政办"},
            "blocks": [
                {
                    "kind": "paragraph",
                    "text": {"zh": "致{holder}：{note}", "en": "{holder}: {note}"},
                }
            ],
        }
        | changes
    )


def issue(subject: str = "1", *, template: Template | None = None, **more):
    """A document for a subject of its own, issued by the district's civil affairs."""
    more.setdefault("facts", {"note": "请查收。"})
    more.setdefault("issuer", make_department("civil_affairs"))
    return services.issue_document(
        actor=more.pop("actor", actor_of(None)),
        template=template or globals()["template"](),
        subject_type="test.subject",
        subject_id=subject,
        holder=more.pop("holder", "陈宁"),
        **more,
    )


def read(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    """All text of a PDF without white space: how lines are broken is no difference."""
    return "".join("".join(page.extract_text().split()) for page in read(pdf).pages)
