"""Changes to contracts and the verdict on each: schemas in both directions, then operations."""

from dataclasses import dataclass

NONE, HARMLESS, RISKY, BREAKING = "none", "harmless", "risky", "breaking"


@dataclass(frozen=True)
class SchemaRow:
    """A schema, its new version, the rule that applies, and the severity in each direction."""

    title: str
    old: str
    new: str
    rule: str
    request: str
    response: str
    version: str = "3.0.3"


@dataclass(frozen=True)
class OperationRow:
    """A contract (members of its operation, or of its top), its new version, and the verdict."""

    title: str
    old: str
    new: str
    rule: str
    severity: str


_OBJECT = "{type: object, properties: {a: {type: string}}}"
_KIND = "kind: {type: string, enum: [%s]}"
_CAT = "{type: object, required: [kind, claws], properties: {claws: {type: integer}, "
_CAT += f"{_KIND % 'cat'}}}}}"
_DOG = "{type: object, required: [kind, barks], properties: {barks: {type: boolean}, "
_DOG += f"{_KIND % 'dog'}}}}}"

SCHEMAS = [
    # What type a value is of.
    SchemaRow(
        "another type", "{type: string}", "{type: integer}", "type-changed", BREAKING, BREAKING
    ),
    SchemaRow(
        "integer to number", "{type: integer}", "{type: number}", "type-widened", HARMLESS, BREAKING
    ),
    SchemaRow(
        "number to integer",
        "{type: number}",
        "{type: integer}",
        "type-narrowed",
        BREAKING,
        HARMLESS,
    ),
    SchemaRow("anything to string", "{}", "{type: string}", "type-narrowed", BREAKING, HARMLESS),
    SchemaRow("string to anything", "{type: string}", "{}", "type-widened", HARMLESS, BREAKING),
    SchemaRow(
        "nullable",
        "{type: string}",
        "{type: string, nullable: true}",
        "nullable-widened",
        HARMLESS,
        BREAKING,
    ),
    SchemaRow(
        "nullable beside an enum",
        "{type: string, enum: [a]}",
        "{type: string, nullable: true, enum: [a]}",
        "nullable-widened",
        HARMLESS,
        BREAKING,
    ),
    SchemaRow(
        "nullable no more",
        "{type: string, nullable: true}",
        "{type: string}",
        "nullable-narrowed",
        BREAKING,
        HARMLESS,
    ),
    SchemaRow(
        "a type more",
        "{type: string}",
        "{type: [string, integer]}",
        "type-widened",
        HARMLESS,
        BREAKING,
        "3.1.0",
    ),
    SchemaRow(
        "a type less",
        "{type: [string, integer]}",
        "{type: string}",
        "type-narrowed",
        BREAKING,
        HARMLESS,
        "3.1.0",
    ),
    SchemaRow(
        "null among types",
        "{type: string}",
        "{type: [string, 'null']}",
        "nullable-widened",
        HARMLESS,
        BREAKING,
        "3.1.0",
    ),
    # Which values there are.
    SchemaRow(
        "enum value gone", "{enum: [a, b]}", "{enum: [a]}", "enum-narrowed", BREAKING, HARMLESS
    ),
    SchemaRow("enum value new", "{enum: [a]}", "{enum: [b, a]}", "enum-widened", HARMLESS, RISKY),
    SchemaRow(
        "enum where was none",
        "{type: string}",
        "{type: string, enum: [a]}",
        "enum-narrowed",
        BREAKING,
        HARMLESS,
    ),
    SchemaRow(
        "no enum any more",
        "{type: string, enum: [a]}",
        "{type: string}",
        "enum-widened",
        HARMLESS,
        RISKY,
    ),
    SchemaRow(
        "const where was none",
        "{type: string}",
        "{type: string, const: a}",
        "enum-narrowed",
        BREAKING,
        HARMLESS,
        "3.1.0",
    ),
    SchemaRow(
        "const to enum", "{const: a}", "{enum: [a, b]}", "enum-widened", HARMLESS, RISKY, "3.1.0"
    ),
    # Numbers.
    SchemaRow(
        "maximum lowered",
        "{type: integer, maximum: 9}",
        "{type: integer, maximum: 8}",
        "maximum-narrowed",
        BREAKING,
        HARMLESS,
    ),
    SchemaRow(
        "maximum raised",
        "{type: integer, maximum: 8}",
        "{type: integer, maximum: 9}",
        "maximum-widened",
        HARMLESS,
        RISKY,
    ),
    SchemaRow(
        "maximum new",
        "{type: number}",
        "{type: number, maximum: 9}",
        "maximum-narrowed",
        BREAKING,
        HARMLESS,
    ),
    SchemaRow(
        "maximum gone",
        "{type: number, maximum: 9}",
        "{type: number}",
        "maximum-widened",
        HARMLESS,
        RISKY,
    ),
    SchemaRow(
        "minimum raised",
        "{type: number, minimum: 1}",
        "{type: number, minimum: 2}",
        "minimum-narrowed",
        BREAKING,
        HARMLESS,
    ),
    SchemaRow(
        "minimum lowered",
        "{type: number, minimum: 2}",
        "{type: number, minimum: 1}",
        "minimum-widened",
        HARMLESS,
        RISKY,
    ),
    SchemaRow(
        "minimum exclusive",
        "{type: number, minimum: 1}",
        "{type: number, minimum: 1, exclusiveMinimum: true}",
        "minimum-narrowed",
        BREAKING,
        HARMLESS,
    ),
    SchemaRow(
        "minimum inclusive",
        "{type: number, exclusiveMinimum: 1}",
        "{type: number, minimum: 1}",
        "minimum-widened",
        HARMLESS,
        RISKY,
        "3.1.0",
    ),
    SchemaRow(
        "multiples of fewer",
        "{type: integer, multipleOf: 2}",
        "{type: integer, multipleOf: 4}",
        "multiple-of-narrowed",
        BREAKING,
        HARMLESS,
    ),
    SchemaRow(
        "multiples of more",
        "{type: integer, multipleOf: 4}",
        "{type: integer, multipleOf: 2}",
        "multiple-of-widened",
        HARMLESS,
        RISKY,
    ),
    # Text.
    SchemaRow(
        "maxLength lowered",
        "{type: string, maxLength: 9}",
        "{type: string, maxLength: 8}",
        "max-length-narrowed",
        BREAKING,
        HARMLESS,
    ),
    SchemaRow(
        "maxLength gone",
        "{type: string, maxLength: 9}",
        "{type: string}",
        "max-length-widened",
        HARMLESS,
        RISKY,
    ),
    SchemaRow(
        "minLength new",
        "{type: string}",
        "{type: string, minLength: 1}",
        "min-length-narrowed",
        BREAKING,
        HARMLESS,
    ),
    SchemaRow(
        "minLength lowered",
        "{type: string, minLength: 2}",
        "{type: string, minLength: 1}",
        "min-length-widened",
        HARMLESS,
        RISKY,
    ),
    SchemaRow(
        "pattern new",
        "{type: string}",
        "{type: string, pattern: ^a}",
        "pattern-narrowed",
        BREAKING,
        HARMLESS,
    ),
    SchemaRow(
        "pattern gone",
        "{type: string, pattern: ^a}",
        "{type: string}",
        "pattern-widened",
        HARMLESS,
        RISKY,
    ),
    SchemaRow(
        "another pattern",
        "{type: string, pattern: ^a}",
        "{type: string, pattern: ^b}",
        "pattern-undecided",
        RISKY,
        RISKY,
    ),
    SchemaRow(
        "format new",
        "{type: string}",
        "{type: string, format: uuid}",
        "format-narrowed",
        BREAKING,
        HARMLESS,
    ),
    SchemaRow(
        "format gone",
        "{type: string, format: date-time}",
        "{type: string}",
        "format-widened",
        HARMLESS,
        BREAKING,
    ),
    SchemaRow(
        "another format",
        "{type: string, format: date-time}",
        "{type: string, format: date}",
        "format-changed",
        BREAKING,
        BREAKING,
    ),
    SchemaRow(
        "format that includes it",
        "{type: integer, format: int32}",
        "{type: integer, format: int64}",
        "format-widened",
        HARMLESS,
        BREAKING,
    ),
    SchemaRow(
        "format that it includes",
        "{type: string, format: uri-reference}",
        "{type: string, format: uri}",
        "format-narrowed",
        BREAKING,
        HARMLESS,
    ),
    SchemaRow(
        "format unheard of",
        "{type: string}",
        "{type: string, format: fnr}",
        "format-undecided",
        RISKY,
        RISKY,
    ),
    # Arrays.
    SchemaRow(
        "maxItems lowered",
        "{type: array, maxItems: 9}",
        "{type: array, maxItems: 8}",
        "max-items-narrowed",
        BREAKING,
        HARMLESS,
    ),
    SchemaRow(
        "minItems gone",
        "{type: array, minItems: 1}",
        "{type: array}",
        "min-items-widened",
        HARMLESS,
        RISKY,
    ),
    SchemaRow(
        "items differ",
        "{type: array}",
        "{type: array, uniqueItems: true}",
        "unique-items-narrowed",
        BREAKING,
        HARMLESS,
    ),
    SchemaRow(
        "items may repeat",
        "{type: array, uniqueItems: true}",
        "{type: array}",
        "unique-items-widened",
        HARMLESS,
        RISKY,
    ),
    SchemaRow(
        "items of another type",
        "{type: array, items: {type: string}}",
        "{type: array, items: {type: boolean}}",
        "type-changed",
        BREAKING,
        BREAKING,
    ),
    SchemaRow(
        "first item narrower",
        "{type: array, prefixItems: [{type: string}]}",
        "{type: array, prefixItems: [{type: string, maxLength: 1}]}",
        "max-length-narrowed",
        BREAKING,
        HARMLESS,
        "3.1.0",
    ),
    SchemaRow(
        "array has to contain",
        "{type: array}",
        "{type: array, contains: {const: 1}}",
        "contains-narrowed",
        BREAKING,
        HARMLESS,
        "3.1.0",
    ),
    # Objects.
    SchemaRow("optional member new", "{type: object}", _OBJECT, "member-added", HARMLESS, HARMLESS),
    SchemaRow(
        "required member new in requests",
        "{type: object}",
        "{type: object, required: [a], properties: {a: {type: string}}}",
        "member-added-required|member-added",
        BREAKING,
        HARMLESS,
    ),
    SchemaRow(
        "required member with a default new",
        "{type: object}",
        "{type: object, required: [a], properties: {a: {type: string, default: x}}}",
        "member-added-required|member-added",
        BREAKING,
        HARMLESS,
    ),
    SchemaRow("member gone", _OBJECT, "{type: object}", "member-removed", RISKY, BREAKING),
    SchemaRow(
        "member gone from a closed object",
        "{type: object, additionalProperties: false, properties: {a: {}, b: {}}}",
        "{type: object, additionalProperties: false, properties: {b: {}}}",
        "member-refused|member-removed",
        BREAKING,
        BREAKING,
    ),
    SchemaRow(
        "member new in a closed object",
        "{type: object, additionalProperties: false, properties: {a: {}}}",
        "{type: object, additionalProperties: false, properties: {a: {}, b: {}}}",
        "member-added|member-added-to-closed",
        HARMLESS,
        RISKY,
    ),
    SchemaRow(
        "member required",
        _OBJECT,
        "{type: object, required: [a], properties: {a: {type: string}}}",
        "required-narrowed",
        BREAKING,
        HARMLESS,
    ),
    SchemaRow(
        "member optional",
        "{type: object, required: [a], properties: {a: {type: string}}}",
        _OBJECT,
        "required-widened",
        HARMLESS,
        BREAKING,
    ),
    SchemaRow(
        "unnamed member required",
        "{type: object}",
        "{type: object, required: [z]}",
        "required-narrowed",
        BREAKING,
        HARMLESS,
    ),
    SchemaRow(
        "member of another type",
        _OBJECT,
        "{type: object, properties: {a: {type: integer}}}",
        "type-changed",
        BREAKING,
        BREAKING,
    ),
    SchemaRow(
        "closed",
        _OBJECT,
        "{type: object, additionalProperties: false, properties: {a: {type: string}}}",
        "additional-properties-narrowed",
        BREAKING,
        HARMLESS,
    ),
    SchemaRow(
        "opened",
        "{type: object, additionalProperties: false}",
        "{type: object}",
        "additional-properties-widened",
        HARMLESS,
        RISKY,
    ),
    SchemaRow(
        "other members narrower",
        "{type: object, additionalProperties: {type: number}}",
        "{type: object, additionalProperties: {type: integer}}",
        "type-narrowed",
        BREAKING,
        HARMLESS,
    ),
    SchemaRow(
        "maxProperties lowered",
        "{type: object, maxProperties: 3}",
        "{type: object, maxProperties: 2}",
        "max-properties-narrowed",
        BREAKING,
        HARMLESS,
    ),
    SchemaRow(
        "minProperties lowered",
        "{type: object, minProperties: 3}",
        "{type: object, minProperties: 2}",
        "min-properties-widened",
        HARMLESS,
        RISKY,
    ),
    SchemaRow(
        "members by pattern",
        "{type: object}",
        "{type: object, patternProperties: {^x: {type: string}}}",
        "pattern-properties-undecided",
        RISKY,
        RISKY,
        "3.1.0",
    ),
    SchemaRow(
        "names narrower",
        "{type: object}",
        "{type: object, propertyNames: {maxLength: 3}}",
        "property-names-narrowed",
        BREAKING,
        HARMLESS,
        "3.1.0",
    ),
    SchemaRow(
        "member with a condition",
        "{type: object}",
        "{type: object, dependentRequired: {a: [b]}}",
        "dependent-required-narrowed",
        BREAKING,
        HARMLESS,
        "3.1.0",
    ),
    SchemaRow(
        "member is read only",
        _OBJECT,
        "{type: object, properties: {a: {type: string, readOnly: true}}}",
        "member-removed|",
        RISKY,
        NONE,
    ),
    SchemaRow(
        "member is write only",
        _OBJECT,
        "{type: object, properties: {a: {type: string, writeOnly: true}}}",
        "|member-removed",
        NONE,
        BREAKING,
    ),
    # Alternatives.
    SchemaRow(
        "alternative gone",
        f"{{oneOf: [{_CAT}, {_DOG}]}}",
        f"{{oneOf: [{_CAT}]}}",
        "alternative-narrowed",
        BREAKING,
        HARMLESS,
    ),
    SchemaRow(
        "alternative new",
        f"{{anyOf: [{_CAT}]}}",
        f"{{anyOf: [{_DOG}, {_CAT}]}}",
        "alternative-widened",
        HARMLESS,
        BREAKING,
    ),
    SchemaRow(
        "alternative changed",
        f"{{oneOf: [{_CAT}, {_DOG}]}}",
        f"{{oneOf: [{_DOG}, {_CAT.replace(', claws]', ']')}]}}",
        "required-widened",
        HARMLESS,
        BREAKING,
    ),
    SchemaRow(
        "alternative of another type",
        "{type: string}",
        "{oneOf: [{type: string}, {type: boolean}]}",
        "type-widened",
        HARMLESS,
        BREAKING,
    ),
    SchemaRow(
        "demand more by allOf",
        "{allOf: [{type: string}]}",
        "{allOf: [{type: string}, {maxLength: 3}]}",
        "max-length-narrowed",
        BREAKING,
        HARMLESS,
    ),
    SchemaRow(
        "demand less by allOf",
        "{allOf: [{type: string}, {pattern: ^a}]}",
        "{allOf: [{type: string}]}",
        "pattern-widened",
        HARMLESS,
        RISKY,
    ),
    SchemaRow(
        "not something",
        "{type: string}",
        "{type: string, not: {enum: [x]}}",
        "not-narrowed",
        BREAKING,
        HARMLESS,
    ),
    SchemaRow(
        "not something else",
        "{type: string, not: {enum: [y]}}",
        "{type: string, not: {enum: [x]}}",
        "not-undecided",
        RISKY,
        RISKY,
    ),
    SchemaRow(
        "told apart by another member",
        "{type: object, discriminator: {propertyName: a}}",
        "{type: object, discriminator: {propertyName: b}}",
        "discriminator-changed",
        BREAKING,
        BREAKING,
    ),
    # What is said beside the constraints.
    SchemaRow(
        "another default",
        "{type: integer, default: 1}",
        "{type: integer, default: 2}",
        "default-changed",
        RISKY,
        HARMLESS,
    ),
    SchemaRow(
        "no default any more",
        "{type: integer, default: 1}",
        "{type: integer}",
        "default-changed",
        RISKY,
        HARMLESS,
    ),
    SchemaRow(
        "default new",
        "{type: integer}",
        "{type: integer, default: 1}",
        "default-changed",
        HARMLESS,
        HARMLESS,
    ),
]

