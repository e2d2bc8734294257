import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from platform_core.common.two_people import TwoPeople, takes_two_people
from security.crypto.fields import BlindIndexField, SealedTextField
from security.privacy import declare, declare_correction

USER = settings.AUTH_USER_MODEL


def _organ() -> models.ForeignKey:
    return models.ForeignKey(
        "security.Department",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("department"),
    )


def _person(related_name="+", null=False) -> models.ForeignKey:
    return models.ForeignKey(USER, on_delete=models.PROTECT, null=null, related_name=related_name)


class Card(models.Model):
    """What the address book knows of a civil servant besides the posts: where they sit, whether
    colleagues see the mobile number, and how they are found.

    `named` and `numbered` are the name and the index of the number from which `sounds` and
    `mobile_end` were made.
    """

    user = models.OneToOneField(
        USER, on_delete=models.CASCADE, primary_key=True, related_name="card"
    )
    room = models.CharField(_("room"), max_length=60, blank=True)
    phone = models.CharField(_("office phone"), max_length=40, blank=True)
    hides_mobile = models.BooleanField(_("mobile number hidden"), default=False)
    named = models.CharField(max_length=150, blank=True)
    numbered = models.CharField(max_length=64, blank=True)
    # What may be typed for the name, each between bars.
    sounds = models.CharField(max_length=500, blank=True)
    # The last four digits of the mobile number, as a keyed index.
    mobile_end = models.CharField(max_length=64, blank=True, db_index=True)

    class Meta:
        verbose_name = _("card of the address book")
        verbose_name_plural = _("cards of the address book")

    def __str__(self) -> str:
        return str(self.user_id)


