"""What the sample people wrote in their applications, and what officials said."""

from datetime import timedelta
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from platform_core.capabilities.files.services import store_file
from security.accounts.selectors import profile_answers
from security.identifiers import citizen_check_char, made_up_credit_code
from service_hub.items.definitions import definition_of

OPINIONS = {
    "acceptance": "材料齐全，予以受理。",
    "review": "经核对，符合条件。",
    "decision": "同意。",
    "certificate": "已制证。",
}
REFUSAL = (
    "经向不动产登记部门核对，申请人配偶在租住地名下有住房，不符合提取条件。"
    "依据《住房公积金管理条例》有关规定，不予提取。"
)
WITHDRAWAL = "信息填错了，重新申请。"
ANSWER = "已电话联系您说明核对结果，并把需要核对住房的情况补充到办事指南。给您带来不便，抱歉。"


def day(offset: int) -> str:
    """The day `offset` days from today as a form answer."""
    return (timezone.localdate() + timedelta(days=offset)).isoformat()


def picture(actor, name: str, words: str) -> list[str]:
    """A stored photo with a few words on it, as the answer to an attachment question."""
    image = Image.new("RGB", (640, 420), "#f4f1e8")
    draw = ImageDraw.Draw(image)
    draw.rectangle((24, 24, 616, 396), outline="#7a7466", width=3)
    draw.text((60, 60), words, fill="#333")
    for line in range(6):
        draw.line((60, 120 + 40 * line, 580, 120 + 40 * line), fill="#bbb5a6", width=2)
    content = BytesIO()
    image.save(content, "JPEG", quality=70)
    upload = SimpleUploadedFile(name, content.getvalue(), content_type="image/jpeg")
    return [str(store_file(actor=actor, upload=upload).pk)]


def answers_for(key: str, actor, place: str) -> dict:
    """The answers of one application for the item `key` (with "_large" for a big firm)."""
    known = profile_answers(actor.user, actor.firm)
    person = {
        "name": known.get("name", ""),
        "citizen_number": known.get("citizen_number", ""),
        "mobile": known.get("mobile") or "13800000000",
        "area": place,
    }
    firm = {
        "firm_name": known.get("firm_name", ""),
        "credit_code": known.get("credit_code", ""),
        "area": place,
        "contact": known.get("name", ""),
        "mobile": known.get("mobile") or "13800000000",
    }
    makers = {
        "rent": lambda: person | _rent(actor),
        "newborn": lambda: person | _newborn(actor),
        "id_card": lambda: person | _renewal(),
        "benefit": lambda: person | _benefit(),
        "elsewhere": lambda: person | _elsewhere(),
        "pass": lambda: (
            person
            | {"helper": True, "photo": picture(actor, "照片.jpg", "PHOTO"), "need_card": False}
        ),
        "resume": lambda: firm | _resume(actor, 46),
        "resume_large": lambda: firm | _resume(actor, 860),
        "licence": lambda: firm | _licence(actor),
        "refund": lambda: (
            {k: firm[k] for k in ("firm_name", "credit_code", "area", "mobile")} | _refund()
        ),
        "report": lambda: _clue(place, person if actor.user else None),
        "enrol": lambda: person | _enrolment(actor),
        "permit": lambda: firm | _event(actor, 3600),
        "permit_small": lambda: firm | _event(actor, 1800),
        "permit_large": lambda: firm | _event(actor, 12000),
    }
    return makers[key]()


def _rent(actor) -> dict:
    return {
        "address": "文一西路 969 号 3 幢 1204 室",
        "rent": "3200.00",
        "from_on": day(-260),
        "to_on": day(105),
        "lease_photo": picture(actor, "租房合同.jpg", "LEASE"),
        "bank": "icbc",
        "card": "6222021202000006217",
        "no_home": True,
    }


def _newborn(actor) -> dict:
    return {
        "relation": "mother",
        "child_name": "陈𠮷宁",
        "child_sex": "f",
        "born_on": day(-18),
        "birth_paper": "V330123456",
        "address": "北山街道葛岭路 1 号",
        "with_whom": "mother",
        "book_photo": picture(actor, "户口簿.jpg", "HOUSEHOLD BOOK"),
    }


def _renewal() -> dict:
    return {
        "reason": "expired",
        "visit_on": day(6),
        "part": "am",
        "by_post": True,
        "post_address": "古墩路 701 号 2 单元 602 室",
    }


def _benefit() -> dict:
    return {
        "employer": "浙江示例纺织有限公司",
        "ended_on": day(-60),
        "why": "contract",
        "card": "6217001210000000042",
        "seeking": True,
    }


def _elsewhere() -> dict:
    return {"kind": "living", "province": "上海市", "from_on": day(0), "promise": True}


def _resume(actor, people: int) -> dict:
    return {
        "site": "经济开发区纬六路 88 号",
        "industry": "manufacturing",
        "resume_on": day(7),
        "mechanism": True,
        "screening": True,
        "supplies_days": 10,
        "isolation_room": True,
        "closed_site": True,
        "measures": "分批到岗，错峰就餐，班车每日消毒。",
        "staff_total": people,
        "staff": [
            {"name": "陈建国", "mobile": "13800000011", "from": "local", "arrived_on": day(-20)},
            {"name": "林小燕", "mobile": "13800000012", "from": "province", "arrived_on": day(-16)},
            {"name": "周𬭎", "mobile": "", "from": "outside", "arrived_on": day(-15)},
        ],
        "plan_file": picture(actor, "防控方案.jpg", "PLAN"),
    }


