"""Database and Redis for a command: embedded ones, or the servers that the environment names."""

import os
import socket
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

from platform_core.onebox.keys import machine_secrets
from platform_core.onebox.paths import VAR, Problem
from platform_core.onebox.postgres import Postgres
from platform_core.onebox.redis import Redis
from platform_core.onebox.supervisor import Supervisor


class Backing:
    """The two servers the platform stands on, with their data below `folder`.

    What DATABASE_URL or REDIS_URL names is used as it is and never started or stopped from here.
    """

    def __init__(self, folder: Path, *, durable: bool):
        self.outside_database = os.environ.get("DATABASE_URL")
        self.outside_redis = os.environ.get("REDIS_URL")
        self.postgres = None
        self.redis = None
        if not self.outside_database:
            self.postgres = Postgres(folder / "postgres", durable=durable)
        if not self.outside_redis:
            self.redis = Redis(folder / "redis", durable=durable)

    @property
    def parts(self) -> list[Postgres | Redis]:
        return [part for part in (self.postgres, self.redis) if part]

    @property
    def names(self) -> list[str]:
        """What is embedded, in words."""
        titles = {"PostgreSQL": self.postgres, "Redis": self.redis}
        return [title for title, part in titles.items() if part]

    @property
    def environment(self) -> dict[str, str]:
        """What a Django process needs to find everything."""
        return {
            "DATABASE_URL": self.outside_database or self.postgres.url,
            "REDIS_URL": self.outside_redis or self.redis.url,
            "DJANGO_SETTINGS_MODULE": "platform_core.settings",
            "VAR_DIR": str(VAR),
            **machine_secrets(),
        }

    def start(self, supervisor: Supervisor) -> None:
        """Starts what is embedded and makes sure that what is not answers."""
        self.check_outside()
        supervisor.start(*(part.service() for part in self.parts))
        if self.postgres:
            self.postgres.make_database()

    def is_running(self) -> bool:
        return all(part.is_ready() for part in self.parts)

    def check_outside(self) -> None:
        if self.outside_database:
            try:
                psycopg2.connect(self.outside_database, connect_timeout=5).close()
            except psycopg2.Error as error:
                raise Problem(f"DATABASE_URL does not answer: {error}") from error
        if self.outside_redis:
            parts = urlsplit(self.outside_redis)
            try:
                if parts.scheme == "unix":
                    with socket.socket(socket.AF_UNIX) as connection:
                        connection.connect(parts.path)
                else:
                    address = (parts.hostname or "127.0.0.1", parts.port or 6379)
                    socket.create_connection(address, 5).close()
            except OSError as error:
                raise Problem(f"REDIS_URL does not answer: {error}") from error

    def remove(self) -> None:
        for part in self.parts:
            part.remove()
