#!/usr/bin/env python3
"""A state plugin in Python: notes, each a file in a folder. See docs/state-plugin-protocol.md."""

import json
import os
import struct
import sys
import threading

FOLDER = sys.argv[1] if len(sys.argv) > 1 else "/var/lib/notes"
writing = threading.Lock()
cancelled = {}


def path_of(key):
    return os.path.join(FOLDER, key)


def read_note(key):
    try:
        with open(path_of(key), encoding="utf-8") as file:
            return {"text": file.read()}
    except FileNotFoundError:
        return None


def write_note(key, value):
    if value is None:
        try:
            os.unlink(path_of(key))
        except FileNotFoundError:
            pass
        return
    os.makedirs(FOLDER, exist_ok=True)
    temporary = path_of(f".{key}.new")
    with open(temporary, "w", encoding="utf-8") as file:
        file.write(value["text"])
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path_of(key))


def describe(_id, _input):
    return {
        "protocol": 1,
        "name": "notes",
        "version": "1",
        "keys": {"pattern": "[a-z]+", "meaning": "the name of a note, of small letters"},
        "schema": {
            "type": "object",
            "properties": {"text": {"type": "string"}},
            "required": ["text"],
            "additionalProperties": False,
        },
        "canBeAbsent": True,
        "optional": ["show", "watch"],
        "examples": [
            {"first": {"text": "one"}, "second": {"text": "two"}},
            {"first": {"text": "another"}, "second": None},
        ],
    }


def query(_id, value):
    return {"resources": {key: {"value": read_note(key)} for key in value["keys"]}}


def diff(_id, value):
    changes = []
    for resource in value["desired"]:
        key, desired = resource["key"], resource["desired"]
        current = value["current"].get(key)
        if desired == current:
            continue
        action = "create" if current is None else "delete" if desired is None else "update"
        risk = "destructive" if desired is None else "write"
        change = {"key": key, "action": action, "risk": risk, "before": current, "after": desired}
        changes.append(change)
    return {"changes": changes}


def apply(request_id, value):
    change = value["change"]
    write(type="progress", id=request_id, data=f"writing {change['key']}")
    write_note(change["key"], change["desired"])
    return {}


def checkpoint(_id, value):
    return {"saved": {key: read_note(key) for key in value["keys"]}}


def show(_id, value):
    return {"value": value["saved"]}


def rollback(_id, value):
    write_note(value["key"], value["saved"])
    return {}


def watch(request_id, value):
    """Looks five times a second, which does for notes."""
    known = {}
    while True:
        for key in value["keys"]:
            now = read_note(key)
            if key not in known or known[key] != now:
                write(type="progress", id=request_id, data={"key": key})
            known[key] = now
        if cancelled[request_id].wait(0.2):
            return {}


OPERATIONS = {
    "describe": describe,
    "query": query,
    "diff": diff,
    "apply": apply,
    "checkpoint": checkpoint,
    "show": show,
    "rollback": rollback,
    "watch": watch,
}


def read():
    header = sys.stdin.buffer.read(4)
    if len(header) < 4:
        return None
    (size,) = struct.unpack(">I", header)
    return json.loads(sys.stdin.buffer.read(size))


def write(**message):
    body = json.dumps(message).encode()
    with writing:
        sys.stdout.buffer.write(struct.pack(">I", len(body)) + body)
        sys.stdout.buffer.flush()


def answer(request):
    request_id = request["id"]
    try:
        output = OPERATIONS[request["operation"]](request_id, request.get("input"))
        write(type="result", id=request_id, output=output)
    except Exception as error:  # whatever it is, the host must have an answer
        failure = {"code": type(error).__name__, "message": str(error)}
        write(type="error", id=request_id, error=failure)
    finally:
        del cancelled[request_id]


def main():
    while message := read():
        if message["type"] == "hello":
            write(type="ready", protocol=1, operations=list(OPERATIONS))
        elif message["type"] == "ping":
            write(type="pong", id=message["id"])
        elif message["type"] == "cancel" and message["id"] in cancelled:
            cancelled[message["id"]].set()
        elif message["type"] == "request":
            cancelled[message["id"]] = threading.Event()
            threading.Thread(target=answer, args=(message,), daemon=True).start()


if __name__ == "__main__":
    main()
