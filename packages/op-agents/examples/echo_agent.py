#!/usr/bin/env python3
"""An agent in Python: echoes, counts with progress, and stops when it is told to. See docs/agent-protocol.md."""

import json
import struct
import sys
import threading
import time

writing = threading.Lock()
cancelled = {}


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


def echo(_id, value):
    return value


def count(request_id, value):
    for number in range(value["to"]):
        if cancelled[request_id].wait(value.get("pauseSeconds", 0)):
            raise InterruptedError("stopped counting")
        write(type="progress", id=request_id, data=number)
    return value["to"]


OPERATIONS = {"echo": echo, "count": count}


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
    working = []
    while message := read():
        if message["type"] == "hello":
            write(type="ready", protocol=1, operations=list(OPERATIONS))
        elif message["type"] == "ping":
            write(type="pong", id=message["id"])
        elif message["type"] == "cancel" and message["id"] in cancelled:
            cancelled[message["id"]].set()
        elif message["type"] == "request":
            cancelled[message["id"]] = threading.Event()
            thread = threading.Thread(target=answer, args=(message,))
            thread.start()
            working = [other for other in working if other.is_alive()] + [thread]
    for thread in working:
        thread.join()


if __name__ == "__main__":
    started = time.monotonic()
    main()
    print(f"left after {time.monotonic() - started:.1f} s", file=sys.stderr)
