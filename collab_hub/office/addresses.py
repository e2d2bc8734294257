"""Where the office shows what others made: pages of N-apps, tasks of processes."""

from django.urls import reverse

from platform_core.capabilities.pages.addresses import register_address
from platform_core.capabilities.process.links import register_task_link


def napp_page(slug: str, page: str) -> str:
    return reverse("office:napp_page", args=[slug, page])


def task(task_id) -> str:
    return reverse("office:task", args=[task_id])


register_address("office", napp_page)
register_task_link(task)