EQUAL = [
    ("an allOf of one", "{allOf: [{type: string}]}", "{type: string}", "3.0.3"),
    ("a oneOf of one", "{oneOf: [{type: string}]}", "{type: string}", "3.0.3"),
    (
        "alternatives in another order",
        f"{{oneOf: [{_CAT}, {_DOG}]}}",
        f"{{oneOf: [{_DOG}, {_CAT}]}}",
        "3.0.3",
    ),
    ("values in another order", "{enum: [a, b, 1]}", "{enum: [1.0, b, a]}", "3.0.3"),
    ("one value, two ways", "{const: a}", "{enum: [a]}", "3.1.0"),
    (
        "null, two ways",
        "{type: [string, 'null']}",
        "{anyOf: [{type: string}, {type: 'null'}]}",
        "3.1.0",
    ),
    (
        "types, two ways",
        "{type: [string, integer]}",
        "{oneOf: [{type: integer}, {type: string}]}",
        "3.1.0",
    ),
    (
        "allOf merged",
        "{allOf: [{type: object, required: [a]}, {properties: {a: {type: string}}}]}",
        "{type: object, required: [a], properties: {a: {type: string}}}",
        "3.0.3",
    ),
    (
        "whole numbers, two ways",
        "{type: integer, exclusiveMinimum: 0}",
        "{type: integer, minimum: 1}",
        "3.1.0",
    ),
    (
        "a bound that says nothing",
        "{type: string, minLength: 0, pattern: .*}",
        "{type: string}",
        "3.0.3",
    ),
    (
        "a format that says how to show",
        "{type: string, format: password}",
        "{type: string}",
        "3.0.3",
    ),
    (
        "an open object, two ways",
        "{type: object, additionalProperties: true}",
        "{type: object}",
        "3.0.3",
    ),
    (
        "an alternative within another",
        "{anyOf: [{type: string, enum: [a]}, {type: string}]}",
        "{type: string}",
        "3.0.3",
    ),
    ("a schema that is always met", "{type: array, items: true}", "{type: array}", "3.1.0"),
]

