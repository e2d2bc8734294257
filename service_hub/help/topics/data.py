"""Guides about data, the account, and reading the site."""

from django.utils.translation import gettext_lazy as _

from ..shapes import Guide, Section, Way

ONCE = Guide(
    "never-asked-twice",
    _("Why you are not asked twice"),
    _("What an office already holds you need not bring again."),
    "refresh-cw",
    _("papers, documents, proof, already known"),
    (
        Section(
            "order",
            _("Where a paper comes from"),
            (_("For each paper we try in this order, and you see which way was taken:"),),
            steps=(
                _("a certificate that was issued to you,"),
                _("data that another office shares with us,"),
                _("a confirmation that we ask of another office,"),
                _("your written pledge, where the law allows one,"),
                _("a file that you upload."),
            ),
            ways=(Way(_("Papers that I hold"), "portal:wallet", icon="wallet"),),
        ),
        Section(
            "filled",
            _("What is filled in already"),
            (
                _(
                    "Your name and number come from your account, other answers from earlier "
                    "applications if you agree. The source stands at each field."
                ),
                _("You can switch earlier answers off at any time."),
            ),
            ways=(Way(_("Earlier answers, on or off"), "portal:me", icon="user"),),
        ),
        Section(
            "wrong",
            _("If it is not right"),
            (
                _(
                    "Press “This is wrong” at the field and say what is wrong. You go on with what "
                    "you say, and the office that holds it is told to correct it."
                ),
            ),
        ),
    ),
)

DATA = Guide(
    "my-data",
    _("My data and my consents"),
    _("What is held about you, who looked at it, and what you may ask for."),
    "shield-check",
    _("privacy, personal information, consent, delete, export"),
    (
        Section(
            "see",
            _("See what is held"),
            points=(
                _("What there is about you, since when, and until when it is kept."),
                _("Who looked at it: every look of an official is written down."),
                _("A copy of everything as a file, to take along."),
            ),
            ways=(
                Way(_("What is held about me"), "portal:held", icon="list-checks"),
                Way(_("Who has seen my data"), "portal:looks", icon="eye"),
                Way(_("Download a copy of my data"), "portal:export", icon="download"),
            ),
        ),
        Section(
            "change",
            _("Have it corrected or deleted"),
            (
                _(
                    "You get an answer within 30 days. An account is closed within 15 working "
                    "days, and not while cases run."
                ),
            ),
            ways=(Way(_("Correct, delete, complain"), "portal:data_requests", icon="square-pen"),),
        ),
        Section(
            "consents",
            _("Take a consent back"),
            (
                _(
                    "You can withdraw every consent at any time and without a reason. No service "
                    "is refused because of that."
                ),
            ),
            ways=(
                Way(_("My consents"), "portal:consents", icon="list-checks"),
                Way(_("Why sensitive data are asked"), "portal:purposes", icon="lock"),
            ),
        ),
    ),
)

SIGNING_IN = Guide(
    "signing-in",
    _("Signing in"),
    _("An account, your real name, a second factor, and what you can do without any of them."),
    "log-in",
    _("password, account, register, real name, second factor"),
    (
        Section(
            "account",
            _("Make an account"),
            steps=(
                _("Register with a name, a mobile number and a password."),
                _("Bind your real name once. Many services need it."),
                _("Add a second factor if you like: a code from an app on your phone."),
            ),
            ways=(
                Way(_("Register"), "account_signup", icon="user-plus"),
                Way(_("My details and my real name"), "profile", icon="id-card"),
                Way(_("Security of my account"), "mfa_index", icon="shield-check"),
            ),
        ),
        Section(
            "cannot",
            _("If you cannot get in"),
            points=(
                _("Forgotten the password? Have a link sent to your e-mail address."),
                _(
                    "After five wrong tries you have to wait five minutes. This protects your "
                    "account."
                ),
                _("Without the phone, use one of the recovery codes that you wrote down."),
                _("You are signed out after eight hours. What you typed is kept."),
            ),
            ways=(
                Way(_("Set a new password"), "account_reset_password", icon="key-round"),
                Way(_("Sign in"), "account_login", icon="log-in"),
            ),
        ),
        Section(
            "without",
            _("Without an account"),
            (
                _(
                    "You can read every guide, ask an office, book an appointment, check a "
                    "document and, where the guide says so, apply without signing in. Number and "
                    "code then lead to your case."
                ),
            ),
            ways=(
                Way(_("Follow a case by number and code"), "portal:follow", icon="search"),
                Way(_("Ask an office"), "ask", icon="message-circle"),
            ),
        ),
    ),
)

READING = Guide(
    "reading",
    _("Large text, contrast, language, print"),
    _("Set the site so that you can read it well, or take it along on paper."),
    "a-large-small",
    _("large text, high contrast, font size, screen reader, print"),
    (
        Section(
            "set",
            _("Set the page"),
            (
                _(
                    "“Large text” and “High contrast” stand at the top of every page, on a phone "
                    "at its foot, and in the menu with your name. The choice is kept in this "
                    "browser for a year."
                ),
                _("The language is changed at the top: Chinese or English, on the same page."),
            ),
            ways=(Way(_("Accessibility"), "about", ("accessibility",), "info"),),
        ),
        Section(
            "keyboard",
            _("With the keyboard"),
            (
                _(
                    "Tab goes from one thing to the next, the first press offers to skip the "
                    "navigation. Everything that can be clicked can be reached so."
                ),
            ),
        ),
        Section(
            "print",
            _("On paper"),
            (
                _(
                    "Print any page with your browser: navigation and buttons are left out, the "
                    "address and the time stand below. Certificates and decisions are printed from "
                    "their PDF, which carries a code for checking."
                ),
            ),
            ways=(Way(_("Open my wallet"), "portal:wallet", icon="wallet"),),
        ),
    ),
)

GUIDES = (ONCE, DATA, SIGNING_IN, READING)
