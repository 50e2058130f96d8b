"""**app_info**: the document that a connector describes itself with is whole, and says what ``info`` says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from connector_contract.config import Json
from connector_contract.contract.rules.breach import Breach

APP_INFO = "app_info"
_READS = "Lumos builds the connection form and the calls to the connector from this document."
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+{_LABEL}", re.IGNORECASE)
_SCOPE_TEXT = "Required for "
_OPERATIONS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def app_info_breach(
    app: Json, info: Json, standard: Collection[str], document: type[BaseModel]
) -> Iterator[Breach]:
    """What is wrong with ``app_info``, whoever has written it.

    Args:
        app: Its ``response``.
        info: That of ``info``.
        standard: The names of the SDK's standard capabilities.
        document: The model of an OpenAPI document that the SDK reads it with.

    Source: ``AppInfo.app_schema`` of ``connector/spec/openapi.yaml``: "The connector OpenAPI specification";
    ``OpenAPISpecification`` and ``OpenAPISpecificationInfo``; the OpenAPI Specification 3.0.
    """
    schema = _mapping(app.get("app_schema"))
    described = _mapping(schema.get("info"))
    if malformed := list(_malformed(schema, described, document)):
        yield Breach(APP_INFO, "its app_schema is not an OpenAPI 3 document", _READS, malformed)
        return
    for title, lines in (
        ("references in it lead nowhere", _dangling(schema)),
        ("its app_id is another than that of info", _other_ids(app, described, info)),
        ("x-app-logo-url is no fully qualified URL", _bad_logo(described)),
        ("x-app-vendor-domain is no domain name", _bad_domain(described)),
        ("x-allowed-credentials name credentials that are not declared", _unknown(described, info)),
        ("x-multi-credential does not fit the credentials that info declares", _bad_flag(described, info)),
        ("it does not say what info says", _disagreements(schema, described, info)),
        ("OAuth scopes are for capabilities that there are not", _unknown_scopes(described, info, standard)),
    ):
        if lines:
            yield Breach(APP_INFO, title, _READS, lines)


def unsecured_breach(app: Json) -> Iterator[Breach]:
    """Operations that name a security scheme that the document does not have.

    Args:
        app: The ``response`` of ``app_info``.

    Source: the OpenAPI Specification 3.0: "Each name MUST correspond to a security scheme which is declared
    in the Security Schemes under the Components Object."
    """
    if lines := unknown_schemes(app):
        yield Breach(APP_INFO, "operations name security schemes that it does not have", _READS, lines)


def unknown_schemes(app: Json) -> list[str]:
    """The security schemes that operations name, and the document does not have."""
    schema = _mapping(app.get("app_schema"))
    known = _mapping(_mapping(schema.get("components")).get("securitySchemes"))
    named = {
        str(name)
        for operation in _operations(schema).values()
        for requirement in operation.get("security") or ()
        for name in requirement
    }
    return sorted(named - known.keys())


def app_info_remarks(app: Json) -> list[str]:
    """What is recommended, as far as the specification contradicts itself on whether it is required."""
    described = _mapping(_mapping(app.get("app_schema")).get("info"))
    missing = [name for name in ("x-app-logo-url", "x-app-vendor-domain") if not described.get(name)]
    remarks = []
    if missing:
        remarks.append(
            f"no {' and no '.join(missing)}: OpenAPISpecificationInfo requires it, and Info and "
            "DescriptionData have it as optional"
        )
    if str(described.get("x-app-logo-url") or "").startswith("http://"):
        remarks.append("x-app-logo-url is no https URL: a page that is served over https does not load it")
    return remarks


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _operations(schema: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The operations by method and path."""
    return {
        f"{method.upper()} {path}": _mapping(operation)
        for path, item in _mapping(schema.get("paths")).items()
        for method, operation in _mapping(item).items()
        if method in _OPERATIONS
    }


