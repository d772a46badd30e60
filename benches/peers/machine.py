"""This machine: what it is called, how fast memory can be read, and a busy neighbour on it."""

import contextlib
import ctypes
import os
import subprocess
import sys
import threading
import time

SET_BYTES = 100_000_000
"""Read at once: about the weights of the model that is measured, and far more than a cache holds."""

AVX2 = {"avx2", "fma", "f16c"}
AVX512 = AVX2 | {"avx512f", "avx512bw", "avx512vl", "avx512dq"}
INSTRUCTIONS = {"vnni": AVX512 | {"avx512_vnni"}, "avx512": AVX512, "avx2": AVX2, "portable": set()}
"""The engine's names for sets of instructions, best first, and what a processor must have for each, as
Linux spells it."""


def name():
    """The processor's name and what of its instructions matters here."""
    lines = dict(_cpuinfo())
    known = lines.get("flags", "").split()
    has = [flag for flag in ("avx2", "avx512f", "avx512_vnni", "avx_vnni", "amx_int8") if flag in known]
    return f"{lines.get('model name', 'an unknown processor')}, {os.cpu_count()} cores, {' '.join(has)}"


def instruction_sets():
    """Those of the engine's that this machine has, best first."""
    known = dict(_cpuinfo()).get("flags", "").split()
    return [isa for isa, needed in INSTRUCTIONS.items() if needed.issubset(known)]


def _cpuinfo():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            key, found, value = line.partition(":")
            if not found:
                return
            yield key.strip(), value.strip()


def read_bandwidth(threads=2, passes=8):
    """Bytes a second that `threads` threads read together from SET_BYTES, best of `passes`.

    Each thread lets the C library's memchr look through its part for a byte that is not there; it
    reads whole vectors and does next to nothing else, and ctypes releases Python's lock meanwhile.
    """
    memchr = ctypes.CDLL(None).memchr
    memchr.restype = ctypes.c_void_p
    memchr.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]
    # Written and not only reserved: pages nobody wrote to are all the same page of zeros.
    data = ctypes.create_string_buffer(SET_BYTES)
    ctypes.memset(data, 1, SET_BYTES)
    part = SET_BYTES // threads
    seconds = [[0.0] * passes for _ in range(threads)]
    together = threading.Barrier(threads)

    def look(index):
        start = ctypes.addressof(data) + index * part
        for turn in range(passes):
            together.wait()
            began = time.perf_counter()
            assert memchr(start, 2, part) is None
            seconds[index][turn] = time.perf_counter() - began

    workers = [threading.Thread(target=look, args=(index,)) for index in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    slowest = (max(turn) for turn in zip(*seconds))
    return part * threads / min(slowest)


@contextlib.contextmanager
def busy_neighbour():
    """Another process that never rests, while the block runs."""
    neighbour = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        time.sleep(0.3)
        yield
    finally:
        neighbour.kill()
        neighbour.wait()
