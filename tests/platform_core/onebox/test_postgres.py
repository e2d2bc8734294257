"""The embedded PostgreSQL: starts, survives what kills it, and never trips over its own traces."""

import os
import time

import psycopg2
import pytest

from platform_core.onebox.postgres import Postgres, processes_in
from platform_core.onebox.supervisor import Supervisor


@pytest.fixture
def started(folder):
    """A durable server under a supervisor; stopped at the end whatever happened."""
    postgres = Postgres(folder / "postgres", durable=True)
    supervisor = Supervisor(folder / "log")
    supervisor.start(postgres.service())
    yield postgres, supervisor
    supervisor.stop()
    postgres.remove()


def one(postgres, sql):
    connection = postgres.connect()
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(sql)
        found = cursor.fetchone()[0] if cursor.description else None
    connection.close()
    return found


def test_it_serves_utf8_and_knows_chinese_letters(started):
    postgres, _ = started
    assert one(postgres, "show server_encoding") == "UTF8"
    assert one(postgres, "select '土地' ~ '^[[:alpha:]]+$'") is True
    assert one(postgres, "show fsync") == "on"


def test_its_socket_is_private(started):
    postgres, _ = started
    assert postgres.sockets.stat().st_mode & 0o077 == 0
    assert one(postgres, "show listen_addresses") == ""


def test_a_killed_server_comes_back_with_every_committed_row(started):
    postgres, supervisor = started
    one(postgres, "create table kept (word text)")
    one(postgres, "insert into kept values ('still here')")
    supervisor.children[0].process.kill()
    until = time.monotonic() + 20
    while time.monotonic() < until:
        for child in supervisor.children:
            supervisor._look_after(child)
        if supervisor.children[0].starts.__len__() == 2 and postgres.is_ready():
            break
        time.sleep(0.05)
    assert one(postgres, "select word from kept") == "still here"


def test_a_pid_file_of_a_stranger_does_not_keep_it_from_starting(folder):
    postgres = Postgres(folder / "postgres", durable=False)
    postgres.make_cluster()
    # Our own pid: alive, and no server of this data directory.
    trace = f"{os.getpid()}\n{postgres.data}\n{int(time.time())}\n5432\n{postgres.sockets}\n\n"
    for path in (postgres.data / "postmaster.pid", postgres.sockets / ".s.PGSQL.5432.lock"):
        path.write_text(trace)
    supervisor = Supervisor(folder / "log")
    try:
        supervisor.start(postgres.service())
        assert postgres.is_ready()
    finally:
        supervisor.stop()
        postgres.remove()


def test_a_server_left_over_by_a_killed_launcher_is_ended_first(started):
    postgres, supervisor = started
    old = supervisor.children[0].process
    again = Postgres(postgres.data.parent, durable=True)
    again.prepare()
    assert old.wait(5) is not None
    assert not processes_in(postgres.data)
    supervisor.children.clear()


def test_a_half_made_cluster_is_made_anew(folder):
    postgres = Postgres(folder / "postgres", durable=False)
    postgres.data.mkdir()
    (postgres.data / "PG_VERSION").write_text("18\n")
    postgres.make_cluster()
    assert (postgres.data / "global" / "pg_control").exists()
    postgres.remove()


def test_a_path_too_long_for_a_socket_still_works(folder):
    deep = folder / ("deep" * 20) / ("and deeper with spaces" * 5)
    deep.mkdir(parents=True)
    postgres = Postgres(deep / "postgres", durable=False)
    supervisor = Supervisor(folder / "log")
    try:
        supervisor.start(postgres.service())
        postgres.make_database()
        assert one(postgres, "select count(*) from pg_database where datname = 'govplatform'") == 1
        with psycopg2.connect(postgres.url) as connection, connection.cursor() as cursor:
            cursor.execute("select current_database()")
            assert cursor.fetchone() == ("govplatform",)
    finally:
        supervisor.stop()
        postgres.remove()
