"""One burn-in and its branches, through the program: --save-state, start_from and --start-from."""
import csv
import io
import os
import subprocess
import unittest

import h5py
import numpy

from harness import Case

MODEL = "model: cogov\nextends: scenarios/base.yaml\ncity: {streets: 1, communities: 2, residents: 'normal(200, 40)'}\n"


def open_with_xarray(path):
    code = ("import sys, xarray; d = xarray.open_dataset(sys.argv[1]); "
            "print(d.sizes['tick'], int(d.tick[0]), int(d.tick[-1]))")
    return subprocess.run(["/usr/bin/python3", "-c", code, path], check=True, capture_output=True, text=True).stdout


class StartFrom(Case):
    def setUp(self):
        super().setUp()
        self.write("place.yaml", MODEL)

    def numbers(self, name, first=0):
        """Every variable with a tick, from a month on."""
        with h5py.File(self.path(name)) as file:
            ticks = file["tick"][:]
            keep = ticks > first
            return {key: value[:, :, keep] for key, value in file.items()
                    if isinstance(value, h5py.Dataset) and value.ndim >= 3 and value.shape[2] == len(ticks)
                    and not key.startswith("run_")}

    def assert_same(self, one, other):
        self.assertEqual(sorted(one), sorted(other))
        self.assertGreater(len(one), 20)
        for key, numbers in one.items():
            numpy.testing.assert_array_equal(numbers, other[key], key)

    def burn_in(self, *more):
        self.cogov("run", "place.yaml", "--ticks", "12", "--replicates", "3", "--save-state", "burned-in.state", "-o", "base.h5",
                   *more)

    def test_the_branch_is_the_run_gone_on_with(self):
        self.burn_in()
        self.assertEqual(self.names(), ["base.h5", "base.h5.log", "burned-in.state", "place.yaml"])
        self.write("branch.yaml", "scenarios: [place]\nreplicates: 3\nticks: 30\nstart_from: burned-in.state\n")
        self.cogov("run", "place.yaml", "--ticks", "30", "--replicates", "3", "-o", "whole.h5")
        self.cogov("run", "branch.yaml", "-o", "branch.h5", "--threads", "1")
        self.assert_same(self.numbers("branch.h5"), self.numbers("whole.h5", 12))
        self.cogov("run", "branch.yaml", "-o", "again.h5", "--threads", "3")
        self.assertEqual(self.read("branch.h5"), self.read("again.h5"))
        self.assertEqual(open_with_xarray(self.path("branch.h5")).split(), ["18", "13", "30"])
        with h5py.File(self.path("branch.h5")) as file:
            self.assertEqual(file["config"].attrs["start_from"], b"burned-in.state")
            self.assertEqual(len(file["config"].attrs["start_from_digest"]), 32)
            self.assertEqual(file["config"].attrs["burn_in"], 15)

    def test_states_do_not_depend_on_threads(self):
        self.burn_in("--threads", "1")
        first = self.read("burned-in.state")
        self.burn_in("--threads", "3", "--overwrite")
        self.assertEqual(self.read("burned-in.state"), first)

    def test_scenarios_branch_from_one_burn_in(self):
        self.burn_in()
        self.write("linked.yaml", "extends: place\nlinkage.level: 0.95\n")
        words = ("place.yaml", "linked.yaml", "--replicates", "3", "--ticks", "30")
        out, _ = self.cogov("compare", *words, "--start-from", "burned-in.state", "--format", "csv")
        months = {(row["period"], row["first_tick"], row["last_tick"]) for row in csv.DictReader(io.StringIO(out))}
        self.assertEqual(months, {("end", "30", "30"), ("average", "16", "30")})

    def test_a_state_that_does_not_fit_is_told(self):
        self.burn_in()
        common = ("run", "place.yaml", "--start-from", "burned-in.state", "-o", "x.h5")
        _, err = self.cogov(*common, "--ticks", "12", status=2)
        self.assertEqual(err, "--start-from: error: start_from: burned-in.state holds states of month 12, but the run ends with "
                              "month 12; ticks count from the start\n")
        _, err = self.cogov(*common, "--replicates", "4", status=2)
        self.assertIn("holds 3 replicates, but 4 are to be run", err)
        _, err = self.cogov(*common, "--set", "city.weight=2", status=2)
        self.assertIn("was saved with city.weight 1, but \"place\" has 2", err)
        self.assertEqual(self.names(), ["base.h5", "base.h5.log", "burned-in.state", "place.yaml"])

    def test_states_that_could_not_be_written_are_not_lost(self):
        self.burn_in()
        states, results = self.read("burned-in.state"), self.read("base.h5")
        os.remove(self.path("burned-in.state"))
        os.remove(self.path("base.h5"))
        os.mkdir(self.path("burned-in.state"))  # nothing can have that name now
        words = ("run", "place.yaml", "--ticks", "12", "--replicates", "3", "--save-state", "burned-in.state", "-o", "base.h5")
        self.cogov(*words, status=1)
        self.assertNotIn("base.h5", self.names())
        os.rmdir(self.path("burned-in.state"))
        self.cogov("merge", "base.h5.parts")
        self.assertEqual(self.read("burned-in.state"), states)
        self.assertEqual(self.read("base.h5"), results)
        self.assertEqual(self.names(), ["base.h5", "base.h5.log", "burned-in.state", "place.yaml"])

    def test_states_are_of_one_design_point(self):
        self.write("two.yaml", "scenarios: [place, place]\nticks: 3\n")
        _, err = self.cogov("run", "two.yaml", "--save-state", "x.state", "-o", "x.h5", status=2)
        self.assertIn("states are saved of one design point, but this experiment has 2", err)

    def test_results_without_their_states_are_not_taken_for_done(self):
        self.cogov("run", "place.yaml", "--ticks", "12", "--replicates", "3", "-o", "base.h5")
        words = ("run", "place.yaml", "--ticks", "12", "--replicates", "3", "-o", "base.h5", "--save-state", "a.state")
        _, err = self.cogov(*words, status=2)
        self.assertIn("there is no a.state with their states", err)
        self.assertFalse(os.path.exists(self.path("a.state")))


if __name__ == "__main__":
    unittest.main()
