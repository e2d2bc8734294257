"""An organ that writes papers, its people, and papers in every state."""

from collab_hub.papers import draft_services, flow_services
from collab_hub.papers.models import OrganWord, Paper, Receipt, Step
from security.organs.services import appoint
from tests.factories import LONG_AGO, MAKER, actor_of, make_department, make_official

WORD = "\u897f\u653f\u529e"
NUMBER_START = "\u897f\u653f\u529e\u3014"


def make_house():
    """{"organ", "clerk", "second", "head", "health", "housing", "nurse", "builder"}."""
    organ = make_department("service_bureau", name="西湖区政务服务办公室", name_en="Service bureau")
    health = make_department("health", name="西湖区卫生健康局", name_en="Health bureau")
    housing = make_department("housing", name="西湖区住房局", name_en="Housing bureau")
    made = {
        "organ": organ,
        "health": health,
        "housing": housing,
        "clerk": make_official("writer", department=organ, name="Wei"),
        "second": make_official("second", department=organ, name="Shen"),
        "head": make_head("chief", organ),
        "nurse": make_official("nurse", department=health, name="Nora"),
        "builder": make_official("builder", department=housing, name="Bao"),
    }
    OrganWord.objects.get_or_create(department=organ, word=WORD)
    return made


def make_head(username: str, organ):
    user = make_official(username, department=organ, name=username.capitalize())
    post = user.posts.get()
    appoint(actor=MAKER, user=user, department=organ, title=post.title, is_head=True,
            valid_from=LONG_AGO)  # fmt: skip
    return user


def notice(house, **more) -> dict:
    content = {
        "title": "关于开展回头看工作的通知",
        "body": "各单位请按时完成。\n联系人王秀英，电话 13800007766。",
        "direction": "down",
        "main_to": [house["health"].pk],
        "signer": house["head"].pk,
        "word": WORD,
    }
    return content | more


def make_draft(house, *, kind="notice", **more) -> Paper:
    return draft_services.start_paper(
        actor=actor_of(house["clerk"]), kind=kind, department=house["organ"],
        content=notice(house, **more),
    )  # fmt: skip


def submit(house, paper) -> Paper:
    return draft_services.submit_paper(
        actor=actor_of(house["clerk"]), paper=paper, reviewer=house["second"], version=paper.head
    )


def agree(paper, person, kind: str, **more) -> Step:
    step = Step.objects.get(paper=paper, kind=kind, state="open", **more)
    paper.refresh_from_db()
    return flow_services.say_opinion(
        actor=actor_of(person), step=step, agrees=True, version=paper.head
    )


def make_signed(house, **more) -> Paper:
    paper = submit(house, make_draft(house, **more))
    agree(paper, house["second"], "review")
    agree(paper, house["head"], "sign")
    paper.refresh_from_db()
    return paper


def make_sent(house, **more) -> Paper:
    paper = make_signed(house, **more)
    flow_services.seal_paper(actor=actor_of(house["clerk"]), paper=paper)
    flow_services.send_paper(actor=actor_of(house["clerk"]), paper=paper)
    paper.refresh_from_db()
    return paper


def receipt_at(paper, organ) -> Receipt:
    return Receipt.objects.get(paper=paper, organ=organ)
