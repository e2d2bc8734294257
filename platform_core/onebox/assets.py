"""The front end: packages from the lock, bundles and icons, rebuilt when an input changed."""

import fcntl
import json
import re
import shutil
import tempfile
from pathlib import Path

from platform_core.onebox import node
from platform_core.onebox.paths import ROOT, Problem, Stamp, content_stamp
from platform_core.onebox.steps import run_step

SOURCES = ROOT / "platform_core" / "common" / "static_src"
TARGET = ROOT / "platform_core" / "common" / "static" / "gov"
PACKAGES = ROOT / "node_modules"
ICONS = PACKAGES / "@iconify-json" / "lucide" / "icons.json"
PAINT = r' (fill="none"|stroke="currentColor"|stroke-width="2"|stroke-line(cap|join)="round")'
OPTIONS = ("--bundle", "--minify", "--charset=utf8", "--target=es2020", "--log-level=warning")


def build_assets() -> bool:
    """Brings node_modules and the bundles up to date; whether anything had to be built."""
    lock = ROOT / "package-lock.json"
    packages = Stamp(PACKAGES / ".packages", content_stamp(lock, also=str(node.node())))
    sources = content_stamp(SOURCES, Path(__file__), also=packages.value)
    bundles = Stamp(PACKAGES / ".bundles", sources)

    def is_current() -> bool:
        return bundles.is_current() and TARGET.is_dir()

    if is_current():
        return False
    with lock.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if is_current():
            return False
        if not packages.is_current():
            node.run_npm("ci", "--prefer-offline", "--no-progress")
            packages.write()
        build_bundles()
        bundles.write()
    return True


def build_bundles() -> None:
    """Builds beside the target and swaps, so that a running server never serves a half bundle."""
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=TARGET.parent, prefix=".gov-") as name:
        part = Path(name) / "gov"
        part.mkdir(mode=0o755)
        entries = sorted(str(path) for path in SOURCES.iterdir() if path.suffix in (".js", ".css"))
        if entries:
            tool = str(esbuild())
            run_step([tool, *entries, *OPTIONS, f"--outdir={part}"], "esbuild")
        (part / "sprite.svg").write_text(sprite(icon_names()), encoding="utf-8")
        for plain in sorted([*SOURCES.glob("*.svg"), *SOURCES.glob("*.png")]):
            shutil.copy(plain, part / plain.name)
        if TARGET.exists():
            TARGET.rename(Path(name) / "old")
        part.rename(TARGET)


def esbuild() -> Path:
    found = sorted((PACKAGES / "@esbuild").glob("*/bin/esbuild"))
    if not found:
        raise Problem("esbuild has no binary for this machine among the installed npm packages")
    return found[0]


def icon_names() -> list[str]:
    """The icons that pages may use: icons.txt, one name a line."""
    listed = SOURCES / "icons.txt"
    if not listed.exists():
        return []
    lines = (line.partition("#")[0].strip() for line in listed.read_text("utf-8").splitlines())
    return sorted({line for line in lines if line})


def sprite(names: list[str]) -> str:
    """One SVG with a symbol for each icon; a drawing of our own wins over the packaged one.

    Symbols carry no paint: on a symbol it would win over what the page's style sheet says.
    """
    packaged = json.loads(ICONS.read_text("utf-8")) if names else {}
    symbols = []
    for name in names:
        own = SOURCES / "icons" / f"{name}.svg"
        if own.exists():
            box, body = own_drawing(own.read_text("utf-8"))
        else:
            box, body = packaged_drawing(packaged, name)
        symbols.append(f'<symbol id="{name}" viewBox="{box}">{body}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


def own_drawing(svg: str) -> tuple[str, str]:
    found = re.search(r"<svg\b([^>]*)>(.*)</svg>", svg, re.DOTALL)
    box = re.search(r'viewBox="([^"]+)"', found[1])
    return box[1], re.sub(r">\s+<", "><", re.sub(r"\s+", " ", found[2])).strip()


def packaged_drawing(packaged: dict, name: str) -> tuple[str, str]:
    alias = packaged["aliases"].get(name, {}).get("parent", name)
    if alias not in packaged["icons"]:
        raise Problem(f"icons.txt names {name}, and there is no such icon")
    drawing = packaged["icons"][alias]
    width = drawing.get("width", packaged.get("width", 24))
    height = drawing.get("height", packaged.get("height", 24))
    body = re.sub(PAINT, "", drawing["body"])
    return f"0 0 {width} {height}", re.sub(r"<g>(.*)</g>", r"\1", body)
