"""A grid is entered on a phone in Chinese, and a notice goes to the people who work in it."""

from playwright.sync_api import expect

from collab_hub.notices.models import Notice
from security.organs.services import appoint
from tests.collab_hub.notices.makers import work
from tests.factories import LONG_AGO, MAKER, make_department, make_official
from tests.service_hub.makers import open_app


def test_a_grid_is_chosen_for_a_notice_with_one_hand(browse, axe, overflows):
    open_app("smart_community")
    organ = make_department("civil_affairs")
    head = make_official("wang", department=organ, duties=["head"], name="王芳")
    make_official("li", department=organ, name="李强")
    make_official("zhao", department=organ, name="赵敏")

    phone = browse("/apps/smart_community/grids/new/", user=head)
    phone.get_by_label("网格编码").fill("330106001")
    phone.get_by_label("网格名称").fill("文三社区第一网格")
    phone.get_by_label("户数").fill("412")
    phone.get_by_label("网格长").select_option(label="王芳")
    phone.get_by_role("checkbox", name="李强").check()
    assert not overflows(phone)
    assert not axe(phone)
    phone.get_by_role("button", name="保存网格").click()
    expect(phone.get_by_role("link", name="文三社区第一网格")).to_be_visible()
    assert not overflows(phone)
    assert not axe(phone)

    # Who works for two organs says whose grid it is, and sees of which organ everybody is.
    other = make_department("civil_affairs", "330302")
    appoint(actor=MAKER, user=head, department=other, title="副局长", valid_from=LONG_AGO)
    phone.goto("/apps/smart_community/grids/new/")
    phone.get_by_label("网格名称").fill("第二网格")
    browse.expect("422")
    phone.get_by_role("button", name="保存网格").click()
    expect(phone.locator("#id_organ")).to_have_attribute("aria-invalid", "true")
    assert phone.get_by_label("网格名称").input_value() == "第二网格"
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert not axe(phone)

    phone = browse("/office/notices/new/", user=head)
    phone.get_by_label("标题", exact=True).fill("入户排查")
    phone.get_by_label("正文", exact=True).fill("请今日逐户走访。")
    phone.locator("summary", has_text="网格").click()
    phone.get_by_role("checkbox", name="文三社区第一网格").check()
    expect(phone.get_by_text("共2人接收")).to_be_visible()
    assert not overflows(phone)
    assert not axe(phone)
    phone.get_by_role("button", name="核对接收人员").click()
    send = phone.locator("form[action$='/send/'] button:not([name])")
    expect(send).to_be_visible()
    expect(phone.get_by_text("第一网格", exact=False).first).to_be_visible()
    with phone.expect_navigation():
        send.click()
    work()
    names = set(Notice.objects.get().recipients.values_list("name", flat=True))
    assert names == {"王芳", "李强"}
