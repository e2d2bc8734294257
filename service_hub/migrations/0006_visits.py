"""Service events on site, and what a rating keeps of the service it is about.

Ratings that are there already take organ, item and moment from their case; who was rated is read
from their follow-up, where there is one.
"""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import security.crypto.fields

GRADES = [
    (1, "Very dissatisfied"),
    (2, "Dissatisfied"),
    (3, "Fairly satisfied"),
    (4, "Satisfied"),
    (5, "Very satisfied"),
]
FILL = """
UPDATE service_hub_evaluation AS e
SET department_id = c.department_id, item_id = c.item_id, service_channel = c.channel,
    is_real_name = e.rater_id IS NOT NULL,
    served_at = CASE WHEN e.service_no = 2 THEN coalesce(c.decided_at, e.rated_at)
                     ELSE coalesce(c.accepted_at, e.rated_at) END,
    officer_id = (SELECT f.officer_id FROM service_hub_followup f WHERE f.evaluation_id = e.id)
FROM service_hub_case c WHERE c.id = e.case_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


def person(name="", **more):
    words = {"verbose_name": name} if name else {}
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
        **words,
        **more,
    )


def to(model, name, **more):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=model,
        verbose_name=name,
        **more,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("service_hub", "0005_search_in_memory"),
        ("security", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("window", models.CharField(blank=True, max_length=60, verbose_name="window")),
                ("service_no", models.PositiveSmallIntegerField(null=True)),
                ("at", models.DateTimeField(verbose_name="served at")),
                ("case", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="visits", to="service_hub.case")),
                ("item", to("service_hub.serviceitem", "service item", null=True)),
                ("department", to("security.department", "department")),
                ("clerk", person("clerk")),
            ],
            options={"verbose_name": "visit", "verbose_name_plural": "visits"},
        ),
        migrations.AddConstraint("visit", models.UniqueConstraint(fields=("case", "service_no"), name="one_visit_per_number")),
        migrations.AddIndex("visit", models.Index(fields=["at"], name="service_hub_at_15ae4c_idx")),
        migrations.AddIndex("visit", models.Index(fields=["clerk", "-at"], name="service_hub_clerk_i_64e114_idx")),
        migrations.AlterField("evaluation", "case", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="evaluations", to="service_hub.case", verbose_name="case")),
        migrations.AddField("evaluation", "visit", models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="evaluation", to="service_hub.visit")),
        migrations.AddField("evaluation", "item", to("service_hub.serviceitem", "service item", null=True)),
        migrations.AddField("evaluation", "department", to("security.department", "department", null=True)),
        migrations.AddField("evaluation", "officer", person("officer who was rated", null=True)),
        migrations.AddField("evaluation", "served_at", models.DateTimeField(null=True, verbose_name="served at")),
        migrations.AddField("evaluation", "service_channel", models.CharField(default="web", max_length=20, verbose_name="channel of the service")),
        migrations.AddField("evaluation", "options_version", models.PositiveSmallIntegerField(default=1)),
        migrations.AddField("evaluation", "is_real_name", models.BooleanField(default=True, verbose_name="real name")),
        migrations.AddField("evaluation", "contact", security.crypto.fields.SealedTextField(blank=True, default="")),
        migrations.AddField("evaluation", "entered_by", person(null=True)),
        migrations.AddField("evaluation", "later_grade", models.PositiveSmallIntegerField(choices=GRADES, null=True, verbose_name="grade after the fix")),
        migrations.AddField("evaluation", "later_text", models.TextField(blank=True)),
        migrations.AddField("evaluation", "later_at", models.DateTimeField(null=True)),
        migrations.AddField("evaluation", "is_excluded", models.BooleanField(default=False, verbose_name="excluded")),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField("evaluation", "department", to("security.department", "department")),
        migrations.AlterField("evaluation", "served_at", models.DateTimeField(verbose_name="served at")),
        migrations.AddConstraint("evaluation", models.CheckConstraint(condition=models.Q(("case__isnull", False), ("visit__isnull", False), _connector="OR"), name="a_rating_is_about_a_service")),
        migrations.AddIndex("evaluation", models.Index(fields=["served_at"], name="service_hub_served__2fb9a5_idx")),
    ]
