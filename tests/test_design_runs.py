"""test_design_runs.py - experiments with a design, as the program runs them: a point is the scenario with these values, and the results file
says what varied."""
import glob
import os
import re
import shutil
import subprocess
import unittest

import h5py
import numpy

from harness import CITY, Case

SIZE = "city: {streets: 1, communities: 2, residents: 300}\n"
OWN = ("scenario", "title", "design", "run_status", "run_error")


def recorded(path):
    """Variables over the replicates, by name, each with the design first."""
    with h5py.File(path) as file:
        return {name: item[()] for name, item in file.items()
                if isinstance(item, h5py.Dataset) and name not in OWN and item.ndim >= 2 and item.shape[0] == file["design"].shape[0]}


class Runs(Case):
    def setUp(self):
        super().setUp()
        self.write("plain.yaml", "model: cogov\n" + SIZE)
        self.write("events.yaml", "extends: plain\nevents:\n  - {month: 9, set: {burden.cut: 0.6, purchase.budget: 90}}\n")
        self.write("t.csv", "street,community,city.elderly_share,purchase.quality_weight\nN,a,0.3,\nN,b,,\nS,c,,0.9\n")
        self.write("table.yaml", "model: cogov\ncity: {communities: t.csv, residents: 300}\n")

    def experiment(self, text, name="e.yaml"):
        self.write(name, text + "ticks: 20\nreplicates: 2\nseed: 5\n")
        return self.path(name)

    def keys(self, file):
        return [name for name in file if "." in name]

    def settings(self, file, point):
        """The values of a point as --set takes them."""
        words = []
        for key in self.keys(file):
            value = file[key][point]
            if "flag_meanings" in file[key].attrs:
                value = ("off", "on")[value]
            elif isinstance(value, bytes):
                value = value.decode()
            else:
                value = repr(value.item())
            words += ["--set", "%s=%s" % (key, value)]
        return words

    def assert_points_are_runs(self, text):
        """Each point against a run of its scenario by itself with --set."""
        by = ["--by", "community"] if "record:" in text else []
        self.cogov("run", self.experiment(text), "-o", "design.h5", "-q")
        whole = recorded(self.path("design.h5"))
        with h5py.File(self.path("design.h5")) as file:
            points = [(stem, self.settings(file, p)) for p, stem in enumerate(file["scenario"].asstr()[:])]
        for p, (stem, settings) in enumerate(points):
            with self.subTest(point=p, settings=settings):
                self.cogov("run", self.path(stem + ".yaml"), "-o", "one.h5", "-q", "--overwrite", "--ticks", "20", "--replicates", "2",
                           "--seed", "5", *by, *settings)
                for name, values in recorded(self.path("one.h5")).items():
                    numpy.testing.assert_array_equal(whole[name][p], values[0], name)
        return whole

    def test_a_point_is_a_run_with_the_same_values(self):
        whole = self.assert_points_are_runs(
            "scenarios: [plain, events]\ndesign: list\npoints:\n  - {burden.cut: 0.1, purchase.budget: 0}\n"
            "  - {switches.trust: off, participation.influence_form: threshold}\n  - {city.elderly_share: \"uniform(0.1, 0.5)\"}\n")
        digests = whole["run_digest"]
        self.assertEqual(len(set(digests.flatten())), digests.size, "points differ from each other")

    def test_sampled_points_too_and_the_event_wins_from_its_month_on(self):
        self.assert_points_are_runs("scenarios: [events]\ndesign: lhs\npoints: 3\nvary: {burden.cut: [0, 1], switches.linkage: [off, on]}\n")

    def test_places_of_a_table_keep_what_their_rows_say(self):
        self.assert_points_are_runs(
            "scenarios: [table]\ndesign: grid\nvary: {purchase.quality_weight: [0, 1], city.elderly_share: [0.1]}\nrecord: {by: [community]}\n")

    def test_bytes_do_not_depend_on_threads(self):
        for design in "sobol\npoints: 4", "saltelli\npoints: 1":
            text = "scenarios: [plain, events]\ndesign: %s\nvary: {burden.cut: [0, 1], linkage.level: [0, 1]}\n" % design
            for threads in "1", "3":
                self.cogov("run", self.experiment(text), "-o", threads + ".h5", "-q", "--threads", threads, "--overwrite")
            self.assertEqual(self.read("1.h5"), self.read("3.h5"))

    def test_cities_of_different_sizes_have_their_own_communities(self):
        self.cogov("run", self.experiment("scenarios: [plain]\ndesign: grid\nvary: {city.communities: [1, 3]}\nrecord: {by: [community]}\n"),
                   "-o", "x.h5", "-q")
        with h5py.File(self.path("x.h5")) as file:
            self.assertEqual(list(file["community_count"]), [1, 3])
            trust = file["trust_by_community"][:]
            self.assertFalse(numpy.isnan(trust[0][..., :1]).any() or numpy.isnan(trust[1]).any())
            self.assertTrue(numpy.isnan(trust[0][..., 1:]).all())

    def test_what_varies_is_a_coordinate_of_its_type(self):
        import xarray
        text = ("scenarios: [plain, events]\ndesign: grid\nvary:\n  purchase.quality_weight: [0.25, 1]\n  switches.linkage: [off, on]\n"
                "  participation.influence_form: [threshold]\n  city.weight: [2]\nvary_in: {events: {purchase.budget: [1, 2]}}\n")
        self.cogov("run", self.experiment(text), "-o", "x.h5", "-q")
        for engine in None, "netcdf4", "h5netcdf":
            with self.subTest(engine), xarray.open_dataset(self.path("x.h5"), engine=engine) as results:
                self.assertEqual(results.sizes["design"], 12)
                for key in "purchase.quality_weight", "switches.linkage", "participation.influence_form", "city.weight", "purchase.budget":
                    self.assertIn(key, results.coords)
                    self.assertIn(key, results["trust"].coords)
                self.assertEqual(list(results["purchase.quality_weight"].values[:4]), [0.25, 0.25, 1, 1])
                self.assertEqual(results["switches.linkage"].dtype, numpy.int8)
                self.assertEqual(results["switches.linkage"].attrs["flag_meanings"], "off on")
                self.assertEqual(results["city.weight"].dtype, numpy.int64)
                self.assertEqual(set(results["participation.influence_form"].values), {"threshold"})
                self.assertEqual(list(results["purchase.budget"].values[4:8]), [1, 2, 1, 2])
                self.assertTrue(results["purchase.budget"].attrs["units"].startswith("CNY"))
                with xarray.open_dataset(self.path("x.h5"), group="summary", engine=engine or "netcdf4") as summary:
                    self.assertIn("purchase.budget", summary["trust"].coords)
        with h5py.File(self.path("x.h5")) as file:
            self.assertEqual(file["config"].attrs["design"].decode(), "grid")
            self.assertEqual(len(file["config/resolved"]), 2, "each scenario once")
        if shutil.which("ncdump"):
            header = subprocess.run(["ncdump", "-h", self.path("x.h5")], capture_output=True, text=True, check=True).stdout
            self.assertIn("double purchase.quality_weight(design)", header)
            self.assertNotIn("phony_dim", header)

    def test_a_finished_design_is_recognised_and_another_is_not(self):
        text = "scenarios: [plain]\ndesign: lhs\npoints: 2\nvary: {burden.cut: [0, 1]}\n"
        self.cogov("run", self.experiment(text), "-o", "x.h5", "-q")
        self.assertIn("holds these results already", self.cogov("run", self.experiment(text), "-o", "x.h5")[1])
        self.cogov("run", self.experiment(text.replace("points: 2", "points: 3")), "-o", "x.h5", status=2)

    def test_check_and_dry_run_count_the_points(self):
        text = "scenarios: [plain, events]\ndesign: lhs\npoints: 64\nvary: {burden.cut: [0, 1], linkage.level: [0, 1]}\n"
        path = self.experiment(text)
        self.assertIn("valid, 2 scenarios x 64 points (lhs over 2 parameters) x 2 replicates", self.cogov("check", path)[0])
        self.assertIn("256 (128 design points x 2 replicates)", self.cogov("run", path, "--dry-run")[0])
        self.write("uneven.yaml", "scenarios: [plain, events]\ndesign: grid\nvary: {burden.cut: [0, 1]}\nvary_in: {events: {burden.cut: [0]}}\n")
        self.assertIn("valid, 2 scenarios, together 3 points (grid over 1 parameter)", self.cogov("check", "uneven.yaml")[0])

    def test_replicates_of_the_command_line_are_the_most(self):
        self.write("s.yaml", "scenarios: [plain]\nstop: {half_width: {trust: 0.1}, min: 3, max: 9}\n")
        self.assertIn("3 to 9 replicates", self.cogov("check", "s.yaml")[0])
        self.assertIn("1 design points x 5 replicates", self.cogov("run", "s.yaml", "--dry-run", "--replicates", "5")[0])
        error = self.cogov("run", "s.yaml", "--dry-run", "--replicates", "2", status=2)[1]
        self.assertIn("--replicates: error: stop: at most 2 replicates are fewer than the least number, 3", error)

    def test_the_examples_run(self):
        for file in sorted(glob.glob(self.path("scenarios", "experiments", "*.yaml"))):
            with open(file, encoding="utf-8") as text:
                if not re.search(r"(?m)^design:", text.read()):
                    continue
            with self.subTest(os.path.basename(file)):
                self.cogov("run", file, "-o", "x.h5", "-q", "--overwrite", *CITY, "--ticks", "4", "--replicates", "1")

    def test_the_examples_of_the_guide_are_valid(self):
        with open(os.path.join(os.environ["COGOV_SOURCE"], "docs", "experiments.md"), encoding="utf-8") as guide:
            blocks = re.findall(r"```yaml\n(.*?)```", guide.read(), re.S)
        self.assertGreaterEqual(len(blocks), 6)
        for number, block in enumerate(blocks):
            with self.subTest(block=block):
                name = self.write("scenarios/guide-%d.yaml" % number, block)
                self.assertIn("valid", self.cogov("check", name)[0])


if __name__ == "__main__":
    unittest.main()
