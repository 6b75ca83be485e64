"""cogov verify: a results file is enough to run its cells again, and what was changed in it is found."""
import json
import os
import shutil
import tempfile
import unittest

import h5py
import numpy

from harness import Case

TABLE = """\
street,community,city.residents,city.elderly_share
N,a,300,0.2
N,b,250,
S,c,200,0.3
"""
PLACES = """\
model: cogov
title: places of a table, with an event
city: {communities: t.csv}
events:
  - {month: 5, set: {linkage.level: 0.9}}
"""
PLAIN = "model: cogov\ncity: {streets: 1, communities: 4, residents: 250}\n"
EXPERIMENT = "scenarios: [places, plain]\nreplicates: 3\nticks: 12\nrecord: {by: [community, street], residents: 7}\n"
DESIGN = """\
scenarios: [places, plain]
replicates: 1
ticks: 5
record: {by: [community]}
design: one-at-a-time
vary:
  needs.rate: [0.1, 0.123456789012345678]
  switches.linkage: [off]
  city.elderly_share: ["normal(0.2, 0.1)"]
  participation.influence_form: [threshold]
  purchase.contract_length: [2]
vary_in: {plain: {city.communities: [2, 3]}}
"""


class Verify(Case):
    """Each test has its own copy of one file."""

    @classmethod
    def setUpClass(cls):
        cls.kept = tempfile.mkdtemp(prefix="cogov-test-")
        cls.addClassCleanup(shutil.rmtree, cls.kept, True)

    def setUp(self):
        super().setUp()
        whole = os.path.join(self.kept, "r.h5")
        if not os.path.exists(whole):
            self.write("t.csv", TABLE)
            self.write("places.yaml", PLACES)
            self.write("plain.yaml", PLAIN)
            self.write("e.yaml", EXPERIMENT)
            self.cogov("run", "e.yaml", "--set", "needs.rate=0.2", "-o", whole)
            for name in ("t.csv", "places.yaml", "plain.yaml", "e.yaml"):
                os.remove(self.path(name))  # the file alone must do
        shutil.copy(whole, self.path("r.h5"))

    def verify(self, *words, status=0):
        out, _ = self.cogov("verify", "r.h5", "--format", "json", *words, status=status)
        return json.loads(out)

    def change(self, name, index, value):
        with h5py.File(self.path("r.h5"), "r+") as file:
            was = file[name][index]
            file[name][index] = value(was)
            return was

    def only_difference(self, **expected):
        """Runs all six cells again; one of them differs as expected."""
        found = self.verify("--cells", "6", status=1)
        self.assertEqual(found["equal"], 5)
        cell = [cell for cell in found["cells"] if not cell["equal"]][0]
        for key, value in expected.items():
            self.assertEqual(cell[key], value, cell)
        return cell

    def test_every_cell_of_a_sound_file_is_equal(self):
        found = self.verify("--cells", "100")
        self.assertEqual((found["verified"], found["equal"], found["ok"], found["failed"]), (6, 6, 6, 0))
        self.assertTrue(found["same_build"])
        out, _ = self.cogov("verify", "r.h5", "--threads", "1")
        self.assertIn("r.h5: 5 of 6 cells run again (drawn with seed 1)", out)
        self.assertTrue(out.endswith("all equal\n"), out)

    def test_what_a_design_varies_is_set(self):
        self.write("t.csv", TABLE)
        self.write("places.yaml", PLACES)
        self.write("plain.yaml", PLAIN)
        self.write("d.yaml", DESIGN)
        self.cogov("run", "d.yaml", "-o", "r.h5", "--overwrite")
        for name in ("t.csv", "places.yaml", "plain.yaml", "d.yaml"):
            os.remove(self.path(name))
        found = self.verify("--cells", "100")
        self.assertEqual((found["verified"], found["equal"]), (16, 16))
        self.change("needs.rate", 2, lambda x: 2 * x)
        self.change("city.elderly_share", 10, lambda x: "0.5")
        found = self.verify("--cells", "100", status=1)
        self.assertEqual([cell["design"] for cell in found["cells"] if not cell["equal"]], [2, 10])

    def test_runs_that_start_from_states_are_refused(self):
        with h5py.File(self.path("r.h5"), "r+") as file:
            file["config"].attrs["start_from"] = numpy.bytes_("burned.h5")
        _, err = self.cogov("verify", "r.h5", status=2)
        self.assertIn("cannot be run again from itself: its runs start from the states in burned.h5", err)

    def test_another_seed_draws_other_cells(self):
        drawn = [self.verify("--cells", "2", "--seed", str(seed))["cells"] for seed in range(4)]
        self.assertEqual([len(cells) for cells in drawn], [2] * 4)
        self.assertGreater(len({tuple((c["design"], c["replicate"]) for c in cells) for cells in drawn}), 1)
        self.assertEqual(drawn[1], self.verify("--cells", "2", "--seed", "1")["cells"])

    def test_a_changed_number_is_found_though_its_digest_was_left(self):
        was = self.change("satisfaction", (1, 2, 7), lambda x: x + 1e-12)
        cell = self.only_difference(design=1, replicate=2, variable="satisfaction", month=8, label="", variables=1)
        self.assertEqual(cell["computed"], was)
        self.assertNotEqual(cell["recorded"], was)
        self.assertIn("numbers in the file were changed", cell["finding"])

    def test_a_changed_number_of_a_label_is_found(self):
        self.change("participation_by_depth", (0, 1, 11, 3), lambda x: x / 2)
        self.only_difference(
            design=0, replicate=1, variable="participation_by_depth", month=12, label="deliberate", variables=1)

    def test_a_changed_count_of_a_place_is_found(self):
        was = self.change("residents_by_age_by_community", (1, 0, 2, 1, 3), lambda x: x + 1)
        self.only_difference(design=1, replicate=0, variable="residents_by_age_by_community", month=3, label="30, place 3",
                             recorded=was + 1, computed=was)

    def test_a_changed_history_is_found(self):
        self.change("resident_trust", (0, 0, 4, 6), lambda x: x / 2)
        self.only_difference(design=0, replicate=0, variable="resident_trust", month=5, label="agent 6 of the sample")
        self.change("resident_index", (0, 0, 6), lambda x: x + 1)
        self.only_difference(design=0, replicate=0, variable="resident_index", month=0, variables=2)

    def test_a_changed_digest_is_found(self):
        self.change("run_digest", (0, 2), lambda x: "0123456789abcdef")
        cell = self.only_difference(design=0, replicate=2, recorded_digest="0123456789abcdef")
        self.assertIn("the numbers are equal", cell["finding"])
        self.assertNotIn("variable", cell)
        out, _ = self.cogov("verify", "r.h5", "--cells", "6", status=1)
        self.assertIn("run_digest: 0123456789abcdef in the file, %s now" % cell["digest"], out)
        self.assertTrue(out.endswith("1 of 6 differ\n"), out)

    def test_a_changed_parameter_is_found(self):
        text = self.change("config/resolved", 1, lambda x: x.decode().replace("needs.rate: 0.2", "needs.rate: 0.3"))
        self.assertIn("\nneeds.rate: 0.2\n", text.decode())
        found = self.verify("--cells", "6", status=1)
        self.assertEqual([cell["finding"] for cell in found["cells"]], ["equal"] * 3 + ["another result"] * 3)

    def test_a_changed_table_is_found(self):
        with h5py.File(self.path("r.h5"), "r") as file:
            at = [stem.decode() for stem in file["config/file_stem"][:]].index("t.csv")
        self.change("config/file_text", at, lambda x: x.decode().replace("0.3", "0.4"))
        found = self.verify("--cells", "6", status=1)
        self.assertEqual([cell["finding"] for cell in found["cells"]], ["another result"] * 3 + ["equal"] * 3)

    def test_cells_that_failed_are_left_out_and_counted(self):
        self.change("run_status", (0, 0), lambda x: 1)
        _, err = self.cogov("verify", "r.h5", status=2)
        self.assertIn("a cell failed without a reason in run_error", err)
        self.change("run_error", (0, 0), lambda x: "not enough memory")
        self.change("run_status", (0, 1), lambda x: 2)
        found = self.verify("--cells", "6")
        self.assertEqual((found["verified"], found["failed"], found["not_run"]), (4, 1, 1))
        out, _ = self.cogov("verify", "r.h5")
        self.assertIn("1 more failed when the file was made", out)

    def test_a_file_of_another_build_is_run_and_told(self):
        with h5py.File(self.path("r.h5"), "r+") as file:
            file["provenance"].attrs.modify("build_digest", b"feedfeedfeedfeed")
        out, _ = self.cogov("verify", "r.h5")
        self.assertIn("(build feedfeedfeedfeed)", out)
        self.assertFalse(self.verify()["same_build"])

    def test_what_is_no_whole_results_file_is_refused(self):
        with h5py.File(self.path("r.h5"), "r+") as file:
            del file["trust"]
        _, err = self.cogov("verify", "r.h5", status=2)
        self.assertIn("r.h5: error: damaged or incomplete, at trust", err)
        self.write("cut.h5", self.read("r.h5")[:5000])
        self.cogov("verify", "cut.h5", status=2)
        self.write("text.h5", "no")
        _, err = self.cogov("verify", "text.h5", status=2)
        self.assertIn("text.h5: error: not a results file: it is not HDF5", err)
        _, err = self.cogov("verify", "none.h5", status=2)
        self.assertIn("none.h5: error: cannot be read: No such file or directory", err)

    def test_changed_coordinates_are_told(self):
        for name in ("design", "replicate", "tick"):
            with self.subTest(name):
                was = self.change(name, -1, lambda x: x + 1)
                _, err = self.cogov("verify", "r.h5", "--cells", "1", status=2)
                self.assertIn("damaged or changed: these are not the numbers of " + name, err)
                self.change(name, -1, lambda x: was)

    def test_a_spoiled_config_is_told(self):
        self.change("config/resolved", 0, lambda x: "model: cogov\nneeds.rat: 1\n")
        _, err = self.cogov("verify", "r.h5", "--cells", "6", status=2)
        self.assertIn('unknown parameter "needs.rat"; did you mean "needs.rate"?', err)


if __name__ == "__main__":
    unittest.main()
