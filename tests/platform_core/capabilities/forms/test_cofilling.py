"""A second person fills in a part: invited, let in, confirmed; and who must not get in."""

import copy
from datetime import timedelta

import pytest
from django.utils import timezone

from platform_core.capabilities.forms import cofilling, selectors, services
from platform_core.capabilities.forms.binding import bind_draft
from platform_core.capabilities.forms.display import answers, answers_to_check
from platform_core.capabilities.forms.models import Draft, Invitation
from platform_core.capabilities.forms.present import draw
from platform_core.capabilities.forms.sources import source_words
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.napps.manifest import ManifestInvalid, validate_manifest
from security.accounts.services import register_citizen
from tests.factories import MAKER, actor_of, make_citizen
from tests.platform_core.capabilities.forms.makers import TWO, manifest, publish

pytestmark = pytest.mark.django_db


def page(key, *fields):
    return {"key": key, "title": TWO("页", key.capitalize()), "fields": list(fields)}


def field(key, **more):
    return {"key": key, "type": "text", "label": TWO("项", key.capitalize())} | more


LEASE = {
    "key": "lease",
    "title": TWO("租房", "Lease"),
    "pages": [
        page("tenant", field("secret"), field("name", prefill="profile.name")),
        page(
            "landlord",
            field("landlord", required=True, prefill="profile.name"),
            field("flat", required=True),
            field("why", show_if={"==": [{"var": "secret"}, "yes"]}),
        ),
        page("spouse", field("spouse")),
    ],
    "parts": [
        {"key": "landlord", "title": TWO("房东", "The landlord"), "pages": ["landlord"],
         "needed": True},
        {"key": "spouse", "title": TWO("配偶", "The spouse"), "pages": ["spouse"]},
    ],
}  # fmt: skip


@pytest.fixture
def alice(db):
    return make_citizen("alice", name="陈小宁", phone="13800000001")


@pytest.fixture
def lina(db):
    return make_citizen("lina", name="李娜", phone="13800000002")


@pytest.fixture
def draft(alice):
    draft = services.start_draft(
        actor=actor_of(alice), napp_version=publish(LEASE), form_key="lease", purpose="x"
    )
    services.save_page(
        actor=actor_of(alice), draft=draft, page="tenant", values={"secret": "no", "name": "陈小宁"}
    )
    return draft


def invite(alice, draft, part="landlord", **more):
    named = {"name": "李娜", "number": "13800000002"} | more
    return cofilling.invite(actor=actor_of(alice), draft=draft, part=part, **named)


def entered(user, invitation, code="") -> Invitation:
    return cofilling.open_invitation(actor=actor_of(user), invitation=invitation, code=code)


def fill(user, invitation, **values):
    values = {"landlord": "李娜", "flat": "3-1204"} | values
    return cofilling.save_part(
        actor=actor_of(user), invitation=invitation, page="landlord", values=values
    )


def confirm(user, invitation):
    return cofilling.confirm_part(actor=actor_of(user), invitation=invitation)


def send(alice, draft):
    return services.submit_draft(actor=actor_of(alice), draft=draft)


def test_from_inviting_to_the_record_that_says_who_answered_what(alice, lina, draft):
    invitation, code = invite(alice, draft)
    assert code == ""
    opened = entered(lina, invitation)
    assert opened.invitee == lina
    assert fill(lina, opened).next_page is None
    confirm(lina, opened)
    record = send(alice, draft)
    assert selectors.plain_values(record)["flat"] == "3-1204"
    assert record.parts["landlord"]["user"] == lina.pk
    assert record.parts["landlord"]["fields"] == ["landlord", "flat"]
    sections = {one.key: one for one in answers(record)}
    assert sections["landlord"].by.startswith("Filled in by 李")
    assert "李娜" not in sections["landlord"].by
    assert sections["tenant"].by == ""


def test_the_application_waits_for_a_needed_part(alice, lina, draft):
    with pytest.raises(Unusable) as refused:
        send(alice, draft)
    assert set(refused.value.errors) == {"part:landlord"}
    invitation, _code = invite(alice, draft)
    entered(lina, invitation)
    fill(lina, invitation)
    with pytest.raises(Unusable):
        send(alice, draft)
    confirm(lina, invitation)
    assert send(alice, draft)


def test_a_part_that_is_not_needed_is_the_owners_until_somebody_is_invited(alice, draft):
    save = {"actor": actor_of(alice), "draft": draft, "page": "spouse", "values": {"spouse": "x"}}
    assert services.save_page(**save)
    invite(alice, draft, "spouse")
    with pytest.raises(NotAllowed):
        services.save_page(**save)
    cofilling.revoke_invitation(actor=actor_of(alice), draft=draft, part="spouse")
    assert services.save_page(**save)
    with pytest.raises(NotAllowed):
        services.save_page(**{**save, "page": "landlord", "values": {"flat": "mine"}})


