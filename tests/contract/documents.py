"""OpenAPI documents, as far as requests and answers are compared with them: 3.0 and 3.1, JSON or YAML."""

import json
import pathlib
import re
import urllib.parse

import yaml


class Loader(yaml.SafeLoader):
    """YAML without times: a date in a document is text."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def resolved(value, root, seen=()):
    """References written out. One that leads back to itself allows anything."""
    if isinstance(value, list):
        return [resolved(one, root, seen) for one in value]
    if not isinstance(value, dict):
        return value
    reference = value.get("$ref")
    if isinstance(reference, str):
        if reference in seen or not reference.startswith("#/"):
            return {}
        target = root
        for part in reference[2:].split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        return resolved(target, root, seen + (reference,))
    return {key: resolved(one, root, seen) for key, one in value.items()}


def as_json_schema(schema):
    """OpenAPI 3.0's own words in those of JSON Schema, which 3.1 uses: `nullable`, and limits that are flags.

    `oneOf` becomes `anyOf`: documents list kinds of text that exclude each other only by what they are for.
    """
    if isinstance(schema, list):
        return [as_json_schema(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: as_json_schema(one) for key, one in schema.items() if key not in ("example", "examples", "nullable")}
    if "oneOf" in made:
        made["allOf"] = made.get("allOf", []) + [{"anyOf": made.pop("oneOf")}]
    for limit in ("exclusiveMinimum", "exclusiveMaximum"):
        if isinstance(made.get(limit), bool):
            del made[limit]
    return {"anyOf": [made, {"type": "null"}]} if schema.get("nullable") is True else made


def pattern_of(template):
    """`/candidates/{id}` as a regular expression."""
    parts = re.split(r"\{[^}]*\}", template)
    return "[^/]+".join(re.escape(part) for part in parts)


class Operation:
    """One method of one path."""

    def __init__(self, name, item, operation):
        self.name = name
        own = operation.get("parameters", [])
        named = {(one["name"], one["in"]) for one in own}
        shared = [one for one in item.get("parameters", []) if (one["name"], one["in"]) not in named]
        self.query = {one["name"]: one for one in shared + own if one["in"] == "query"}
        self.request_body = operation.get("requestBody")
        self.responses = operation.get("responses", {})

    def body_schema(self, content_type):
        """The schema of a request's body; None if the document has none for that type."""
        content = (self.request_body or {}).get("content", {})
        media = content.get(content_type.split(";")[0].strip())
        return None if media is None else media.get("schema", {})

    def answer_schema(self, status):
        """Whether the document has this status, and the schema of its JSON body (None: it says nothing of it)."""
        response = self.responses.get(str(status)) or self.responses.get(f"{status // 100}XX") or self.responses.get("default")
        if response is None:
            return False, None
        media = response.get("content", {}).get("application/json")
        return True, None if media is None else media.get("schema")


class Document:
    """What one file says of one API."""

    def __init__(self, name, tree):
        self.name = name
        tree = as_json_schema(resolved(tree, tree))
        self.routes = []
        for path, item in tree.get("paths", {}).items():
            for method, operation in item.items():
                if method not in ("get", "post", "put", "patch", "delete"):
                    continue
                servers = operation.get("servers") or item.get("servers") or tree.get("servers") or []
                for server in servers:
                    base = server["url"].rstrip("/")
                    pattern = re.compile(pattern_of(base) + pattern_of(path) + "$")
                    self.routes.append((pattern, base, method.upper(), Operation(f"{method.upper()} {path}", item, operation)))
        # A path that is written out goes before one that has a parameter at the same place.
        self.routes.sort(key=lambda route: route[0].pattern.count("[^/]+"))

    def speaks_of(self, url):
        """Whether the URL is at one of this document's servers."""
        return any(re.match(pattern_of(base) + "(/|$)", url) for _, base, _, _ in self.routes)

    def operation(self, method, url):
        target = url.split("?")[0]
        for pattern, _, wanted, operation in self.routes:
            if wanted == method and pattern.match(target):
                return operation
        return None


def read_documents(directory):
    """Every OpenAPI document of a folder."""
    documents = []
    for path in sorted(pathlib.Path(directory).iterdir()):
        if path.suffix not in (".json", ".yaml", ".yml"):
            continue
        text = path.read_text(encoding="utf-8")
        tree = json.loads(text) if path.suffix == ".json" else yaml.load(text, Loader)
        if isinstance(tree, dict) and str(tree.get("openapi", "")).startswith("3."):
            documents.append(Document(path.name, tree))
    return documents


def query_of(url):
    """Names and values of a URL's query, decoded, in order."""
    return urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query, keep_blank_values=True)
