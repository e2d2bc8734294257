"""The relay: moves due outbox messages from Postgres to the workers' queue, turn by turn."""

import threading
import time

import structlog
from django.core.cache import cache
from django.db import DatabaseError, InterfaceError, connections
from django.utils import timezone

from platform_core.common.health import RELAY_HEARTBEAT

from . import services, tasks

log = structlog.get_logger(__name__)
IDLE_PAUSE = 0.2
LONGEST_PAUSE = 5.0
PRUNE_EVERY = 600.0
HEARTBEAT_EVERY = 1.0


class Relay:
    """Runs until `stop()` is called. Losing the database or Redis only makes it wait.

    Any number of relays may run at once: rows are taken with SKIP LOCKED.
    """

    def __init__(
        self, *, window: int = services.WINDOW, lease_seconds: float = services.LEASE_SECONDS
    ):
        self.window = window
        self.lease_seconds = lease_seconds
        self._stopped = threading.Event()
        self._pause = IDLE_PAUSE
        self._pruned_at = time.monotonic()
        self._beat_at = 0.0

    def stop(self) -> None:
        self._stopped.set()

    def run(self) -> None:
        """Turns until stopped; a turn that published something is followed at once by the next."""
        while not self._stopped.is_set():
            try:
                moved = self.turn()
                self._pause = IDLE_PAUSE
            except (DatabaseError, InterfaceError) as error:
                log.warning("relay.database_lost", error=type(error).__name__)
                connections.close_all()
                moved = 0
                self._slow_down()
            self._beat()
            if not moved:
                self._stopped.wait(self._pause)

    def turn(self) -> int:
        """Lease what is due and publish it; returns how many messages were published."""
        if time.monotonic() - self._pruned_at > PRUNE_EVERY:
            self._pruned_at = time.monotonic()
            services.prune()
        ids = services.lease_due(limit=self.window, lease_seconds=self.lease_seconds)
        published = 0
        for published, message_id in enumerate(ids):
            if self._stopped.is_set() or not self._publish(message_id):
                services.release(ids=ids[published:])
                return published
        return len(ids)

    def _publish(self, message_id: int) -> bool:
        try:
            tasks.deliver.apply_async((message_id,), retry=False)
            return True
        except Exception as error:  # kombu, redis and socket each have their own
            log.warning("relay.broker_lost", error=type(error).__name__)
            self._slow_down()
            return False

    def _slow_down(self) -> None:
        self._pause = min(max(self._pause, IDLE_PAUSE) * 2, LONGEST_PAUSE)

    def _beat(self) -> None:
        if time.monotonic() - self._beat_at < HEARTBEAT_EVERY:
            return
        self._beat_at = time.monotonic()
        try:
            cache.set(RELAY_HEARTBEAT, timezone.now(), 120)
        except Exception as error:  # readiness reports the silence
            log.warning("relay.heartbeat_lost", error=type(error).__name__)
