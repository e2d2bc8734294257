"""Sealed fields: nothing readable in the database, nothing readable in the wrong place."""

import ast

import pytest
from django.apps import apps
from django.core.exceptions import FieldError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from security.accounts import services
from security.accounts.models import Firm, Identity, User
from security.crypto import Unreadable, blind_index, key_id_of, seal, unseal
from security.crypto.fields import BlindIndexField
from tests.architecture.source import files, tree, where
from tests.factories import MAKER, citizen_number, make_citizen, make_firm

NUMBER = citizen_number(77)


@given(st.text(), st.text(max_size=60))
def test_what_is_sealed_opens_only_in_its_place(value, context):
    token = seal(value, context)
    assert unseal(token, context) == value
    if value:
        assert value not in token or len(value) < 4
        with pytest.raises(Unreadable):
            unseal(token, context + "x")


@given(st.data())
def test_every_changed_character_is_noticed(data):
    token = seal("330106199001011234", "t.c:1")
    place = data.draw(st.integers(0, len(token) - 2))
    char = data.draw(st.sampled_from("AQZaz09-_."))
    if token[place] != char:
        with pytest.raises(Unreadable):
            unseal(token[:place] + char + token[place + 1 :], "t.c:1")


@pytest.mark.parametrize(
    "token", ["x", "g1.A256GCM", "g1.A256GCM.00000000.AAAA", "g9.A256GCM.k.AAAA", "...."]
)
def test_garbage_is_refused_not_crashed(token):
    with pytest.raises(Unreadable):
        unseal(token, "t.c:1")


def test_no_two_tokens_are_alike():
    assert len({seal("same", "t.c:1") for _ in range(200)}) == 200


def test_a_retired_key_still_opens_and_a_lost_one_does_not(settings):
    token = seal("value", "t.c:1")
    settings.FIELD_KEYS_RETIRED, settings.FIELD_KEY = [settings.FIELD_KEY], "another-key"
    assert unseal(token, "t.c:1") == "value"
    renewed = seal("value", "t.c:1")
    assert key_id_of(renewed) != key_id_of(token)
    settings.FIELD_KEYS_RETIRED = []
    assert unseal(renewed, "t.c:1") == "value"
    with pytest.raises(Unreadable):
        unseal(token, "t.c:1")


def test_blind_indexes_depend_on_key_and_kind(settings):
    first = blind_index("138 0000 0000", "mobile")
    assert first == blind_index("１３８-0000-0000", "mobile") and len(first) == 64
    assert first != blind_index("13800000000", "citizen_number")
    settings.BLIND_KEY = "another"
    assert first != blind_index("13800000000", "mobile")


def everything_in_the_database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            found.extend(row for (row,) in cursor.fetchall())
    return "\n".join(found)


@pytest.mark.django_db
def test_no_planted_value_lies_in_any_table_in_the_clear():
    alice = make_citizen("alice", verified=False, phone="13987654321")
    services.verify_identity(actor=MAKER, user=alice, real_name="诸葛小兰", citizen_number=NUMBER)
    firm = make_firm("清晰可见公司")
    dump = everything_in_the_database()
    assert "清晰可见公司" in dump  # the search itself works
    for planted in ("13987654321", NUMBER, "诸葛小兰", firm.credit_code):
        # The name that the account shows is its own choice; the verified one is sealed.
        dump_without_account = dump.replace(f",{planted},", ",") if planted == "诸葛小兰" else dump
        assert planted not in dump_without_account, planted


@pytest.mark.django_db
def test_a_ciphertext_moved_to_another_row_does_not_open():
    alice, bob = (
        make_citizen("alice", phone="13900000001"),
        make_citizen("bob", phone="13900000002"),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE security_user SET phone = (SELECT phone FROM security_user WHERE id = %s)"
            " WHERE id = %s",
            [alice.pk, bob.pk],
        )
        cursor.execute("UPDATE security_identity SET real_name = citizen_number")
    with pytest.raises(Unreadable):
        _ = User.objects.get(pk=bob.pk).phone
    with pytest.raises(Unreadable):
        _ = Identity.objects.get(user=alice).real_name
    assert User.objects.get(pk=alice.pk).phone == "13900000001"


@pytest.mark.django_db
def test_rows_are_found_by_the_index_and_never_by_the_plaintext():
    firm = make_firm()
    assert Firm.objects.get(credit_code_index=blind_index(firm.credit_code, "credit_code")) == firm
    with pytest.raises(FieldError):
        Firm.objects.filter(credit_code=firm.credit_code)
    assert Firm.objects.filter(credit_code__isnull=False).exists()
    with pytest.raises(FieldError):
        Firm.objects.update(credit_code="91350100M000100Y43")


@pytest.mark.django_db
def test_saving_without_reading_keeps_token_and_index():
    alice = make_citizen("alice", phone="13900000001")
    raw = User.objects.filter(pk=alice.pk).values_list("phone", "phone_index").get()
    loaded = User.objects.get(pk=alice.pk)
    loaded.language = "en"
    loaded.save()
    assert User.objects.filter(pk=alice.pk).values_list("phone", "phone_index").get() == raw
    loaded.phone = ""
    loaded.save()
    assert User.objects.filter(pk=alice.pk).values_list("phone", "phone_index").get() == ("", None)


def test_the_index_is_never_forgotten_when_some_fields_are_saved():
    sources = {
        field.source: field.name
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, BlindIndexField)
    }
    for path in files("*.py"):
        if "update_fields" not in path.read_text(encoding="utf-8"):
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.keyword) and node.arg == "update_fields":
                names = {one.value for one in ast.walk(node.value) if isinstance(one, ast.Constant)}
                for source in sources.keys() & names:
                    assert sources[source] in names, where(path, node.value.lineno)


@pytest.mark.django_db
def test_deferred_and_refreshed_fields_open_too():
    alice = make_citizen("alice", phone="13900000001")
    assert User.objects.defer("phone").get(pk=alice.pk).phone == "13900000001"
    alice.refresh_from_db()
    assert alice.phone == "13900000001"
    assert "13900000001" not in repr(User.objects.filter(pk=alice.pk).values())
