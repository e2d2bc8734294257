"""Cases begun before seats had numbers: their tasks get them, and their states ballots."""

from django.db import migrations


def number_seats(apps, schema_editor):
    """Give every open step of a running process a ballot, and its tasks the numbers in it."""
    instances = apps.get_model("platform_core", "ProcessInstance").objects
    tasks = apps.get_model("platform_core", "Task").objects
    for instance in instances.exclude(status="ended").iterator(chunk_size=200):
        counted = [node for node, left in instance.state["open"].items() if isinstance(left, int)]
        for node in counted:
            opened = tasks.filter(instance=instance, node=node, state="open").order_by("pk")
            for seat, task in enumerate(opened, 1):
                tasks.filter(pk=task.pk).update(seat=seat)
            count = max(1, opened.count())
            seats = {str(seat): {"is": "now"} for seat in range(1, count + 1)}
            instance.state["open"][node] = {"seats": seats, "last": count}
        if counted:
            instance.save(update_fields=["state"])


class Migration(migrations.Migration):
    dependencies = [("platform_core", "0017_comments_and_consultations")]
    operations = [migrations.RunPython(number_seats, migrations.RunPython.noop)]
