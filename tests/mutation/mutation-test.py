#!/usr/bin/python3
"""The places that are found in made sources, how they are broken and drawn, and what is reported."""

import argparse
import pathlib
import runpy
import sys
import tempfile
import unittest

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER))
sys.dont_write_bytecode = True

import places  # noqa: E402
import report  # noqa: E402

HEADER = """\
namespace room
{
enum class Kind { Need, Have };
constexpr int kMost = 3;
static_assert(kMost == 3);
struct Slot
{
    bool free = true;
    bool IsFree() const
    {
        return free;
    }
};
}
"""

SOURCE = """\
#include "room/core.h"
#define FIVE 5
namespace room
{
// if (a < b) true 7
const char* const kText = "a < b";
void Log(Kind kind);
int
Count(int n, const Slot* slot)
{
    int sum = FIVE;
    if (n < kMost && slot != nullptr)
    {
        Log(Kind::Need);
        sum += 2;
    }
    if (const Slot* other = slot)
    {
        return sum;
    }
    static_cast<void>(n);
    while (slot->IsFree())
    {
        break;
    }
    return 0;
}
}
"""

# In the order of the sources, file by file.
EXPECTED = """\
core.cc | Count | negate-condition | if ({n < kMost && slot != nullptr -> !(n < kMost && slot != nullptr)})
core.cc | Count | negate-comparison | if (n {< -> >=} kMost && slot != nullptr)
core.cc | Count | off-by-one | if (n {< -> <=} kMost && slot != nullptr)
core.cc | Count | off-by-one | if (n < {kMost -> (kMost + 1)} && slot != nullptr)
core.cc | Count | off-by-one | if (n < {kMost -> (kMost - 1)} && slot != nullptr)
core.cc | Count | swap-and-or | if (n < kMost {&& -> ||} slot != nullptr)
core.cc | Count | negate-comparison | if (n < kMost && slot {!= -> ==} nullptr)
core.cc | Count | drop-statement | {Log(Kind::Need) -> };
core.cc | Count | swap-enumerator | Log({Kind::Need -> Kind::Have});
core.cc | Count | drop-statement | {sum += 2 -> };
core.cc | Count | off-by-one | sum += {2 -> (2 + 1)};
core.cc | Count | off-by-one | sum += {2 -> (2 - 1)};
core.cc | Count | negate-condition | if ({const Slot* other = slot -> const Slot* other = slot; !other})
core.cc | Count | negate-condition | while ({slot->IsFree() -> !(slot->IsFree())})
core.cc | Count | drop-statement | {break -> };
core.cc | Count | off-by-one | return {0 -> (0 + 1)};
core.h | - | off-by-one | constexpr int kMost = {3 -> (3 + 1)};
core.h | - | off-by-one | constexpr int kMost = {3 -> (3 - 1)};
core.h | Slot | replace-boolean | bool free = {true -> false};
core.h | Slot::IsFree | negate-condition | return {free -> !(free)};
"""


