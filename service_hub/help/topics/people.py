"""Guides about going there, acting for others, rating, and what to do when something is wrong."""

from django.utils.translation import gettext_lazy as _

from ..shapes import Guide, Section, Way

APPOINTMENT = Guide(
    "appointment",
    _("How to book an appointment"),
    _("Choose hall and time, keep the code, and be called at your time."),
    "calendar-clock",
    _("appointment, window, service hall, queue number, opening hours"),
    (
        Section(
            "book",
            _("Book a time"),
            steps=(
                _("Choose the hall and what it is about."),
                _("Choose a day and a time that still has places."),
                _("Keep the code. Without an account it comes by text message."),
            ),
            after=(_("We remind you a day before and two hours before."),),
            ways=(
                Way(_("Book an appointment"), "portal:appointment_new", icon="calendar-clock"),
                Way(_("My appointments"), "portal:appointments", icon="calendar-days"),
            ),
        ),
        Section(
            "there",
            _("At the hall"),
            (
                _(
                    "Show the picture or type the code at the entrance. You get a number and are "
                    "called at your time, before those who came without an appointment."
                ),
                _(
                    "You can also come without an appointment and take a number, on paper or on "
                    "your phone."
                ),
            ),
            ways=(Way(_("Addresses and hours of the halls"), "portal:contact", icon="map-pin"),),
        ),
        Section(
            "cancel",
            _("If you cannot come"),
            (
                _(
                    "Move or cancel it, so that somebody else gets the place. You can have three "
                    "appointments at a time."
                ),
                _(
                    "Whoever misses three within 90 days cannot book online for 30 days. Coming "
                    "without an appointment stays possible."
                ),
            ),
        ),
    ),
)

FOR_OTHERS = Guide(
    "for-others",
    _("How to act for relatives and firms"),
    _("Apply in somebody else's name, with their consent and in their sight."),
    "users",
    _("relatives, parents, mandate, firm, legal representative"),
    (
        Section(
            "relatives",
            _("For relatives and people you trust"),
            steps=(
                _("Open “Acting for one another”."),
                _("Let somebody act for you, or ask to act for somebody."),
                _("The other person agrees in their own account."),
                _("When you begin an application, choose whose matter it is."),
            ),
            after=(
                _(
                    "Whoever it concerns sees every case in their own list and can end the mandate "
                    "at any time. For a child or somebody under guardianship go to a counter with "
                    "the document that shows it."
                ),
            ),
            ways=(Way(_("Acting for one another"), "portal:mandates", icon="users"),),
        ),
        Section(
            "firms",
            _("For a firm"),
            steps=(
                _("The legal representative binds the firm to their account."),
                _("They invite members and choose for each the role and the services."),
                _("At the firms' end, choose for which firm you act."),
            ),
            after=(_("Every deed of a member stands in the firm's history, with name and time."),),
            ways=(
                Way(_("Bind a firm"), "firm:bind", icon="building-2"),
                Way(_("Members of the firm"), "firm:members", icon="user-plus"),
            ),
        ),
        Section(
            "without-account",
            _("If the person has no account"),
            (
                _(
                    "Go to a counter with both identity cards. The official takes the application "
                    "in under the name of the person it concerns."
                ),
            ),
            ways=(Way(_("Find the service hall"), "portal:contact", icon="landmark"),),
        ),
    ),
)

RATING = Guide(
    "rating",
    _("How to rate a service"),
    _("Five stars, a few words, and what becomes of a bad rating."),
    "star",
    _("rating, stars, bad rating, review, satisfied"),
    (
        Section(
            "where",
            _("Where you can rate"),
            points=(
                _("Online: on the page of your case, after the acceptance and at the end."),
                _("At a window: with the code on the slip or on the screen, for each visit once."),
                _("By phone: 12345 takes a rating for whoever cannot do it online."),
            ),
            ways=(Way(_("Open my cases"), "portal:cases", icon="package-check"),),
        ),
        Section(
            "bad",
            _("After a bad rating"),
            points=(
                _("If you gave your name, the office calls you back within one working day."),
                _("It answers within five working days, in a complex matter within fifteen."),
                _("You say whether it is solved. If not, the office above looks once more."),
                _("Whoever was rated can neither close the matter nor see it before it is closed."),
            ),
        ),
        Section(
            "public",
            _("What the public sees"),
            (
                _(
                    "Figures appear only for groups of five ratings and more, comments without "
                    "anything about you. Nobody who did not rate is counted as satisfied."
                ),
            ),
            ways=(
                Way(_("How services are rated"), "board", icon="chart-column"),
                Way(_("Comments and answers"), "board_reviews", icon="message-circle"),
            ),
        ),
    ),
)

WRONG = Guide(
    "something-wrong",
    _("What to do when something is wrong"),
    _("From asking the office to hurry up to review and court."),
    "life-buoy",
    _("complain, appeal, refused, administrative review, late, report a problem"),
    (
        Section(
            "late",
            _("It takes too long"),
            (
                _("Ask the office to hurry on the page of the case, or call it."),
                _("When a case is late the head of the office is told. You need not report it."),
            ),
            ways=(
                Way(_("Open my cases"), "portal:cases", icon="package-check"),
                Way(_("Phone numbers of the offices"), "portal:contact", icon="phone"),
            ),
        ),
        Section(
            "treated",
            _("You were treated badly"),
            (
                _(
                    "Give a bad rating with a few words. It must be answered, and whoever was "
                    "rated has no say in it."
                ),
                _("Or call 12345, day and night. You get a number and an answer."),
            ),
            ways=(Way(_("How to rate a service"), "portal:help_guide", ("rating",), "star"),),
        ),
        Section(
            "refused",
            _("You disagree with a decision"),
            points=(
                _("The reasons and the law stand in the decision. Read them first."),
                _("You may apply again, with what was missing."),
                _(
                    "Within 60 days you may ask the government above for administrative review "
                    "(Administrative Review Law, article 20). It costs nothing."
                ),
                _(
                    "Within six months you may go to court (Administrative Procedure Law, "
                    "article 46)."
                ),
            ),
            ways=(
                Way(_("Decisions and notices in my wallet"), "portal:wallet", icon="wallet"),
                Way(_("Ask an office"), "ask", icon="message-circle"),
            ),
        ),
        Section(
            "data",
            _("Something about you is not right"),
            (
                _(
                    "If a form shows something wrong, say so at the field. The office that holds "
                    "it must correct it."
                ),
            ),
            ways=(
                Way(_("Have data corrected or deleted"), "portal:data_requests", icon="square-pen"),
            ),
        ),
        Section(
            "site",
            _("This site does not work for you"),
            (
                _(
                    "Your answers are kept. Try again a little later, with another browser, or "
                    "call 12345."
                ),
            ),
            ways=(
                Way(_("Accessibility"), "about", ("accessibility",), "info"),
                Way(_("Ask an office"), "ask", icon="message-circle"),
            ),
        ),
    ),
)

GUIDES = (APPOINTMENT, FOR_OTHERS, RATING, WRONG)
