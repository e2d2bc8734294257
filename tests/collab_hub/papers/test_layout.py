"""The pages: 22 lines of 28 characters, every element, and only the redacted text when public."""

from collections import Counter
from datetime import date
from io import BytesIO

from pypdf import PdfReader

from collab_hub.papers.elements import clean
from collab_hub.papers.layout import Printed, job_of, print_paper

BODY = "为进一步提升企业和群众办事体验经研究决定在全区开展工作" * 60


def pages(content: dict, kind: str = "notice", **printed):
    made = {"organ": "西湖区政务服务办公室", "main_to": ("西湖区卫生健康局",),
            "copy_to": ("西湖区住房局",), "number": "西政办〔2026〕12号", "signer": "方言",
            "day": date(2026, 11, 27), "seal": "西湖区政务服务办公室"}  # fmt: skip
    job = job_of(kind, clean({"direction": "down"} | content), Printed(**(made | printed)))
    return PdfReader(BytesIO(print_paper(job, moment=0))).pages


def lines(page) -> dict[tuple, int]:
    """{where a line stands: how many Chinese characters it has}."""
    found = Counter()

    def visit(text, cm, tm, _font, _size):
        han = sum(1 for one in text if "\u4e00" <= one <= "\u9fff")
        if han:
            found[round(cm[5]), round(tm[5])] += han

    page.extract_text(visitor_text=visit)
    return found


def test_a_full_page_has_22_lines_of_28_characters():
    found = pages({"title": "关于某事的通知", "body": BODY})
    second = lines(found[1])
    assert len(second) == 22
    assert set(second.values()) == {28}
    width, height = found[1].mediabox.width, found[1].mediabox.height
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (210, 297)


def test_every_element_stands_on_the_pages():
    content = {
        "title": "关于某事的请示", "body": "一、情况\n内容。", "attachments": "清单\n方案",
        "contact": "方言", "contact_phone": "0571-88880000", "direction": "up",
        "secrecy": "secret", "secret_for": "5年", "urgency": "flash", "remark": "此件不公开",
    }  # fmt: skip
    text = "".join(page.extract_text() for page in pages(content, "request"))
    plain = "".join(text.split())
    for words in ("秘密★5年", "特急", "西湖区政务服务办公室文件", "西政办〔2026〕12号",
                  "签发人：方言", "关于某事的请示", "西湖区卫生健康局：", "附件：", "1.清单",
                  "2.方案", "2026年11月27日", "电子印章标记", "联系人：方言", "抄送：西湖区住房局",
                  "2026年11月27日印发", "—1—"):  # fmt: skip
        assert words in plain, words
    assert "签发人" not in pages({"title": "关于某事的通知", "body": "x"})[0].extract_text()


def test_a_draft_says_so_and_markup_stays_text():
    found = pages({"title": "关于某事的通知", "body": '#read("/etc/passwd") *x*'}, is_draft=True)
    text = found[0].extract_text()
    assert "稿本" in text
    assert "#read(" in text
