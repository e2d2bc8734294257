"""Keeps the message catalogues in step with the sources, without the gettext programs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import polib
from babel.messages.extract import extract_python
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.template import templatize

# For each function the positions of its context, singular and plural argument.
FUNCTIONS = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
FOLDERS = ("apps", "collab_hub", "data_platform", "platform_core", "security", "service_hub")
TEMPLATES = {".html", ".txt"}
PLACEHOLDER = re.compile(r"%\(\w+\)[-#0 +]*\d*\.?\d*[a-zA-Z]|%[sdr]|\{\w*\}")
LANGUAGE = "zh_Hans"
HEADER = {
    "Project-Id-Version": "Govplatform",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": LANGUAGE,
    "Plural-Forms": "nplurals=1; plural=0;",
}
Key = tuple[str | None, str]


@dataclass
class Message:
    """One text of the sources: its plural, if it has one, and the files that say it."""

    plural: str | None = None
    files: set[str] = field(default_factory=set)


def source_files(root: Path) -> Iterator[Path]:
    """Every file of the platforms that may hold a translatable text."""
    for name in FOLDERS:
        for path in sorted((root / name).rglob("*")):
            if "migrations" in path.parts or "node_modules" in path.parts:
                continue
            if path.suffix == ".py" or (path.suffix in TEMPLATES and "templates" in path.parts):
                yield path


def messages_in(text: str, *, is_template: bool, origin: str = "") -> Iterator[tuple]:
    """(context, msgid, plural) of each text in a Python source or a Django template.

    Raises CommandError for a template that does not parse.
    """
    if is_template:
        try:
            text = templatize(text, origin=origin)
        except SyntaxError as error:
            raise CommandError(f"{origin}: {error}") from error
        # What is left are calls, each on one line, among filler whose indentation means nothing.
        text = "\n".join(line.strip() for line in text.splitlines())
    found = extract_python(BytesIO(text.encode()), FUNCTIONS.keys(), (), {"encoding": "utf-8"})
    for _line, function, arguments, _comments in found:
        values = arguments if isinstance(arguments, tuple) else (arguments,)
        positions = FUNCTIONS[function]
        context, msgid, plural = (
            values[at] if at is not None and at < len(values) else None for at in positions
        )
        if msgid:
            yield context, msgid, plural


def extract(root: Path) -> dict[Key, Message]:
    """All texts of the sources below `root`."""
    messages: dict[Key, Message] = {}
    for path in source_files(root):
        origin = path.relative_to(root).as_posix()
        text = path.read_text("utf-8")
        for context, msgid, plural in messages_in(
            text, is_template=path.suffix in TEMPLATES, origin=origin
        ):
            message = messages.setdefault((context, msgid), Message())
            message.plural = message.plural or plural
            message.files.add(origin)
    return messages


def texts_of(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def has_same_placeholders(entry: polib.POEntry) -> bool:
    """Whether every translation fills in exactly what the original does.

    A language without plural forms translates the plural, so either form may be the model.
    """
    originals = [entry.msgid] + ([entry.msgid_plural] if entry.msgid_plural else [])
    models = [sorted(PLACEHOLDER.findall(text)) for text in originals]
    return all(sorted(PLACEHOLDER.findall(text)) in models for text in texts_of(entry))


def update(catalogue: polib.POFile, messages: dict[Key, Message]) -> polib.POFile:
    """A new catalogue with the texts of the sources and the translations they already had."""
    known = {(entry.msgctxt, entry.msgid): entry for entry in catalogue if not entry.obsolete}
    fresh = polib.POFile(wrapwidth=100)
    fresh.metadata = dict(catalogue.metadata) or dict(HEADER)
    for (context, msgid), message in sorted(
        messages.items(), key=lambda item: (item[0][1], item[0][0] or "")
    ):
        old = known.get((context, msgid))
        entry = polib.POEntry(
            msgid=msgid,
            msgctxt=context,
            occurrences=[(name, "") for name in sorted(message.files)],
            flags=sorted(flags_of(msgid, old)),
        )
        if message.plural:
            entry.msgid_plural = message.plural
            entry.msgstr_plural = plural_forms(old, fresh.metadata)
        elif old:
            entry.msgstr = old.msgstr or "".join(list(old.msgstr_plural.values())[:1])
        fresh.append(entry)
    return fresh


def flags_of(msgid: str, old: polib.POEntry | None) -> set[str]:
    flags = {"fuzzy"} if old is not None and old.fuzzy else set()
    return flags | ({"python-format"} if re.search(r"%\(|%[sdr]", msgid) else set())


def plural_forms(old: polib.POEntry | None, metadata: dict) -> dict[int, str]:
    count = int(re.search(r"nplurals=(\d+)", metadata.get("Plural-Forms", "nplurals=1"))[1])
    forms = dict.fromkeys(range(count), "")
    if old is not None:
        forms |= {0: old.msgstr} if old.msgstr else {}
        forms |= {int(number): text for number, text in old.msgstr_plural.items()}
    return forms


def problems_of(catalogue: polib.POFile, messages: dict[Key, Message]) -> list[str]:
    """Everything that keeps a catalogue from being complete, one line each."""
    problems = []
    known = {}
    for entry in catalogue:
        key = (entry.msgctxt, entry.msgid)
        if entry.obsolete or key not in messages:
            problems.append(f"obsolete: {entry.msgid!r}")
            continue
        known[key] = entry
        if entry.fuzzy:
            problems.append(f"fuzzy: {entry.msgid!r}")
        if not all(texts_of(entry)):
            problems.append(f"missing: {entry.msgid!r}")
        elif bool(entry.msgid_plural) != bool(messages[key].plural):
            problems.append(f"plural differs from the sources: {entry.msgid!r}")
        elif not has_same_placeholders(entry):
            problems.append(f"placeholders differ: {entry.msgid!r} → {texts_of(entry)}")
    for key, message in messages.items():
        if key not in known:
            problems.append(f"missing: {key[1]!r} ({', '.join(sorted(message.files))})")
    return sorted(problems)


class Command(BaseCommand):
    help = "Updates the .po catalogues from the sources; --check only tells what is not in order."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="change nothing, fail on problems")

    def handle(self, *, check: bool = False, **options):
        messages = extract(Path(settings.BASE_DIR))
        folder = Path(settings.LOCALE_PATHS[0])
        paths = sorted(folder.glob("*/LC_MESSAGES/django.po"))
        problems = []
        for path in paths or [folder / LANGUAGE / "LC_MESSAGES" / "django.po"]:
            catalogue = polib.pofile(str(path)) if path.exists() else polib.POFile()
            if not check:
                catalogue = update(catalogue, messages)
                path.parent.mkdir(parents=True, exist_ok=True)
                catalogue.save(str(path))
            found = problems_of(catalogue, messages)
            language = path.parts[-3]
            self.stdout.write(f"{language}: {len(catalogue)} texts, {len(found)} problems")
            problems += [f"{language}: {problem}" for problem in found]
        for problem in problems:
            self.stderr.write(problem)
        if check and problems:
            raise CommandError(f"{len(problems)} problems; ./gov manage messages, then translate")
