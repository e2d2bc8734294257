"""Which template a case's documents are made of: the N-app's own, or one that this platform
brings.
"""

import json
from pathlib import Path

from platform_core.capabilities.documents.definition import Template
from platform_core.capabilities.documents.standard import register_standard, templates_of
from service_hub.items.definitions import definition_of

CERTIFICATE = "certificate"
NOTICES = Path(__file__).with_name("data") / "notices.json"
HOLDER = {"zh": "{holder}", "en": "{holder}"}
# What is told in writing whether the item's author thought of it or not.
ALWAYS = {"returned": ["return_notice"], "passed_on": ["passing_notice"]}
PURPOSE = {"zh": "证照载明事项", "en": "What the certificate states"}


def certificate_template(case) -> Template | None:
    """The template of the certificate that the approved case ends with, None when with none."""
    definition = definition_of(case.item, case.napp_version)
    result = definition.result
    if result is None or result.kind != "certificate":
        return None
    if result.document is not None:
        return templates_of(case.napp_version)[result.document]
    return plain_certificate(definition)


def plain_certificate(definition) -> Template:
    """A certificate from what every item says of its result: title, statements, wording."""
    result = definition.result
    blocks = [
        {
            "kind": "fields",
            "rows": [{"label": {"zh": "持证人", "en": "Holder"}, "value": HOLDER}],
        },
        {"kind": "answers", "fields": result.statements} if result.statements else None,
        {"kind": "paragraph", "text": result.wording.model_dump()} if result.wording else None,
    ]
    return Template.model_validate(
        {
            "key": CERTIFICATE,
            "kind": "certificate",
            "title": result.title.model_dump(),
            "language": "both",
            "number": {"scheme": "certificate", "type_code": result.type_code},
            "form": definition.form,
            "purpose": PURPOSE,
            "valid_days": result.valid_days,
            "blocks": [block for block in blocks if block],
        }
    )


def notice_templates(case, occasion: str) -> list[Template]:
    """The templates of the notices and decisions that the case's item issues on an occasion."""
    definition = definition_of(case.item, case.napp_version)
    wanted = [notice.document for notice in definition.notices if notice.when == occasion]
    wanted = wanted or ALWAYS.get(occasion, [])
    known = templates_of(case.napp_version) if wanted else {}
    return [known[key] for key in wanted]


for entry in json.loads(NOTICES.read_text(encoding="utf-8")):
    register_standard(Template.model_validate(entry))