def test_the_owner_sees_the_answers_only_once_they_are_confirmed(alice, lina, draft):
    invitation, _code = invite(alice, draft)
    entered(lina, invitation)
    fill(lina, invitation)

    def shown():
        bound = bind_draft(Draft.objects.get(pk=draft.pk), actor=actor_of(alice))
        assert "landlord" not in [one.key for one in bound.pages]
        return {one.key: one for one in answers_to_check(bound)}

    assert "landlord" not in shown()
    confirm(lina, invitation)
    assert shown()["landlord"].is_closed and not shown()["tenant"].is_closed


def test_the_invited_person_sees_nothing_else(alice, lina, draft):
    invitation, _code = invite(alice, draft)
    entered(lina, invitation)
    row = Draft.objects.get(pk=draft.pk)
    bound = cofilling.bind_part(row, invitation, actor=actor_of(lina), page="landlord")
    assert [one.key for one in bound.pages] == ["landlord"]
    drawn = draw(bound)
    assert drawn.facts == "{}"
    why = next(one for one in drawn.questions if one.key == "why")
    assert why.hidden and why.rule == ""
    whole = cofilling.bind_part(row, invitation, actor=actor_of(lina))
    assert [one.key for one in answers_to_check(whole)] == ["landlord"]


def test_what_is_known_of_each_person_is_filled_in_for_each(alice, lina, draft):
    assert selectors.plain_values(draft)["name"] == "陈小宁"
    assert "landlord" not in selectors.plain_values(Draft.objects.get(pk=draft.pk))
    invitation, _code = invite(alice, draft)
    entered(lina, invitation)
    assert selectors.plain_values(Draft.objects.get(pk=draft.pk))["landlord"] == "李娜"


def test_what_was_filled_in_for_the_owner_makes_room_for_the_invited(alice, lina):
    form = copy.deepcopy(LEASE)
    form["pages"][2]["fields"][0]["prefill"] = "profile.name"
    draft = services.start_draft(
        actor=actor_of(alice), napp_version=publish(form), form_key="lease", purpose="x"
    )
    assert selectors.plain_values(draft)["spouse"] == "陈小宁"
    invitation, _code = invite(alice, draft, "spouse")
    entered(lina, invitation)
    row = Draft.objects.get(pk=draft.pk)
    assert selectors.plain_values(row)["spouse"] == "李娜"
    assert "person who filled this in" in source_words(row.sources["spouse"])
    bound = cofilling.bind_part(row, invitation, actor=actor_of(lina))
    assert source_words(bound.sources["spouse"]).startswith("From your profile.")


def test_a_changed_answer_has_to_be_confirmed_again(alice, lina, draft):
    invitation, _code = invite(alice, draft)
    entered(lina, invitation)
    fill(lina, invitation)
    confirm(lina, invitation)
    fill(lina, invitation, flat="4")
    with pytest.raises(Unusable):
        send(alice, draft)


def test_wrong_or_missing_answers_are_not_confirmed(alice, lina, draft):
    invitation, _code = invite(alice, draft)
    entered(lina, invitation)
    fill(lina, invitation, flat="")
    with pytest.raises(Unusable) as refused:
        confirm(lina, invitation)
    assert set(refused.value.errors) == {"flat"}


