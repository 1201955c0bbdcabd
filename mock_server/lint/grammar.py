"""Grammar of OpenAPI 3.0 and 3.1: the members of each object, and their types."""

from collections.abc import Mapping
from dataclasses import dataclass

from mock_server.contract.requirements import METHODS

DOCUMENT = "OpenAPI"

SPECIAL = frozenset({"text", "flag", "number", "texts", "values", "any", "anymap", "textmap"})
"""What a member may be other than an object of the grammar."""


@dataclass(frozen=True, slots=True)
class Shape:
    """
    One kind of object.

    *members* gives for each name what it holds: a kind, `[kind]` for an array of it, `{kind}` for
    a map to it, or one of SPECIAL. *patterned* is the kind of every other member, if any.
    """

    members: Mapping[str, str]
    required: tuple[str, ...] = ()
    patterned: str = ""
    is_referable: bool = False


def _shape(
    required: str = "", /, *, patterned: str = "", is_referable: bool = False, **members: str
) -> Shape:
    return Shape(members, tuple(required.split()), patterned, is_referable)


_PARAMETER = {
    "description": "text",
    "required": "flag",
    "deprecated": "flag",
    "allowEmptyValue": "flag",
    "style": "text",
    "explode": "flag",
    "allowReserved": "flag",
    "schema": "Schema",
    "example": "any",
    "examples": "{Example}",
    "content": "{MediaType}",
}

_SCHEMA = {
    **dict.fromkeys(("title", "pattern", "format", "description"), "text"),
    **dict.fromkeys(("nullable", "readOnly", "writeOnly", "deprecated", "uniqueItems"), "flag"),
    **dict.fromkeys(("multipleOf", "maximum", "minimum", "maxLength", "minLength"), "number"),
    **dict.fromkeys(("maxItems", "minItems", "maxProperties", "minProperties"), "number"),
    **dict.fromkeys(("exclusiveMaximum", "exclusiveMinimum"), "flag"),
    **dict.fromkeys(("allOf", "anyOf", "oneOf"), "[Schema]"),
    **dict.fromkeys(("not", "items", "additionalProperties"), "Schema"),
    **dict.fromkeys(("default", "example"), "any"),
    "type": "text",
    "enum": "values",
    "required": "texts",
    "properties": "{Schema}",
    "discriminator": "Discriminator",
    "xml": "XML",
    "externalDocs": "ExternalDocs",
}

_OAUTH = ("implicit", "password", "clientCredentials", "authorizationCode")
_COMPONENTS = {
    "schemas": "Schema",
    "responses": "Response",
    "parameters": "Parameter",
    "examples": "Example",
    "requestBodies": "RequestBody",
    "headers": "Header",
    "securitySchemes": "SecurityScheme",
    "links": "Link",
    "callbacks": "Callback",
}

