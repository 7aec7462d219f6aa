"""Runs llama.cpp's HTTP server from the xllamacpp package until its parent lets go of stdin.

In: one line of JSON on stdin with the settings below. Out: one line of JSON on stdout for each thing that happened
({"event": "listening", "url": …} or {"event": "failed", "message": …}); the engine's own log goes to stderr.

The settings come over stdin because a process list shows arguments, and the key of this run must not be shown there.
"""

import json
import os
import signal
import sys
import threading
import time

# The engine may print to stdout; events keep a pipe of their own so that no log line can be read as one.
events = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)


def report(event, **data):
    print(json.dumps({"event": event, **data}), file=events, flush=True)


def read_settings():
    # Unbuffered: the thread below waits on the same descriptor, and a lock on sys.stdin would outlive main().
    line = b""
    while not line.endswith(b"\n"):
        byte = os.read(0, 1)
        if not byte:
            sys.exit("serve.py takes its settings as one line of JSON on stdin; startModelServer.ts writes it.")
        line += byte
    return json.loads(line)


def main():
    settings = read_settings()

    def end(*_):
        # At once: closing the engine in order would wait for every answer in progress, and there is nothing to save.
        os._exit(0)

    def wait_for_parent():
        # Returns when the other end is closed, which the operating system does however the parent died.
        while os.read(0, 64):
            pass
        end()

    def heed_signals():
        signal.signal(signal.SIGTERM, end)
        # Ctrl-C reaches the whole process group. The parent decides when this server ends.
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    heed_signals()
    threading.Thread(target=wait_for_parent, daemon=True).start()

    try:
        import xllamacpp

        params = xllamacpp.CommonParams()
        params.model.path = settings["model"]
        params.model_alias = [settings["alias"]]
        # Versions for older macOS have one name instead of a list.
        if hasattr(params, "hostnames"):
            params.hostnames = ["127.0.0.1"]
        else:
            params.hostname = "127.0.0.1"
        params.port = settings["port"]
        params.api_keys = [settings["api_key"]]
        params.n_parallel = settings["slots"]
        params.n_ctx = settings["context"]
        params.cpuparams.n_threads = settings["threads"]
        params.cpuparams_batch.n_threads = settings["threads"]
        params.verbosity = 1
        # Nothing but the demo's own server talks to this one: no page of its own, no other origin, and a prompt
        # cache far below the engine's default of 8 GiB.
        for name, value in (("ui", False), ("webui", False), ("cors_origins", "null"), ("cache_ram_mib", 256)):
            if hasattr(params, name):
                setattr(params, name, value)
        if settings.get("chat_template"):
            params.chat_template = settings["chat_template"]
        server = xllamacpp.Server(params)
    except Exception as error:  # noqa: BLE001 - whatever it was, the parent must be told
        report("failed", message=f"{type(error).__name__}: {error}")
        return 1

    # Some versions of the engine put handlers of their own in place.
    heed_signals()
    report("listening", url=server.listening_address)
    # Waits in steps: a wait without an end would keep Windows from delivering signals.
    while True:
        time.sleep(1)


if __name__ == "__main__":
    sys.exit(main())
