"""A copy of the tree, built once without ns-3, in which the core is broken, rebuilt and tested."""

import os
import re
import resource
import shutil
import signal
import subprocess
import time

# Parsed once: most of the time of an unoptimised build is the headers of others.
PRECOMPILED = """\
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>
"""
COMPILER = "clang++-14"
# All that a precompiled header must agree in with what uses it; the core is also part of a shared
# library, so everything is position-independent.
FLAGS = ["-std=c++17", "-ffp-contract=off", "-O0", "-g0", "-w", "-fPIC", "-D_GLIBCXX_ASSERTIONS",
         "-DFMT_SHARED"]  # fmt: skip
MEMORY_BYTES = 4 << 30
LEAST_LIMIT_S = 20
LIMIT_FACTOR = 10


class DoesNotBuild(Exception):
    """The program is none: what the compiler said."""


def copy_tree(source, target):
    """What git knows of, and what it would; files that are the same keep their time."""
    listed = subprocess.run(
        ["git", "-C", source, "ls-files", "-z", "-co", "--exclude-standard"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    names = {name for name in listed.split("\0") if name and (source / name).is_file()}
    for name in names:
        old, new = source / name, target / name
        if not new.is_file() or new.read_bytes() != old.read_bytes():
            new.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(old, new)
    for path in [p for p in target.rglob("*") if p.is_file()]:
        if str(path.relative_to(target)) not in names:
            path.unlink()


class WorkTree:
    def __init__(self, source, folder, killers, say):
        self.tree = folder / "tree"
        self._build = folder / "build"
        self._precompiled = folder / "precompiled.pch"
        self._log = folder / "output.txt"
        self._say = say
        self._limits = {}
        self._broken = None
        self._say("copying the tree")
        copy_tree(source, self.tree)
        self._configure()
        self.programs = self._programs(killers)

    def _configure(self):
        if not self._precompiled.is_file():
            self._say("precompiling headers")
            header = self._precompiled.with_suffix(".h")
            header.write_text(PRECOMPILED)
            subprocess.run(
                [COMPILER, *FLAGS, "-fpch-instantiate-templates", "-x", "c++-header", header, "-o",
                 self._precompiled],
                check=True,
            )  # fmt: skip
        if not (self._build / "build.ninja").is_file():
            self._say("configuring")
            flags = " ".join([*FLAGS, "-include-pch", str(self._precompiled)])
            subprocess.run(
                ["cmake", "-S", self.tree, "-B", self._build, "-G", "Ninja",
                 f"-DCMAKE_CXX_COMPILER={COMPILER}", "-DLANPEER_WITH_NS3=OFF",
                 "-DCMAKE_BUILD_TYPE=None", f"-DCMAKE_CXX_FLAGS={flags}",
                 "-DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=gold"],
                check=True,
                stdout=subprocess.DEVNULL,
            )  # fmt: skip

    def _programs(self, killers):
        """[name, arguments...] of each program to run, in order."""
        found = []
        statement = re.compile(r"^build bin/(\S+): CXX_EXECUTABLE_LINKER\S* (.*)$", re.MULTILINE)
        for name, rest in statement.findall((self._build / "build.ninja").read_text()):
            sources = " " + rest
            if " tests/" not in sources or " tests/reference/" in sources:
                continue
            if "liblanpeer-protocol.a" in rest and "gtest" in rest:
                found.append(name)
        listed = [line.split() for line in killers.read_text().splitlines()]
        listed = [words for words in listed if words and words[0] != "#" and words[0][0] != "#"]
        named = {words[0] for words in listed}
        missing = named - set(found) - {"*"}
        if missing:
            raise RuntimeError(f"{killers}: {', '.join(sorted(missing))}: no such test program")
        programs = []
        for words in listed:
            if words[0] == "*":
                programs += [[name] for name in sorted(found) if name not in named]
            else:
                programs.append(words)
        return programs

    def prepare(self):
        """Builds the unbroken tree and runs every program. Raises RuntimeError if one fails."""
        self.restore()
        for program in self.programs:
            self._say(f"building {program[0]}")
            try:
                self._make(program[0])
            except DoesNotBuild as error:
                raise RuntimeError(f"the unbroken tree does not build: {error}") from None
            self._say(f"running {program[0]}")
            begin = time.monotonic()
            failure = self._run(program, 600)
            if failure:
                raise RuntimeError(f"the unbroken tree fails: {failure}")
            took = time.monotonic() - begin
            self._limits[program[0]] = max(LEAST_LIMIT_S, LIMIT_FACTOR * took)

    def break_at(self, place):
        """Only one place is broken at a time."""
        path = self.tree / place.file
        text = path.read_bytes()
        if self._broken and self._broken[0] != path:
            self.restore()
        elif self._broken:
            text = self._broken[1]
        self._broken = (path, text)
        path.write_bytes(place.apply(text))

    def restore(self):
        if self._broken:
            self._broken[0].write_bytes(self._broken[1])
            self._broken = None

    def kill(self):
        """Builds and runs one program after the other. Returns what failed first, or None if none
        did. Raises DoesNotBuild."""
        for program in self.programs:
            self._make(program[0])
            failure = self._run(program, self._limits[program[0]])
            if failure:
                return failure
        return None

    def _make(self, program):
        made = subprocess.run(
            ["ninja", "-j1", "-C", self._build, program], capture_output=True, text=True
        )
        if made.returncode != 0:
            errors = [line for line in made.stdout.splitlines() if "error" in line]
            raise DoesNotBuild(errors[0] if errors else made.stdout[-500:])

    def _run(self, program, limit):
        command = [self._build / "bin" / program[0], *program[1:], "--gtest_fail_fast"]
        with open(self._log, "w") as log:
            child = subprocess.Popen(
                command,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self._build,
                start_new_session=True,
                preexec_fn=lambda: resource.setrlimit(
                    resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES)
                ),
            )
            try:
                code = child.wait(timeout=limit)
            except subprocess.TimeoutExpired:
                code = None
            finally:
                if child.poll() is None:
                    os.killpg(child.pid, signal.SIGKILL)
                    child.wait()
        return None if code == 0 else self._failure(program[0], code)

    def _failure(self, program, code):
        """The test that failed, and how."""
        output = self._log.read_text(errors="replace")
        begun = re.findall(r"^\[ RUN      \] (\S+)", output, re.MULTILINE)
        failed = re.findall(r"^\[  FAILED  \] (\S+?),? ", output, re.MULTILINE)
        if code is None:
            return f"{program} {begun[-1] if begun else ''} does not end"
        if failed and not code < 0:
            return f"{program} {failed[0]}"
        how = signal.Signals(-code).name if code < 0 else f"exit {code}"
        return f"{program} {begun[-1] if begun else ''} {how}"

    def output(self):
        return self._log.read_text(errors="replace")
