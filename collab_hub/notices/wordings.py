"""What people are told about notices besides the notice itself."""

from platform_core.capabilities.notifications.templates import Template, register_template

NAMES = frozenset({"title", "organ", "reason"})


def _wording(key: str, title: dict, body: dict) -> Template:
    found = Template(
        key=key,
        title=title,
        body=body,
        names=NAMES,
    )
    register_template(found)
    return found


SENT = _wording(
    "notice",
    {"zh": "{title}", "en": "{title}"},
    {"zh": "{organ}发来通知，请打开阅读。", "en": "A notice from {organ}. Open it to read it."},
)
URGED = _wording(
    "notice_urged",
    {"zh": "请尽快阅读：{title}", "en": "Please read: {title}"},
    {
        "zh": "{organ}提醒您尽快阅读并确认该通知。",
        "en": "{organ} asks you to read and confirm this notice.",
    },
)
RECALLED = _wording(
    "notice_recalled",
    {"zh": "通知已撤回：{title}", "en": "Recalled: {title}"},
    {
        "zh": "{organ}已撤回该通知。原因：{reason}",
        "en": "{organ} recalled this notice. Reason: {reason}",
    },
)
CHANGED = _wording(
    "notice_changed",
    {"zh": "会议安排有变：{title}", "en": "The meeting has changed: {title}"},
    {
        "zh": "{organ}调整了会议的时间或地点，请查看。",
        "en": "{organ} changed the time or place. Have a look.",
    },
)
MINUTES = _wording(
    "notice_minutes",
    {"zh": "会议纪要：{title}", "en": "Minutes: {title}"},
    {
        "zh": "{organ}已印发会议纪要，请阅读。",
        "en": "{organ} has sent the minutes. Please read them.",
    },
)
DEPUTY = _wording(
    "notice_deputy",
    {"zh": "代为处理：{title}", "en": "As a deputy: {title}"},
    {
        "zh": "您代理的{reason}尚未阅读{organ}的通知，请代为处理。",
        "en": "{reason}, for whom you act, has not read a notice from {organ}. Please see to it.",
    },
)
SMS = _wording(
    "notice_sms",
    {"zh": "未读通知", "en": "Unread notice"},
    {
        "zh": "【政务办公】{organ}通知《{title}》待您阅读，请登录办公平台查看。",
        "en": "{organ} sent you “{title}”. Please sign in to the office and read it.",
    },
)
CALL = _wording(
    "notice_call",
    {"zh": "未读通知", "en": "Unread notice"},
    {
        "zh": "您好，{organ}有一条紧急通知：{title}。请立即登录办公平台阅读。",
        "en": "Hello. {organ} has an urgent notice for you: {title}. Please read it now.",
    },
)
# What is told to a whole roll, by the name under which it waits in the outbox.
TOLD = {
    "sent": SENT, "urged": URGED, "recalled": RECALLED, "changed": CHANGED, "minutes": MINUTES,
}  # fmt: skip
