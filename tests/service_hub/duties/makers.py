"""An N-app that declares what firms have to do."""

from tests.service_hub.makers import open_app

TEXT = {"zh": "年度报告", "en": "Annual report"}


def duty(key: str = "report", **changes) -> dict:
    """A duty of every firm that is due every month and always open."""
    return {
        "key": key, "title": TEXT, "explanation": TEXT, "basis": "《条例》第八条",
        "when": {"kind": "monthly", "day": 28}, "since": "2020-01-01", "shift": "none",
        "opens_days": 60,
    } | changes  # fmt: skip


def declare(*duties: dict, **changes):
    """The N-app, open, with these duties."""
    return open_app("firm_duties", duties=list(duties), **changes)
