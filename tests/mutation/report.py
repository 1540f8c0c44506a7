"""What became of each place: a Markdown table, written as it goes; the explained survivors."""

import collections
import os
import pathlib
import re
import sys

SURVIVED = "survived"
DOES_NOT_COMPILE = "does not compile"

HEAD = """# Breaking the core

Made by

    tests/mutation/mutate --seed {seed} --places {places} --table results/mutation.md

which breaks a copy of model/protocol at places drawn by the seed, one at a time, and runs the tests
([killers.txt](../tests/mutation/killers.txt)) until one fails. In braces: what becomes of what. A place
that survived is explained in [survivors.txt](../tests/mutation/survivors.txt).

Sources {digest}. {summary}.

| file | function | operator | place | killed by |
|---|---|---|---|---|
"""


def read_survivors(path):
    """{place: reason}. Raises RuntimeError, naming the line."""
    survivors = {}
    place = None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if not line[0].isspace():
            place = line.strip()
            if place in survivors:
                raise RuntimeError(f"{path}:{number}: explained twice")
            survivors[place] = ""
        elif place is None:
            raise RuntimeError(f"{path}:{number}: a reason without a place")
        else:
            survivors[place] = f"{survivors[place]} {line.strip()}".strip()
    for place, reason in survivors.items():
        if not reason:
            raise RuntimeError(f"{path}: no reason for {place}")
    return survivors


def escape(text):
    return text.replace("|", "\\|")


def number_alike(found, texts):
    """{place: its name}: without line numbers, so that it lasts; what is alike in one function is
    numbered."""
    names = {}
    times = collections.Counter()
    for place in found:
        source = place.source(texts[place.file])
        name = f"{place.file} | {place.function} | {place.operator} | {source}"
        times[name] += 1
        names[place] = name if times[name] == 1 else f"{name} #{times[name]}"
    return names


class Table:
    def __init__(self, arguments, found, texts, digest, survivors):
        self._arguments = arguments
        self._names = number_alike(found, texts)
        self._digest = digest[:12]
        self._survivors = survivors
        self._path = pathlib.Path(arguments.table) if arguments.table else None
        self._results = {}
        self._order = []

    def name(self, place):
        return self._names[place]

    def begin(self, order):
        """Takes over what was found before, of the same sources. What survived is tried again, for
        tests may have come since; not where it is explained that no test can see it."""
        self._order = order
        if self._path is None or not self._path.is_file():
            return
        text = self._path.read_text()
        if f"Sources {self._digest}." not in text:
            return
        known = {}
        for row in re.findall(r"^\| (.*) \|$", text, re.MULTILINE):
            cells = [c.replace("\\|", "|") for c in re.split(r" (?<!\\)\| ", row)]
            if len(cells) == 5:
                known[" | ".join(cells[:3]) + " | " + cells[3].strip("`").strip()] = cells[4]
        for place in order:
            result = known.get(self.name(place))
            if result is None:
                continue
            if not result.startswith(SURVIVED):
                self._results[place] = result
            elif self.name(place) in self._survivors:
                self._results[place] = SURVIVED

    def result(self, place):
        return self._results.get(place)

    def add(self, place, result):
        self._results[place] = result
        if result == SURVIVED:
            note = "explained" if self.name(place) in self._survivors else "NOT explained"
            print(f"\nsurvived, {note}: {self.name(place)}", file=sys.stderr, flush=True)
        self._write()

    def _tried(self):
        """[place, result] of those that compiled, sorted by where they are."""
        return [
            (place, result)
            for place, result in sorted(self._results.items())
            if result != DOES_NOT_COMPILE
        ]

    def summary(self):
        tried = self._tried()
        killed = sum(result != SURVIVED for _, result in tried)
        explained = sum(
            result == SURVIVED and self.name(place) in self._survivors for place, result in tried
        )
        unexplained = len(tried) - killed - explained
        text = f"{killed} of {len(tried)} killed"
        if explained:
            text += f", {explained} explained"
        return text + (f", {unexplained} neither" if unexplained else "")

    def _write(self):
        if self._path is None:
            return
        text = HEAD.format(
            seed=self._arguments.seed,
            places=self._arguments.places,
            digest=self._digest,
            summary=self.summary(),
        )
        for place, result in sorted(self._results.items()):
            # Kept while the run goes on: what does not compile is not tried again.
            if result == SURVIVED and self.name(place) in self._survivors:
                result = "survived, explained"
            file, function, operator, source = self.name(place).split(" | ", 3)
            ticks = "``" if "`" in source else "`"
            cells = [file, function, operator, f"{ticks}{source}{ticks}", result]
            text += f"| {' | '.join(escape(cell) for cell in cells)} |\n"
        beside = self._path.with_suffix(".part")
        beside.write_text(text)
        os.replace(beside, self._path)

    def finish(self):
        """Prints what there is to say. Returns the exit code."""
        bad = 0
        for place, result in self._tried():
            explained = self.name(place) in self._survivors
            if result == SURVIVED and not explained:
                print(f"survived: {self.name(place)}")
                bad += 1
            elif result != SURVIVED and explained:
                print(f"explained as a survivor, yet killed by {result}: {self.name(place)}")
                bad += 1
        self._results = {p: r for p, r in self._results.items() if r != DOES_NOT_COMPILE}
        self._write()
        print(f"{self.summary()}")
        return 1 if bad else 0
