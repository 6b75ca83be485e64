"""test_sensitivity_runs.py - cogov sensitivity as users run it: of experiments of a tiny city, of files in which the numbers are known, and of
files that are exchanged with SALib."""
import csv
import json
import os
import resource
import shutil
import unittest

import h5py
import numpy

from harness import Case

SIZE = "city: {streets: 1, communities: 2, residents: 300}\n"
LEVERS = "vary: {burden.cut: [0, 0.9], linkage.level: [0, 1], switches.trust: [off, on]}\n"


def fill(path, name, values):
    """Puts numbers by design point, or by point and replicate, into all months of an observation."""
    with h5py.File(path, "r+") as file:
        shape = file[name].shape
        values = numpy.asarray(values, dtype=float)
        file[name][...] = values.reshape(values.shape + (1,) * (len(shape) - values.ndim)) * numpy.ones(shape)


def matrix(path):
    with h5py.File(path) as file:
        return {name: file[name][:] for name in file if "." in name}


class Sensitivity(Case):
    def setUp(self):
        super().setUp()
        self.write("plain.yaml", "model: cogov\ntitle: A plain place\n" + SIZE)
        self.write("other.yaml", "extends: plain\n")

    def run_design(self, design, out="x.h5", scenarios="[plain]", replicates=2, levers=LEVERS):
        self.write("e.yaml", "scenarios: %s\ndesign: %s\n%sticks: 4\nburn_in: 1\nreplicates: %d\n" % (scenarios, design, levers, replicates))
        self.cogov("run", "e.yaml", "-o", out, "-q", "--overwrite")
        return self.path(out)

    def analyse(self, *words, status=0):
        out, err = self.cogov("sensitivity", *words, "--format", "json", status=status)
        return json.loads(out), err

    def factors(self, analysis, outcome=0, scenario=0):
        return {factor["name"]: factor for factor in analysis[scenario]["outcomes"][outcome]["factors"]}

    def test_an_experiment_is_analysed_by_what_its_design_is_made_for(self):
        for design, method in (("saltelli\npoints: 8", "sobol"), ("morris\ntrajectories: 5", "morris"), ("lhs\npoints: 30", "pawn"),
                               ("grid", "pawn")):
            with self.subTest(design):
                levers = LEVERS if design != "grid" else "vary: {burden.cut: {from: 0, to: 0.9, steps: 10}, linkage.level: [0, 0.5, 1]}\n"
                path = self.run_design(design, levers=levers)
                table = self.cogov("sensitivity", path)[0]
                self.assertIn("plain: A plain place", table)
                self.assertIn("Replicates make", table)
                analysis, _ = self.analyse(path)
                self.assertEqual([scenario["method"] for scenario in analysis], [method])
                self.assertEqual(analysis, self.analyse(path)[0], "the same file gives the same analysis")
                self.assertEqual(analysis[0]["scenario"], "plain")
                rows = list(csv.DictReader(self.cogov("sensitivity", path, "--format", "csv")[0].splitlines()))
                for factor in analysis[0]["outcomes"][0]["factors"]:
                    for measure, estimate in factor.items():
                        if isinstance(estimate, dict):
                            found = [row for row in rows if row["observation"] == analysis[0]["outcomes"][0]["observation"]
                                     and row["factor"] == factor["name"] and row["measure"] == measure]
                            self.assertEqual([float(row["value"]) for row in found], [estimate["value"]])

    def test_the_file_says_what_the_design_was(self):
        for said, kept in (("on", b"on"), ("off", b"off")):
            with h5py.File(self.run_design("saltelli\npoints: 2\nsecond_order: " + said)) as file:
                self.assertEqual(file["config"].attrs["design"], b"saltelli")
                self.assertEqual(file["config"].attrs["second_order"], kept)

    def test_shares_of_a_sweep_make_the_same_file(self):
        whole = self.run_design("saltelli\npoints: 4", "whole.h5")
        for share in "1/2", "2/2":
            self.cogov("run", "e.yaml", "-o", "parts.h5", "-q", "--shard", share)
        self.assertEqual(self.read("parts.h5"), self.read(os.path.basename(whole)))

    def test_indices_of_a_known_function_and_linked_parameters_count_once(self):
        levers = ("vary: {burden.cut: [0, 0.9], linkage.level: [0, 1], empowerment.level: [0, 1], purchase.quality_weight: [0, 0.5]}\n"
                  "link: [[linkage.level, purchase.quality_weight]]\n")
        path = self.run_design("saltelli\npoints: 64", levers=levers, replicates=1)
        x = matrix(path)
        u, v = x["burden.cut"] / 0.9, x["linkage.level"]
        fill(path, "trust", 3 * u + v + 2 * (u - 0.5) * (v - 0.5))  # variances 9/12, 1/12 and 4/144
        analysis, _ = self.analyse(path, "--observation", "trust")
        factors, total = self.factors(analysis), 9 / 12 + 1 / 12 + 4 / 144
        self.assertEqual(list(factors), ["burden.cut", "linkage.level", "empowerment.level"])
        self.assertEqual([factor["moves_with_it"] for factor in analysis[0]["factors"]], [0, 1, 0])
        self.assertIn("linkage.level +1", self.cogov("sensitivity", path)[0])
        for name, first, whole in (("burden.cut", 9 / 12, 9 / 12 + 4 / 144), ("linkage.level", 1 / 12, 1 / 12 + 4 / 144),
                                   ("empowerment.level", 0, 0)):
            for measure, known in (("first", first / total), ("total", whole / total)):
                self.assertAlmostEqual(factors[name][measure]["value"], known, delta=0.03)
                self.assertTrue(factors[name][measure]["low"] <= known <= factors[name][measure]["high"])
        self.assertEqual(factors["empowerment.level"]["total"]["value"], 0)
        pair = analysis[0]["outcomes"][0]["second"][0]
        self.assertEqual((pair["first"], pair["second"]), ("burden.cut", "linkage.level"))
        self.assertAlmostEqual(pair["value"], 4 / 144 / total, delta=0.03)

    def test_effects_are_per_range_and_switches_count(self):
        path = self.run_design("morris\ntrajectories: 6", scenarios="[plain, other]", replicates=1,
                               levers=LEVERS + "vary_in: {other: {burden.cut: [0, 0.45]}}\n")
        x = matrix(path)
        fill(path, "trust", 2 * x["burden.cut"] - x["linkage.level"] + 0.25 * x["switches.trust"])
        analysis, _ = self.analyse(path, "--observation", "trust")
        self.assertEqual([scenario["scenario"] for scenario in analysis], ["plain", "other"])
        for scenario in 0, 1:
            factors = self.factors(analysis, scenario=scenario)
            for name, slope in ("burden.cut", (1.8, 0.9)[scenario]), ("linkage.level", -1), ("switches.trust", 0.25):
                for measure in "low", "value", "high":
                    self.assertAlmostEqual(factors[name]["mu"][measure], slope, places=6)
                self.assertAlmostEqual(factors[name]["mu_star"]["value"], abs(slope), places=6)
                self.assertAlmostEqual(factors[name]["sigma"]["value"], 0, places=6)

    def test_noise_is_told_from_what_varies(self):
        path = self.run_design("lhs\npoints: 40", replicates=3)
        level = matrix(path)["linkage.level"]
        luck = numpy.array([-1.0, 0, 1])
        fill(path, "trust", level[:, None] + 0 * luck)
        self.assertEqual(self.analyse(path, "--observation", "trust")[0][0]["outcomes"][0]["noise_share"], 0)
        fill(path, "trust", level[:, None] + luck)  # variance 1/12 and, of shared luck, 1
        outcome = self.analyse(path, "--observation", "trust")[0][0]["outcomes"][0]
        self.assertAlmostEqual(outcome["noise_share"], 1 / (1 + numpy.var(level, ddof=1)), places=5)
        self.assertAlmostEqual(outcome["noise_left"], 0, places=9)
        fill(path, "trust", level[:, None] + numpy.random.default_rng(1).normal(0, 0.5, (40, 3)))
        outcome = self.analyse(path, "--observation", "trust")[0][0]["outcomes"][0]
        self.assertAlmostEqual(outcome["noise_share"], 0.25 / (0.25 + 1 / 12), delta=0.12)
        self.assertAlmostEqual(outcome["noise_left"], 0.25 / 3 / (0.25 / 3 + 1 / 12), delta=0.2)
        one = self.run_design("lhs\npoints: 40", replicates=1)
        self.assertIsNone(self.analyse(one)[0][0]["outcomes"][0]["noise_share"])
        self.assertIn("With one replicate nobody knows", self.cogov("sensitivity", one)[0])

    def spoil(self, path, cells, status=1):
        """Makes cells what failed ones are."""
        with h5py.File(path, "r+") as file:
            for cell in cells:
                file["run_status"][cell] = status
                for name, item in file.items():
                    if isinstance(item, h5py.Dataset) and item.ndim >= 3 and item.dtype.kind == "f":
                        item[cell] = numpy.nan

    def test_sobol_indices_need_every_cell_and_the_others_leave_out(self):
        path = self.run_design("saltelli\npoints: 4")
        self.spoil(path, [(3, 1), (9, 0)])
        self.spoil(path, [(9, 1)], status=2)
        out, err = self.cogov("sensitivity", path, status=1)
        self.assertEqual(out, "")
        self.assertIn("plain: Sobol' indices need every cell; cells that failed: 2, that were not run: 1; run them again: cogov retry %s.parts --failed"
                      % path, err)
        path = self.run_design("morris\ntrajectories: 6")
        self.spoil(path, [(5, 1)])  # of the second trajectory
        analysis, _ = self.analyse(path)
        self.assertEqual((analysis[0]["failed_cells"], analysis[0]["outcomes"][0]["left_out"]), (1, 1))
        table = self.cogov("sensitivity", path)[0]
        self.assertIn("Cells that failed: 1, that were not run: 0; their points are left out.", table)
        self.assertIn("1 trajectories are left out", table)
        path = self.run_design("lhs\npoints: 40")
        self.spoil(path, [(5, 1), (6, 0)])
        analysis, _ = self.analyse(path)
        self.assertEqual((analysis[0]["failed_cells"], analysis[0]["outcomes"][0]["left_out"]), (2, 2))
        self.assertIn("model_output_trust.txt: nan at 2 of 40 points",
                      self.cogov("sensitivity", path, "--salib", "s", "--observation", "trust")[1])
        self.assertEqual(numpy.isnan(numpy.loadtxt(self.path("s", "model_output_trust.txt"))).sum(), 2)

    def test_cells_that_a_stopping_rule_did_not_ask_for_are_not_missed(self):
        self.write("e.yaml", "scenarios: [plain]\ndesign: saltelli\npoints: 2\n" + LEVERS
                   + "ticks: 4\nburn_in: 1\nstop: {half_width: {satisfaction: 0.004}, min: 2, step: 1, max: 6}\n")
        self.cogov("run", "e.yaml", "-o", "x.h5", "-q")
        with h5py.File(self.path("x.h5")) as file:
            self.assertTrue((file["run_status"][:] == 2).any(), "the rule stops before the end")
        analysis, _ = self.analyse("x.h5")
        self.assertEqual((analysis[0]["failed_cells"], analysis[0]["missing_cells"]), (0, 0))
        self.assertIsNotNone(analysis[0]["outcomes"][0]["factors"][0]["total"]["value"])

    def test_an_outcome_that_is_the_same_everywhere_has_no_indices_and_says_so(self):
        for design in "saltelli\npoints: 4", "lhs\npoints: 20":
            path = self.run_design(design)
            fill(path, "trust", numpy.full(len(matrix(path)["burden.cut"]), 0.1))
            outcome = self.analyse(path, "--observation", "trust")[0][0]["outcomes"][0]
            for factor in outcome["factors"]:
                for measure in "total", "pawn":
                    self.assertIsNone(factor.get(measure, {"value": None})["value"])
            self.assertIn("It is the same at all points", self.cogov("sensitivity", path, "--observation", "trust")[0])

    def test_a_scenario_in_which_nothing_varies_is_passed_over(self):
        path = self.run_design("morris\ntrajectories: 4", scenarios="[plain, other]",
                               levers="vary_in: {other: {burden.cut: [0, 0.9], linkage.level: [0, 1]}}\n")
        analysis, err = self.analyse(path)
        self.assertEqual([scenario["scenario"] for scenario in analysis], ["other"])
        self.assertIn("plain: nothing varies there", err)

    def test_the_sign_of_a_choice_does_not_depend_on_the_seed(self):
        form, first = "participation.influence_form", set()
        for seed in range(1, 6):
            path = self.run_design("morris\ntrajectories: 4\nseed: %d" % seed, levers="vary: {%s: [threshold, linear], burden.cut: [0, 0.5]}\n" % form)
            with h5py.File(path) as file:
                forms, y = file[form].asstr()[:], file["participation"][:, :, 1:].mean(axis=(1, 2))
            first.add(forms[0])
            step = [(y[p + 1] - y[p]) * (1 if forms[p + 1] == "threshold" else -1) for p in range(len(y) - 1)
                    if p % 3 != 2 and forms[p + 1] != forms[p]]
            found = self.analyse(path, "--observation", "participation")[0]
            mu = next(factor["mu"]["value"] for factor in found[0]["outcomes"][0]["factors"] if factor["name"] == form)
            self.assertAlmostEqual(mu, numpy.mean(step), delta=1e-12)
        self.assertEqual(first, {"linear", "threshold"}, "seeds that begin with either")

    def test_wrong_use_is_told(self):
        path = self.run_design("lhs\npoints: 8")
        for words, said in (((path, "--method", "sobl"), 'did you mean "sobol"?'),
                            ((path, "--method", "sobol"), "not those of Saltelli"),
                            ((path, "--method", "morris"), "no trajectories"),
                            ((path, "--observation", "trsut"), 'did you mean "trust"?'),
                            ((path, "--observation", ""), "has an empty name"), ((path, "--overwrite"), "is for --salib"),
                            ((path, "--salib", "f", "--method", "pawn"), "analyses nothing"), ((path, "--salib", ""), "has an empty name"),
                            ((path, "--salib", "e.yaml"), "Not a directory"),
                            (("none.h5",), "cannot be read"), (("e.yaml",), "it is not HDF5")):
            with self.subTest(words):
                self.assertIn(said, self.cogov("sensitivity", *words, status=2)[1])
        self.assertIn("8 points are few for this method", self.cogov("sensitivity", path)[1])
        path = self.run_design("one-at-a-time", levers="vary: {burden.cut: [0, 0.5]}\n")
        self.assertIn("use the design morris, saltelli or lhs", self.cogov("sensitivity", path, status=2)[1])
        path = self.run_design("morris\ntrajectories: 2")
        self.assertIn("depend on each other", self.cogov("sensitivity", path, "--method", "pawn", status=2)[1])
        self.cogov("run", "plain.yaml", "-o", "p.h5", "-q", "--ticks", "2")
        self.assertIn("nothing varies over its design points", self.cogov("sensitivity", "p.h5", status=2)[1])

    def test_salib_reads_what_is_written_and_it_comes_back_the_same(self):
        path = self.run_design("saltelli\npoints: 8", levers=LEVERS.replace("}", ", participation.influence_form: [linear, threshold]}"))
        self.cogov("sensitivity", path, "--salib", "exchange", "--observation", "trust", "--observation", "participation_by_depth@end")
        folder = self.path("exchange")
        with open(os.path.join(folder, "params.txt"), encoding="utf-8", newline="") as file:  # as SALib's read_param_file does
            dialect = csv.Sniffer().sniff(file.read(1024))
            file.seek(0)
            rows = list(csv.reader(file, dialect))
        self.assertEqual(rows, [["burden.cut", "0", "0.9"], ["linkage.level", "0", "1"], ["switches.trust", "0", "1"],
                                ["participation.influence_form", "0", "1"]])
        x = numpy.loadtxt(os.path.join(folder, "model_input.txt"))
        with h5py.File(path) as file:
            numpy.testing.assert_array_equal(x[:, 0], file["burden.cut"][:])
            numpy.testing.assert_array_equal(x[:, 2], file["switches.trust"][:])
            self.assertEqual(set(x[:, 3]), {0, 1})
            forms = [form.decode() for form in file["participation.influence_form"][:]]
            levels = self.read("exchange/levels.txt").decode().split(": ")[1].strip().split(" | ")
            self.assertEqual([levels[int(i)] for i in x[:, 3]], forms)
            self.assertEqual(levels, sorted(levels))
            trust = file["trust"][:, :, 1:].mean(axis=2).mean(axis=1)
            numpy.testing.assert_allclose(numpy.loadtxt(os.path.join(folder, "model_output_trust.txt")), trust, rtol=1e-6)
            end = file["participation_by_depth"][:, :, -1].mean(axis=1)
            numpy.testing.assert_allclose(numpy.loadtxt(os.path.join(folder, "model_output_participation_by_depth-decide-end.txt")), end[:, -1])
        there, _ = self.analyse(path, "--observation", "trust")
        back, _ = self.analyse("exchange")
        outcome = [outcome for outcome in back[0]["outcomes"] if outcome["observation"] == "trust"][0]
        self.assertEqual(back[0]["method"], "sobol")
        self.assertEqual(outcome["factors"], there[0]["outcomes"][0]["factors"])
        self.assertIn("is there already", self.cogov("sensitivity", path, "--salib", "exchange", status=2)[1])
        self.cogov("sensitivity", path, "--salib", "exchange", "--overwrite")
        shutil.rmtree(folder)
        self.cogov("sensitivity", self.run_design("lhs\npoints: 4", scenarios="[plain, other]"), "--salib", "exchange")
        self.assertEqual(sorted(os.listdir(folder)), ["other", "plain"])

    def test_files_of_salib_appear_together_or_not_at_all(self):
        path = self.run_design("lhs\npoints: 40")
        whole = self.path("whole")
        self.cogov("sensitivity", path, "--salib", "whole")
        for limit in (0, max(os.path.getsize(os.path.join(whole, name)) for name in os.listdir(whole)) - 1):
            err = self.cogov("sensitivity", path, "--salib", "out", status=1,
                             preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))[1]
            self.assertIn("File too large", err)
            self.assertEqual(os.listdir(self.path("out")), [])

    def test_a_list_is_analysed_by_the_scheme_of_its_points(self):
        x = matrix(self.run_design("saltelli\npoints: 4", out="whole.h5"))
        points = ["  - {%s}\n" % ", ".join("%s: %s" % (name, repr(column[i].item()) if name != "switches.trust" else "on" if column[i] else "off")
                                           for name, column in x.items()) for i in range(len(x["burden.cut"]))]
        path = self.run_design("list", levers="points:\n" + "".join(points))
        analysis, _ = self.analyse(path)
        self.assertEqual(analysis[0]["method"], "sobol")
        self.assertEqual(analysis[0]["outcomes"], self.analyse("whole.h5")[0][0]["outcomes"])
        morris = "points: [{burden.cut: 0}, {burden.cut: 1}, {burden.cut: 0.5}, {burden.cut: 0}]\n"
        path = self.run_design("list", levers=morris)  # of one parameter, any two points are a trajectory
        self.assertEqual(self.analyse(path)[0][0]["method"], "pawn")
        self.assertEqual(self.analyse(path, "--method", "morris")[0][0]["method"], "morris")

    def test_files_of_salib_are_analysed_without_a_results_file(self):
        # Saltelli's points of two groups, as SALib writes them; the second has two parameters.
        rng = numpy.random.default_rng(7)
        rows = []
        for _ in range(256):
            a, b = rng.random(3), rng.random(3)
            rows += [a, [b[0], a[1], a[2]], [a[0], b[1], b[2]], b]
        x = numpy.array(rows)
        self.write("s/params.txt", "# name lower upper group\nx1 0.0 1.0 first\nx2 0.0 1.0 second\nx3 0.0 1.0 second\n")
        numpy.savetxt(self.path("s", "model_input.txt"), x)
        numpy.savetxt(self.path("s", "model_output.txt"), x[:, 0] + x[:, 1] + x[:, 2])
        analysis, _ = self.analyse("s")
        self.assertEqual(analysis[0]["method"], "sobol")
        factors = self.factors(analysis)
        self.assertEqual(list(factors), ["x1", "x2"])
        for name, known in ("x1", 1 / 3), ("x2", 2 / 3):
            for measure in "first", "total":
                self.assertTrue(factors[name][measure]["low"] <= known <= factors[name][measure]["high"])
        self.assertEqual(analysis[0]["outcomes"][0]["second"], [])
        for name, text, said in (("params.txt", "x1,0,1\nx2,1,0\n", "params.txt:2:1: error: x2: the lower end is not below the upper one"),
                                 ("params.txt", "x1 0\n", "params.txt:1:1: error: a parameter is a name, its lower and its upper end"),
                                 ("params.txt", "x1 0 1\n", "model_input.txt:1:1: error: has 3 numbers where 1 are expected"),
                                 ("model_output.txt", "1\n2\n", "model_output.txt: error: has 2 outcomes for the 1024 points"),
                                 ("model_output.txt", "1\nx\n", 'model_output.txt:2:1: error: "x" is no number')):
            with self.subTest(said):
                kept = self.read(os.path.join("s", name))
                self.write(os.path.join("s", name), text)
                self.assertIn(said, self.cogov("sensitivity", "s", status=2)[1])
                self.write(os.path.join("s", name), kept)
        os.unlink(self.path("s", "model_output.txt"))
        self.assertIn("has no model_output.txt", self.cogov("sensitivity", "s", status=2)[1])


if __name__ == "__main__":
    unittest.main()
