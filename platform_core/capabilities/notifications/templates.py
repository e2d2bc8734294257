"""Wordings that the platform itself brings; an N-app may give its own under the same key."""

from dataclasses import dataclass, field

from .wording import LANGUAGES, blanks


@dataclass(frozen=True)
class Template:
    """A wording in both languages. `names` are the blanks that whoever sends it fills in."""

    key: str
    title: dict[str, str]
    body: dict[str, str]
    names: frozenset[str] = frozenset()
    channels: tuple[str, ...] = field(default=("in_app",))


_templates: dict[str, Template] = {}


def register_template(template: Template) -> None:
    """Make a wording known. Both languages must be there, and use only the declared names."""
    for text in (template.title, template.body):
        if set(text) != set(LANGUAGES):
            raise ValueError(f"template {template.key} needs both languages")
        unknown = set().union(*map(blanks, text.values())) - template.names
        if unknown:
            raise ValueError(
                f"template {template.key} uses undeclared {', '.join(sorted(unknown))}"
            )
    _templates[template.key] = template


def template_by_key(key: str) -> Template | None:
    return _templates.get(key)


def known_names(key: str) -> frozenset[str]:
    """The blanks that a wording with this key may use: the template's own, or any that exists."""
    if key in _templates:
        return _templates[key].names
    return frozenset().union(*(template.names for template in _templates.values()))


register_template(
    Template(
        key="file_infected",
        title={"zh": "文件未通过病毒扫描", "en": "The virus scan refused your file"},
        body={
            "zh": "您上传的文件“{name}”未通过病毒扫描，已被删除。请从安全的设备重新上传。",
            "en": "Your file “{name}” did not pass the virus scan and was deleted. "
            "Send another copy from a clean machine.",
        },
        names=frozenset({"name"}),
    )
)
register_template(
    Template(
        key="address_code",
        title={"zh": "验证码", "en": "Your code"},
        body={
            "zh": "验证码{code}，{minutes}分钟内有效，用于确认这是您的联系方式。"
            "请勿告诉他人。如非本人操作，请忽略。",
            "en": "Your code is {code}. It works for {minutes} minutes and confirms that you can "
            "be reached here. Tell it to nobody. If you did not ask for it, ignore this message.",
        },
        names=frozenset({"code", "minutes"}),
    )
)
register_template(
    Template(
        key="address_changed",
        title={"zh": "您的{what}已变更", "en": "Your {what} was changed"},
        body={
            "zh": "您账号的{what}已变更为{new}，今后通知将发往新的联系方式。"
            "如非本人操作，请立即修改密码并拨打12345。",
            "en": "Your account now uses the {what} {new}; messages go there from now on. "
            "If this was not you, change your password at once and call 12345.",
        },
        names=frozenset({"what", "new"}),
    )
)
