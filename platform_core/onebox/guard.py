"""Starts a program that must not outlive its starter: guard.py UID GID SIGNAL PROGRAM …

Run as a file. PR_SET_PDEATHSIG is lost at setuid and follows the thread that forked, so it is asked
for here, after the change of user, in a process of its own. UID -1 keeps the user.
"""

import os
import signal
import sys


def main() -> None:
    uid, gid, death_signal = (int(text) for text in sys.argv[1:4])
    starter = int(os.environ.pop("GOV_STARTER", "0"))
    # Loaded before the change of user: afterwards this Python may be out of reach.
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if hasattr(libc, "prctl"):
        libc.prctl(1, death_signal, 0, 0, 0)
        # The starter may have died before the line above took effect.
        if starter and os.getppid() != starter:
            sys.exit(1)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)
    os.execvp(sys.argv[4], sys.argv[4:])  # noqa: S606


main()