class Places(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as name:
            root = pathlib.Path(name).resolve()
            (root / "room").mkdir()
            (root / "room/core.h").write_text(HEADER)
            (root / "room/core.cc").write_text(SOURCE)
            cls.found, cls.texts = places.find_places(root, "room")

    def test_every_operator_and_nothing_else(self):
        names = report.number_alike(self.found, self.texts)
        lines = [names[place].replace("room/", "", 1) for place in self.found]
        self.assertEqual(sorted(lines), sorted(EXPECTED.splitlines()))

    def test_a_place_is_broken_where_it_is(self):
        for place in self.found:
            text = self.texts[place.file]
            broken = place.apply(text)
            self.assertEqual(broken[: place.begin], text[: place.begin])
            self.assertTrue(broken.endswith(text[place.end :]))
            self.assertNotEqual(broken, text)

    def test_the_same_seed_draws_the_same_places(self):
        shuffled = runpy.run_path(str(FOLDER / "mutate"))["shuffled"]
        first = shuffled(self.found, 1)
        self.assertEqual(first, shuffled(list(self.found), 1))
        self.assertNotEqual(first, shuffled(self.found, 2))
        # One way for each piece of source.
        pieces = {(place.file, place.begin, place.end) for place in self.found}
        self.assertEqual({(place.file, place.begin, place.end) for place in first}, pieces)
        self.assertEqual(len(first), len(pieces))

    def test_what_is_alike_in_one_function_is_numbered(self):
        twice = [places.Place("f", 0, 1, "drop-statement", "", "F"),
                 places.Place("f", 2, 3, "drop-statement", "", "F")]  # fmt: skip
        names = report.number_alike(twice, {"f": b"a\na\n"})
        self.assertEqual(names[twice[1]], names[twice[0]] + " #2")


class Reports(unittest.TestCase):
    def setUp(self):
        self._folder = tempfile.TemporaryDirectory()
        self.addCleanup(self._folder.cleanup)
        self.path = pathlib.Path(self._folder.name) / "table.md"
        self.places = [places.Place("f.cc", 3 * i, 3 * i + 2, "swap-and-or", "&&", f"F{i}")
                       for i in range(4)]  # fmt: skip
        self.texts = {"f.cc": b"||\n" * 4}

    def table(self, survivors=None, digest="0123456789abcdef"):
        arguments = argparse.Namespace(seed=1, places=4, table=str(self.path))
        return report.Table(arguments, self.places, self.texts, digest, survivors or {})

    def filled(self, survivors=None):
        table = self.table(survivors)
        table.begin(self.places)
        for place, result in zip(
            self.places, ["a-test A.B", report.SURVIVED, report.DOES_NOT_COMPILE, "b-test C.D"]
        ):
            table.add(place, result)
        return table

    def test_goes_on_where_it_stopped_and_tries_survivors_again(self):
        self.filled()
        again = self.table()
        again.begin(self.places)
        results = [again.result(place) for place in self.places]
        self.assertEqual(results, ["a-test A.B", None, report.DOES_NOT_COMPILE, "b-test C.D"])

    def test_goes_on_without_what_is_explained(self):
        self.filled()
        again = self.table({"f.cc | F1 | swap-and-or | {|| -> &&}": "why"})
        again.begin(self.places)
        self.assertEqual(again.result(self.places[1]), report.SURVIVED)

    def test_other_sources_begin_anew(self):
        self.filled()
        again = self.table(digest="f" * 16)
        again.begin(self.places)
        self.assertEqual([again.result(place) for place in self.places], [None] * 4)

    def test_a_survivor_fails_unless_it_is_explained(self):
        self.assertEqual(self.filled().finish(), 1)
        name = "f.cc | F1 | swap-and-or | {|| -> &&}"
        self.assertEqual(self.filled({name: "why"}).finish(), 0)
        self.assertIn("2 of 3 killed, 1 explained", self.path.read_text())
        self.assertNotIn(report.DOES_NOT_COMPILE, self.path.read_text())

    def test_an_explanation_of_what_is_killed_fails(self):
        name = "f.cc | F1 | swap-and-or | {|| -> &&}"
        other = "f.cc | F0 | swap-and-or | {|| -> &&}"
        self.assertEqual(self.filled({name: "why", other: "why"}).finish(), 1)

    def test_survivors_have_reasons(self):
        self.path.write_text("# head\n\na | b\n    so and\n    so\nc | d\n")
        with self.assertRaisesRegex(RuntimeError, "no reason for c | d"):
            report.read_survivors(self.path)
        self.path.write_text("# head\n\na | b\n    so and\n    so\n")
        self.assertEqual(report.read_survivors(self.path), {"a | b": "so and so"})
        self.path.write_text("   reason\n")
        with self.assertRaisesRegex(RuntimeError, ":1: a reason without a place"):
            report.read_survivors(self.path)

    def test_those_that_are_committed_are_read(self):
        report.read_survivors(FOLDER / "survivors.txt")


if __name__ == "__main__":
    unittest.main()
