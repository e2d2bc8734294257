import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from security.crypto.fields import BlindIndexField, SealedTextField
from security.privacy import declare, declare_correction


class Hall(models.Model):
    """A service hall (政务服务大厅). `department` is the organ that runs it."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.JSONField(_("name"))
    address = models.JSONField(_("address"))
    region = models.ForeignKey(
        "security.Region", on_delete=models.PROTECT, related_name="+", verbose_name=_("division")
    )
    department = models.ForeignKey(
        "security.Department",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("department"),
    )
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("service hall")
        verbose_name_plural = _("service halls")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Line(models.Model):
    """What people queue for in a hall: a group of services with one letter on its tickets.

    A slot of `slot_minutes` takes `capacity` appointments; they can be made `days_ahead` days
    before.
    """

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="lines")
    letter = models.CharField(_("letter"), max_length=1)
    title = models.JSONField(_("title"))
    items = models.ManyToManyField(
        "service_hub.ServiceItem", related_name="+", blank=True, verbose_name=_("services")
    )
    slot_minutes = models.PositiveSmallIntegerField(_("minutes of a slot"), default=30)
    capacity = models.PositiveSmallIntegerField(_("appointments in a slot"), default=3)
    days_ahead = models.PositiveSmallIntegerField(_("days ahead"), default=14)

    class Meta:
        verbose_name = _("queue")
        verbose_name_plural = _("queues")
        ordering = ["hall", "letter"]
        constraints = [
            models.UniqueConstraint(fields=["hall", "letter"], name="one_line_per_letter"),
            models.CheckConstraint(
                condition=models.Q(slot_minutes__gte=5, slot_minutes__lte=240),
                name="slots_of_five_minutes_to_four_hours",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hall_id} {self.letter}"


class Window(models.Model):
    """A window of a hall and the queues that it serves."""

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="windows")
    number = models.PositiveSmallIntegerField(_("number"))
    lines = models.ManyToManyField(Line, related_name="windows", verbose_name=_("queues"))

    class Meta:
        verbose_name = _("window")
        verbose_name_plural = _("windows")
        ordering = ["hall", "number"]
        constraints = [
            models.UniqueConstraint(fields=["hall", "number"], name="one_window_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.hall_id} {self.number}"


class Opening(models.Model):
    """Opening hours of a hall on a weekday (0 is Monday); several on a day, as with a noon
    break.
    """

    hall = models.ForeignKey(Hall, on_delete=models.CASCADE, related_name="openings")
    weekday = models.PositiveSmallIntegerField(_("weekday"))
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ["hall", "weekday", "opens"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opens__lt=models.F("closes"), weekday__lte=6),
                name="opens_before_it_closes",
            )
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens}-{self.closes}"


class HallDay(models.Model):
    """A day on which a hall keeps other hours than usual; closed when it has none."""

    hall = models.ForeignKey(Hall, on_delete=models.CASCADE, related_name="days")
    on = models.DateField(_("day"))
    opens = models.TimeField(_("opens"), null=True)
    closes = models.TimeField(_("closes"), null=True)
    reason = models.CharField(_("reason"), max_length=200)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("day with other hours")
        verbose_name_plural = _("days with other hours")
        ordering = ["hall", "on"]
        constraints = [models.UniqueConstraint(fields=["hall", "on"], name="one_exception_per_day")]

    def __str__(self) -> str:
        return f"{self.hall_id} {self.on}"


class Slot(models.Model):
    """How many places of a slot are taken; the row is made by the first who takes one."""

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="slots")
    starts_at = models.DateTimeField()
    taken = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "starts_at"], name="one_slot_per_moment")
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.starts_at}"


class Appointment(models.Model):
    """A place in a slot, for somebody with an account or for a name with a mobile number."""

    class State(models.TextChoices):
        BOOKED = "booked", _("Booked")
        ARRIVED = "arrived", _("Arrived")
        NO_SHOW = "no_show", _("Did not come")
        CANCELLED = "cancelled", _("Cancelled")
        CALLED_OFF = "called_off", _("Called off by the hall")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="appointments")
    starts_at = models.DateTimeField(_("begins at"))
    ends_at = models.DateTimeField(_("ends at"))
    item = models.ForeignKey(
        "service_hub.ServiceItem",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("service item"),
    )
    case = models.ForeignKey(
        "service_hub.Case",
        on_delete=models.PROTECT,
        null=True,
        related_name="appointments",
        verbose_name=_("case"),
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="appointments"
    )
    name = SealedTextField(_("name"))
    mobile = SealedTextField(_("mobile"), blank=True, default="")
    mobile_index = BlindIndexField(source="mobile", context="mobile", null=True)
    code = SealedTextField(_("appointment code"))
    code_index = BlindIndexField(source="code", context="appointment", unique=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.BOOKED)
    booked_at = models.DateTimeField(_("booked at"))
    moved = models.PositiveSmallIntegerField(_("moved"), default=0)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        indexes = [
            models.Index(fields=["person", "-starts_at"], name="appointments_of_person"),
            models.Index(fields=["line", "starts_at"], name="appointments_of_line"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class TicketSerial(models.Model):
    """The last number given out in a queue on a day."""

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    last = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "on"], name="one_count_per_line_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.on} {self.last}"


class Ticket(models.Model):
    """A number in a queue on one day.

    `rank_at` orders the queue; a holder of an appointment who came in time has that of the
    appointment. `home` is the queue where the number was taken, `line` where it waits now.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        CALLED = "called", _("Called")
        SERVED = "served", _("Served")
        NO_SHOW = "no_show", _("Did not come")
        LEFT = "left", _("Gave the number back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    home = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="tickets")
    on = models.DateField()
    number = models.PositiveSmallIntegerField()
    appointment = models.OneToOneField(
        Appointment, on_delete=models.PROTECT, null=True, related_name="ticket"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    is_holder = models.BooleanField(default=False)
    rank_at = models.DateTimeField()
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    window = models.ForeignKey(Window, on_delete=models.PROTECT, null=True, related_name="tickets")
    clerk = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    taken_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True)
    recalls = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        constraints = [
            models.UniqueConstraint(fields=["home", "on", "number"], name="one_ticket_per_number"),
            models.UniqueConstraint(
                fields=["window"],
                condition=models.Q(state="called"),
                name="one_called_ticket_per_window",
            ),
        ]
        indexes = [
            models.Index(fields=["line", "on", "state", "rank_at"], name="tickets_waiting"),
            models.Index(fields=["line", "on", "-called_at"], name="tickets_called"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


for model in (Hall, Line, Window, Opening, Slot, TicketSerial):
    declare(model, default="public")
declare(Ticket, default="internal", person="personal")
declare(HallDay, default="public", set_by="internal")
declare(
    Appointment,
    default="internal",
    name="personal",
    mobile="personal",
    mobile_index="personal",
    code="sensitive",
    code_index="sensitive",
)
declare_correction(Appointment, "change", code="number")
declare_correction(Ticket, "computed")
