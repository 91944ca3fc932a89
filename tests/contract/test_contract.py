#!/usr/bin/python3
"""Whether the comparison finds what is wrong. The document is a made-up one."""

import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
try:
    from comparison import complaints
    from documents import Document
except ImportError as missing:
    print(f"skipped: {missing}; apt-get install python3-yaml python3-jsonschema")
    sys.exit(77)

NOTE = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}, "by": {"type": "string", "nullable": True}}}
PAGE = {"type": "object", "properties": {"rows": {"type": "array", "items": {"$ref": "#/components/schemas/Row"}}}}
KIND = {"oneOf": [
    {"type": "object", "required": ["error", "reason"], "properties": {"error": {"type": "string"}, "reason": {"type": "string"}}},
    {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "size": {"type": "integer"}}},
]}
ROW = {"type": "object", "properties": {"id": {"type": "integer"}, "more": {"type": "object"}, "kind": KIND}}
LIST = {
    "parameters": [
        {"name": "page", "in": "query", "required": True, "schema": {"type": "integer"}},
        {"name": "ids", "in": "query", "schema": {"type": "array", "items": {"type": "integer"}}},
    ],
    "responses": {"200": {"content": {"application/json": {"schema": PAGE}}}},
}
WRITE = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": NOTE}}},
    "responses": {"201": {"description": "made"}},
}
ACME = Document("acme", {
    "openapi": "3.0.1",
    "servers": [{"url": "https://{company}.example.com/v1"}],
    "components": {"schemas": {"Row": ROW}},
    "paths": {"/rows": {"get": LIST}, "/rows/{id}/notes": {"post": WRITE}},
})


def read(query, body, status=200):
    return complaints(ACME, {"method": "GET", "url": "https://a.example.com/v1/rows" + query, "content_type": "", "body": "",
                             "answer": {"status": status, "body": json.dumps(body)}})


def write(body, status=201, content_type="application/json"):
    return complaints(ACME, {"method": "POST", "url": "https://a.example.com/v1/rows/7/notes", "content_type": content_type,
                             "body": body and json.dumps(body), "answer": {"status": status, "body": ""}})


class Comparison(unittest.TestCase):
    def test_what_the_document_says_is_well(self):
        self.assertEqual(read("?page=1&ids=1,2", {"rows": [{"id": 1, "more": {"any": 1}}]}), [])
        self.assertEqual(write({"text": "a", "by": None}), [])

    def test_parameters_have_name_type_and_may_be_required(self):
        self.assertEqual(read("?page=1&pages=2", {}), ["query parameter pages is not in the document"])
        self.assertEqual(read("?page=one", {}), ["query parameter page: 'one' is not of type 'integer'"])
        self.assertEqual(read("", {}), ["query parameter page is missing"])
        self.assertEqual(read("?page=1&ids=1,b", {}), ["query parameter ids[1]: 'b' is not of type 'integer'"])

    def test_bodies_have_the_members_of_the_document(self):
        self.assertEqual(write({"txt": "a"}), ["request: 'text' is a required property", "request.txt is not in the document"])
        self.assertEqual(write({"text": 1}), ["request.text: 1 is not of type 'string'"])
        self.assertEqual(write(None), ["the request has no body"])
        self.assertEqual(write({"text": "a"}, content_type="application/x-www-form-urlencoded"),
                         ["the document has no body of type application/x-www-form-urlencoded"])

    def test_answers_have_the_shape_of_the_document(self):
        self.assertEqual(read("?page=1", {"rows": [{"id": "1"}]}), ["answer.rows[0].id: '1' is not of type 'integer'"])
        self.assertEqual(read("?page=1", {"rows": [{"nr": 1}]}), ["answer.rows[0].nr is not in the document"])
        self.assertEqual(write({"text": "a"}, status=204), ["status 204 is not in the document"])
        self.assertEqual(read("?page=1", {"error": 1}, status=503), [])

    def test_of_several_alternatives_the_nearest_is_told(self):
        self.assertEqual(read("?page=1", {"rows": [{"id": 1, "kind": {"name": 1, "size": 2}}]}),
                         ["answer.rows[0].kind.name: 1 is not of type 'string'"])

    def test_alternatives_need_not_exclude_each_other(self):
        self.assertEqual(read("?page=1", {"rows": [{"id": 1, "kind": {"name": "a", "error": "b", "reason": "c"}}]}), [])

    def test_an_operation_that_is_not_there_is_none(self):
        self.assertIsNone(complaints(ACME, {"method": "PUT", "url": "https://a.example.com/v1/rows", "content_type": "", "body": "",
                                            "answer": {"status": 200, "body": ""}}))
        self.assertTrue(ACME.speaks_of("https://a.example.com/v1/other"))
        self.assertFalse(ACME.speaks_of("https://a.example.org/v1/rows"))


if __name__ == "__main__":
    unittest.main()
