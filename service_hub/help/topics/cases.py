"""Guides about an application, from finding the service to the result."""

from django.utils.translation import gettext_lazy as _

from service_hub.cases.models import Case

from ..shapes import Guide, Section, Way

State = Case.State

FILING = Guide(
    "filing",
    _("How to apply for something"),
    _("Find the service, answer the questions, send, and keep the number."),
    "file-pen",
    _("apply, file a request, fill in a form, draft, receipt"),
    (
        Section(
            "find",
            _("Find the service"),
            (
                _(
                    "Type what you want to do into the search on the first page, in your own "
                    "words. Pinyin and small slips are understood."
                ),
                _(
                    "The guide of a service says who may apply, how long it takes, what it costs "
                    "and what you need. Read it before you begin."
                ),
            ),
            ways=(
                Way(_("Look through all services"), "portal:services", icon="layout-grid"),
                Way(_("Choose your place"), "portal:place", icon="map-pin"),
            ),
        ),
        Section(
            "fill",
            _("Answer and send"),
            steps=(
                _("Press “Start now” in the guide."),
                _("Look at what is already filled in. The source stands at each field."),
                _("Answer the rest. Every answer is saved while you type."),
                _("Read everything once more on the last page and press “Send the application”."),
                _("Keep the number on the receipt, or print the page."),
            ),
            after=(
                _(
                    "You can stop at any time: a draft is kept for 30 days and stands on the first "
                    "page and among your cases."
                ),
            ),
            ways=(Way(_("Go on with a draft"), "portal:cases", icon="package-check"),),
        ),
        Section(
            "together",
            _("Several services in one form"),
            (
                _(
                    "For some occasions, such as the birth of a child, one form covers several "
                    "services. You answer each question once, and every office gets its part."
                ),
            ),
        ),
        Section(
            "counter",
            _("Without internet"),
            (
                _(
                    "Every service is also available at a counter, with the same rights and the "
                    "same time limits. Somebody there fills in the form with you."
                ),
            ),
            ways=(
                Way(_("Find the service hall"), "portal:contact", icon="landmark"),
                Way(_("What to bring to a counter"), "about", ("counter",), icon="id-card"),
            ),
        ),
    ),
)

FOLLOWING = Guide(
    "following",
    _("How to follow a case"),
    _("Where your application stands, who has it, and until when."),
    "package-check",
    _("progress, case number, follow-up code, hurry"),
    (
        Section(
            "signed-in",
            _("If you were signed in"),
            steps=(
                _("Open “My cases”."),
                _("Choose the case. On top stands what happens now and the promised day."),
                _("Below stand every step with its time, and who handles it."),
            ),
            after=(
                _(
                    "We tell you whenever something changes. You choose whether by message, text "
                    "message or e-mail."
                ),
            ),
            ways=(
                Way(_("Open my cases"), "portal:cases", icon="package-check"),
                Way(_("Choose how I am told"), "portal:channels", icon="bell"),
            ),
        ),
        Section(
            "without-account",
            _("If you were not signed in"),
            (_("Number and follow-up code stand on the receipt. You need both of them."),),
            ways=(Way(_("Follow a case by number and code"), "portal:follow", icon="search"),),
        ),
        Section(
            "hurry",
            _("If it takes long"),
            (
                _(
                    "When half of the time is over you can ask the office to hurry, at most once "
                    "a working day. The button is on the page of the case."
                ),
                _("You can also withdraw an application as long as nobody has decided it."),
            ),
        ),
        Section(
            "paper",
            _("Getting the result"),
            (
                _(
                    "Certificates and decisions are in your wallet as soon as they are issued. "
                    "Where there is a paper, you choose whether to fetch it or have it posted."
                ),
            ),
            ways=(
                Way(_("Open my wallet"), "portal:wallet", icon="wallet"),
                Way(_("Check whether a document is genuine"), "portal:verify", icon="shield-check"),
            ),
        ),
    ),
)

STATES = Guide(
    "states",
    _("What the states and lights mean"),
    _("Every word and every sign that stands at a case."),
    "info",
    _("light, state, time limit, overdue, working days"),
    (
        Section(
            "states",
            _("The states"),
            terms=(
                (
                    State.SUBMITTED.label,
                    _("The office has it and looks whether everything is there."),
                ),
                (State.ACCEPTED.label, _("Everything is there. From now on the clock runs.")),
                (State.REVIEWING.label, _("Somebody is checking it.")),
                (State.CORRECTING.label, _("You have to put something right or add something.")),
                (
                    State.SUSPENDED.label,
                    _("A procedure runs that takes its own time. The clock stands."),
                ),
                (State.APPROVED.label, _("It was granted, or answered.")),
                (State.REFUSED.label, _("It was not granted. The reasons stand in the case.")),
                (
                    State.NOT_ACCEPTED.label,
                    _("The office did not take it up. The reasons stand in the case."),
                ),
                (State.WITHDRAWN.label, _("You took it back.")),
                (State.VOID.label, _("It ended without a decision. The reason is written there.")),
            ),
        ),
        Section(
            "lights",
            _("The lights"),
            terms=(
                (_("Green, a circle"), _("In time.")),
                (
                    _("Yellow, a triangle"),
                    _("Four fifths of the time are over, or one working day is left."),
                ),
                (_("Red, a square"), _("Late. The head of the office has been told.")),
            ),
            after=(
                _("The words beside the sign always say the same, so nobody needs the colour."),
            ),
        ),
        Section(
            "clock",
            _("How the days are counted"),
            points=(
                _("Working days count. Public holidays do not; weekends on which offices work do."),
                _("The day of acceptance does not count. The last day ends at 18:00."),
                _(
                    "An office that says nothing for five working days has accepted the "
                    "application (Administrative Licensing Law, article 32)."
                ),
                _("Days on which the clock stands are not counted."),
                _(
                    "The time can be extended once, by two people, before it is over (article 42). "
                    "You read the reason."
                ),
            ),
            ways=(Way(_("Open my cases"), "portal:cases", icon="package-check"),),
        ),
    ),
)

CORRECTION = Guide(
    "correction",
    _("How to correct an application"),
    _("What to do when a case says that it needs you."),
    "square-pen",
    _("correction, missing papers, needs you"),
    (
        Section(
            "how",
            _("Put it right"),
            steps=(
                _("Open the case that says “Needs you”."),
                _("Read what is wanted and press “Correct it now”."),
                _("Change the answers that are open. All others stay as they are."),
                _("Send it. The check goes on at once."),
            ),
            ways=(Way(_("Open my cases"), "portal:cases", icon="package-check"),),
        ),
        Section(
            "once",
            _("You are asked once"),
            (
                _(
                    "The office must say everything at once and within five working days "
                    "(Administrative Licensing Law, article 32). A second round is not allowed."
                ),
                _("The clock begins only when everything is there."),
            ),
        ),
        Section(
            "unclear",
            _("If you do not understand what is wanted"),
            (
                _(
                    "Call the office: its number stands on the page of the case. Or ask "
                    "it in writing."
                ),
            ),
            ways=(Way(_("Phone numbers of the offices"), "portal:contact", icon="phone"),),
        ),
    ),
)

GUIDES = (FILING, FOLLOWING, STATES, CORRECTION)
