import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("platform_core", "0024_push_devices"),
        ("security", "0005_told_by"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["pool_department", "closed_at"], name="task_unit"),
        ),
        migrations.AlterField(
            model_name="task",
            name="pool_department",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="security.department",
                verbose_name="department",
            ),
        ),
    ]
