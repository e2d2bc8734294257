"""Every field of every model says what kind of data it holds, and holds it accordingly."""

import pytest
from django.apps import apps
from django.db import models

from security.crypto.fields import BlindIndexField, SealedTextField
from security.privacy import CLASSES, declared_fields

from .source import PLATFORMS

OURS = [
    model
    for model in apps.get_models(include_auto_created=False)
    if model.__module__.split(".")[0] in PLATFORMS
]
# Fields that hold what the law counts as sensitive are named like this wherever they stand.
SENSITIVE_NAMES = {
    "citizen_number",
    "id_number",
    "bank_account",
    "health",
    "whereabouts",
    "password",
}


def own_fields(model) -> set[str]:
    meta = model._meta
    return {field.name for field in [*meta.local_fields, *meta.local_many_to_many]}


def test_there_are_models():
    assert len(OURS) > 15


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_field_is_declared(model):
    declared = declared_fields(model)
    missing = own_fields(model) - set(declared)
    assert not missing, f"{model._meta.label}: declare({model.__name__}, {sorted(missing)}=…)"
    assert set(declared.values()) <= set(CLASSES)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_what_is_sealed_is_personal_or_sensitive_and_the_other_way_round(model):
    declared = declared_fields(model)
    for field in model._meta.local_fields:
        if isinstance(field, SealedTextField | BlindIndexField):
            assert declared[field.name] in {"personal", "sensitive"}, field
        is_text = isinstance(field, models.CharField | models.TextField)
        if field.name in SENSITIVE_NAMES:
            assert declared[field.name] == "sensitive", field
            is_hashed = field.name == "password"
            assert isinstance(field, SealedTextField) or is_hashed or not is_text, field


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_index_names_the_field_that_it_indexes(model):
    names = own_fields(model)
    for field in model._meta.local_fields:
        if isinstance(field, BlindIndexField):
            assert field.source in names and field.context
            assert isinstance(model._meta.get_field(field.source), SealedTextField)
