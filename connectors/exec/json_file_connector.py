#!/usr/bin/python3
"""A connector for testdome-sync (docs/exec-protocol.md): serves a JSON file of applications, records write-backs.
Usage: json_file_connector.py APPLICATIONS.json WRITTEN.jsonl"""
import json, os, sys

ACTIONS = {"note": "checkable", "field": "idempotent", "move_stage": "idempotent"}
applications, written = sys.argv[1], open(sys.argv[2], "a+")

def hello(request):
    yield {"type": "hello", "protocol": 1, "name": "JSON file", "actions": ACTIONS}

def poll(request):
    for document in json.load(open(applications)):
        changed = document["application"].get("updated_at") or request["since"]
        if changed >= request["since"]:  # both as 2026-11-24T07:00:00Z
            yield {"type": "application", "document": document}
    yield {"type": "done", "cursor": None}

def write(request):
    written.seek(0)  # reading begins there; what is written is appended all the same
    if request["action"] not in ACTIONS:
        yield {"type": "failure", "code": "unsupported", "message": "no action " + request["action"]}
    elif request["ask_first"] and any(request["marker"] in line for line in written):
        yield {"type": "done", "outcome": "already_done"}
    else:
        about = {"application": request["document"]["application"]["id"]}
        print(json.dumps(about | {key: request[key] for key in ("action", "argument", "marker")}), file=written, flush=True)
        os.fsync(written.fileno())  # what is answered with done must last
        yield {"type": "done", "outcome": "done"}

def check(request):
    yield {"type": "done", "findings": [] if os.path.exists(applications) else [applications + " is missing"]}

for line in sys.stdin:
    request = json.loads(line)
    known = {"hello": hello, "poll": poll, "write": write, "check": check}.get(request["type"])
    answers = known(request) if known else [{"type": "failure", "code": "unsupported", "message": "unknown request"}]
    for answer in answers:
        print(json.dumps({"id": request.get("id"), **answer}), flush=True)