def _malformed(
    schema: Mapping[str, Any], described: Mapping[str, Any], document: type[BaseModel]
) -> Iterator[str]:
    try:
        document.model_validate(schema)
    except ValidationError as error:
        yield from (f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        return
    if not str(schema.get("openapi")).startswith("3."):
        yield f"openapi: {schema.get('openapi')!r}"
    yield from (f"info.{name}: {described[name]!r}" for name in ("title", "version") if not described[name])
    yield from (f"a path without a slash: {path}" for path in schema["paths"] if path[:1] != "/")
    operations = _operations(schema)
    yield from (f"{where}: no responses" for where, each in operations.items() if not each.get("responses"))
    ids = Counter(str(each.get("operationId")) for each in operations.values() if each.get("operationId"))
    yield from (f"operationId {id_}: {times} times" for id_, times in ids.items() if times > 1)


def _dangling(schema: Mapping[str, Any]) -> list[str]:
    references = dict.fromkeys(ref for ref in _references(schema) if ref.startswith("#"))
    return [ref for ref in references if not _resolves(schema, ref)]


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        mapping = _mapping(_mapping(value.get("discriminator")).get("mapping"))
        yield from (each for each in mapping.values() if isinstance(each, str))
        for name, item in value.items():
            # An example may be anything.
            if name not in ("example", "examples", "default", "enum"):
                yield from _references(item)
    elif isinstance(value, list):
        for item in value:
            yield from _references(item)


def _resolves(schema: Mapping[str, Any], ref: str) -> bool:
    found: Any = schema
    for part in ref.removeprefix("#").split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if not isinstance(found, Mapping) or name not in found:
            return False
        found = found[name]
    return True


def _other_ids(app: Json, described: Mapping[str, Any], info: Json) -> list[str]:
    ids = {"app_id": app.get("app_id"), "x-app-id": described.get("x-app-id")}
    own = info.get("app_id")
    return [f"{name}: {id_!r}; info: {own!r}" for name, id_ in ids.items() if id_ != own]


def _bad_logo(described: Mapping[str, Any]) -> list[str]:
    logo = str(described.get("x-app-logo-url") or "")
    try:
        url = urlsplit(logo)
    except ValueError:
        return [logo]
    return [logo] if logo and not (url.scheme in ("http", "https") and url.netloc) else []


def _bad_domain(described: Mapping[str, Any]) -> list[str]:
    domain = str(described.get("x-app-vendor-domain") or "")
    return [domain] if domain and not _DOMAIN.fullmatch(domain) else []


def _unknown(described: Mapping[str, Any], info: Json) -> list[str]:
    declared = {str(each.get("id")) for each in info.get("credentials_schema") or ()}
    groups: Sequence[Sequence[str]] = described.get("x-allowed-credentials") or ()
    unknown = dict.fromkeys(id_ for group in groups for id_ in group if id_ not in declared)
    return [f"{id_!r}; declared: {', '.join(sorted(declared)) or 'none'}" for id_ in unknown]


def _bad_flag(described: Mapping[str, Any], info: Json) -> list[str]:
    declared = [str(each.get("id")) for each in info.get("credentials_schema") or ()]
    flag = described.get("x-multi-credential")
    return [] if flag is bool(declared) else [f"{flag!r}; credentials: {', '.join(declared) or 'none'}"]


def _disagreements(schema: Mapping[str, Any], described: Mapping[str, Any], info: Json) -> list[str]:
    has, listed = set(info.get("capabilities") or ()), set(described.get("x-capabilities") or ())
    paths = {path.lstrip("/") for path in _mapping(schema.get("paths"))}
    found = [
        *(f"{name}: not among x-capabilities" for name in sorted(has - listed)),
        *(f"{name}: among x-capabilities, and not among those of info" for name in sorted(listed - has)),
        *(f"{name}: no path in the document" for name in sorted(listed & has) if name.lower() not in paths),
    ]
    for field in ("entitlement_types", "resource_types"):
        extension = f"x-{field.replace('_', '-')}"
        parts = (described.get(extension), info.get(field))
        one, other = ({_type(each) for each in part or ()} for part in parts)
        if one != other:
            ids = ", ".join(sorted({dict(each).get("type_id", "") for each in one ^ other}))
            found.append(f"{extension}: not the {field} of info: {ids}")
    return found


def _type(declared: Any) -> tuple[tuple[str, str], ...]:
    return tuple(
        sorted((name, str(value)) for name, value in _mapping(declared).items() if value is not None)
    )


def _unknown_scopes(described: Mapping[str, Any], info: Json, standard: Collection[str]) -> list[str]:
    """Scopes of what is neither registered nor standard: of the latter, an author may list all."""
    known = {*standard, *(info.get("capabilities") or ())}
    named = dict.fromkeys([*(info.get("oauth_scopes") or ()), *_scoped(described.get("x-oauth-settings"))])
    return [str(name) for name in named if name not in known]


def _scoped(settings: Any) -> Iterator[str]:
    """The capabilities that the texts of scopes name, whether for one credential or for several."""
    if isinstance(settings, Mapping):
        for name, item in settings.items():
            if name == "scopes":
                texts = [text for text in _mapping(item).values() if isinstance(text, str)]
                for text in texts:
                    if text.startswith(_SCOPE_TEXT):
                        yield from (each.strip() for each in text.removeprefix(_SCOPE_TEXT).split(","))
            else:
                yield from _scoped(item)
