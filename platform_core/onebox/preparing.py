"""What must be true before the platform serves: bundles, texts, schema, N-apps, sample data."""

import re
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait

from platform_core.onebox.assets import TARGET, build_assets
from platform_core.onebox.backing import Backing
from platform_core.onebox.console import Progress
from platform_core.onebox.paths import ROOT, VAR, Stamp, content_stamp
from platform_core.onebox.steps import end_steps, run_step
from platform_core.onebox.supervisor import Supervisor
from platform_core.onebox.translations import compile_catalogues

MANAGE = [sys.executable, str(ROOT / "manage.py")]
PLATFORMS = ("apps", "collab_hub", "data_platform", "platform_core", "security", "service_hub")
# Hashed names without compressed copies: on one machine those cost more than they save.
PLAIN_STORAGE = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
DATA_STAMP = VAR / "data.stamp"


def manage(*arguments: str, environment: dict[str, str]) -> str:
    return run_step([*MANAGE, *arguments], f"manage.py {arguments[0]}", environment=environment)


def side_by_side(supervisor: Supervisor, *jobs: Callable[[], object]) -> None:
    """Runs jobs at the same time; the first failure, or the person, ends all of them."""
    with ThreadPoolExecutor(len(jobs)) as pool:
        waiting = {pool.submit(job) for job in jobs}
        try:
            while waiting:
                supervisor.raise_if_stopping()
                done, waiting = wait(waiting, timeout=0.1, return_when="FIRST_COMPLETED")
                for job in done:
                    job.result()
        except BaseException:
            end_steps()
            raise


def prepare_files(progress: Progress) -> None:
    """Front-end bundle and compiled translations; quick when nothing changed."""
    if build_assets():
        progress.tell("front end built")
    prepare_texts(progress)


def prepare_texts(progress: Progress) -> None:
    """Compiled translations; at once when nothing changed."""
    if compile_catalogues():
        progress.tell("translations compiled")


def prepare_static(progress: Progress, environment: dict[str, str]) -> None:
    """Collects what the web server serves as it is, under names that carry their content."""
    folders = [path for name in PLATFORMS for path in sorted((ROOT / name).rglob("static"))]
    lock = ROOT / "requirements-run.txt"
    stamp = Stamp(VAR / "static.stamp", content_stamp(TARGET, *folders, lock))
    if stamp.is_current() and (VAR / "static").is_dir():
        return
    # Neither is served: the API answers JSON only, and its pages are drawn by Swagger UI.
    ignored = ["--ignore", "rest_framework", "--ignore", "redoc"]
    manage("collectstatic", "--no-input", "--clear", *ignored, environment=environment)
    stamp.write()
    progress.tell("static files collected")


def prepare_data(
    progress: Progress, backing: Backing, environment: dict[str, str], demo: bool
) -> None:
    """Schema, N-apps and sample data in one process; skipped when neither code nor data changed.

    An outside database may have been changed by others, so there the step always runs.
    """
    if backing.postgres and backing.postgres.is_new:
        DATA_STAMP.unlink(missing_ok=True)
    folders = [ROOT / name for name in PLATFORMS]
    stamp = Stamp(DATA_STAMP, content_stamp(*folders, also=f"{environment['DATABASE_URL']} {demo}"))
    if backing.postgres and stamp.is_current():
        return
    progress.tell("preparing the database" + (" and the sample data" if demo else ""))
    said = manage("prepare", *([] if demo else ["--no-demo"]), environment=environment)
    if backing.postgres:
        stamp.write()
    steps = re.findall(r"^(\w+): (\d+\.\d s)$", said, re.MULTILINE)
    progress.tell("database ready: " + ", ".join(f"{name} {spent}" for name, spent in steps))