_JSON = "content: {application/json: {schema: {type: string}}}"
_XML = "content: {application/xml: {}}"
_BOTH = f"content: {{application/xml: {{}}, {_JSON.removeprefix('content: {')}"
_OK = "responses: {'200': {description: d}}"
_ID = "{name: id, in: query, schema: {type: string}}"


def _responses(more: str) -> str:
    return f"responses: {{'200': {{description: d}}, {more}}}"


def _callback(schema: str) -> str:
    body = f"requestBody: {{content: {{a/b: {{schema: {schema}}}}}}}"
    return f"callbacks: {{done: {{'{{$url}}': {{post: {{{body}}}}}}}}}"


def _ok(more: str) -> str:
    return f"responses: {{'200': {{description: d, {more}}}}}"


OPERATIONS = [
    # Parameters.
    OperationRow(
        "optional parameter new", "", f"parameters: [{_ID}]", "request-parameter-added", HARMLESS
    ),
    OperationRow(
        "required parameter new",
        "",
        "parameters: [{name: id, in: query, required: true}]",
        "request-parameter-added-required",
        BREAKING,
    ),
    OperationRow(
        "parameter gone", f"parameters: [{_ID}]", "", "request-parameter-removed", BREAKING
    ),
    OperationRow(
        "parameter required",
        "parameters: [{name: id, in: query}]",
        "parameters: [{name: id, in: query, required: true}]",
        "request-parameter-required",
        BREAKING,
    ),
    OperationRow(
        "parameter optional",
        "parameters: [{name: id, in: query, required: true}]",
        "parameters: [{name: id, in: query}]",
        "request-parameter-optional",
        HARMLESS,
    ),
    OperationRow(
        "parameter not empty",
        "parameters: [{name: id, in: query, allowEmptyValue: true}]",
        "parameters: [{name: id, in: query}]",
        "request-parameter-empty-refused",
        BREAKING,
    ),
    OperationRow(
        "parameter narrower",
        "parameters: [{name: id, in: query, schema: {type: string}}]",
        "parameters: [{name: id, in: query, schema: {type: string, maxLength: 3}}]",
        "request-max-length-narrowed",
        BREAKING,
    ),
    OperationRow(
        "list written otherwise",
        "parameters: [{name: id, in: query, schema: {type: array}}]",
        "parameters: [{name: id, in: query, explode: false, schema: {type: array}}]",
        "request-parameter-style-changed",
        BREAKING,
    ),
    OperationRow(
        "text written alike",
        f"parameters: [{_ID}]",
        "parameters: [{name: id, in: query, explode: false, schema: {type: string}}]",
        "",
        NONE,
    ),
    OperationRow(
        "header in another case",
        "parameters: [{name: X-A, in: header}]",
        "parameters: [{name: x-a, in: header}]",
        "",
        NONE,
    ),
    OperationRow(
        "header that is ignored", "parameters: [{name: Accept, in: header}]", "", "", NONE
    ),
    OperationRow(
        "parameter deprecated",
        "parameters: [{name: id, in: query}]",
        "parameters: [{name: id, in: query, deprecated: true}]",
        "deprecated",
        HARMLESS,
    ),
    # Bodies.
    OperationRow(
        "required body new",
        "",
        f"requestBody: {{required: true, {_JSON}}}",
        "request-body-added-required",
        BREAKING,
    ),
    OperationRow(
        "optional body new", "", f"requestBody: {{{_JSON}}}", "request-body-added", HARMLESS
    ),
    OperationRow("body gone", f"requestBody: {{{_JSON}}}", "", "request-body-removed", BREAKING),
    OperationRow(
        "body required",
        f"requestBody: {{{_JSON}}}",
        f"requestBody: {{required: true, {_JSON}}}",
        "request-body-required",
        BREAKING,
    ),
    OperationRow(
        "body optional",
        f"requestBody: {{required: true, {_JSON}}}",
        f"requestBody: {{{_JSON}}}",
        "request-body-optional",
        HARMLESS,
    ),
    OperationRow(
        "media type of body gone",
        f"requestBody: {{{_BOTH}}}",
        f"requestBody: {{{_JSON}}}",
        "request-media-type-removed",
        BREAKING,
    ),
    OperationRow(
        "media type of body new",
        f"requestBody: {{{_XML}}}",
        f"requestBody: {{{_BOTH}}}",
        "request-media-type-added",
        HARMLESS,
    ),
    OperationRow(
        "part of a form written otherwise",
        "requestBody: {content: {multipart/form-data: {encoding: {a: {contentType: text/csv}}}}}",
        "requestBody: {content: {multipart/form-data: {}}}",
        "request-encoding-changed",
        RISKY,
    ),
    OperationRow(
        "media type covered by a range",
        f"requestBody: {{{_JSON}}}",
        "requestBody: {content: {'*/*': {schema: {type: string}}}}",
        "request-media-type-added",
        HARMLESS,
    ),
    OperationRow(
        "media type with a charset",
        f"requestBody: {{{_JSON}}}",
        "requestBody: {content: {Application/JSON; charset=utf-8: {schema: {type: string}}}}",
        "",
        NONE,
    ),
    # Responses.
    OperationRow(
        "success gone",
        _responses("'202': {description: d}"),
        _OK,
        "response-status-removed",
        BREAKING,
    ),
    OperationRow(
        "success new", _OK, _responses("'202': {description: d}"), "response-status-added", RISKY
    ),
    OperationRow(
        "error gone", _responses("'409': {description: d}"), _OK, "response-status-removed", RISKY
    ),
    OperationRow(
        "error new", _OK, _responses("'409': {description: d}"), "response-status-added", HARMLESS
    ),
    OperationRow(
        "error told by its range",
        _responses("'409': {description: d}"),
        _responses("4XX: {description: d}"),
        "response-status-added",
        HARMLESS,
    ),
    OperationRow(
        "error that the default told",
        _responses("default: {description: d}"),
        _responses("'409': {description: d}, default: {description: d}"),
        "",
        NONE,
    ),
    OperationRow(
        "media type of response gone",
        _ok(_BOTH),
        _ok(_JSON),
        "response-media-type-removed",
        BREAKING,
    ),
    OperationRow(
        "media type of response new", _ok(_JSON), _ok(_BOTH), "response-media-type-added", HARMLESS
    ),
    OperationRow(
        "required header gone",
        _ok("headers: {A: {required: true}}"),
        _OK,
        "response-header-removed",
        BREAKING,
    ),
    OperationRow(
        "optional header gone",
        _ok("headers: {A: {schema: {type: string}}}"),
        _OK,
        "response-header-removed",
        RISKY,
    ),
    OperationRow(
        "header new", _OK, _ok("headers: {A: {required: true}}"), "response-header-added", HARMLESS
    ),
    OperationRow(
        "header optional",
        _ok("headers: {A: {required: true}}"),
        _ok("headers: {a: {}}"),
        "response-header-optional",
        BREAKING,
    ),
    OperationRow(
        "header required",
        _ok("headers: {A: {}}"),
        _ok("headers: {A: {required: true}}"),
        "response-header-required",
        HARMLESS,
    ),
    OperationRow(
        "header of another type",
        _ok("headers: {A: {schema: {type: string}}}"),
        _ok("headers: {A: {schema: {type: integer}}}"),
        "response-type-changed",
        BREAKING,
    ),
    OperationRow(
        "link gone", _ok("links: {A: {operationId: makeTea}}"), _OK, "response-link-removed", RISKY
    ),
    OperationRow(
        "link new", _OK, _ok("links: {A: {operationId: makeTea}}"), "response-link-added", HARMLESS
    ),
    OperationRow(
        "link leads elsewhere",
        _ok("links: {A: {operationId: makeTea, parameters: {a: 1}}}"),
        _ok("links: {A: {operationId: makeTea}}"),
        "response-link-changed",
        RISKY,
    ),
    # Who may call.
    OperationRow(
        "security new", "security: []", "security: [{key: []}]", "security-added", BREAKING
    ),
    OperationRow(
        "security gone",
        "security: [{key: []}]",
        "security: []",
        "security-alternative-added",
        HARMLESS,
    ),
    OperationRow(
        "alternative gone",
        "security: [{key: []}, {token: []}]",
        "security: [{token: []}]",
        "security-alternative-removed",
        BREAKING,
    ),
    OperationRow(
        "alternative new",
        "security: [{token: []}]",
        "security: [{key: []}, {token: []}]",
        "security-alternative-added",
        HARMLESS,
    ),
    OperationRow(
        "alternatives in another order",
        "security: [{token: []}, {key: []}]",
        "security: [{key: []}, {token: []}]",
        "",
        NONE,
    ),
    OperationRow(
        "both instead of one",
        "security: [{token: []}]",
        "security: [{key: [], token: []}]",
        "security-tightened",
        BREAKING,
    ),
    OperationRow(
        "scope new",
        "security: [{oauth: [read]}]",
        "security: [{oauth: [read, write]}]",
        "security-tightened",
        BREAKING,
    ),
    OperationRow(
        "scope gone",
        "security: [{oauth: [read, write]}]",
        "security: [{oauth: [read]}]",
        "security-alternative-added",
        HARMLESS,
    ),
    OperationRow(
        "required scope new",
        "x-required-scopes: [a]",
        "x-required-scopes: [b, a]",
        "required-scope-added",
        BREAKING,
    ),
    OperationRow(
        "required scope gone", "x-required-scopes: [a]", "", "required-scope-removed", HARMLESS
    ),
    # What the operation is called.
    OperationRow(
        "operationId renamed",
        "operationId: makeTea",
        "operationId: brewTea",
        "operation-id-changed",
        BREAKING,
    ),
    OperationRow("operationId gone", "operationId: makeTea", "", "operation-id-changed", BREAKING),
    OperationRow("operationId new", "", "operationId: makeTea", "operation-id-added", HARMLESS),
    OperationRow("another tag", "tags: [Tea]", "tags: [Coffee]", "tags-changed", RISKY),
    OperationRow("operation deprecated", "", "deprecated: true", "deprecated", HARMLESS),
    OperationRow(
        "operation no longer deprecated", "deprecated: true", "", "undeprecated", HARMLESS
    ),
    OperationRow(
        "another description", "description: a", "description: b", "description-changed", HARMLESS
    ),
    OperationRow("another extension", "x-source: a", "x-source: b", "extension-changed", HARMLESS),
    # Where it is called, and whom it calls.
    OperationRow(
        "another base path",
        "servers: [{url: https://a.example/v1}]",
        "servers: [{url: https://a.example/v2}]",
        "base-path-changed",
        BREAKING,
    ),
    OperationRow(
        "server gone",
        "servers: [{url: https://a.example}, {url: https://b.example}]",
        "servers: [{url: https://b.example/}]",
        "server-removed",
        BREAKING,
    ),
    OperationRow(
        "server new",
        "servers: [{url: https://a.example}]",
        "servers: [{url: https://b.example}, {url: https://a.example}]",
        "server-added",
        HARMLESS,
    ),
    OperationRow(
        "server variable narrower",
        "servers: [{url: '/{v}', variables: {v: {default: a, enum: [a, b]}}}]",
        "servers: [{url: '/{v}', variables: {v: {default: a, enum: [a]}}}]",
        "server-variable-narrowed",
        BREAKING,
    ),
    OperationRow(
        "callback gone",
        "callbacks: {done: {'{$url}': {post: {}}}}",
        "",
        "callback-removed",
        BREAKING,
    ),
    OperationRow(
        "callback new", "", "callbacks: {done: {'{$url}': {post: {}}}}", "callback-added", HARMLESS
    ),
    OperationRow(
        "a member that callbacks lose",
        _callback("{type: object, properties: {a: {}}}"),
        _callback("{type: object}"),
        "response-member-removed",
        BREAKING,
    ),
]
