"""Reading a letter that came back: RFC 3464 says how a mail server tells that it could not deliver.
Pure.
"""

from email import message_from_bytes, policy
from email.message import Message

FAILED, FOR_GOOD = "failed", "5"
LONGEST = 200


def returned(raw: bytes) -> tuple[str, str] | None:
    """(Message-ID of our letter, what the server said) of a report that says it failed for good;
    None for anything else, such as a delay or an answer by an absent reader.
    """
    report = message_from_bytes(raw, policy=policy.compat32)
    parts = list(report.walk())
    blocks = [block for part in parts for block in _blocks(part)]
    failed = next((block for block in blocks if _is_failure(block)), None)
    reference = next((found for part in parts if (found := _ours(part))), "")
    if failed is None or not reference:
        return None
    said = failed.get("Diagnostic-Code") or failed.get("Status") or ""
    return reference, " ".join(str(said).split())[:LONGEST]


def _blocks(part: Message) -> list[Message]:
    if part.get_content_type() != "message/delivery-status":
        return []
    payload = part.get_payload()
    return payload if isinstance(payload, list) else []


def _is_failure(block: Message) -> bool:
    action, status = str(block.get("Action", "")), str(block.get("Status", ""))
    return action.strip().lower() == FAILED and status.strip().startswith(FOR_GOOD)


def _ours(part: Message) -> str:
    """The Message-ID of the returned letter, or of its headers alone."""
    kind, payload = part.get_content_type(), part.get_payload()
    if kind == "message/rfc822" and isinstance(payload, list) and payload:
        return str(payload[0].get("Message-ID", "")).strip()
    if kind == "text/rfc822-headers":
        text = part.get_payload(decode=True) or b""
        return str(message_from_bytes(text).get("Message-ID", "")).strip()
    return ""