class Roster(models.Model):
    """A duty roster (值班表) of an organ. With `is_always` somebody has to be there at any hour,
    and hours without a shift are gaps too.
    """

    department = _organ()
    name = models.CharField(_("name"), max_length=60)
    phone = models.CharField(_("duty phone"), max_length=40, blank=True)
    is_always = models.BooleanField(_("around the clock"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("duty roster")
        verbose_name_plural = _("duty rosters")
        ordering = ["department", "name"]
        constraints = [
            models.UniqueConstraint(fields=["department", "name"], name="one_roster_per_name")
        ]

    def __str__(self) -> str:
        return self.name


class DutyShift(models.Model):
    """A shift of the weekly pattern; see `duties.Shift`. What was in force stays: another pattern
    is another row.
    """

    roster = models.ForeignKey(Roster, on_delete=models.CASCADE, related_name="shifts")
    weekday = models.PositiveSmallIntegerField(_("weekday"))
    begins = models.TimeField(_("begins"))
    ends = models.TimeField(_("ends"))
    first_on = models.DateField(_("from"))
    last_on = models.DateField(_("last day"), null=True)
    is_daily = models.BooleanField(default=False)

    class Meta:
        ordering = ["roster", "weekday", "begins", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="shift_on_a_day_of_the_week"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.begins}-{self.ends}"


class DutyTurn(models.Model):
    """The place of a person among those who take turns at a shift."""

    shift = models.ForeignKey(DutyShift, on_delete=models.CASCADE, related_name="turns")
    order = models.PositiveSmallIntegerField()
    person = _person()

    class Meta:
        ordering = ["shift", "order"]
        constraints = [models.UniqueConstraint(fields=["shift", "order"], name="one_turn_a_place")]

    def __str__(self) -> str:
        return f"{self.shift_id} {self.order}"


class DutySwap(TwoPeople):
    """The wish of one person to change a duty with another, who decides about it."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("swap", "Asked for")
        APPROVED = "approved", pgettext_lazy("swap", "Agreed")
        REFUSED = "refused", pgettext_lazy("swap", "Refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("swap", "Withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    roster = models.ForeignKey(Roster, on_delete=models.CASCADE, related_name="swaps")
    shift = models.ForeignKey(DutyShift, on_delete=models.CASCADE, related_name="+")
    on = models.DateField()
    other = _person()
    other_shift = models.ForeignKey(DutyShift, on_delete=models.CASCADE, related_name="+")
    other_on = models.DateField()
    note = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)

    class Meta:
        verbose_name = _("swap of duties")
        verbose_name_plural = _("swaps of duties")
        constraints = [
            takes_two_people("duty_swap_takes_two_people"),
            models.UniqueConstraint(
                fields=["shift", "on"], condition=Q(state="asked"), name="one_open_swap_per_duty"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.other_on} {self.state}"


class DutyChange(models.Model):
    """Who has a shift on one day instead of whose turn it is; without a person nobody. The newest
    row counts, the earlier ones say how it came about.
    """

    shift = models.ForeignKey(DutyShift, on_delete=models.CASCADE, related_name="changes")
    on = models.DateField()
    person = _person(null=True)
    reason = models.CharField(max_length=200, blank=True)
    swap = models.ForeignKey(DutySwap, on_delete=models.PROTECT, null=True, related_name="+")
    made_by = _person()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["shift", "on"], name="changes_of_duty")]

    def __str__(self) -> str:
        return f"{self.shift_id} {self.on}"


class Room(models.Model):
    """A meeting room. `department` keeps it; with `is_shared` every organ of its division books it,
    else only its own people and those of the organs below.
    """

    department = _organ()
    name = models.CharField(_("name"), max_length=60)
    place = models.CharField(_("place"), max_length=120, blank=True)
    seats = models.PositiveSmallIntegerField(_("seats"))
    equipment = models.CharField(_("equipment"), max_length=120, blank=True)
    is_shared = models.BooleanField(_("for all organs of the division"), default=False)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("meeting room")
        verbose_name_plural = _("meeting rooms")
        ordering = ["department", "name"]
        constraints = [
            models.UniqueConstraint(fields=["department", "name"], name="one_room_per_name")
        ]

    def __str__(self) -> str:
        return self.name


class TimeRange(Func):
    """From a moment to before another one."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class OneNumber(Func):
    """A number as the range that holds nothing else: PostgreSQL excludes ranges without further
    help.
    """

    template = "int8range(%(expressions)s, %(expressions)s, '[]')"


class RoomBooking(models.Model):
    """A room taken for some time. The database lets no two in force overlap."""

    class State(models.TextChoices):
        BOOKED = "booked", pgettext_lazy("room", "Booked")
        CANCELLED = "cancelled", pgettext_lazy("room", "Cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="bookings")
    title = models.CharField(_("what for"), max_length=120)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    person = _person(related_name="room_bookings")
    department = _organ()
    state = models.CharField(max_length=10, choices=State, default=State.BOOKED)
    # What the bookings of one repetition have in common.
    series = models.UUIDField(null=True)
    changes = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(auto_now_add=True)
    ended_by = _person(null=True)
    ended_why = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("room booking")
        verbose_name_plural = _("room bookings")
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__lt=models.F("ends_at")), name="booking_ends_after_it_begins"
            ),
            ExclusionConstraint(
                name="rooms_are_taken_once",
                expressions=[
                    (OneNumber("room"), RangeOperators.OVERLAPS),
                    (TimeRange("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                condition=Q(state="booked"),
            ),
        ]
        indexes = [
            models.Index(fields=["room", "starts_at"], name="bookings_of_room"),
            models.Index(fields=["person", "starts_at"], name="bookings_of_person"),
            models.Index(fields=["department", "starts_at"], name="bookings_of_department"),
            models.Index(
                fields=["series", "starts_at"],
                condition=Q(series__isnull=False),
                name="bookings_of_series",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_ahead(self) -> bool:
        """Whether it is in force and not over."""
        return self.state == self.State.BOOKED and self.ends_at > timezone.now()


class CalendarLink(models.Model):
    """A secret address under which a calendar program reads a person's calendar, a roster or a
    room. Another one takes its place, and it ends at once.
    """

    user = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="calendar_links")
    roster = models.ForeignKey(Roster, on_delete=models.CASCADE, null=True, related_name="+")
    room = models.ForeignKey(Room, on_delete=models.CASCADE, null=True, related_name="+")
    token = SealedTextField()
    token_index = BlindIndexField(source="token", context="calendar link", unique=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("calendar link")
        verbose_name_plural = _("calendar links")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "roster", "room"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="one_link_per_calendar",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.made_at}"


for model in (Roster, DutyShift, DutyTurn, DutySwap, DutyChange, Room):
    declare(model, default="internal")
declare(RoomBooking, default="internal")
declare(
    Card,
    default="internal",
    named="personal",
    numbered="sensitive",
    sounds="personal",
    mobile_end="sensitive",
)
declare(CalendarLink, default="internal", token="sensitive", token_index="sensitive")  # noqa: S106
declare_correction(Card, "yourself", named="computed", numbered="computed", sounds="computed",
                   mobile_end="computed")  # fmt: skip
declare_correction(CalendarLink, "secret")
