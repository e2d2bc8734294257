"""Rectification orders with their trace and appeal take the place of follow-ups, which they keep."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


KEEP = """
INSERT INTO service_hub_rectification
    (evaluation_id, department_id, officer_id, categories, state, round, is_extended, has_appealed,
     opened_at, due_at, call_back_due_at, answer_due_at, called_back_at, measure, answer,
     answered_by_id, answered_at, outcome, closed_at)
SELECT f.evaluation_id, f.department_id, f.officer_id, '{}',
       CASE WHEN f.state <> 'open' THEN f.state
            WHEN f.called_back_at IS NULL THEN 'to_sign' ELSE 'verified' END,
       1, false, false, e.rated_at,
       CASE WHEN f.state = 'closed' THEN NULL
            WHEN f.state = 'open' AND f.called_back_at IS NULL THEN f.call_back_due_at
            ELSE f.answer_due_at END,
       f.call_back_due_at, f.answer_due_at, f.called_back_at, '', f.answer,
       f.answered_by_id, f.answered_at, CASE WHEN f.state = 'closed' THEN 'lapsed' ELSE '' END,
       f.closed_at
FROM service_hub_followup f JOIN service_hub_evaluation e ON e.id = f.evaluation_id ORDER BY f.id;
INSERT INTO service_hub_rectificationevent (order_id, seq, kind, note, is_public, at)
SELECT id, 1, 'opened', '', true, opened_at FROM service_hub_rectification;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('security', '0002_mandates_between_people'),
        ('service_hub', '0007_received_cases'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Rectification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('categories', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, size=None)),
                ('state', models.CharField(choices=[('to_sign', 'To be taken up'), ('signed', 'To be called back'), ('verified', 'Checked, to be decided on'), ('fixing', 'Being put right'), ('appealed', 'Under review'), ('answered', 'Answered, waits for the person'), ('closed', 'Closed'), ('excluded', 'Excluded')], default='to_sign', max_length=10, verbose_name='state')),
                ('round', models.PositiveSmallIntegerField(default=1)),
                ('is_extended', models.BooleanField(default=False)),
                ('has_appealed', models.BooleanField(default=False)),
                ('opened_at', models.DateTimeField(verbose_name='opened at')),
                ('due_at', models.DateTimeField(null=True, verbose_name='due')),
                ('escalated_at', models.DateTimeField(null=True)),
                ('call_back_due_at', models.DateTimeField(verbose_name='call back by')),
                ('answer_due_at', models.DateTimeField(verbose_name='answer by')),
                ('called_back_at', models.DateTimeField(null=True, verbose_name='called back at')),
                ('measure', models.CharField(blank=True, choices=[('at_once', 'Put right at once'), ('dated', 'Put right by a date'), ('explained', 'Explained by the law')], max_length=10, verbose_name='measure')),
                ('answer', models.TextField(blank=True)),
                ('answered_at', models.DateTimeField(null=True, verbose_name='answered at')),
                ('outcome', models.CharField(blank=True, choices=[('solved', 'Solved, says the person'), ('not_solved', 'Not solved, says the person'), ('lapsed', 'The person did not say')], max_length=10, verbose_name='outcome')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='closed at')),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='answered by')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='security.department', verbose_name='department')),
                ('evaluation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='rectification', to='service_hub.evaluation')),
                ('officer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='officer who was rated')),
            ],
            options={
                'verbose_name': 'rectification order',
                'verbose_name_plural': 'rectification orders',
            },
        ),
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField(auto_now_add=True, verbose_name='asked at')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided at')),
                ('ground', models.TextField(verbose_name='why it is mistaken')),
                ('state', models.CharField(choices=[('asked', 'Under review'), ('approved', 'Excluded'), ('refused', 'Kept')], default='asked', max_length=10, verbose_name='state')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('order', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='appeal', to='service_hub.rectification')),
            ],
            options={
                'verbose_name': 'appeal against a rating',
                'verbose_name_plural': 'appeals against ratings',
            },
        ),
        migrations.CreateModel(
            name='RectificationEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveIntegerField()),
                ('kind', models.CharField(max_length=20)),
                ('note', models.TextField(blank=True)),
                ('is_public', models.BooleanField(default=True)),
                ('at', models.DateTimeField()),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='service_hub.rectification')),
                ('organ', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='security.department')),
            ],
            options={
                'ordering': ['order', 'seq'],
            },
        ),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
        migrations.DeleteModel(
            name='FollowUp',
        ),
        migrations.AddIndex(
            model_name='rectification',
            index=models.Index(fields=['department', 'state', 'due_at'], name='service_hub_departm_ffece5_idx'),
        ),
        migrations.AddIndex(
            model_name='rectification',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='rectifications_running'),
        ),
        migrations.AddIndex(
            model_name='rectification',
            index=models.Index(condition=models.Q(('state', 'closed')), fields=['-closed_at'], name='rectifications_published'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['approved', 'refused']), _negated=True), models.Q(('decided_by__isnull', False), models.Q(('decided_by', models.F('asked_by')), _negated=True)), _connector='OR'), name='an_appeal_takes_two_people'),
        ),
        migrations.AddConstraint(
            model_name='rectificationevent',
            constraint=models.UniqueConstraint(fields=('order', 'seq'), name='one_trace_line_per_number'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rectificationevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0999f78cdc6f227b4907ff86dfd32d8fe9d5d981', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f18f5', table='service_hub_rectificationevent', when='BEFORE')),
        ),
    ]
