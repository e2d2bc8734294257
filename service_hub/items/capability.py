"""The manifest section "services": checked against the other sections, published as service
items.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_core.capabilities.documents.standard import standard_templates
from platform_core.napps.changes import register_wording
from platform_core.napps.manifest import Section, entries, register_section
from security.actors import Actor
from service_hub.catalogue.checks import lines
from service_hub.catalogue.selectors import basic_items

from .schema import LADDER, Service
from .services import publish_services


def check_services(manifest, services: list[Service]) -> Iterator[tuple[str, str]]:
    """Dangling names and rules that need other sections, as (path, message)."""
    forms = {form.key: form for form in manifest.section("forms")}
    processes = manifest.keys_of("processes")
    for index, service in enumerate(services):
        at = f"[{index}]"
        if service.process not in processes:
            yield (
                f"{at}.process",
                _("The manifest has no process “%(key)s”.") % {"key": service.process},
            )
        if service.form not in forms:
            yield f"{at}.form", _("The manifest has no form “%(key)s”.") % {"key": service.form}
            continue
        yield from _check_fields(at, service, forms[service.form])
        yield from _check_people(at, forms[service.form])
        yield from _check_ends(at, service, manifest)
        yield from _check_answer(at, service, forms)
        yield from _check_documents(at, service, manifest)
        yield from _check_materials(at, service, forms[service.form])


def _check_fields(at: str, service: Service, form) -> Iterator[tuple[str, str]]:
    types = {field.key: field.type for page in form.pages for field in page.fields}
    wanted = {"region_field": ("region",), "contact_field": ("mobile", "email")}
    for name, kinds in wanted.items():
        key = getattr(service, name)
        if key is not None and types.get(key) not in kinds:
            message = _("“%(key)s” is not a field of type %(types)s of the form “%(form)s”.")
            yield (
                f"{at}.{name}",
                message % {"key": key, "types": " / ".join(kinds), "form": form.key},
            )
    for number, key in enumerate(service.result.statements if service.result else []):
        if key not in types:
            message = _("The form “%(form)s” has no field “%(key)s”.")
            yield f"{at}.result.statements[{number}]", message % {"form": form.key, "key": key}


def _check_people(at: str, form) -> Iterator[tuple[str, str]]:
    """The directory of civil servants is not for those who apply."""
    for field in form.questions():
        if field.type == "person":
            message = _("“%(key)s” asks for a civil servant; whoever applies cannot choose one.")
            yield f"{at}.form", message % {"key": field.key}


def _check_answer(at: str, service: Service, forms: dict) -> Iterator[tuple[str, str]]:
    answer = service.result.answer if service.result else None
    if answer is None:
        return
    if answer.form not in forms:
        yield (
            f"{at}.result.answer.form",
            _("The manifest has no form “%(key)s”.") % {"key": answer.form},
        )
    elif forms[answer.form].question(answer.field) is None:
        message = _("The form “%(form)s” has no field “%(key)s”.")
        yield (
            f"{at}.result.answer.field",
            message % {"form": answer.form, "key": answer.field},
        )


def _check_documents(at: str, service: Service, manifest) -> Iterator[tuple[str, str]]:
    own = {template.key: template for template in manifest.section("documents")}
    known = standard_templates() | own
    named = [(f"notices[{n}].document", one.document) for n, one in enumerate(service.notices)]
    if service.result and service.result.document:
        named.append(("result.document", service.result.document))
    for path, key in named:
        template = known.get(key)
        if template is None:
            message = _("There is no document template “%(key)s”. Known: %(names)s.")
            yield f"{at}.{path}", message % {"key": key, "names": ", ".join(sorted(known))}
        elif template.form not in (None, service.form):
            message = _("The template “%(key)s” states the answers of another form.")
            yield f"{at}.{path}", message % {"key": key}
        elif path.startswith("result") and template.kind != "certificate":
            message = _("The template “%(key)s” is no certificate.")
            yield f"{at}.{path}", message % {"key": key}
    if len({(one.when, one.document) for one in service.notices}) < len(service.notices):
        yield f"{at}.notices", _("The same document is issued twice.")


def _check_materials(at: str, service: Service, form) -> Iterator[tuple[str, str]]:
    """Each paper once, its ways in the order of the ladder, over fields that can hold it."""
    types = {one.key: one.type for one in form.questions()}
    wanted = {"pledge": "yes_no", "upload": "attachment"}
    seen: set[str] = set()
    for number, material in enumerate(service.guide.materials):
        here = f"{at}.guide.materials[{number}]"
        if material.ways and material.code is None:
            yield f"{here}.code", _("A material that says how it can be had needs a code.")
        if material.code in seen:
            yield f"{here}.code", _("The same paper is asked for twice.")
        seen |= {material.code} - {None}
        steps = [LADDER.index(way.way) for way in material.ways]
        if steps != sorted(set(steps)):
            yield f"{here}.ways", _("Name each way once: %(order)s.") % {"order": ", ".join(LADDER)}
        for place, way in enumerate(material.ways):
            kind = wanted.get(way.way)
            if kind is not None and types.get(way.field) != kind:
                message = _("“%(key)s” is not a field of type %(types)s of the form “%(form)s”.")
                words = {"key": way.field, "types": kind, "form": form.key}
                yield f"{here}.ways[{place}].field", message % words


def _check_ends(at: str, service: Service, manifest) -> Iterator[tuple[str, str]]:
    needed = {"person": "public", "firm": "enterprise"}
    for audience in service.audience:
        if needed[audience] not in manifest.ends:
            message = _("The N-app does not serve the end “%(end)s”.")
            yield f"{at}.audience", message % {"end": needed[audience]}
    if service.anonymous_allowed and "firm" in service.audience:
        yield f"{at}.anonymous_allowed", _("A service for firms cannot be anonymous.")


def check_catalogue(services: list[Service], _earlier) -> Iterator[tuple[str, str]]:
    """What contradicts the basic catalogue: name and basis are the same everywhere (四级四同), the
    type is part of the code. Items that the catalogue does not know are not judged.
    """
    known = basic_items(service.basic_code for service in services)
    for index, service in enumerate(services):
        item = known.get(service.basic_code)
        if item is None:
            continue
        elements = item.current.elements
        if service.title.zh != elements["task_name"]:
            message = _("The basic catalogue calls %(code)s “%(name)s”.")
            words = {"code": item.code, "name": elements["task_name"]}
            yield f"[{index}].title", message % words
        if {one.zh for one in service.guide.legal_basis} != set(lines(elements["by_law"])):
            message = _("The legal basis is not that of the basic catalogue: %(basis)s")
            yield f"[{index}].guide.legal_basis", message % {"basis": elements["by_law"]}


def publish(napp_version, services: list[Service]) -> None:
    publish_services(
        actor=Actor.system("publication"), napp_version=napp_version, services=services
    )


register_section(
    Section(
        key="services",
        model=entries(Service),
        check=check_services,
        publish=publish,
        check_history=check_catalogue,
    )
)
register_wording("services", gettext_lazy("Services"))
