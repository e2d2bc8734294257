"""The kept outcome of all migrations: used while it is true, passed over when it no longer is."""

import pytest

from platform_core.onebox import schema
from platform_core.onebox.paths import ROOT
from platform_core.onebox.postgres import Postgres
from platform_core.onebox.supervisor import Supervisor


@pytest.fixture
def postgres(folder, monkeypatch):
    monkeypatch.setattr(schema, "FOLDER", folder / "schema")
    server = Postgres(folder / "postgres", durable=False)
    supervisor = Supervisor(folder / "log")
    supervisor.start(server.service())
    server.make_database(schema.NAME)
    yield server
    supervisor.stop()
    server.remove()


def ask(postgres, sql):
    connection = postgres.connect(schema.NAME)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(sql)
        found = cursor.fetchone() if cursor.description else None
    connection.close()
    return found


def test_what_is_kept_comes_back_whole_and_only_for_the_same_files(postgres):
    sources = schema.source_stamps()
    first = min(file for file in sources if "/migrations/0001" in file)
    fewer = {file: stamp for file, stamp in sources.items() if file != first}
    ask(postgres, "create table things (id serial primary key, word text)")
    ask(postgres, "insert into things (word) values ('土地')")
    schema.keep(postgres, fewer)

    sql, known = schema.nearest(sources)
    assert known == fewer, "one migration more is applied on top"
    changed = {**sources, next(iter(fewer)): "another"}
    assert schema.nearest(changed) is None
    ask(postgres, "drop table things")
    schema.load(postgres, sql)
    assert ask(postgres, "insert into things (word) values ('x') returning id") == (2,)
    assert ask(postgres, "select word from things where id = 1") == ("土地",)


def test_the_nearest_is_taken_and_the_oldest_go(postgres):
    sources = schema.source_stamps()
    files = sorted(sources)
    for left_out in range(schema.KEPT + 2):
        schema.keep(postgres, {file: sources[file] for file in files[left_out:]})
    assert len(list(schema.FOLDER.iterdir())) == schema.KEPT
    assert len(schema.nearest(sources)[1]) == len(files) - 2
    assert all((ROOT / file).is_file() for file in files)
