"""What Celery beat asks for and how often; seconds, or an hour of the day in China."""

from celery.schedules import crontab

TIMETABLE = {
    "sweep-process-deadlines": {
        "task": "platform_core.capabilities.process.tasks.sweep_deadlines",
        "schedule": 30.0,
    },
    "sweep-case-clocks": {"task": "cases.sweep_clocks", "schedule": 60.0},
    "sweep-unknown-terms": {"task": "process.sweep_unknown", "schedule": 600.0},
    "sweep-unknown-dates": {"task": "cases.sweep_unknown", "schedule": 600.0},
    "forget-old-answers": {"task": "common.forget_old_answers", "schedule": 3600.0},
    "sweep-supervision": {"task": "collab_hub.sweep_supervision", "schedule": 300.0},
    "refresh-directory": {"task": "directory.refresh_cards", "schedule": 60.0},
    "end-stale-swaps": {"task": "directory.end_swaps", "schedule": 600.0},
    "sweep-incidents": {"task": "collab_hub.sweep_incidents", "schedule": 60.0},
    "sweep-rectifications": {"task": "service_hub.sweep_rectifications", "schedule": 300.0},
    "remove-expired-drafts": {"task": "forms.remove_expired_drafts", "schedule": 3600.0},
    "forget-address-codes": {"task": "notifications.forget_codes", "schedule": 3600.0},
    # In the morning in China: 09:00 and 09:05.
    "remind-of-duties": {"task": "duties.remind", "schedule": crontab(hour=1, minute=0)},
    "remind-of-mandates": {"task": "mandates.remind", "schedule": crontab(hour=1, minute=5)},
    # At night in China: 02:40.
    "erase-overdue-answers": {
        "task": "personal_data.erase_overdue",
        "schedule": crontab(hour=18, minute=40),
    },
    # 02:50.
    "forget-snoozes": {"task": "inbox.forget_snoozes", "schedule": crontab(hour=18, minute=50)},
    # 03:20.
    "lost-bytes": {"task": "files.remove_lost_bytes", "schedule": crontab(hour=19, minute=20)},
}
