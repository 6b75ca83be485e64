"""test_command_attribute.py - cogov attribute: the mixtures of two scenarios are run, and the difference is shared among groups."""
import itertools
import json
import math
import os
import shutil
import unittest

import h5py
import numpy

from harness import MPIRUN, Case

SIZE = ["--set", "city.streets=1", "--set", "city.communities=2", "--set", "city.residents=200"]
HOW = SIZE + ["--ticks", "18", "--replicates", "3", "--seed", "7", "-q"]
PAIR = ["a", "b"]
OUTCOMES = ["--observation", "participation", "--observation", "service_quality@end"]


def outcome(found, name):
    return next(item for item in found["outcomes"] if item["observation"] == name)


def value(interval):
    return interval["value"]


def shapley(game, n):
    """From the definition: over all orders of the players."""
    phi = [0.0] * n
    for order in itertools.permutations(range(n)):
        mixture = 0
        for player in order:
            phi[player] += game[mixture | 1 << player] - game[mixture]
            mixture |= 1 << player
    return [x / math.factorial(n) for x in phi]


class Attribute(Case):
    def setUp(self):
        super().setUp()
        self.write("a.yaml", "extends: chongqing\ntitle: 这里\n")
        self.write("b.yaml", "extends: chongqing\nburden: {cut: 0.2}\nlinkage: {level: 0.2}\ngovernment: {capacity: 0.9}\n"
                   "switches: {trust: off}\n")

    def attribute(self, *words, **more):
        """JSON as an object."""
        return json.loads(self.cogov("attribute", *words, "--format", "json", **more)[0])

    def values(self, path, name, first, last):
        """By design point and replicate: the mean of these months."""
        with h5py.File(self.path(path)) as file:
            return file[name][:, :, first - 1:last].mean(axis=2)

    def test_contributions_are_what_the_definition_says_and_add_up(self):
        found = self.attribute(*PAIR, *HOW, *OUTCOMES, "-o", "r.h5")
        self.assertEqual((found["method"], found["points"], found["replicates"], found["failed_cells"]), ("exact", 16, 3, 0))
        self.assertEqual(found["a"], {"scenario": "a", "title": "这里"})
        names = [group["name"] for group in found["groups"]]
        self.assertEqual(set(names), {"burden", "linkage", "government", "switches"})
        self.assertIn({"name": "burden.cut", "a": 0.757, "b": 0.2}, found["groups"][names.index("burden")]["parameters"])
        self.assertEqual(found["groups"][names.index("switches")]["parameters"], [{"name": "switches.trust", "a": True, "b": False}])
        for name, first, last in ("participation", 10, 18), ("service_quality", 18, 18):
            with self.subTest(name):
                row, values = outcome(found, name), self.values("r.h5", name, first, last)
                self.assertEqual((row["first_tick"], row["last_tick"], row["n"]), (first, last, 3))
                expected = numpy.array([shapley(values[:, r], 4) for r in range(3)])
                got = [value(group["shapley"]) for group in row["groups"]]
                numpy.testing.assert_allclose(got, expected.mean(axis=0), rtol=0, atol=1e-14)
                self.assertAlmostEqual(sum(got), value(row["total"]), delta=1e-14)
                self.assertAlmostEqual(value(row["total"]), row["value_b"] - row["value_a"], delta=1e-14)
                half = 4.302652729911275 * expected.std(axis=0, ddof=1) / math.sqrt(3)
                numpy.testing.assert_allclose([group["shapley"]["high"] - value(group["shapley"]) for group in row["groups"]], half,
                                              rtol=1e-6, atol=1e-15)
                alone = [(values[1 << g] - values[0]).mean() for g in range(4)]
                last_in = [(values[15] - values[15 & ~(1 << g)]).mean() for g in range(4)]
                numpy.testing.assert_allclose([value(group["one_in"]) for group in row["groups"]], alone, atol=1e-14)
                numpy.testing.assert_allclose([value(group["one_out"]) for group in row["groups"]], last_in, atol=1e-14)
                self.assertEqual(len(row["interactions"]), 6)
                self.assertGreater(max(abs(x) for x in got), 0)

    def test_the_ends_are_the_two_scenarios(self):
        self.cogov("attribute", *PAIR, *HOW, "-o", "r.h5")
        with h5py.File(self.path("r.h5")) as file:
            self.assertEqual(list(file["scenario"].asstr()[:]), ["a"] * 15 + ["b"])
            digests = file["run_digest"][:]
            for g, name in enumerate(file["config/attribution_group"].asstr()[:]):
                self.assertEqual(list(file["from_b_" + name][:]), [p >> g & 1 for p in range(16)])
        for scenario, point in ("a", 0), ("b", 15):
            self.cogov("run", scenario, *HOW, "-o", scenario + ".h5")
            with h5py.File(self.path(scenario + ".h5")) as file:
                numpy.testing.assert_array_equal(file["run_digest"][0], digests[point])

    def test_an_experiment_file_is_the_same(self):
        self.write("e.yaml", "scenarios: [a, b]\ndesign: attribution\n")
        found = self.attribute(*PAIR, *HOW, "-o", "one.h5")
        self.cogov("run", "e.yaml", *HOW, "-o", "two.h5")
        self.assertEqual(self.attribute("two.h5"), found)
        self.assertEqual(self.attribute("e.yaml", *HOW), found)
        self.assertNotIn("results", " ".join(self.names()))
        with h5py.File(self.path("one.h5")) as one, h5py.File(self.path("two.h5")) as two:
            numpy.testing.assert_array_equal(one["run_digest"][:], two["run_digest"][:])
            text = one["config/file_text"].asstr()[0]
        self.write("cogov-attribute.yaml", text)
        self.cogov("run", "cogov-attribute.yaml", *HOW, "-o", "three.h5")
        self.assertEqual(self.read("three.h5"), self.read("one.h5"), "the file alone can be run again")

    def test_bytes_do_not_depend_on_who_ran_it(self):
        self.cogov("attribute", *PAIR, *HOW, "-o", "one.h5", "--threads", "1")
        self.cogov("attribute", *PAIR, *HOW, "-o", "two.h5", "--threads", "2")
        first = self.cogov("attribute", *PAIR, *HOW, "-o", "shares.h5", "--shard", "1/2")[0]
        self.assertEqual(first, "")
        shutil.copytree(self.path("shares.h5.parts"), self.path("merged.h5.parts"))
        last = self.cogov("attribute", *PAIR, *HOW, "-o", "shares.h5", "--shard", "2/2")[0]
        self.assertIn("Shapley", last)
        for name in "two.h5", "shares.h5":
            self.assertEqual(self.read(name), self.read("one.h5"), name)
        out = self.cogov("status", "merged.h5.parts")[0]
        self.assertIn("24 of 48", out.replace("cells", ""))
        self.cogov("merge", "merged.h5.parts", status=1)
        self.cogov("attribute", *PAIR, *HOW, "-o", "merged.h5")
        self.assertEqual(self.read("merged.h5"), self.read("one.h5"), "merged")
        self.assertIn("all equal", self.cogov("verify", "one.h5", "--cells", "6")[0])

    def test_parts_are_merged_without_the_scenarios(self):
        for share in "1/2", "2/2":
            self.cogov("attribute", *PAIR, *HOW, "-o", "r.h5", "--shard", share, "--checkpoint", "off")
            if share == "1/2":
                shutil.copytree(self.path("r.h5.parts"), self.path("kept"))
        reference = self.read("r.h5")
        os.remove(self.path("r.h5"))
        shutil.copytree(self.path("kept"), self.path("r.h5.parts"))
        self.write("b.yaml", "extends: nowhere\n")
        self.cogov("retry", "r.h5.parts")
        self.assertEqual(self.read("r.h5"), reference)

    @unittest.skipUnless(MPIRUN, "built without MPI")
    def test_processes_share_the_cells_and_one_of_them_prints(self):
        words = ["attribute", *PAIR, *HOW, "--format", "csv"]
        alone = self.cogov(*words, "-o", "one.h5")[0]
        self.assertEqual(self.mpirun(2, *words, "-o", "two.h5")[0], alone)
        self.assertEqual(self.read("one.h5"), self.read("two.h5"))

    def test_a_group_in_which_the_two_agree_adds_nothing(self):
        self.write("e.yaml", "scenarios: [a, b]\ndesign: attribution\ngroups: {same: [purchase.budget], reform: [burden, linkage]}\n")
        found = self.attribute("e.yaml", *HOW)
        self.assertEqual([group["name"] for group in found["groups"]][:2], ["same", "reform"])
        for row in found["outcomes"]:
            same = row["groups"][0]
            self.assertEqual(same["shapley"], {"value": 0, "low": 0, "high": 0})
            self.assertEqual(same["one_out"], {"value": 0, "low": 0, "high": 0})
            self.assertTrue(all(pair["value"] == 0 for pair in row["interactions"] if pair["first"] == "same"))

    def test_events_are_a_group_and_its_mixtures_are_runs(self):
        self.write("b.yaml", "extends: chongqing\nlinkage: {level: 0.2}\nevents:\n  - {month: 9, set: {burden.cut: 0}}\n")
        self.write("mix.yaml", "extends: a\nevents:\n  - {month: 9, set: {burden.cut: 0}}\n")
        found = self.attribute(*PAIR, *HOW, "-o", "r.h5")
        self.assertEqual([group["name"] for group in found["groups"]], ["linkage", "events"])
        self.assertEqual(found["groups"][1]["parameters"], [])
        self.cogov("run", "mix", *HOW, "-o", "mix.h5")
        with h5py.File(self.path("r.h5")) as file, h5py.File(self.path("mix.h5")) as mix:
            numpy.testing.assert_array_equal(file["run_digest"][2], mix["run_digest"][0])
            self.assertEqual(list(file["scenario"].asstr()[:]), ["a", "a", "b", "b"])
        self.assertIn("all equal", self.cogov("verify", "r.h5", "--cells", "12")[0])

    def test_random_orders_add_up_and_come_near(self):
        exact = self.attribute(*PAIR, *HOW, *OUTCOMES)
        found = self.attribute(*PAIR, *HOW, *OUTCOMES, "--permutations", "12", "-o", "r.h5")
        self.assertEqual((found["method"], found["orders"]), ("permutations", 12))
        for row, whole in zip(found["outcomes"], exact["outcomes"]):
            self.assertIsNone(row["interactions"])
            self.assertEqual(row["total"], whole["total"])
            self.assertAlmostEqual(sum(value(group["shapley"]) for group in row["groups"]), value(row["total"]), delta=1e-14)
            for group, true in zip(row["groups"], whole["groups"]):
                self.assertEqual(group["one_in"], true["one_in"])
                self.assertLess(abs(value(group["shapley"]) - value(true["shapley"])), 0.3 * abs(value(row["total"])) + 0.01)
        with h5py.File(self.path("r.h5")) as file:
            for order in file["config/attribution_order"].asstr()[:]:
                self.assertEqual(sorted(order.split()), sorted(group["name"] for group in found["groups"]))
        self.assertEqual(self.attribute("r.h5", *OUTCOMES), found)

    def test_a_replicate_that_lacks_a_mixture_is_left_out_and_counted(self):
        whole = self.attribute(*PAIR, *HOW, "-o", "r.h5")
        with h5py.File(self.path("r.h5"), "r+") as file:
            file["run_status"][5, 1] = 1
            participation = file["participation"][:, :, 9:].mean(axis=2)
        found = self.attribute("r.h5")
        self.assertEqual((found["failed_cells"], [row["n"] for row in found["outcomes"]]), (1, [2] * len(whole["outcomes"])))
        expected = numpy.mean([shapley(participation[:, r], 4) for r in (0, 2)], axis=0)
        numpy.testing.assert_allclose([value(group["shapley"]) for group in outcome(found, "participation")["groups"]], expected, atol=1e-14)
        self.assertIn("1 cells failed", self.cogov("attribute", "r.h5")[0])

    def test_one_replicate_has_no_interval_and_none_no_value(self):
        found = self.attribute(*PAIR, *HOW, "--replicates", "1", "-o", "r.h5")
        total = found["outcomes"][0]["total"]
        self.assertIsNotNone(total["value"])
        self.assertIsNone(total["low"])
        self.assertNotIn("nan", self.cogov("attribute", "r.h5")[0].lower())
        with h5py.File(self.path("r.h5"), "r+") as file:
            file["run_status"][0, 0] = 1
        found = self.attribute("r.h5")
        self.assertEqual((found["outcomes"][0]["n"], found["outcomes"][0]["total"]["value"]), (0, None))
        self.assertNotIn("nan", self.cogov("attribute", "r.h5")[0].lower())

    def test_the_table_and_the_csv_have_the_same_numbers(self):
        words = [*PAIR, *HOW, *OUTCOMES]
        table = self.cogov("attribute", *words, "-o", "r.h5")[0]
        self.assertIn("4 groups differ. Every mixture of A and B: 16 x 3 replicates.", table)
        self.assertTrue(all(len(line) <= 100 for line in table.splitlines()), table)
        lines = self.cogov("attribute", "r.h5", *OUTCOMES, "--format", "csv")[0].split("\r\n")
        self.assertEqual(lines[0], "observation,label,unit,period,first_tick,last_tick,n,effect,group,second,value,low,high")
        found = self.attribute("r.h5", *OUTCOMES)
        rows = [line.split(",") for line in lines[1:] if line]
        self.assertEqual(len(rows), 2 * (3 + 3 * 4 + 6))
        contributions = {(row[0], row[8]): float(row[10]) for row in rows if row[7] == "shapley"}
        for row in found["outcomes"]:
            for group in row["groups"]:
                self.assertEqual(contributions[row["observation"], group["name"]], value(group["shapley"]))

    def test_the_file_opens_in_xarray(self):
        import xarray
        self.cogov("attribute", *PAIR, *HOW, "-o", "r.h5")
        with xarray.open_dataset(self.path("r.h5")) as results:
            for name in "from_b_burden", "burden.cut":
                self.assertIn(name, results["participation"].coords)
            self.assertEqual(results["from_b_burden"].attrs["flag_meanings"], "A B")
            self.assertEqual(results["from_b_burden"].attrs["parameters"], "burden.cut")
            self.assertIn("A is a, B is b", results["from_b_burden"].attrs["long_name"])
            self.assertEqual(results.sel(design=(results["from_b_burden"] == 1)).sizes["design"], 8)

    def test_a_mixture_that_the_model_refuses_is_named(self):
        self.write("a.yaml", "extends: base\nneeds: {public_share: 0.5, special_share: 0.5, personal_share: 0, developmental_share: 0}\n")
        self.write("b.yaml", "extends: base\nneeds: {public_share: 0.4, special_share: 0.6, personal_share: 0, developmental_share: 0}\n")
        self.write("e.yaml", "scenarios: [a, b]\ndesign: attribution\ngroups: {public: [needs.public_share]}\n")
        err = self.cogov("check", "e.yaml", status=2)[1]
        self.assertIn("e.yaml:2:9: error: needs.public_share, special_share", err)
        self.assertIn("(design point 1: a with public of b)", err)
        self.assertIn("(design point 2: a with needs of b)", err)
        self.attribute(*PAIR, *HOW)

    def test_wrong_use_is_told(self):
        self.cogov("compare", *PAIR, *HOW, "-o", "pair.h5")
        for words, told in (
                (["pair.h5"], "do not mix two scenarios (design: none"),
                (["pair.h5", "a"], "one results file"),
                (["a"], "attribute takes two scenarios"),
                (["a", "a"], "do not differ"),
                (["a", "chongqin"], 'did you mean "chongqing"'),
                (["none.h5"], "cannot be read"),
                ([*PAIR, *HOW, "--observation", "particpation"], 'did you mean "participation"'),
                ([*PAIR, "--observation", "participation:decide"], "participation has no labels"),
                ([*PAIR, "--observation", "participation_by_depth:decid@end"], 'did you mean "decide"'),
                ([*PAIR, "--shard", "1/2"], "name it with -o")):
            with self.subTest(words):
                self.assertIn(told, self.cogov("attribute", *words, status=2)[1])

    def test_damaged_files_are_refused(self):
        def without(name):
            def change(file):
                del file[name]
            return change

        def swap(file):
            file["from_b_burden"][0] = 1

        self.cogov("attribute", *PAIR, *HOW, "-o", "r.h5")
        for change in without("from_b_burden"), without("config/attribution_group"), without("burden.cut"), swap:
            shutil.copy(self.path("r.h5"), self.path("x.h5"))
            with h5py.File(self.path("x.h5"), "r+") as file:
                change(file)
            self.assertIn("damaged", self.cogov("attribute", "x.h5", status=2)[1])

    def test_a_dry_run_counts_the_mixtures(self):
        self.assertIn("80 (16 design points x 5 replicates)", self.cogov("attribute", *PAIR, *SIZE, "--dry-run")[0])
        self.assertEqual(self.names(), ["a.yaml", "b.yaml"])


if __name__ == "__main__":
    unittest.main()
