"""Reports as the API shows them, and what it is sent."""

from __future__ import annotations

from django.utils.translation import gettext as _
from rest_framework import serializers

from collab_hub.api import OrganSerializer, SeenVersionSerializer

from .values import MOST_TEXT, shown

MOST_FIELDS = 200
SOURCES = "manual: people fill it in; records: counted from an N-app's records; dataset."


class FieldTermsSerializer(serializers.Serializer):
    """What a field means in one of its versions."""

    number = serializers.IntegerField()
    sense = serializers.IntegerField(help_text="Values of another sense are not used again.")
    title = serializers.JSONField(help_text='{"zh": …, "en": …}')
    meaning = serializers.JSONField()
    kind = serializers.CharField(help_text="number, money, text, choice, date.")
    unit = serializers.CharField()
    choices = serializers.JSONField()
    validity_days = serializers.IntegerField()
    is_of_period = serializers.BooleanField()
    aggregation = serializers.CharField(help_text="sum, avg, max, latest, none.")
    source = serializers.SerializerMethodField(help_text=SOURCES)
    state = serializers.CharField(help_text="approved, declared, or asked while it waits.")

    def get_source(self, version) -> str:
        return (version.source or {}).get("kind", "manual")


class FieldSerializer(serializers.Serializer):
    """An entry of the dictionary with its versions, the newest first."""

    code = serializers.CharField()
    owner = OrganSerializer(allow_null=True)
    versions = FieldTermsSerializer(many=True, source="versions.all")


class CampaignLineSerializer(serializers.Serializer):
    """A collection as a line of the list."""

    id = serializers.UUIDField(source="pk")
    number = serializers.CharField()
    title = serializers.JSONField(help_text='{"zh": …, "en": …}')
    template = serializers.CharField(source="template.code")
    owner = OrganSerializer()
    region = serializers.CharField(source="region.code")
    period = serializers.CharField(help_text="2026, 2026-Q4, 2026-11 or 2026-11-27.")
    due_at = serializers.DateTimeField()
    state = serializers.CharField(help_text="running, closed.")
    edition = serializers.IntegerField()
    asked = serializers.IntegerField(help_text="Organs asked.")
    done = serializers.IntegerField(help_text="Organs that have submitted.")


class FillingLineSerializer(serializers.Serializer):
    """What one organ is asked."""

    id = serializers.UUIDField(source="pk")
    campaign = serializers.UUIDField(source="campaign_id")
    number = serializers.CharField(source="campaign.number")
    title = serializers.JSONField(source="campaign.title")
    organ = OrganSerializer(source="department")
    period = serializers.CharField(source="campaign.period")
    due_at = serializers.DateTimeField(source="campaign.due_at")
    state = serializers.CharField(help_text="open, submitted.")
    version = serializers.IntegerField()


class QuestionSerializer(serializers.Serializer):
    """A field that nobody has answered yet."""

    code = serializers.CharField(source="version.field.code")
    title = serializers.JSONField(source="version.title")
    meaning = serializers.JSONField(source="version.meaning")
    kind = serializers.CharField(source="version.kind")
    unit = serializers.CharField(source="version.unit")
    choices = serializers.JSONField(source="version.choices")


class KnownSerializer(serializers.Serializer):
    """A value that nobody has to give, and where it comes from."""

    code = serializers.CharField(source="column.version.field.code")
    title = serializers.JSONField(source="column.version.title")
    unit = serializers.CharField(source="column.version.unit")
    text = serializers.SerializerMethodField(help_text="The value in the reader's language.")
    amount = serializers.CharField(
        source="value.amount", allow_null=True, help_text="A number as it is kept; null for others."
    )
    origin = serializers.CharField(source="value.origin", help_text="filled, records, dataset.")
    source = serializers.CharField(help_text="Where it comes from, in words.")
    turn = serializers.IntegerField(source="value.turn", help_text="Over 1: it was corrected.")
    valid_until = serializers.DateField(source="value.valid_until")

    def get_text(self, known) -> str:
        return shown(known["column"].version, known["value"])


class FillingSerializer(serializers.Serializer):
    """One organ's report: what is known, what is asked, and what somebody has typed so far."""

    filling = FillingLineSerializer()
    known = KnownSerializer(many=True)
    asked = QuestionSerializer(many=True)
    draft = serializers.JSONField(
        source="filling.draft", help_text="{code: text}, kept by whoever of the organ began."
    )
    may_fill = serializers.BooleanField()
    taken_over = serializers.ListField(
        child=serializers.CharField(),
        help_text="After submitting: fields that another report answered meanwhile.",
    )


class ValuesSerializer(SeenVersionSerializer):
    """What an organ says: {code of a field: text}. Fields that are not asked are left alone."""

    values = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=MOST_TEXT + 100),
        help_text='{"beds": "296"}; choices by their words, days as 2026-11-27.',
    )

    def validate_values(self, value):
        if len(value) > MOST_FIELDS:
            raise serializers.ValidationError(_("At most %(n)d fields.") % {"n": MOST_FIELDS})
        return value


class FigureSerializer(serializers.Serializer):
    code = serializers.CharField(source="column.version.field.code")
    text = serializers.CharField(help_text="The figure; empty while nobody has answered.")
    is_missing = serializers.BooleanField()
    missing = serializers.ListField(
        child=serializers.CharField(), help_text="Organs that the figure lacks, by name."
    )


class FigureRowSerializer(serializers.Serializer):
    """A region, or an organ where the tree ends, with its figures."""

    code = serializers.CharField()
    title = serializers.CharField()
    filling = serializers.UUIDField(source="filling.pk", allow_null=True, default=None)
    is_total = serializers.BooleanField()
    asked = serializers.IntegerField()
    done = serializers.IntegerField()
    late = serializers.IntegerField()
    figures = FigureSerializer(source="cells", many=True)


class CampaignSerializer(serializers.Serializer):
    """A collection with the figures of one region and of those below it."""

    campaign = CampaignLineSerializer()
    region = serializers.CharField(help_text="The region whose figures these are.")
    columns = QuestionSerializer(many=True)
    rows = FigureRowSerializer(many=True)
