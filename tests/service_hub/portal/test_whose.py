"""A draft begun without signing in comes along when its writer signs in, under the name they
choose.
"""

import pytest

from platform_core.capabilities.files.models import StoredFile
from platform_core.capabilities.files.services import adopt_files
from platform_core.capabilities.forms import selectors as forms
from platform_core.capabilities.forms.models import Draft
from security.audit.models import AuditEntry
from service_hub.cases.models import Case
from service_hub.items.models import ServiceItem
from tests.factories import MAKER, actor_of, make_department, sign_in
from tests.service_hub.makers import clue_values, open_app, photo

from .test_views import fill_in, text_of, typed

pytestmark = pytest.mark.django_db
START = "/services/public_clues/report/start/"


@pytest.fixture
def clue_desk(db):
    make_department("emergency_desk")
    open_app("public_clues")


@pytest.fixture
def check(client, clue_desk):
    """A clue filled in by nobody known, up to its check page."""
    return fill_in(client, START, typed(clue_values()))


@pytest.fixture
def draft(check):
    return Draft.objects.get()


def whose(draft) -> str:
    return f"/apply/{draft.pk}/whose/"


class TestAfterSigningIn:
    def test_the_draft_is_offered_at_home_in_my_cases_and_on_the_guide(self, client, alice, draft):
        sign_in(client, alice)
        for page in ("/", "/cases/", "/services/public_clues/report/"):
            assert f"/apply/{draft.pk}/" in text_of(client.get(page))
        assert f"/apply/{draft.pk}/" not in text_of(client.get("/enterprise/"))

    def test_every_page_of_it_asks_under_which_name(self, client, alice, draft, check):
        sign_in(client, alice)
        for page in (f"/apply/{draft.pk}/", f"/apply/{draft.pk}/page/what/", check):
            assert client.get(page)["Location"] == whose(draft)
        assert client.post(check)["Location"] == whose(draft)
        asked = text_of(client.get(whose(draft)))
        assert "Go on with my name" in asked and "Go on without my name" in asked
        assert client.post(whose(draft), {"as": "somebody"}).status_code == 200
        draft.refresh_from_db()
        assert draft.user is None and not Case.objects.exists()

    def test_what_was_typed_while_signing_in_elsewhere_is_kept_before_asking(
        self, client, alice, draft
    ):
        sign_in(client, alice)
        sent = {"description": "更多 𠮷 🏠", "_shown": ["description"], "_next": "1"}
        client.post(f"/apply/{draft.pk}/page/what/", sent)
        draft.refresh_from_db()
        assert forms.plain_values(draft)["description"] == "更多 𠮷 🏠" and draft.user is None


class TestBegunWhileSignedIn:
    def test_the_name_is_asked_for_before_anything_is_typed(self, client, alice, clue_desk):
        sign_in(client, alice)
        asked = client.post(START, follow=True)
        draft = Draft.objects.get()
        assert asked.redirect_chain[-1][0] == whose(draft)
        assert "Last changed" not in text_of(asked)
        assert draft.user is None

    def test_without_the_name_the_case_knows_nobody(self, client, alice, clue_desk):
        sign_in(client, alice)
        client.post(START)
        draft = Draft.objects.get()
        client.post(whose(draft), {"as": "nobody"})
        check = fill_in(client, f"/apply/{draft.pk}/", typed(clue_values()))
        client.post(check)
        case = Case.objects.get()
        assert case.applicant is None and case.record.created_by is None

    def test_with_the_name_it_is_an_ordinary_case(self, client, alice, clue_desk):
        sign_in(client, alice)
        client.post(START)
        draft = Draft.objects.get()
        client.post(whose(draft), {"as": "me"})
        client.post(fill_in(client, f"/apply/{draft.pk}/", typed(clue_values())))
        assert Case.objects.get().applicant == alice


class TestWithMyName:
    def test_draft_and_files_move_and_what_is_known_is_filled_in(self, client, alice, draft, check):
        sign_in(client, alice)
        client.post(whose(draft), {"as": "me"})
        draft.refresh_from_db()
        assert (draft.user, draft.owner_key) == (alice, "")
        values = forms.plain_values(draft)
        assert values["name"] == alice.name
        assert values["place"] == "旭阳路 6 号"
        assert AuditEntry.objects.get(verb="draft.adopted").actor == alice

        client.logout()
        assert client.get(check).status_code == 302
        assert f"/apply/{draft.pk}/" not in text_of(client.get("/"))
        sign_in(client, alice)
        client.post(check)
        case = Case.objects.get()
        assert case.applicant == alice and case.follow_code == ""

    def test_its_photographs_can_be_sent_from_another_browser(self, client, alice, clue_desk):
        fill_in(client, START, typed(clue_values()))
        draft = Draft.objects.get()
        file = StoredFile.objects.get(pk=photo(actor_of(None), draft.owner_key)[0])
        adopt_files(actor=actor_of(alice), file_ids=[file.pk], owner_key="another")
        adopt_files(actor=MAKER, file_ids=[file.pk], owner_key=draft.owner_key)
        file.refresh_from_db()
        assert file.owner is None
        adopt_files(actor=actor_of(alice), file_ids=[file.pk], owner_key=draft.owner_key)
        file.refresh_from_db()
        assert (file.owner, file.owner_key) == (alice, "")


class TestWithoutMyName:
    def test_the_case_knows_nobody_and_the_receipt_has_a_code(self, client, alice, draft, check):
        sign_in(client, alice)
        client.post(whose(draft), {"as": "nobody"})
        assert client.get(check).status_code == 200
        receipt = text_of(client.post(check, follow=True))
        case = Case.objects.get()
        assert case.applicant is None and case.applicant_name == ""
        assert case.follow_code[:5] in receipt
        assert case.record.created_by is None and case.process.starter is None
        filed = AuditEntry.objects.filter(verb__in=["case.file", "record.submitted"])
        assert filed and not filed.exclude(actor=None).exists()
        assert f"/cases/{case.pk}/" not in text_of(client.get("/cases/"))


def test_somebody_else_in_another_browser_has_no_part_in_it(client, bob, draft):
    client.cookies.clear()
    sign_in(client, bob)
    assert client.get(whose(draft)).status_code == 404
    assert client.post(whose(draft), {"as": "me"}).status_code == 404


def test_where_a_name_is_needed_the_draft_is_simply_taken_along(client, alice, draft):
    ServiceItem.objects.update(is_anonymous_allowed=False)
    sign_in(client, alice)
    assert client.get(f"/apply/{draft.pk}/")["Location"] == f"/apply/{draft.pk}/"
    draft.refresh_from_db()
    assert draft.user == alice
