"""The people of the demonstration. They are made, shown and let in only while DEMO is on.

Their numbers are well-formed but nobody's: the area 330113 began in 2021, so no one born before carries it.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field

from security import identifiers

PASSWORD = "Zhejiang-demo-2026"  # noqa: S105 - printed on the sign-in page of the demonstration


@dataclass(frozen=True)
class Place:
    """A post of a demonstration person: department function, region code, title, duties."""

    kind: str
    region: str
    title: str
    title_en: str
    duties: tuple[str, ...]
    is_head: bool = False


@dataclass(frozen=True)
class Person:
    """A demonstration person. `says` is what the sign-in page says about them, in both languages."""

    username: str
    name: str
    says: dict[str, str] | None = None
    kind: str = "citizen"
    born: str = ""
    mobile: str = ""
    firms: tuple[str, ...] = ()
    posts: tuple[Place, ...] = field(default=())


# key: name, region, serial number inside the made-up organisation code
FIRMS = {
    "qiming": ("杭州启明纺织有限公司", "330106", 2),
    "yunxi": ("杭州云溪电子科技有限公司", "330110", 10),
    "zhenghe": ("乐清正和电器有限公司", "330382", 1),
}

# Counties whose desks are staffed; the city's own desks are in Hangzhou and Wenzhou.
STAFFED = {
    "330106": ("xihu", "西湖区", "Xihu District"),
    "330110": ("yuhang", "余杭区", "Yuhang District"),
    "330302": ("lucheng", "鹿城区", "Lucheng District"),
    "330382": ("yueqing", "乐清市", "Yueqing"),
    "330100": ("hangzhou", "杭州市", "Hangzhou"),
}
DESKS = (
    "service_bureau", "emergency_desk", "health", "economy", "market", "social_security",
    "medical_insurance", "civil_affairs", "police", "housing", "housing_fund", "education",
)  # fmt: skip
DUTY_TITLES = {
    "clerk": ("经办人", "Clerk"),
    "reviewer": ("审核人", "Reviewer"),
    "head": ("负责人", "Head"),
}
NAMES = {
    "xihu": ("沈晓岚", "周立群", "方敏"),
    "yuhang": ("俞佳慧", "钱国强", "施文"),
    "lucheng": ("林海燕", "陈建东", "吴静"),
    "yueqing": ("黄秀珍", "郑永康", "叶岚"),
    "hangzhou": ("朱明月", "徐向东", "何苇"),
}


WOMEN = {"陈小宁", "李国英", "赵静"}


def secret_of(username: str) -> str:
    """The fixed secret of a demonstration person's authenticator app."""
    seed = hashlib.sha256(f"govplatform demonstration {username}".encode()).digest()
    return base64.b32encode(seed[:20]).decode()


def citizen_number_of(person: Person) -> str:
    """The well-formed number of nobody that the person carries."""
    serial = 2 if person.name in WOMEN else 1
    first17 = f"330113{person.born}{serial:03d}"
    return first17 + identifiers.citizen_check_char(first17)


def credit_code_of(firm: str) -> str:
    """The well-formed code of a made-up firm."""
    _name, region, serial = FIRMS[firm]
    return identifiers.made_up_credit_code(f"91{region}", f"K{serial:07d}")


def _citizens() -> list[Person]:
    return [
        Person(
            "chenning", "陈小宁", {"zh": "市民，办自己的事", "en": "Citizen with matters of her own"},
            born="19900218", mobile="13900000001",
        ),
        Person(
            "wangwei", "王伟", {"zh": "市民，刚注册", "en": "Citizen who registered recently"},
            born="19850611", mobile="13900000002",
        ),
        Person("liguoying", "李国英", None, born="19530923", mobile="13900000003"),
        Person(
            "zhaojing", "赵静",
            {"zh": "企业经办人，代办两家企业", "en": "Acts for two firms"},
            born="19880405", mobile="13900000004",
            firms=("qiming", "yunxi"),
        ),
        Person(
            "xuhao", "徐浩", {"zh": "企业经办人，乐清一家企业", "en": "Acts for a firm in Yueqing"},
            born="19790730", mobile="13900000005", firms=("zhenghe",),
        ),
    ]  # fmt: skip


def _officials() -> list[Person]:
    """In every staffed region one clerk, one reviewer and one head, each with a post at every desk there."""
    people = []
    for region, (slug, zh, en) in STAFFED.items():
        for (duty, (title, title_en)), name in zip(DUTY_TITLES.items(), NAMES[slug], strict=True):
            posts = tuple(
                Place(kind, region, title, title_en, (duty,), is_head=duty == "head")
                for kind in DESKS
            )
            says = {"zh": f"{zh}{title}，管各部门", "en": f"{title_en} at every desk of {en}"}
            people.append(
                Person(
                    f"{slug}-{duty}", name, says if slug in {"xihu", "hangzhou"} else None,
                    kind="official", posts=posts,
                )
            )  # fmt: skip
    return people


def _desk_officials() -> list[Person]:
    """Civil servants with one post each, so that departments can be told apart."""
    found = (
        ("yueqing-health", "金文博", "health", "330382", "乐清市卫生健康局经办人", "Clerk at Yueqing's health bureau"),
        ("yueqing-economy", "章丽", "economy", "330382", "乐清市经信局经办人", "Clerk at Yueqing's economy bureau"),
        ("yueqing-desk", "倪春", "emergency_desk", "330382", "乐清市疫情防控办线索员", "Clue desk of Yueqing"),
        ("xihu-desk", "陶然", "emergency_desk", "330106", "西湖区疫情防控办线索员", "Clue desk of Xihu District"),
    )
    return [
        Person(
            username, name, {"zh": zh, "en": en}, kind="official",
            posts=(Place(kind, region, "经办人", "Clerk", ("clerk",)),),
        )
        for username, name, kind, region, zh, en in found
    ]  # fmt: skip


def people() -> list[Person]:
    """Everybody of the demonstration."""
    return [
        *_citizens(),
        *_officials(),
        *_desk_officials(),
        Person("admin", "系统管理员", {"zh": "系统管理员", "en": "System administrator"}, kind="admin"),
        Person("auditor", "审计员", {"zh": "审计员，只看审计记录", "en": "Auditor, reads the audit trail"}, kind="auditor"),
    ]  # fmt: skip
