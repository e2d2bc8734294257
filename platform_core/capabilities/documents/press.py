"""The press: one document a process. Standard input is the job, standard output the PDF, or the
pages of somebody's PDF as pictures, one a line.

It runs with limits of its own (processor time, memory, no new files beyond a size) and without
Django, so that a document which makes the typesetter run wild ends this process and nothing else.
"""

import base64
import json
import resource
import sys

CPU_SECONDS = 15
MEMORY_BYTES = 2 * 1024**3
STANDARDS = ["a-2a", "ua-1"]
# Points an inch of pages drawn as pictures.
DOTS = 130
NO_SUCH_PAGE = "does not exist"


def limit() -> None:
    """Bounds that the kernel keeps."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def compiled(order: dict, inputs: dict, **more) -> bytes:
    import typst

    return typst.compile(
        order["layout"],
        root=order["root"],
        font_paths=order["fonts"],
        ignore_system_fonts=True,
        # Packages would be fetched from the network; there is no such folder.
        package_path=order["nowhere"],
        package_cache_path=order["nowhere"],
        sys_inputs=inputs,
        **more,
    )


def document(order: dict) -> bytes:
    """The PDF of {layout, root, fonts, nowhere, moment, job}."""
    job = json.dumps(order["job"], ensure_ascii=False)
    return compiled(order, {"job": job}, pdf_standards=STANDARDS, timestamp=order["moment"])


def pages(order: dict) -> bytes:
    """The pages of {layout, root, fonts, nowhere, most}; ValueError when there are more."""
    import typst

    lines = []
    while True:
        number = len(lines) + 1
        try:
            found = compiled(order, {"page": str(number)}, format="png", ppi=DOTS)
        except typst.TypstError as error:
            if lines and NO_SUCH_PAGE in str(error):
                return b"\n".join(lines)
            raise
        if number > order["most"]:
            raise ValueError("too many pages")
        lines.append(base64.b64encode(found))


def main() -> int:
    """Print what standard input asks for."""
    limit()
    order = json.load(sys.stdin)
    try:
        made = pages(order) if "most" in order else document(order)
    except (RuntimeError, ValueError) as error:
        sys.stderr.write(str(error)[:2000])
        return 3
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