_SHAPES = {
    DOCUMENT: _shape(
        "openapi info paths",
        openapi="text",
        info="Info",
        servers="[Server]",
        paths="Paths",
        components="Components",
        security="[SecurityRequirement]",
        tags="[Tag]",
        externalDocs="ExternalDocs",
    ),
    "Info": _shape(
        "title version",
        title="text",
        description="text",
        termsOfService="text",
        contact="Contact",
        license="License",
        version="text",
    ),
    "Contact": _shape(name="text", url="text", email="text"),
    "License": _shape("name", name="text", url="text"),
    "Server": _shape("url", url="text", description="text", variables="{ServerVariable}"),
    "ServerVariable": _shape("default", enum="texts", default="text", description="text"),
    "Components": Shape({name: f"{{{kind}}}" for name, kind in _COMPONENTS.items()}),
    "Paths": _shape(patterned="PathItem"),
    "PathItem": Shape(
        {
            "$ref": "text",
            "summary": "text",
            "description": "text",
            "servers": "[Server]",
            "parameters": "[Parameter]",
            **dict.fromkeys(METHODS, "Operation"),
        },
        is_referable=True,
    ),
    "Operation": _shape(
        "responses",
        tags="texts",
        summary="text",
        description="text",
        externalDocs="ExternalDocs",
        operationId="text",
        parameters="[Parameter]",
        requestBody="RequestBody",
        responses="Responses",
        callbacks="{Callback}",
        deprecated="flag",
        security="[SecurityRequirement]",
        servers="[Server]",
    ),
    "ExternalDocs": _shape("url", description="text", url="text"),
    "Parameter": Shape(
        {"name": "text", "in": "text", **_PARAMETER}, ("name", "in"), is_referable=True
    ),
    "Header": Shape(_PARAMETER, is_referable=True),
    "RequestBody": _shape(
        "content", is_referable=True, description="text", content="{MediaType}", required="flag"
    ),
    "MediaType": _shape(
        schema="Schema", example="any", examples="{Example}", encoding="{Encoding}"
    ),
    "Encoding": _shape(
        contentType="text", headers="{Header}", style="text", explode="flag", allowReserved="flag"
    ),
    "Responses": _shape(patterned="Response"),
    "Response": _shape(
        "description",
        is_referable=True,
        description="text",
        headers="{Header}",
        content="{MediaType}",
        links="{Link}",
    ),
    "Callback": _shape(patterned="PathItem", is_referable=True),
    "Example": _shape(
        is_referable=True, summary="text", description="text", value="any", externalValue="text"
    ),
    "Link": _shape(
        is_referable=True,
        operationRef="text",
        operationId="text",
        parameters="anymap",
        requestBody="any",
        description="text",
        server="Server",
    ),
    "Tag": _shape("name", name="text", description="text", externalDocs="ExternalDocs"),
    "Schema": Shape(_SCHEMA, is_referable=True),
    "Discriminator": _shape("propertyName", propertyName="text", mapping="textmap"),
    "XML": _shape(name="text", namespace="text", prefix="text", attribute="flag", wrapped="flag"),
    "SecurityScheme": Shape(
        {
            **dict.fromkeys(
                ("type", "description", "name", "in", "scheme", "bearerFormat"), "text"
            ),
            "flows": "OAuthFlows",
            "openIdConnectUrl": "text",
        },
        ("type",),
        is_referable=True,
    ),
    "OAuthFlows": Shape(dict.fromkeys(_OAUTH, "OAuthFlow")),
    "OAuthFlow": _shape(
        "scopes", authorizationUrl="text", tokenUrl="text", refreshUrl="text", scopes="textmap"
    ),
    "SecurityRequirement": _shape(patterned="texts"),
}

_SCHEMA_31 = {
    **_SCHEMA,
    **dict.fromkeys(("exclusiveMaximum", "exclusiveMinimum"), "number"),
    **dict.fromkeys(("not", "if", "then", "else", "contains", "propertyNames"), "Schema"),
    **dict.fromkeys(("unevaluatedItems", "unevaluatedProperties", "contentSchema"), "Schema"),
    **dict.fromkeys(("$defs", "patternProperties", "dependentSchemas"), "{Schema}"),
    "prefixItems": "[Schema]",
    "type": "any",
}


def grammar(version: str) -> Mapping[str, Shape]:
    """Return the shapes of OpenAPI *version*, `3.0` or `3.1`, by kind."""
    if version == "3.0":
        return _SHAPES
    changed = {
        DOCUMENT: ({"webhooks": "{PathItem}", "jsonSchemaDialect": "text"}, ("openapi", "info")),
        "Info": ({"summary": "text"}, _SHAPES["Info"].required),
        "License": ({"identifier": "text"}, ("name",)),
        "Components": ({"pathItems": "{PathItem}"}, ()),
        "Operation": ({}, ()),
    }
    newer = {
        kind: Shape({**_SHAPES[kind].members, **members}, required)
        for kind, (members, required) in changed.items()
    }
    schema = Shape(_SCHEMA_31, patterned="any", is_referable=True)
    return {**_SHAPES, **newer, "Schema": schema}
