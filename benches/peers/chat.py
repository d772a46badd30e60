"""A client of OpenAI's chat protocol with a clock, and servers to try it on."""

import collections
import contextlib
import http.client
import json
import socket
import subprocess
import time
import urllib.parse

from process import Failed

Reply = collections.namedtuple("Reply", "first_ms seconds tokens prompt_tokens text")


def ask(url, token, model, messages, max_tokens):
    """Streams one reply, greedily, over a new connection.

    `first_ms` runs from before the connection until the first word is here, `seconds` from there to
    the last word.
    """
    body = {
        "model": model,
        "messages": messages,
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0,
        "max_tokens": max_tokens,
    }
    place = urllib.parse.urlsplit(url)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    began = time.perf_counter()
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=120)
    try:
        connection.request("POST", "/v1/chat/completions", json.dumps(body), headers)
        response = connection.getresponse()
        if response.status != 200:
            raise Failed(f"{url} answered {response.status}: {response.read(200)!r}")
        words, usage = [], {}
        for line in response:
            if not line.startswith(b"data: {"):
                continue
            event = json.loads(line[6:])
            usage = event.get("usage") or usage
            word = "".join(choice["delta"].get("content") or "" for choice in event.get("choices", []))
            if word:
                words.append((time.perf_counter(), word))
    except (OSError, http.client.HTTPException) as error:
        raise Failed(f"{url}: {error}") from error
    finally:
        connection.close()
    if not words:
        raise Failed(f"{url} streamed no words")
    tokens = usage.get("completion_tokens") or len(words)
    first, last = words[0][0], words[-1][0]
    return Reply(
        first_ms=(first - began) * 1e3,
        seconds=last - first,
        tokens=tokens,
        prompt_tokens=usage.get("prompt_tokens"),
        text="".join(word for _, word in words),
    )


def free_port():
    """A port that nobody listened on a moment ago."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return tried.getsockname()[1]


@contextlib.contextmanager
def served(command, port, log, limit=120):
    """Runs a server until the block is left; the block begins when the port is open and /health, where
    there is one, says so."""
    with open(log, "wb") as out:
        server = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )
    try:
        ends = time.monotonic() + limit
        while not _ready(port):
            if server.poll() is not None or time.monotonic() > ends:
                with open(log, encoding="utf-8", errors="replace") as said:
                    last = (said.read().strip() or "nothing").splitlines()[-1]
                raise Failed(f"{command[0]} does not serve; it said: {last}")
            time.sleep(0.2)
        yield server
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _ready(port):
    """A server that still loads its model answers /health with 503; one without such a path is ready."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status != 503
    except OSError:
        return False
    finally:
        connection.close()
