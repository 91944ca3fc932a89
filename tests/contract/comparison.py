"""What an OpenAPI document has to say of one exchange of an example."""

import json

import jsonschema

from documents import query_of


def subschemas(schema):
    """The schema itself and what its allOf, anyOf and oneOf add."""
    found = [schema]
    for word in ("allOf", "anyOf", "oneOf"):
        for one in schema.get(word, []):
            found += subschemas(one)
    return found


def unknown_members(schema, value, where):
    """Members that the document doesn't mention, where it mentions any."""
    parts = [one for one in subschemas(schema or {}) if isinstance(one, dict)]
    if isinstance(value, list):
        items = [one["items"] for one in parts if isinstance(one.get("items"), dict)]
        for index, item in enumerate(value):
            yield from unknown_members({"anyOf": items}, item, f"{where}[{index}]")
    if not isinstance(value, dict):
        return
    known = {}
    for one in parts:
        for name, member in one.get("properties", {}).items():
            known.setdefault(name, []).append(member)
    is_open = not known or any(one.get("additionalProperties") not in (None, False) for one in parts)
    for name, member in value.items():
        if name in known:
            yield from unknown_members({"anyOf": [one for one in known[name] if isinstance(one, dict)]}, member, f"{where}.{name}")
        elif not is_open:
            yield f"{where}.{name} is not in the document"


def innermost(error):
    """Of the alternatives that a value could be, only the nearest is told."""
    if not error.context:
        return [error]
    branches = {}
    for inner in error.context:
        branches.setdefault(inner.relative_schema_path[0], []).extend(innermost(inner))
    # As far into the value as possible: an alternative that fails at once is another kind of thing.
    return min(branches.values(), key=lambda errors: (-max(len(one.absolute_path) for one in errors), len(errors)))


def violations(schema, value, where):
    """Each way in which the value is not what the schema wants."""
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    for outer in sorted(validator.iter_errors(value), key=lambda one: [str(part) for part in one.absolute_path]):
        for error in innermost(outer):
            place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path)
            yield f"{where}{place}: {error.message[:200]}"


def meant(schema, texts):
    """A parameter's value as JSON: everything in a query is text."""
    kinds = {kind for one in subschemas(schema) for kind in ([one["type"]] if isinstance(one.get("type"), str) else one.get("type", []))}
    if "array" in kinds:
        items = next((one["items"] for one in subschemas(schema) if "items" in one), {})
        return [meant(items, [part]) for text in texts for part in text.split(",")]
    text = texts[-1]
    if kinds & {"integer", "number", "boolean"} and "string" not in kinds:
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


def query_complaints(operation, url):
    sent = {}
    for name, text in query_of(url):
        sent.setdefault(name.removesuffix("[]"), []).append(text)
    known = {name.removesuffix("[]"): parameter for name, parameter in operation.query.items()}
    for name, texts in sent.items():
        if name not in known:
            yield f"query parameter {name} is not in the document"
        else:
            schema = known[name].get("schema", {})
            yield from violations(schema, meant(schema, texts), f"query parameter {name}")
    for name, parameter in known.items():
        if parameter.get("required") and name not in sent:
            yield f"query parameter {name} is missing"


def body_complaints(operation, exchange):
    body = exchange["body"]
    if not body:
        if (operation.request_body or {}).get("required"):
            yield "the request has no body"
        return
    if operation.request_body is None:
        if body not in ("{}", "[]"):
            yield "the request has a body, and the document has none"
        return
    schema = operation.body_schema(exchange["content_type"])
    if schema is None:
        yield f"the document has no body of type {exchange['content_type']}"
    elif exchange["content_type"].startswith("application/json"):
        value = json.loads(body)
        yield from violations(schema, value, "request")
        yield from unknown_members(schema, value, "request")


def answer_complaints(operation, answer):
    known, schema = operation.answer_schema(answer["status"])
    if not known:
        # Documents leave out most of what can go wrong.
        if answer["status"] < 300:
            yield f"status {answer['status']} is not in the document"
        return
    if schema is None or not answer["body"] or answer["status"] >= 300:
        return
    try:
        value = json.loads(answer["body"])
    except ValueError:
        yield "the answer is not JSON"
        return
    yield from violations(schema, value, "answer")
    yield from unknown_members(schema, value, "answer")


def complaints(document, exchange):
    """What is wrong with the exchange; None if the document has no such operation."""
    operation = document.operation(exchange["method"], exchange["url"])
    if operation is None:
        return None
    found = list(query_complaints(operation, exchange["url"]))
    found += body_complaints(operation, exchange)
    found += answer_complaints(operation, exchange["answer"])
    return found
