"""Themes: what happens in a person's life or in a firm's, under which services are browsed."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Theme:
    """`audience` is "person" or "firm"; `key` is what manifests name."""

    key: str
    title: object
    summary: object
    icon: str
    audience: str


THEMES = {
    theme.key: theme
    for theme in (
        Theme(
            "birth", _("A baby is born"), _("Household, insurance, allowances"), "baby", "person"
        ),
        Theme(
            "school",
            _("Starting school"),
            _("Enrolment, proof of home"),
            "graduation-cap",
            "person",
        ),
        Theme("work", _("Finding work"), _("Benefits, training, insurance"), "briefcase", "person"),
        Theme(
            "home",
            _("Renting or buying"),
            _("Housing fund, deeds, utilities"),
            "key-round",
            "person",
        ),
        Theme(
            "health",
            _("Getting treatment"),
            _("Insurance filing and claims"),
            "heart-pulse",
            "person",
        ),
        Theme(
            "papers",
            _("Cards and papers"),
            _("Identity card, permits, passes"),
            "id-card",
            "person",
        ),
        Theme("retirement", _("Retiring"), _("Pension, health, passes"), "sun", "person"),
        Theme(
            "epidemic",
            _("Epidemic control"),
            _("Reports, plans, resumption of work"),
            "shield-check",
            "person",
        ),
        Theme("opening", _("Opening a shop"), _("Licences and permits"), "store", "firm"),
        Theme(
            "resuming",
            _("Going back to work"),
            _("Resumption plans and permits"),
            "building-2",
            "firm",
        ),
        Theme("staff", _("Hiring people"), _("Insurance, funds, subsidies"), "users", "firm"),
        Theme(
            "events",
            _("Holding an event"),
            _("Permits for concerts, fairs, competitions"),
            "calendar-days",
            "firm",
        ),
        Theme("taxes", _("Support for firms"), _("Subsidies and refunds"), "hand-coins", "firm"),
    )
}
