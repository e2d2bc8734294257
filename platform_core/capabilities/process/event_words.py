"""What each kind of event in a process is called: {kind: (words, how it is marked)}."""

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

EVENTS = {
    "started": (_("Sent by the applicant"), "done"),
    "approved": (pgettext_lazy("event", "Approved"), "done"),
    "submitted": (pgettext_lazy("event", "Filled in"), "done"),
    "rejected": (pgettext_lazy("event", "Refused"), "bad"),
    "correction_asked": (_("Asked the applicant for a correction"), "warn"),
    "correction_answered": (_("Corrected by the applicant"), "done"),
    "returned": (_("Returned to an earlier step"), "warn"),
    "transferred": (_("Handed to a colleague"), "done"),
    "claimed": (_("Claimed"), "done"),
    "released": (_("Put back into the pool"), "done"),
    "holder_found": (_("Given to somebody who can do it"), "done"),
    "relocated": (_("Moved to the responsible department"), "warn"),
    "read": (pgettext_lazy("event", "Read"), "done"),
    "withdrawn": (_("Withdrawn by the applicant"), "bad"),
    "suspended": (_("Stopped the clock"), "warn"),
    "resumed": (_("Let the clock go on"), "done"),
    "urged": (_("Urged"), "warn"),
    "opinion_asked": (_("Asked another organ for its opinion"), "done"),
    "opinion_given": (_("Gave its opinion"), "done"),
    "opinion_withdrawn": (_("Took a question back"), "done"),
    "timed_out": (_("Not done in time: the system acted"), "warn"),
    "closed": (_("Process closed"), "done"),
    "signed": (_("Agreed as a signer"), "done"),
    "declined": (_("Did not agree as a signer"), "warn"),
    "signer_added": (_("Asked a colleague to sign"), "done"),
    "voted_against": (_("Voted against"), "warn"),
    "abstained": (_("Abstained"), "done"),
    "retried": (_("Had it tried again"), "done"),
    "decided": (_("The decision table answered"), "done"),
    "notified": (_("Notice sent"), "done"),
    "time_came": (_("The time has come"), "done"),
    "called": (_("Done by the system"), "done"),
    "call_failed": (_("The system could not do it"), "bad"),
    "child_done": (_("The sub-process is done"), "done"),
    "migrated": (_("Moved to another version of the process"), "warn"),
    "child_refused": (_("The sub-process ended with a refusal"), "bad"),
}


def words_of(event) -> tuple[str, str]:
    """What an event is called in the reader's language, and how it is marked; its kind where there
    are no words for it.
    """
    # What an official begins no applicant has sent.
    if event.kind == "started" and event.actor is not None and event.actor.is_official:
        return gettext("Process started"), "done"
    words, mark = EVENTS.get(event.kind, (event.kind, "done"))
    return str(words), mark
