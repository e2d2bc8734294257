"""The forms of the open services inside the API's own description: one component for each, and the
intake names them all.
"""

from django.db import DatabaseError
from drf_spectacular.hooks import postprocess_schema_enums

from platform_core.capabilities.forms.describe import json_schema

from . import selectors


def component_name(item) -> str:
    """Form_rent_withdrawal for the item "withdrawal" of the N-app "rent"."""
    return f"Form_{item.napp.slug}_{item.key}"


def describe_forms(result, generator, request, public):
    """The hook of drf-spectacular: its own work, then the answers of every open service.

    The description is also made where there is no database, to be checked: then without forms.
    """
    result = postprocess_schema_enums(result, generator, request=request, public=public)
    try:
        pairs = selectors.forms_of_open_items()
    except DatabaseError:
        return result
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    names = []
    for item, form in pairs:
        # OpenAPI 3.0 knows a subset of JSON Schema: the full one is at items/…/schema/.
        schemas[component_name(item)] = for_openapi(json_schema(form))
        names.append(component_name(item))
    for intake in (schemas.get("Intake"), schemas.get("IntakeRequest")):
        values = (intake or {}).get("properties", {}).get("values")
        if values is not None and names:
            values.pop("additionalProperties", None)
            values.pop("type", None)
            values["anyOf"] = [{"$ref": f"#/components/schemas/{name}"} for name in sorted(names)]
    return result


LATER = {"$schema", "if", "then", "dependentRequired"}


def for_openapi(schema):
    """A JSON Schema in the dialect of OpenAPI 3.0: without what came later; several types become
    alternatives.
    """
    if isinstance(schema, list):
        return [for_openapi(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {
        key: {name: for_openapi(one) for name, one in value.items()}
        if key == "properties"
        else for_openapi(value)
        for key, value in schema.items()
        if key not in LATER
    }
    if isinstance(schema.get("type"), list):
        kinds = [{"type": kind} for kind in found.pop("type")]
        found["anyOf"] = kinds
    if isinstance(found.get("allOf"), list):
        found["allOf"] = [part for part in found["allOf"] if part]
        if not found["allOf"]:
            del found["allOf"]
    return found
