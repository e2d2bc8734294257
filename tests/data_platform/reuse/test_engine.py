from data_platform.reuse.engine import capabilities_used, questions

OWNERS = {"forms": "forms", "processes": "process", "notifications": "notifications"}


def form(*fields):
    return {"key": "f", "pages": [{"key": "p", "fields": list(fields)}]}


def test_sections_show_their_capability():
    assert capabilities_used({"forms": [form()], "processes": []}, OWNERS) == {"forms"}


def test_conditions_and_attachments_show_anywhere():
    asked = form(
        {"key": "a", "type": "attachment"}, {"key": "b", "type": "text", "show_if": {"var": "a"}}
    )
    assert capabilities_used({"forms": [asked]}, OWNERS) == {"forms", "files", "rules"}
    branch = {"kind": "condition", "branches": [{"when": {"==": [1, 1]}, "steps": []}]}
    assert capabilities_used({"processes": [{"steps": [branch]}]}, OWNERS) == {"process", "rules"}


def test_unknown_sections_and_an_empty_manifest_use_nothing():
    assert capabilities_used({"magic": [1], "slug": "x"}, OWNERS) == set()
    assert questions({}) == []


def test_questions_come_in_order_without_notes():
    asked = questions(
        {
            "forms": [
                form(
                    {"key": "n", "type": "note"},
                    {"key": "name", "type": "text", "label": {"zh": "姓名", "en": "Name"},
                     "prefill": "profile.name"},
                    {"key": "why", "type": "textarea"},
                )
            ]
        }
    )  # fmt: skip
    assert [(one.key, one.prefilled) for one in asked] == [("name", True), ("why", False)]
    assert asked[1].label == "why"
