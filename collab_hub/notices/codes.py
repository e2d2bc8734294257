"""The code on the organiser's screen. Pure but for the secret.

It is new every half minute and good for that and the next one: a picture of the screen sent to
somebody who is not there is of no use a minute later. Whoever came in time with it gets a pass of
their own, so that signing in or a slow connection does not cost them their attendance.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import segno
from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

SECONDS = 30
PASS_SECONDS = 600
LENGTH = 16
# How long before and after a meeting somebody may be entered as present.
AROUND = timedelta(hours=2)
SALT = "collab_hub.notices.attendance"


def code_at(notice_id, moment: datetime) -> str:
    """The code that the screen shows at a moment."""
    return _code(notice_id, int(moment.timestamp()) // SECONDS)


def is_shown(notice_id, code: str, moment: datetime) -> bool:
    """Whether the screen shows the code at the moment, or showed it in the half minute before."""
    turn = int(moment.timestamp()) // SECONDS
    return any(constant_time_compare(_code(notice_id, one), code) for one in (turn, turn - 1))


def is_time(starts_at: datetime, ends_at: datetime, moment: datetime) -> bool:
    """Whether somebody may be entered as present at the moment."""
    return starts_at - AROUND <= moment <= ends_at + AROUND


def _code(notice_id, turn: int) -> str:
    return salted_hmac(SALT, f"{notice_id}:{turn}", algorithm="sha256").hexdigest()[:LENGTH]


def pass_for(notice_id, user_id: int) -> str:
    """What lets one person be entered as present within ten minutes."""
    return signing.dumps([str(notice_id), user_id], salt=SALT)


def is_pass_of(text: str, notice_id, user_id: int) -> bool:
    """Whether it is the pass of this person for this meeting, and still good."""
    try:
        return signing.loads(text, salt=SALT, max_age=PASS_SECONDS) == [str(notice_id), user_id]
    except signing.BadSignature:
        return False


def drawn(address: str) -> str:
    """The address as a QR code: the `src` of a picture."""
    return segno.make(address, error="m").svg_data_uri(scale=8, border=4, light="white")
