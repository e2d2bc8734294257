"""What a decision table said in the process stands in the document that asks for it."""

import pytest

from platform_core.napps import services as napps
from service_hub.certificates.selectors import documents_of_case
from tests.factories import MAKER
from tests.service_hub.makers import do, file_elsewhere, make_office, manifest_of

pytestmark = pytest.mark.django_db
TABLE = {
    "key": "share",
    "title": {"zh": "报销比例", "en": "Share"},
    "hit": "first",
    "inputs": [
        {"key": "province", "label": {"zh": "就医地", "en": "Province"}, "type": "text"},
    ],
    "outputs": [{"key": "percent", "label": {"zh": "比例", "en": "Percent"}, "type": "number"}],
    "rows": [{"results": {"percent": 85}}],
}
LETTER = {
    "key": "share_letter",
    "kind": "decision",
    "title": {"zh": "报销比例告知书", "en": "On your share"},
    "number": {"scheme": "official", "word": "{region}医保字"},
    "blocks": [
        {
            "kind": "paragraph",
            "text": {
                "zh": "比例为百分之{decisions.share.percent}。",
                "en": "You get {decisions.share.percent} percent.",
            },
        }
    ],
}


def test_the_letter_states_what_the_table_said(alice):
    make_office("medical_insurance")
    manifest = manifest_of("medical_insurance") | {"decisions": [TABLE], "documents": [LETTER]}
    step = {"kind": "decision", "key": "count", "title": TABLE["title"], "decision": "share"}
    manifest["processes"][0]["steps"].append(step)
    manifest["services"][0]["notices"] = [{"when": "approved", "document": "share_letter"}]
    napps.open_napp(actor=MAKER, napp=napps.register_napp(actor=MAKER, manifest=manifest).napp)
    (letter,) = documents_of_case(do(file_elsewhere(alice)))
    assert letter.content["blocks"][0]["text"] == {
        "zh": "比例为百分之85。",
        "en": "You get 85 percent.",
    }
