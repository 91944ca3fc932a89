#!/usr/bin/python3
"""Compares the examples of presets with the OpenAPI documents of their HR systems.

contract.py PROGRAM [--openapi DIR] [--presets DIR]

The documents are their vendors' and are not part of this project: they are in DIR, or in $TESTDOME_SYNC_OPENAPI. Without them, nothing is
compared, which is said, with exit status 77 (skipped).
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys

SKIPPED = 77


def examples_of(program, preset):
    """What `preset test` played, example by example."""
    made = subprocess.run([program, "preset", "test", "--json", str(preset)], capture_output=True, text=True, check=False)
    if made.returncode not in (0, 1) or not made.stdout.strip():
        sys.exit(f"{preset}: preset test can't play it: {made.stderr}")
    return json.loads(made.stdout)[0]["examples"]


def compare(documents, examples):
    """Prints what a document contradicts. Returns how many exchanges were compared, contradicted, and not found in a document."""
    from comparison import complaints

    compared, wrong, unknown = 0, 0, {}
    for example in examples:
        for exchange in example["exchanges"]:
            about = [one for one in documents if one.speaks_of(exchange["url"])]
            if not about:
                continue
            request = f"{exchange['method']} {exchange['url'].split('?')[0]}"
            found = next((told for told in (complaints(one, exchange) for one in about) if told is not None), None)
            if found is None:
                unknown[request] = about[0].name
                continue
            compared += 1
            for text in dict.fromkeys(found):
                wrong += 1
                print(f"{example['where']}: {request}: {text}")
    # Documents may be trimmed, or be about another version: that is told, and no contradiction.
    for request, document in unknown.items():
        print(f"not compared: {request} is not in {document}")
    return compared, wrong, len(unknown)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("program")
    options.add_argument("--openapi", default=os.environ.get("TESTDOME_SYNC_OPENAPI", ""))
    options.add_argument("--presets", default=str(pathlib.Path(__file__).resolve().parents[2] / "connectors" / "presets"))
    given = options.parse_args()
    if not given.openapi:
        print("skipped: no OpenAPI documents are given; ./dev contract DIR, or TESTDOME_SYNC_OPENAPI=DIR")
        return SKIPPED
    try:
        from documents import read_documents
        import comparison  # noqa: F401
    except ImportError as missing:
        print(f"skipped: {missing}; apt-get install python3-yaml python3-jsonschema")
        return SKIPPED
    documents = read_documents(given.openapi)
    if not documents:
        sys.exit(f"{given.openapi} holds no OpenAPI document")
    wrong = 0
    for preset in sorted(pathlib.Path(given.presets).glob("*.yaml")):
        if preset.name.endswith(".examples.yaml") or not preset.with_suffix(".examples.yaml").exists():
            continue  # one for a database has no requests
        compared, complaints, unknown = compare(documents, examples_of(given.program, preset))
        wrong += complaints
        print(f"{preset.stem}: {compared} exchanges compared, {complaints} complaints, {unknown} requests not in a document"
              if compared or unknown else f"{preset.stem}: no document speaks of it")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
