"""Sample papers: one sent and published, one being checked, a draft, one from outside."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from platform_core.common.samples import register_sample
from security.accounts.models import User
from security.actors import Actor
from security.organs.models import Department
from security.organs.selectors import department_for, region_by_code

from . import draft_services, flow_services, publishing_services, receiving_services
from .attaching_services import take_in
from .elements import clean
from .layout import Printed, job_of, print_paper
from .models import Paper, Receipt, Step
from .publishing_services import propose_publication

PLACE = "330106"
PEOPLE = ("xihu-clerk", "xihu-reviewer", "xihu-head")
WORDS = {"service_bureau": "西政务", "health": "西卫健", "housing": "西住建"}
NOTICE = {
    "title": "西湖区政务服务管理办公室关于开展政务服务“回头看”工作的通知",
    "body": "为进一步提升企业和群众办事体验，经研究，决定在全区开展政务服务“回头看”工作。"
    "现将有关事项通知如下：\n一、工作目标\n对 2026 年以来办结事项逐件回访，群众不满意的限期整改。\n"
    "二、工作安排\n（一）自查阶段\n各单位于 12 月 10 日前完成自查，形成问题清单。\n"
    "（二）回访阶段\n抽取办件 200 件，由王秀英同志（手机 13800007766）统一电话回访。\n"
    "三、有关要求\n请各单位高度重视，明确专人负责，于 12 月 15 日前反馈整改情况。",
    "attachments": "政务服务“回头看”问题清单",
    "contact": "方言", "contact_phone": "0571-88880000", "direction": "down",
}  # fmt: skip
LETTER = {
    "title": "西湖区政务服务管理办公室关于商请提供住房信息接口的函",
    "body": "为方便群众办理公积金提取业务，拟通过数据共享核验申请人住房信息。\n"
    "现商请贵单位提供住房信息查询接口，并于 5 个工作日内函复。\n请予支持为盼。",
    "direction": "level",
}  # fmt: skip
REQUEST = {
    "title": "西湖区政务服务管理办公室关于增设综合受理窗口的请示",
    "matters": "增设 6 个综合受理窗口",
    "body": "近三个月综合受理窗口日均取号 412 个，平均等候 37 分钟。\n"
    "拟增设综合受理窗口 6 个，所需人员在本单位内部调剂。\n妥否，请批示。",
    "contact": "方言", "contact_phone": "0571-88880000", "direction": "up", "urgency": "urgent",
}  # fmt: skip
LIST = (
    "序号,事项,问题,整改时限\n1,公积金提取,排队时间长,12月10日\n"
    "2,居住证办理,材料重复提交,12月15日\n"
)
SENDER, NUMBER = "杭州市疾病预防控制中心", "杭疾控〔2026〕58号"
OUTSIDE = {
    "title": "关于做好冬季流感防控工作的通知",
    "body": "各有关单位：冬季为流感高发季节，请做好窗口大厅通风消毒和人员健康监测。",
}


@register_sample("papers", order=66)
def papers() -> str:
    """Write the planned papers; nothing when there are some, or the people are not there."""
    people = User.objects.in_bulk(PEOPLE, field_name="username")
    region = region_by_code(PLACE)
    if Paper.objects.exists() or len(people) < len(PEOPLE) or region is None:
        return "0 added"
    clerk, reviewer, head = (people[name] for name in PEOPLE)
    organs = {kind: department_for(kind, region) for kind in WORDS}
    if None in organs.values():
        return "0 added"
    with transaction.atomic():
        for kind, word in WORDS.items():
            draft_services.add_word(actor=Actor.of(head), department=organs[kind], word=word)
        _notice(clerk, reviewer, head, organs)
        _letter(clerk, reviewer, organs)
        _draft(clerk, head, organs)
        _outside(clerk, reviewer, organs["service_bureau"])
    return "4 added"


def _start(clerk, organ: Department, kind: str, content: dict, **more) -> Paper:
    more["word"] = WORDS["service_bureau"]
    return draft_services.start_paper(
        actor=Actor.of(clerk), kind=kind, department=organ, content=content | more
    )


def _notice(clerk, reviewer, head, organs) -> None:
    at = timezone.now() - timedelta(days=3)
    to = [organs["health"].pk, organs["housing"].pk]
    listed = SimpleUploadedFile("政务服务“回头看”问题清单.csv", LIST.encode())
    files, _refused = take_in(actor=Actor.of(clerk), uploads=[listed])
    paper = _start(clerk, organs["service_bureau"], "notice", NOTICE, main_to=to, files=files,
                   countersign=[organs["housing"].pk], signer=head.pk)  # fmt: skip
    draft_services.submit_paper(
        actor=Actor.of(clerk), paper=paper, reviewer=reviewer, version=paper.head
    )
    for person, words in (
        (reviewer, "已核，内容准确。"),
        (reviewer, "同意会签。"),
        (head, "同意，发。"),
    ):
        step = Step.objects.get(paper=paper, state="open")
        flow_services.say_opinion(
            actor=Actor.of(person), step=step, agrees=True, opinion=words, version=1, at=at
        )
    paper.refresh_from_db()
    flow_services.seal_paper(actor=Actor.of(clerk), paper=paper, at=at)
    flow_services.send_paper(actor=Actor.of(clerk), paper=paper, at=at)
    receipt = Receipt.objects.get(paper=paper, organ=organs["health"])
    receiving_services.sign_in(actor=Actor.of(reviewer), receipt=receipt)
    receiving_services.circulate(actor=Actor.of(reviewer), receipt=receipt, people=[clerk, head])
    found = propose_publication(
        actor=Actor.of(clerk), paper=paper, hidden=["13800007766", "王秀英"],
        files=dict.fromkeys(files, publishing_services.OPEN),
    )  # fmt: skip
    publishing_services.decide_publication(actor=Actor.of(reviewer), publication=found, grant=True)


def _letter(clerk, reviewer, organs) -> None:
    head = User.objects.get(username=PEOPLE[2])
    paper = _start(clerk, organs["service_bureau"], "letter", LETTER, signer=head.pk,
                   main_to=[organs["housing"].pk])  # fmt: skip
    draft_services.submit_paper(
        actor=Actor.of(clerk), paper=paper, reviewer=reviewer, version=paper.head
    )


def _draft(clerk, head, organs) -> None:
    parent = department_for("service_bureau", organs["service_bureau"].region.parent)
    _start(clerk, organs["service_bureau"], "request", REQUEST, signer=head.pk,
           main_to=[parent.pk] if parent else [])  # fmt: skip


def _outside(clerk, reviewer, organ) -> None:
    pages = print_paper(
        job_of("notice", clean(OUTSIDE | {"direction": "down"}),
               Printed(organ=SENDER, number=NUMBER, seal=f"{SENDER} {NUMBER}")), moment=0,
    )  # fmt: skip
    scan = SimpleUploadedFile(f"{OUTSIDE['title']}.pdf", pages)
    files, _refused = take_in(actor=Actor.of(clerk), uploads=[scan])
    receipt = receiving_services.register_outside(
        actor=Actor.of(clerk), organ=organ, kind="notice", sender=SENDER, number=NUMBER,
        content=OUTSIDE | {"files": files}, scan=files[0],
    )  # fmt: skip
    receiving_services.propose(
        actor=Actor.of(clerk), receipt=receipt, opinion="拟请大厅管理科落实通风消毒，请领导批示。",
        leader=reviewer,
    )  # fmt: skip
