#!/usr/bin/python3
"""A connector for testdome-sync (docs/exec-protocol.md): serves a JSON file of applications, records write-backs.

Usage: json_file_connector.py APPLICATIONS.json WRITTEN.jsonl
"""
import json, os, sys

ACTIONS = {"note": "checkable", "field": "idempotent", "move_stage": "idempotent"}
applications, written = sys.argv[1:]

def answer(request, **message):
    print(json.dumps({"id": request["id"], **message}), flush=True)

def is_written(marker):
    return os.path.exists(written) and any(json.loads(line)["marker"] == marker for line in open(written))

def poll(request):
    for document in json.load(open(applications)):
        changed = document["application"].get("updated_at")
        if changed is None or changed >= request["since"]:  # both as 2026-11-24T07:00:00Z
            answer(request, type="application", document=document)
    answer(request, type="done", cursor=None)

def write(request):
    if request["action"] not in ACTIONS:
        return answer(request, type="failure", code="unsupported", message="no action " + request["action"])
    if request["ask_first"] and is_written(request["marker"]):
        return answer(request, type="done", outcome="already_done")
    with open(written, "a") as file:
        about = request["document"]["application"]["id"]
        file.write(json.dumps({"application": about, **{k: request[k] for k in ("action", "argument", "marker")}}) + "\n")
        file.flush()
        os.fsync(file.fileno())  # what is answered with done must last
    answer(request, type="done", outcome="done")

def check(request):
    answer(request, type="done", findings=[] if os.path.exists(applications) else [applications + " is missing"])

for line in sys.stdin:
    request = json.loads(line)
    if request["type"] == "hello":
        print(json.dumps({"type": "hello", "protocol": 1, "name": "JSON file", "actions": ACTIONS}), flush=True)
    elif request["type"] in ("poll", "write", "check"):
        globals()[request["type"]](request)
    else:
        answer(request, type="failure", code="unsupported", message="unknown request")