def _licence(actor) -> dict:
    return {
        "address": "龙井路 12 号 1 层",
        "space": "86.5",
        "kinds": ["packed", "hot", "drinks"],
        "plan": picture(actor, "平面图.jpg", "FLOOR PLAN"),
        "manager": "王芳",
        "trained": True,
        "promise": True,
    }


def _refund() -> dict:
    return {"insured": 132, "cut": 2, "account": "1202021409000088888"}


def _enrolment(actor) -> dict:
    return {
        "child_name": "陈小溪",
        "child_number": "",
        "born_on": day(-2300),
        "relation": "mother",
        "stage": "primary",
        "address": "文三路 90 号",
        "proof": picture(actor, "房产证.jpg", "DEED"),
    }


def _clue(place: str, person: dict | None) -> dict:
    said = {
        "kind": "hoarding" if person else "gathering",
        "description": "菜场东门口罩卖到 20 元一只，昨天还是 3 元。"
        if person
        else "小区棋牌室晚上 8 点以后仍有十来人打牌，没有人戴口罩。",
        "seen_on": day(0),
        "area": place,
        "place": "城东街道旭阳路 6 号",
        "reporter": "neighbour",
        "real_name": bool(person),
    }
    return said | ({"name": person["name"], "mobile": person["mobile"]} if person else {})


def _event(actor, people: int) -> dict:
    """A lantern fair, in the open unless it is small; from 10,000 people on with all that is
    risky.
    """
    is_open, is_risky = people > 2000, people >= 10_000
    of_nobody = {} if actor.firm else {
        "firm_name": "示例文化艺术中心",
        "credit_code": made_up_credit_code("12330113", "K0000021"),
    }  # fmt: skip
    return of_nobody | {
        "org_kind": "company" if actor.firm else "institution",
        "seat": {"region": "330106", "street": "文三路 90 号"},
        "head": "陈建国",
        "head_number": "33011319800218001" + citizen_check_char("33011319800218001"),
        "joint": False,
        "event_name": "湖山音乐会" if is_risky else "湖山灯会" if is_open else "秋季车展",
        "event_kind": "concert" if is_risky else "fair" if is_open else "exhibition",
        "content": "分两晚举办，凭电子票入场，现场设服务台和失物招领处。",
        "place": {"text": "体育场路 153 号主场馆及南广场", "lng": None, "lat": None},
        "first_on": day(30),
        "last_on": day(31),
        "sessions": [
            {"on": day(30), "opens": "18:30", "closes": "21:30", "people": people, "guards": 90},
            {"on": day(31), "opens": "18:30", "closes": "21:30", "people": people - 400,
             "guards": 80},
        ],
        "night": is_risky,
        "venue_name": "黄龙示例体育中心",
        "venue_code": made_up_credit_code("12330113", "K0000022"),
        "venue_contact": "林小燕",
        "venue_mobile": "13800000012",
        "capacity": 20000,
        "exits": 12,
        "exits_clear": True,
        "equipment_ok": True,
        "venue_agrees": True,
        "setting": "outdoor" if is_open else "indoor",
        "alcohol": is_risky,
        "fireworks": False,
        "structures": is_open,
        "structures_firm": "示例舞台工程有限公司" if is_open else None,
        "medical": True,
        "measures": "入口设安检和人脸核验，观众席分区管理；散场分批放行，南北两侧设接驳车。",
        "emergency": ["crowd", "fire", "weather"],
        "safety_plan": picture(actor, "安全工作方案.jpg", "SAFETY PLAN"),
        "venue_paper": picture(actor, "场地证明.jpg", "VENUE"),
        "signature": {"name": "陈建国", "agreed": True},
    }  # fmt: skip


def finding() -> dict:
    """What the check of a clue found."""
    return {
        "finding": "true",
        "found": "工作人员当日到现场核实，情况属实，已当场劝散并张贴告知。",
        "handed_to": "none",
        "feedback": "您反映的情况属实，我们已当场处理，并会继续巡查。谢谢您。",
    }


def correction_for(case) -> tuple[str, list[str]]:
    """What an official asks to correct, and which fields that opens."""
    form = definition_of(case.item, case.napp_version).form
    return {
        "newborn": (
            "户口簿照片看不清户主页，请补拍一张；出生医学证明编号少一位，请核对。",
            ["book_photo", "birth_paper"],
        ),
        "refund": ("对公账号与开户许可证不一致，请核对后重新填写。", ["account"]),
        "application": (
            "安全工作方案未加盖公章，安全措施未写明散场疏散的时间和人员，请补正。",
            ["safety_plan", "measures"],
        ),
        "benefit": ("离职日期与参保停缴月份不一致，请核对。", ["ended_on"]),
    }.get(form, ("联系地址不完整，请补充门牌号。", ["address"]))


def corrected_values(case) -> dict:
    """The applicant's answer to a correction."""
    form = definition_of(case.item, case.napp_version).form
    return {"benefit": {"ended_on": day(-45)}, "refund": {"account": "1202021409000099999"}}[form]


def rating_words(grade: int) -> dict:
    """Options and words that go with a grade."""
    return {
        5: {"options": ["fast", "once"], "text": "比说的还快。"},
        4: {"options": ["easy"], "text": ""},
        3: {"options": ["could_be_clearer"], "text": "指南里没写要到哪个楼。"},
        2: {"options": ["unclear"], "text": "指南上没有说配偶名下的房子也算。"},
        1: {"options": ["late", "hard"], "text": "照片传了三次才成功，等得久。"},
    }[grade]
