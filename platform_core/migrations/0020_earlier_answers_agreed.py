from django.db import migrations


def keep_consents(apps, _editor):
    """Whoever let earlier answers be used has agreed: the register of consents says so."""
    Consent = apps.get_model("security", "Consent")
    answers = apps.get_model("platform_core", "EarlierAnswers").objects.filter(is_allowed=True)
    Consent.objects.bulk_create(
        Consent(user_id=one.user_id, kind="earlier_answers", given_at=one.at, channel="web")
        for one in answers
    )


class Migration(migrations.Migration):
    dependencies = [
        ("platform_core", "0019_terms_past_the_calendar"),
        ("security", "0004_consents"),
    ]

    operations = [migrations.RunPython(keep_consents, migrations.RunPython.noop)]
