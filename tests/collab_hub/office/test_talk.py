"""Comments, questions to other organs and usual opinions on the pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from platform_core.capabilities.process.comments.models import Comment
from platform_core.capabilities.process.consultations.models import Consultation
from platform_core.capabilities.process.phrases.models import Phrase
from tests.factories import make_department, make_official

from ..makers import DECIDE, make_case, make_napp, open_task, text


def html(response) -> str:
    return response.content.decode()


@pytest.fixture
def case(clerk):
    step = {**DECIDE, "assign": {"role": "desk"}, "title": text("Review", "审查")}
    return make_case(make_napp(step), label="a stall")


def send(client, task, path, **data):
    sent = {"version": task.version, **data}
    return client.post(f"/office/tasks/{task.pk}/{path}/", sent, follow=True)


def test_comments_are_written_changed_and_taken_back(office, clerk, other_clerk, case):
    task = open_task(case)
    upload = SimpleUploadedFile("note.txt", b"a note", content_type="text/plain")
    data = {"comment-text": "@Bob, look at this.", "files": upload}
    answer = html(send(office(clerk), task, "comment", **data))
    assert "@Bob, look at this." in answer and "note.txt" in answer
    assert "mentions you" in html(office(other_clerk).get("/office/messages/"))
    comment = Comment.objects.get()
    path = f"comment/{comment.pk}"
    assert send(office(other_clerk), task, f"{path}/edit", text="No").status_code == 404
    assert "Look again." in html(send(office(clerk), task, f"{path}/edit", text="Look again."))
    answer = html(send(office(clerk), task, f"{path}/retract"))
    assert "Taken back" in answer and "Look again." not in answer


def test_who_is_called_reads_the_case_from_the_copies(office, clerk, case):
    dora = make_official("dora", kind="market", duties=(), name="Dora")
    send(office(clerk), open_task(case), "comment", **{"comment-text": "@Dora, look."})
    inbox = html(office(dora).get("/office/inbox/?box=cc"))
    assert "You are mentioned" in inbox
    reading = dora.tasks.get()
    page = html(office(dora).get(f"/office/tasks/{reading.pk}/"))
    assert "@Dora, look." in page and "Mark as read" in page
    send(office(dora), reading, "act", action="read")
    reading.refresh_from_db()
    assert reading.outcome == "read"


def test_who_has_no_step_reads_what_no_step_hides(office, clerk):
    step = {**DECIDE, "assign": {"role": "desk"}, "fields": {"place": "hidden"}}
    case = make_case(make_napp(step), label="a stall", place="Under the bridge")
    dora = make_official("dora", kind="market", duties=(), name="Dora")
    send(office(clerk), open_task(case), "comment", **{"comment-text": "@Dora, look."})
    page = html(office(dora).get(f"/office/tasks/{dora.tasks.get().pk}/"))
    assert "Identity number" in page and "Under the bridge" not in page


def test_an_empty_comment_is_refused_at_its_field(office, clerk, case):
    answer = send(office(clerk), open_task(case), "comment", **{"comment-text": " "})
    assert answer.status_code == 422 and "Write something." in html(answer)


def test_another_organ_is_asked_and_answers(office, clerk, case):
    task = open_task(case)
    hanna = make_official("hanna", kind="health", duties=["clerk"], name="Hanna")
    data = {"ask-question": "Is it clean?", "ask-working_days": 5, "ask-is_mandatory": "1"}
    wrong = send(office(clerk), task, "ask", **data)
    assert wrong.status_code == 422 and "Is it clean?" in html(wrong)
    data["ask-departments"] = make_department("health").pk
    assert "They are asked for their opinion." in html(send(office(clerk), task, "ask", **data))
    blocked = send(office(clerk), task, "act", action="approve")
    assert blocked.status_code == 409 and "still open" in html(blocked)
    theirs = Consultation.objects.get().task
    page = html(office(hanna).get(f"/office/tasks/{theirs.pk}/"))
    assert "Is it clean?" in page and "Give the opinion" in page
    given = {"answer-answer": "object", "answer-text": ""}
    wrong = send(office(hanna), theirs, "answer", **given)
    assert wrong.status_code == 422 and "Give the conditions or the reasons." in html(wrong)
    given["answer-text"] = "There is no water."
    send(office(hanna), theirs, "answer", **given)
    page = html(office(clerk).get(f"/office/tasks/{task.pk}/"))
    assert "There is no water." in page and "Objects" in page


def test_the_organ_that_is_asked_reads_the_answers_but_not_what_the_step_itself_may_not(
    office, clerk
):
    step = {**DECIDE, "assign": {"role": "desk"}, "fields": {"mobile": "hidden"}}
    task = open_task(make_case(make_napp(step), place="By the old well"))
    hanna = make_official("hanna", kind="health", duties=["clerk"], name="Hanna")
    sent = {"ask-question": "Is it clean?", "ask-working_days": 5}
    send(office(clerk), task, "ask", **sent, **{"ask-departments": make_department("health").pk})
    theirs = Consultation.objects.get().task
    for _open_then_answered in range(2):
        page = html(office(hanna).get(f"/office/tasks/{theirs.pk}/"))
        assert "By the old well" in page and "Mobile number" not in page
        send(office(hanna), theirs, "answer", **{"answer-answer": "agree"})


def test_a_question_is_taken_back(office, clerk, case):
    task = open_task(case)
    make_official("hanna", kind="health", duties=["clerk"], name="Hanna")
    data = {
        "ask-question": "Is it clean?",
        "ask-working_days": 5,
        "ask-departments": make_department("health").pk,
    }
    send(office(clerk), task, "ask", **data)
    asked = Consultation.objects.get()
    answer = html(send(office(clerk), task, f"ask/{asked.pk}/withdraw"))
    assert "The question was taken back." in answer and "No longer needed" in answer


def test_usual_opinions_are_kept_chosen_and_dropped(office, clerk, other_clerk, case):
    client = office(clerk)
    assert client.post("/office/phrases/", {"text": " "}).status_code == 422
    client.post("/office/phrases/", {"text": "Complete and correct."})
    phrase = Phrase.objects.get()
    task = open_task(case)
    assert "Complete and correct." in html(client.get(f"/office/tasks/{task.pk}/"))
    assert office(other_clerk).post(f"/office/phrases/{phrase.pk}/drop/").status_code == 404
    # Without JavaScript the choice itself is sent; what is typed counts before it.
    send(office(clerk), task, "act", action="approve", phrase=phrase.text)
    task.refresh_from_db()
    assert task.opinion == "Complete and correct."
    office(clerk).post(f"/office/phrases/{phrase.pk}/drop/")
    assert not Phrase.objects.exists()
