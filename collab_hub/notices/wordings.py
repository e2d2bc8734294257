"""What people are told about notices besides the notice itself."""

from platform_core.capabilities.notifications.templates import Template, register_template

NAMES = frozenset({"title", "organ", "reason"})


def _wording(key: str, title: tuple[str, str], body: tuple[str, str]) -> Template:
    found = Template(
        key=key,
        title={"zh": title[0], "en": title[1]},
        body={"zh": body[0], "en": body[1]},
        names=NAMES,
    )
    register_template(found)
    return found


SENT = _wording(
    "notice",
    ("{title}", "{title}"),
    ("{organ}发来通知，请打开阅读。", "A notice from {organ}. Open it to read it."),
)
URGED = _wording(
    "notice_urged",
    ("请尽快阅读：{title}", "Please read: {title}"),
    ("{organ}提醒您尽快阅读并确认该通知。", "{organ} asks you to read and confirm this notice."),
)
RECALLED = _wording(
    "notice_recalled",
    ("通知已撤回：{title}", "Recalled: {title}"),
    ("{organ}已撤回该通知。原因：{reason}", "{organ} recalled this notice. Reason: {reason}"),
)
CHANGED = _wording(
    "notice_changed",
    ("会议安排有变：{title}", "The meeting has changed: {title}"),
    ("{organ}调整了会议的时间或地点，请查看。", "{organ} changed the time or place. Have a look."),
)
MINUTES = _wording(
    "notice_minutes",
    ("会议纪要：{title}", "Minutes: {title}"),
    ("{organ}已印发会议纪要，请阅读。", "{organ} has sent the minutes. Please read them."),
)
DEPUTY = _wording(
    "notice_deputy",
    ("代为处理：{title}", "As a deputy: {title}"),
    (
        "您代理的{reason}尚未阅读{organ}的通知，请代为处理。",
        "{reason}, for whom you act, has not read a notice from {organ}. Please see to it.",
    ),
)
SMS = _wording(
    "notice_sms",
    ("未读通知", "Unread notice"),
    (
        "【政务办公】{organ}通知《{title}》待您阅读，请登录办公平台查看。",
        "{organ} sent you “{title}”. Please sign in to the office and read it.",
    ),
)
CALL = _wording(
    "notice_call",
    ("未读通知", "Unread notice"),
    (
        "您好，{organ}有一条紧急通知：{title}。请立即登录办公平台阅读。",
        "Hello. {organ} has an urgent notice for you: {title}. Please sign in and read it now.",
    ),
)
# What is told to a whole roll, by the name under which it waits in the outbox.
TOLD = {
    "sent": SENT, "urged": URGED, "recalled": RECALLED, "changed": CHANGED, "minutes": MINUTES,
}  # fmt: skip
