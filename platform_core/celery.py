"""The Celery application. Redis only rings the bell: the work itself lives in the outbox table."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "platform_core.settings")
app = Celery("govplatform")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(
    ["platform_core.common", "platform_core.common.outbox", "platform_core.capabilities.process"]
)
