"""Sessions in the database, as Django keeps them; only the read that every request makes is
compiled once.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from security.statements import Prepared


@Prepared
def _session(key: str, now: datetime):
    return Session.objects.filter(session_key=key, expire_date__gt=now)


class SessionStore(db.SessionStore):
    def _get_session_from_db(self):
        found = _session(key=str(self.session_key), now=timezone.now())
        if found:
            return found[0]
        self._session_key = None
        return None
