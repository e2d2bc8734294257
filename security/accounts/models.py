import uuid

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin, UserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from guardian.mixins import GuardianUserMixin

from security.crypto.fields import BlindIndexField, SealedTextField
from security.identifiers import mask_name
from security.privacy import declare, declare_correction


class User(GuardianUserMixin, AbstractBaseUser, PermissionsMixin):
    class Kind(models.TextChoices):
        CITIZEN = "citizen", _("Citizen")
        OFFICIAL = "official", _("Civil servant")
        ADMIN = "admin", _("System administrator")
        AUDITOR = "auditor", _("Auditor")

    class Unused(models.TextChoices):
        UNPROVED = "unproved", _("not confirmed yet")
        BROKEN = "broken", _("does not work")

    username = models.CharField(
        _("user name"), max_length=150, unique=True, validators=[UnicodeUsernameValidator()]
    )
    email = models.EmailField(_("e-mail"), blank=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.CITIZEN)
    phone = SealedTextField(_("mobile number"), blank=True, default="")
    phone_index = BlindIndexField(source="phone", context="mobile", null=True, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    # {kind of message: [channel]}; a kind that is not there was never chosen.
    told_by = models.JSONField(default=dict, blank=True, editable=False)
    # {channel: why nothing is sent there}, see Unused; a channel that is not there is in use.
    out_of_use = models.JSONField(default=dict, blank=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may enter the admin"), default=False)
    is_demo = models.BooleanField(_("demonstration account"), default=False, editable=False)
    date_joined = models.DateTimeField(_("date joined"), auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name or self.username

    @property
    def audit_label(self) -> str:
        return mask_name(self.name) or self.username[:1] + "***"

    def _get_session_auth_hash(self, secret=None) -> str:
        """Covers the rights as well as the password, so a change of either ends every session."""
        rights = f"{self.kind}|{self.is_staff}|{self.is_superuser}|{self.password}"
        return salted_hmac(
            "security.User.session", rights, secret=secret, algorithm="sha256"
        ).hexdigest()

    def own_address(self, channel: str) -> str:
        """The e-mail address ("email") or mobile number ("sms") that the person gave, or ""."""
        return {"email": self.email, "sms": self.phone}.get(channel, "")

    def address_for(self, channel: str) -> str:
        """As `own_address`, but "" for one that was not proved yet or that does not work."""
        return "" if channel in self.out_of_use else self.own_address(channel)

    @property
    def is_official(self) -> bool:
        return self.kind == self.Kind.OFFICIAL

    @property
    def needs_second_factor(self) -> bool:
        """Staff of every kind: MLPS level 3 asks two factors of whoever administers or decides."""
        return self.kind != self.Kind.CITIZEN or self.is_staff


class Identity(models.Model):
    """A person's verified real name and citizen number."""

    user = models.OneToOneField(
        User, on_delete=models.CASCADE, primary_key=True, related_name="identity"
    )
    real_name = SealedTextField(_("real name"))
    citizen_number = SealedTextField(_("citizen identity number"))
    citizen_number_index = BlindIndexField(source="citizen_number", unique=True)
    verified_at = models.DateTimeField(_("verified at"))
    source = models.CharField(_("verified by"), max_length=60)

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")

    def __str__(self) -> str:
        return f"identity of user {self.user_id}"


class Firm(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("firm name"), max_length=200)
    credit_code = SealedTextField(_("unified social credit code"))
    credit_code_index = BlindIndexField(source="credit_code", unique=True)
    region = models.ForeignKey(
        "security.Region", on_delete=models.PROTECT, null=True, blank=True, related_name="firms"
    )
    dissolved_on = models.DateField(_("dissolved on"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("firm")
        verbose_name_plural = _("firms")

    def __str__(self) -> str:
        return self.name


class FirmAgent(models.Model):
    """A person's mandate to act for a firm."""

    class Role(models.TextChoices):
        LEGAL = "legal", _("Legal representative")
        MANAGER = "manager", _("Manager")
        AGENT = "agent", _("Agent")
        VIEWER = "viewer", _("Viewer")

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="agents")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="mandates")
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.AGENT)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    # "napp/item" of each service they may do; empty for all.
    services = models.JSONField(_("services"), default=list, blank=True)
    suspended_at = models.DateTimeField(_("suspended at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        constraints = [
            models.UniqueConstraint(fields=["firm", "user"], name="one_mandate_per_person_and_firm")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} for {self.firm_id}"


class FirmRegistration(models.Model):
    """An entry of the business register: what the market organ knows of a firm."""

    class State(models.TextChoices):
        ACTIVE = "active", _("Registered")
        DISSOLVED = "dissolved", _("Dissolved")

    name = models.CharField(_("firm name"), max_length=200)
    credit_code = SealedTextField(_("unified social credit code"))
    credit_code_index = BlindIndexField(source="credit_code", unique=True)
    representative = SealedTextField(_("legal representative"))
    representative_number = SealedTextField(_("number of the representative"))
    representative_index = BlindIndexField(source="representative_number", context="citizen_number")
    kind = models.CharField(_("kind"), max_length=40)
    industry = models.CharField(_("industry"), max_length=40)
    staff = models.PositiveIntegerField(_("employees"), null=True)
    capital = models.PositiveBigIntegerField(_("registered capital in yuan"), null=True)
    region = models.ForeignKey("security.Region", on_delete=models.PROTECT, related_name="+")
    registered_on = models.DateField(_("registered on"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ACTIVE)

    class Meta:
        verbose_name = _("entry of the business register")
        verbose_name_plural = _("entries of the business register")

    def __str__(self) -> str:
        return self.name


class PersonMandate(models.Model):
    """A person's mandate to act for another person: given or accepted by the principal, or entered
    at a counter for a guardian. Its terms never change, another one takes its place; whoever gave
    it may let it hold longer.
    """

    class Relation(models.TextChoices):
        CHILD = "child", _("Son or daughter")
        PARENT = "parent", _("Father or mother")
        SPOUSE = "spouse", _("Husband or wife")
        GRANDCHILD = "grandchild", _("Grandchild")
        RELATIVE = "relative", _("Another relative")
        OTHER = "other", _("Another person of trust")
        GUARDIAN = "guardian", _("Guardian")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    principal = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="given_mandates", verbose_name=_("for whom")
    )
    agent = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="held_mandates", verbose_name=_("who acts")
    )
    # What the agent is to the principal.
    relation = models.CharField(_("relation"), max_length=12, choices=Relation)
    # "napp/item" of each service; empty for all.
    services = models.JSONField(_("services"), default=list, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"))
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True)
    granted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("entered by")
    )
    evidence = SealedTextField(_("evidence"), blank=True, default="")
    ended_at = models.DateTimeField(_("ended at"), null=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("mandate of a person")
        verbose_name_plural = _("mandates of persons")
        constraints = [
            models.UniqueConstraint(
                fields=["principal", "agent"],
                condition=models.Q(ended_at=None),
                name="one_mandate_between_two_people",
            ),
            models.CheckConstraint(
                condition=~models.Q(principal=models.F("agent")), name="nobody_is_their_own_agent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} for {self.principal_id}"

    def is_valid_on(self, day) -> bool:
        """Whether the agent may act on `day`."""
        is_settled = self.accepted_at is not None and self.ended_at is None
        return is_settled and self.valid_from <= day <= self.valid_until

    def covers(self, service: str) -> bool:
        """Whether it is for the service "napp/item"."""
        return not self.services or service in self.services


class ApiToken(models.Model):
    """A secret with which a program acts for a person. Only its hash is kept; it ends by itself."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    label = models.CharField(_("label"), max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(_("begins with"), max_length=8, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.hint}…"


declare(
    User,
    default="internal",
    username="personal",
    email="personal",
    name="personal",
    phone="sensitive",
    phone_index="sensitive",
    password="sensitive",  # noqa: S106
)
declare(
    Identity,
    default="internal",
    real_name="personal",
    citizen_number="sensitive",
    citizen_number_index="sensitive",
)
declare(
    Firm, default="internal", name="public", credit_code="personal", credit_code_index="personal"
)
declare(
    FirmRegistration,
    default="public",
    credit_code="personal",
    credit_code_index="personal",
    representative="personal",
    representative_number="sensitive",
    representative_index="sensitive",
)
declare(FirmAgent, default="internal", firm="personal", user="personal")
declare(
    PersonMandate,
    default="internal",
    principal="personal",
    agent="personal",
    relation="personal",
    evidence="sensitive",
)
declare(ApiToken, default="internal", digest="sensitive")
declare_correction(User, "yourself", username="number", password="secret")  # noqa: S106
declare_correction(Identity, "verified", real_name="change")
declare_correction(FirmAgent, "yourself")
declare_correction(PersonMandate, "yourself")
declare_correction(ApiToken, "secret")
