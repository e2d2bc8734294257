import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("collab_hub", "0009_directory"),
        ("security", "0007_where_organs_are"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="workitem",
            index=models.Index(fields=["pool_department", "closed_at"], name="work_unit"),
        ),
        migrations.AlterField(
            model_name="workitem",
            name="pool_department",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="security.department",
            ),
        ),
    ]