class TestWhoGetsIn:
    def test_a_forwarded_link_lets_nobody_in_but_the_one_who_was_named(self, alice, lina, draft):
        invitation, _code = invite(alice, draft)
        with pytest.raises(NotAllowed):
            entered(make_citizen("bob"), invitation)
        with pytest.raises(NotAllowed):
            entered(alice, invitation)
        assert entered(lina, invitation)

    def test_somebody_who_merely_claims_the_number_stays_out(self, alice, draft):
        """A mobile number is what people say of themselves: the verified name must fit."""
        invitation, _code = invite(alice, draft)
        with pytest.raises(NotAllowed):
            entered(make_citizen("bob", name="王伟", phone="13800000002"), invitation)
        unverified = register_citizen(
            actor=MAKER, username="eve", email="eve@example.org", password="x" * 20,
            name="李娜", phone="13800000002",
        )  # fmt: skip
        with pytest.raises(NotAllowed):
            entered(unverified, invitation)

    def test_a_citizen_number_is_enough(self, alice, lina, draft):
        invitation, _code = invite(alice, draft, number=lina.identity.citizen_number, name="小娜")
        assert entered(lina, invitation)

    def test_without_a_number_the_code_decides_and_works_for_one_account(self, alice, lina, draft):
        invitation, code = invite(alice, draft, number="")
        assert len(code) == 10 and code not in str(Invitation.objects.values())
        for wrong in ("", "AAAAAAAAAA", code[:-1], "\x00"):
            with pytest.raises(NotAllowed):
                entered(lina, invitation, wrong)
        assert entered(lina, invitation, f" {code[:5].lower()}-{code[5:]}")
        with pytest.raises(NotAllowed):
            entered(make_citizen("bob"), invitation, code)
        assert entered(lina, invitation)

    def test_guessing_codes_is_slowed_down(self, alice, lina, draft):
        invitation, code = invite(alice, draft, number="")
        for _ in range(10):
            with pytest.raises(NotAllowed):
                entered(lina, invitation, "AAAAAAAAAA")
        with pytest.raises(NotAllowed):
            entered(lina, invitation, code)

    @pytest.mark.parametrize("how", ["revoked", "expired", "replaced", "discarded", "sent"])
    def test_an_invitation_that_ended_leads_nowhere(self, alice, lina, draft, how):
        invitation, _code = invite(alice, draft)
        entered(lina, invitation)
        fill(lina, invitation)
        if how == "revoked":
            cofilling.revoke_invitation(actor=actor_of(alice), draft=draft, part="landlord")
        elif how == "expired":
            Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        elif how == "replaced":
            invite(alice, draft, number="13800000009")
        elif how == "discarded":
            services.discard_draft(actor=actor_of(alice), draft=draft)
        else:
            confirm(lina, invitation)
            send(alice, draft)
        assert selectors.invitation_by_id(invitation.pk) is None
        if how != "discarded":
            for deed in (lambda: fill(lina, invitation), lambda: confirm(lina, invitation)):
                with pytest.raises(Conflict):
                    deed()

    def test_only_the_pages_of_the_part_are_open(self, alice, lina, draft):
        invitation, _code = invite(alice, draft)
        entered(lina, invitation)
        for key in ("tenant", "spouse", "nothing"):
            with pytest.raises(Unusable):
                cofilling.save_part(
                    actor=actor_of(lina), invitation=invitation, page=key, values={"secret": "x"}
                )
        fill(lina, invitation, secret="x")
        assert selectors.plain_values(Draft.objects.get(pk=draft.pk))["secret"] == "no"
        with pytest.raises(NotAllowed):
            fill(make_citizen("bob"), invitation)

    def test_only_the_owner_invites_and_revokes(self, alice, lina, draft):
        with pytest.raises(NotAllowed):
            invite(lina, draft)
        with pytest.raises(NotAllowed):
            cofilling.revoke_invitation(actor=actor_of(lina), draft=draft, part="landlord")

    @pytest.mark.parametrize(
        ("wrong", "place"),
        [
            ({"name": ""}, "name"), ({"name": "\x00x"}, "name"), ({"number": "12"}, "number"),
            ({"number": "13800000001"}, "number"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_with_an_invitation_is_said_at_its_field(
        self, alice, draft, wrong, place
    ):
        with pytest.raises(Unusable) as refused:
            invite(alice, draft, **wrong)
        assert set(refused.value.errors) == {place}
        with pytest.raises(Conflict):
            invite(alice, draft, "nothing")


@pytest.mark.parametrize(
    ("parts", "place"),
    [
        ([{"pages": ["nothing"]}], "forms[0].parts[0].pages[0]"),
        ([{"pages": ["spouse"]}, {"pages": ["spouse"]}], "forms[0].parts[1].pages[0]"),
        ([{"pages": ["tenant", "landlord", "spouse"]}], "forms[0].parts"),
    ],
)
def test_mistakes_in_parts_are_found_in_the_manifest(parts, place):
    broken = copy.deepcopy(LEASE)
    broken["parts"] = [
        {"key": f"p{n}", "title": TWO("部分", "Part")} | one for n, one in enumerate(parts)
    ]
    with pytest.raises(ManifestInvalid) as refused:
        validate_manifest(manifest(broken))
    assert [problem.place for problem in refused.value.problems] == [place]


def test_files_are_asked_of_nobody_invited():
    broken = copy.deepcopy(LEASE)
    broken["pages"][2]["fields"].append(
        {"key": "scan", "type": "attachment", "label": TWO("附件", "Scan")}
    )
    with pytest.raises(ManifestInvalid) as refused:
        validate_manifest(manifest(broken))
    assert "Files cannot be asked" in refused.value.problems[0].message
