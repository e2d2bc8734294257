"""The press: one document a process. Standard input is the job, standard output the PDF.

It runs with limits of its own (processor time, memory, no new files beyond a size) and without
Django, so that a document which makes the typesetter run wild ends this process and nothing else.
"""

import json
import resource
import sys

CPU_SECONDS = 15
MEMORY_BYTES = 2 * 1024**3
STANDARDS = ["a-2a", "ua-1"]


def limit() -> None:
    """Bounds that the kernel keeps."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    """Print what standard input holds: {layout, root, fonts, nowhere, moment, job}."""
    limit()
    import typst

    order = json.load(sys.stdin)
    try:
        pdf = typst.compile(
            order["layout"],
            root=order["root"],
            font_paths=order["fonts"],
            ignore_system_fonts=True,
            # Packages would be fetched from the network; there is no such folder.
            package_path=order["nowhere"],
            package_cache_path=order["nowhere"],
            sys_inputs={"job": json.dumps(order["job"], ensure_ascii=False)},
            pdf_standards=STANDARDS,
            timestamp=order["moment"],
        )
    except typst.TypstError as error:
        sys.stderr.write(str(error)[:2000])
        return 3
    sys.stdout.buffer.write(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main())
