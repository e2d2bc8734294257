"""A database with every migration applied, of which each test process gets a copy.

Applying all migrations takes longer than most test files. So what came out is kept in var/ and
loaded by the next run; of new migrations only those are applied. A kept one whose migrations,
libraries or server are no longer the same is not used.
"""

import json
from pathlib import Path

from platform_core.onebox.console import Progress
from platform_core.onebox.paths import ROOT, VAR, content_stamp
from platform_core.onebox.postgres import Postgres
from platform_core.onebox.preparing import PLATFORMS, manage
from platform_core.onebox.steps import run_step

NAME = "govplatform_migrated"
FOLDER = VAR / "schema"
# Branches of one checkout take turns; each finds what it left.
KEPT = 4
QUIETLY = ("-X", "-q", "-1", "-v", "ON_ERROR_STOP=1")


def make_template(progress: Progress, postgres: Postgres, environment: dict[str, str]) -> str:
    """Makes the database in a running server and returns its name."""
    postgres.make_database(NAME)
    sources = source_stamps()
    found = nearest(sources)
    if found:
        sql, known = found
        load(postgres, sql)
        if known == sources:
            sql.touch()
            return NAME
    manage("migrate", environment={**environment, "DATABASE_URL": postgres.url_of(NAME)})
    keep(postgres, sources)
    progress.tell("migrations applied")
    return NAME


def source_stamps() -> dict[str, str]:
    """Of every file that decides what comes out, its digest."""
    files = [ROOT / "requirements-run.txt", Path(__file__)]
    for name in PLATFORMS:
        files += sorted((ROOT / name).rglob("migrations/*.py"))
    return {str(file.relative_to(ROOT)): content_stamp(file) for file in files}


def nearest(sources: dict[str, str]) -> tuple[Path, dict[str, str]] | None:
    """The kept outcome with the most of these files and no other, with what it was made of."""
    usable = []
    for sql in FOLDER.glob("*.sql"):
        with sql.open(encoding="utf-8") as lines:
            known = json.loads(lines.readline().removeprefix("--"))
        if known.items() <= sources.items():
            usable.append((len(known), sql, known))
    return max(usable, key=lambda one: one[0])[1:] if usable else None


def load(postgres: Postgres, sql: Path) -> None:
    run_step([*client(postgres, "psql"), *QUIETLY, "-f", str(sql)], "psql")


def keep(postgres: Postgres, sources: dict[str, str]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    name = content_stamp(*(ROOT / file for file in sources))[:16]
    part = FOLDER / f"{name}.part"
    run_step([*client(postgres, "pg_dump"), "-f", str(part)], "pg_dump")
    dump = part.read_text(encoding="utf-8")
    part.write_text(f"--{json.dumps(sources)}\n{dump}", encoding="utf-8")
    part.replace(FOLDER / f"{name}.sql")
    kept = sorted(FOLDER.glob("*.sql"), key=lambda file: file.stat().st_mtime, reverse=True)
    for old in kept[KEPT:]:
        old.unlink(missing_ok=True)


def client(postgres: Postgres, program: str) -> list[str]:
    return [str(postgres.install / "bin" / program), "-d", postgres.url_of(NAME)]
