"""Runs one program at a time and says what it printed and how much memory it came to."""

import json
import os
import subprocess
import sys
import threading
import time


class Failed(Exception):
    """A program that could not be run, ended badly or printed something else than was agreed."""


def say(line):
    """Progress, for whoever waits."""
    print(line, file=sys.stderr, flush=True)


def peak_memory(pid):
    """VmHWM of a living process in bytes: the most memory it ever had in RAM, its mapped file included."""
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
        for line in file:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0


def run(command, env=None, limit=900):
    """What `command` printed, and its peak memory in bytes, looked at every 20 ms until it ended."""
    command = [str(part) for part in command]
    try:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **(env or {})},
        )
    except OSError as error:
        raise Failed(f"{command[0]}: {error.strerror}") from error
    peak = [0]
    watcher = threading.Thread(target=_watch, args=(child, peak))
    watcher.start()
    try:
        out, errors = child.communicate(timeout=limit)
    except subprocess.TimeoutExpired as error:
        raise Failed(f"{os.path.basename(command[0])} took more than {limit} s") from error
    finally:
        child.kill()
        child.wait()
        watcher.join()
    if child.returncode != 0:
        said = (errors.strip() or out.strip() or "nothing").splitlines()[-1]
        raise Failed(f"{os.path.basename(command[0])} ended with {child.returncode} and said: {said}")
    return out, peak[0]


def _watch(child, peak):
    while child.poll() is None:
        try:
            peak[0] = max(peak[0], peak_memory(child.pid))
        except OSError:
            return
        time.sleep(0.02)


def last_object(text):
    """The JSON object that a program prints last."""
    start = text.rfind("\n{") + 1
    try:
        return json.loads(text[start:])
    except ValueError as error:
        raise Failed(f"no JSON object at the end of: {text[-200:]!r}") from error


def number(found, *path):
    """The number under `path` in a JSON object, or what is missing."""
    value = found
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise Failed(f"no number {'.'.join(path)} in {json.dumps(found)[:200]}")
    return float(value)
