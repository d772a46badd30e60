"""Puts the peers into the cache, once: a Python environment, and llama.cpp compiled for this machine.

Nothing is installed outside the folder it is given, and nothing is named but packages. llama.cpp comes
as the source package of its Python binding, which carries llama.cpp whole; its own tools are built from
that, so that no Python stands between them and the clock.
"""

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from process import Failed, say

LLAMA_VERSION = "0.3.36"
LLAMA_SOURCE = f"llama-cpp-python=={LLAMA_VERSION}"
LLAMA_TOOLS = ("llama-bench", "llama-batched-bench", "llama-quantize", "llama-server")
LLAMA_OPTIONS = {
    "CMAKE_BUILD_TYPE": "Release",
    # The tools look for their libraries beside themselves, so that a folder of them can be copied.
    "CMAKE_BUILD_RPATH_USE_ORIGIN": "ON",
    "GGML_CCACHE": "OFF",
    "LLAMA_BUILD_APP": "OFF",
    "LLAMA_BUILD_EXAMPLES": "OFF",
    "LLAMA_BUILD_TESTS": "OFF",
    "LLAMA_BUILD_UI": "OFF",
    "LLAMA_CURL": "OFF",
    "LLAMA_OPENSSL": "OFF",
    "LLAMA_USE_PREBUILT_UI": "OFF",
}
# All this processor has but AMX: where a virtual machine shows it and does not let programs use it,
# llama.cpp's kernels for it end with an illegal instruction. A choice made here outweighs -march=native.
NO_AMX = "-mno-amx-tile -mno-amx-int8 -mno-amx-bf16"
NATIVE = {"GGML_NATIVE": "ON", "CMAKE_C_FLAGS": NO_AMX, "CMAKE_CXX_FLAGS": NO_AMX}
AVX2_ONLY = {
    "GGML_NATIVE": "OFF",
    "GGML_SSE42": "ON",
    "GGML_AVX": "ON",
    "GGML_AVX2": "ON",
    "GGML_FMA": "ON",
    "GGML_F16C": "ON",
    "GGML_BMI2": "ON",
    "GGML_AVX512": "OFF",
}


def cache():
    """Where everything is kept: floorwalker/peers in the user's cache."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return Path(home, "floorwalker", "peers")


def requirements():
    """The lines of requirements.txt."""
    return Path(__file__).with_name("requirements.txt").read_text(encoding="utf-8").splitlines()


def python(folder):
    """The environment's interpreter, with what requirements.txt names."""
    wanted = "\n".join(requirements())
    home, stamp = folder / "python", folder / "python" / "requirements.txt"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        say("peers: Python packages")
        _do([sys.executable, "-m", "venv", "--clear", home])
        packages = [line for line in requirements() if not line.startswith("#")]
        _do([home / "bin" / "pip", "install", "--quiet", *packages])
        stamp.write_text(wanted, encoding="utf-8")
    return home / "bin" / "python"


def llama(folder):
    """Folders of llama.cpp's tools by build: `native` for all this processor has, `avx2` without
    AVX-512. Compiling takes 10 to 30 minutes on two cores, the first time."""
    python(folder)
    native, avx2 = (folder / f"llama-{LLAMA_VERSION}-{build}" for build in ("native", "avx2"))
    if not (native / "ready").exists():
        source = _source(folder)
        say("peers: compiling llama.cpp for this processor; this is done once and takes a while")
        _configure(folder, source, native, NATIVE)
        _build(folder, native, LLAMA_TOOLS)
        (native / "ready").touch()
    if not (avx2 / "ready").exists():
        say("peers: compiling llama.cpp's kernels for AVX2")
        _configure(folder, _source(folder), avx2, AVX2_ONLY)
        _build(folder, avx2, ["ggml-cpu"])
        # The processor's flags touch this one library alone; the rest is the other build's.
        for file in (native / "bin").iterdir():
            copy = avx2 / "bin" / file.name
            if not file.name.startswith("libggml-cpu") and not copy.exists():
                shutil.copy2(file, copy, follow_symlinks=False)
        (avx2 / "ready").touch()
    return {"native": native / "bin", "avx2": avx2 / "bin"}


def _source(folder):
    kept = folder / "source"
    source = kept / f"llama_cpp_python-{LLAMA_VERSION}" / "vendor" / "llama.cpp"
    if not (source / "CMakeLists.txt").exists():
        say(f"peers: the source of {LLAMA_SOURCE}")
        pip = [folder / "python" / "bin" / "pip", "download", "--quiet", "--no-deps"]
        _do([*pip, "--no-binary", "llama-cpp-python", "--dest", kept, LLAMA_SOURCE])
        with tarfile.open(kept / f"llama_cpp_python-{LLAMA_VERSION}.tar.gz") as packed:
            packed.extractall(kept, filter="data")
    return source


def _configure(folder, source, into, options):
    defines = [f"-D{key}={value}" for key, value in {**LLAMA_OPTIONS, **options}.items()]
    _do([*_cmake(folder), "-S", source, "-B", into, "-G", "Ninja", *defines], folder)


def _build(folder, into, targets):
    jobs = os.environ.get("CMAKE_BUILD_PARALLEL_LEVEL") or str(os.cpu_count() or 1)
    _do([*_cmake(folder), "--build", into, "--parallel", jobs, "--target", *targets], folder)


def _cmake(folder):
    return ["nice", "-n", "10", folder / "python" / "bin" / "cmake"]


def _do(command, folder=None):
    """Runs it with the environment's programs first on the path; what it says is kept for its failure."""
    path = f"{folder}/python/bin:{os.environ['PATH']}" if folder else os.environ["PATH"]
    command = [str(part) for part in command]
    try:
        done = subprocess.run(
            command,
            env={**os.environ, "PATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    except OSError as error:
        raise Failed(f"{command[0]}: {error.strerror}") from error
    if done.returncode != 0:
        raise Failed(f"{' '.join(command[:4])} failed:\n{done.stdout[-1500:]}")
