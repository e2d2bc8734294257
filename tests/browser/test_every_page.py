"""Every page of the sample province, as its people see it, on phone and desktop."""

import pytest
from django.core.management import call_command

from platform_core.capabilities.documents.models import Document
from platform_core.capabilities.process.selectors import inbox
from security.accounts.models import User
from security.accounts.selectors import firms_of
from service_hub.cases.models import Case

pytestmark = pytest.mark.usefixtures("transactional_db")

OPEN_PAGES = [
    "/",
    "/services/",
    "/search/?q=公积金",
    "/search/?q=no-such-thing",
    "/services/housing_fund/rent/",
    "/services/public_clues/report/",
    "/verify/",
    "/follow/",
    "/accounts/login/",
    "/accounts/signup/",
    "/about/privacy/",
    "/purposes/",
    "/purposes/?q=手机",
    "/board/",
    "/questions/",
    "/questions/ask/",
    "/papers/",
]
CITIZEN_PAGES = ["/", "/cases/", "/messages/", "/me/", "/accounts/profile/", "/accounts/2fa/"]
CITIZEN_PAGES += ["/me/mandates/", "/wallet/", "/questions/mine/", "/me/held/", "/me/looks/"]
CITIZEN_PAGES += ["/me/consents/", "/me/requests/"]
FIRM_PAGES = ["/enterprise/", "/enterprise/cases/", "/enterprise/services/return_to_work/resume/"]
OFFICE_PAGES = ["/office/", "/office/inbox/", "/office/capabilities/", "/office/settings/"]
OFFICE_PAGES += ["/office/absence/", "/office/phrases/", "/office/messages/", "/office/ratings/"]
OFFICE_PAGES += ["/office/ratings/visits/", "/office/ratings/phone/", "/office/questions/"]
# What has a browser test with axe of its own is opened here in every size and no more.
LOOKED_AT_ELSEWHERE = {
    None: ["/help/", "/contact/", "/appointments/new/", "/place/", "/about/accessibility/"],
    "chenning": ["/me/channels/", "/appointments/", "/wallet/papers/", "/wallet/answers/"],
    "zhaojing": [
        *(f"/enterprise/firm/{part}/" for part in ("members", "batches", "policies", "deadlines")),
        *(f"/enterprise/firm/{part}/" for part in ("claims", "bind", "history")),
        "/enterprise/wallet/", "/enterprise/help/", "/enterprise/contact/",
    ],
    "xihu-reviewer": [
        *(f"/office/cases/?view={view}" for view in ("lights", "all", "joint", "deliver")),
        "/office/items/", "/office/halls/", "/office/confirmations/", "/office/firms/",
        "/office/incidents/", "/office/incidents/plans/", "/office/incidents/plans/new/",
    ],
    "xihu-head": ["/office/workload/", "/office/dashboard/", "/office/dashboard/list/"],
    "xihu-desk": ["/office/intake/"],
    "admin": ["/office/data-requests/", "/office/data-requests/holds/", "/office/items/changes/"],
}  # fmt: skip
OFFICE_PAGES += ["/office/directory/people/", "/office/directory/people/?q=shen"]
OFFICE_PAGES += [f"/office/directory/{part}/" for part in ("card", "duty", "rooms")]
OFFICE_PAGES += [f"/office/directory/?view={view}" for view in ("list", "week", "month")]
OFFICE_PAGES += ["/office/papers/", "/office/papers/?view=out", "/office/papers/new/"]
OFFICE_PAGES += ["/office/papers/new/request/", "/office/papers/register/", "/office/papers/words/"]
OFFICE_PAGES += [f"/office/capabilities/{key}/" for key in ("rules", "decisions", "documents")]


def person(username: str) -> User:
    return User.objects.get(username=username)


def pages_of_people() -> list[tuple[str | None, list[str]]]:
    """Who looks at what: for the citizen one case of each state, for the reviewer an open task."""
    citizen, reviewer = person("chenning"), person("xihu-reviewer")
    cases = {}
    for case in Case.objects.filter(applicant=citizen):
        cases.setdefault(case.state, case)
    task = inbox(reviewer, "pool").first()
    own = [f"/cases/{case.pk}/" for case in cases.values()]
    parts = ("receipt/", "answers/")
    receipts = [f"/cases/{case.pk}/{part}" for case in list(cases.values())[:1] for part in parts]
    papers = [f"/wallet/{paper.pk}/" for paper in Document.objects.filter(holder_user=citizen)[:1]]
    papers += [f"{paper}{part}" for paper in papers for part in ("show/", "copy/")]
    return [
        (None, OPEN_PAGES),
        ("chenning", CITIZEN_PAGES + own + receipts + papers),
        ("zhaojing", FIRM_PAGES),
        ("xihu-reviewer", OFFICE_PAGES + ([f"/office/tasks/{task.pk}/"] if task else [])),
    ]


READERS = [
    [None, "zhaojing", "xihu-head", "xihu-desk"],
    ["chenning", "admin"],
    ["xihu-reviewer"],
]


@pytest.mark.parametrize("readers", READERS, ids=lambda names: str(names[0]))
def test_every_page_opens_fits_and_passes_axe(browse, axe, overflows, settings, readers):
    settings.DEMO = True
    call_command("sync_napps", verbosity=0)
    call_command("sample_data", verbosity=0)
    found, pages = [], dict(pages_of_people())
    assert set(pages | LOOKED_AT_ELSEWHERE) == {one for some in READERS for one in some}
    for username in readers:
        user = person(username) if username else None
        firms = firms_of(user) if user else []
        firm = firms[0] if firms else None
        phone = browse("/about/privacy/", user=user, firm=firm)
        desktop = browse("/about/privacy/", size="desktop", language="en", user=user, firm=firm)
        looked_at = pages.get(username, [])
        for path in looked_at + LOOKED_AT_ELSEWHERE.get(username, []):
            for page in (phone, desktop):
                where = f"{path} {page.viewport_size['width']} {username or 'anyone'}"
                status = page.goto(path).status
                if status != 200:
                    found.append(f"{where}: {status}")
                elif overflows(page):
                    found.append(f"{where}: wider than the screen")
            # The frame around is looked at in every size elsewhere; axe costs a second a page.
            problems = axe(phone) if path in looked_at else []
            found += [f"{path} {username or 'anyone'}: {problem}" for problem in problems]
    assert not found, "\n".join(found)
