"""COMMAND …: what ./gov hands over to, inside the environment."""

import signal

# Ctrl-C during the imports below ends us without a traceback.
signal.signal(signal.SIGINT, signal.SIG_DFL)

import sys  # noqa: E402

from platform_core.onebox import benching, checking, managing, serving, testing  # noqa: E402
from platform_core.onebox.paths import Problem  # noqa: E402

COMMANDS = {
    "run": serving.run,
    "test": testing.test,
    "check": checking.check,
    "build": checking.build,
    "bench": benching.bench,
    "manage": managing.manage,
}


def main() -> int:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    name, *arguments = sys.argv[1:]
    try:
        return COMMANDS[name](arguments)
    except Problem as problem:
        print(f"gov: {problem}", file=sys.stderr, flush=True)
        return 1
    except PermissionError as error:
        print(
            f"gov: {error}. Was an earlier ./gov started as another user? Give .venv, var and "
            "node_modules back to one user with chown -R",
            file=sys.stderr,
            flush=True,
        )
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
