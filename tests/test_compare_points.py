"""Comparing any two points of a results file: which they are, what of them is shown, and that the numbers are those of the file."""
import csv
import io
import json
import os
import shutil
import tempfile
import unittest

import h5py
import numpy

from harness import MPIRUN, SMALL, Case

DESIGN = """scenarios: [small-ezhou, small-chongqing]
replicates: 4
ticks: 30
design: grid
vary:
  purchase.quality_weight: [0.2, 0.8]
  switches.linkage: [on, off]
"""
CITY = "city: {streets: 2, communities: 4, residents: 300}\n"
CHOSEN = ["--observation", "service_quality", "--observation", "participation_by_depth:attend"]


def gini(values):
    return abs(values[:, None] - values[None, :]).mean() / (2 * values.mean())


class File(Case):
    """All tests look at one file of eight points."""

    @classmethod
    def setUpClass(cls):
        cls.kept = tempfile.mkdtemp(prefix="cogov-test-")
        cls.addClassCleanup(shutil.rmtree, cls.kept, True)
        cls.file = os.path.join(cls.kept, "x.h5")

    def setUp(self):
        super().setUp()
        if not os.path.exists(self.file):
            for name in ("ezhou", "chongqing"):
                self.write("small-%s.yaml" % name, "extends: %s\ntitle: a small %s\n%s" % (name, name, CITY))
            self.write("x.yaml", DESIGN)
            self.cogov("run", "x.yaml", "-o", self.file, "-q", "--by", "community", "--by", "street")
            for name in ("x.yaml", "small-ezhou.yaml", "small-chongqing.yaml"):
                os.remove(self.path(name))

    def json(self, *words):
        return json.loads(self.cogov("compare", self.file, *words, "-q", "--format", "json")[0])

    def rows(self, *words):
        return list(csv.DictReader(io.StringIO(self.cogov("compare", self.file, *words, "-q", "--format", "csv")[0])))


class Points(File):
    def test_points_are_numbers_or_scenarios(self):
        data = self.json("3", "small-chongqing")
        self.assertEqual([data[side]["design"] for side in "ab"], [3, 4])
        self.assertEqual([data[side]["scenario"] for side in "ab"], ["small-ezhou", "small-chongqing"])
        with h5py.File(self.file) as file:
            for side in "ab":
                for name, value in data[side]["values"].items():
                    self.assertEqual(value, file[name][data[side]["design"]])
            means = file["trust"][:, :, -1].mean(axis=1)
        row, = (row for row in data["rows"] if row["observation"] == "trust" and row["period"] == "end")
        self.assertAlmostEqual(row["mean_a"], means[3], 12)
        self.assertAlmostEqual(row["difference"], means[4] - means[3], 12)
        self.assertEqual((data["pairs"], data["failed_cells"], data["not_run_cells"]), (4, 0, 0))

    def test_two_points_are_never_labelled_alike(self):
        out = self.cogov("compare", self.file, "0", "2", *CHOSEN)[0]
        self.assertIn("A  small-ezhou (design point 0): a small ezhou\n  purchase.quality_weight = 0.2, switches.linkage = on\n", out)
        self.assertIn("B  small-ezhou (design point 2): a small ezhou\n  purchase.quality_weight = 0.8, switches.linkage = on\n", out)

    def test_which_of_many_are_compared_is_said(self):
        out, err = self.cogov("compare", self.file, *CHOSEN)
        self.assertIn("design points 0 and 1 of 8", err)
        self.assertIn("(design point 1)", out)
        self.assertEqual(self.cogov("compare", self.file, "0", "1", *CHOSEN), (out, ""))
        self.assertEqual(self.cogov("compare", self.file, "-q", *CHOSEN), (out, ""))
        self.assertIn("A and B are both design point 3", self.cogov("compare", self.file, "3", "3", *CHOSEN)[1])

    def test_unknown_points_and_observations_are_refused(self):
        for words, reason in ((("8", "0"), "numbered from 0 to 7"), (("small-ezou", "0"), 'did you mean "small-ezhou"'),
                              (("0",), "one results file"), (("0", "1", "--observation", "trst"), 'did you mean "trust"'),
                              (("0", "1", "--observation", "participation_by_depth:atend"), 'did you mean "attend"'),
                              (("0", "1", "--resamples", "1"), "--resamples must be"), (("0", "1", "--ticks", "5"), "only --format")):
            with self.subTest(words=words):
                out, err = self.cogov("compare", self.file, *words, status=2)
                self.assertEqual(out, "")
                self.assertIn(reason, err)

    def test_a_file_that_is_not_there_is_told_of_as_a_file(self):
        for words in (["y.h5"], ["y.h5", "0", "1"]):
            self.assertIn("y.h5: error: cannot be read: No such file", self.cogov("compare", *words, status=2)[1])

    def test_nothing_is_run_for_an_unknown_observation(self):
        err = self.cogov("compare", "base", "ezhou", *SMALL, "-o", "y.h5", "--observation", "trst", status=2)[1]
        self.assertIn('no observation "trst"', err)
        self.assertEqual(self.names(), [])


class Numbers(File):
    def test_observations_limit_the_rows(self):
        rows = [row for row in self.rows("0", "5", *CHOSEN, "--observation", "trust@end") if row["statistic"] == "mean"]
        self.assertEqual([(row["observation"], row["label"], row["period"]) for row in rows],
                         [("service_quality", "", "end"), ("participation_by_depth", "attend", "end"), ("trust", "", "end"),
                          ("service_quality", "", "average"), ("participation_by_depth", "attend", "average")])

    def test_the_columns_are_those_of_the_formulas(self):
        with h5py.File(self.file) as file:
            a, b = file["trust"][0, :, -1], file["trust"][5, :, -1]
        row = next(row for row in self.rows("0", "5") if row["observation"] == "trust" and row["period"] == "end")
        wins = (b[:, None] > a[None, :]).mean() + (b[:, None] == a[None, :]).mean() / 2
        self.assertAlmostEqual(float(row["superiority"]), wins, 12)
        d = (b.mean() - a.mean()) / numpy.sqrt((a.var(ddof=1) + b.var(ddof=1)) / 2)
        self.assertAlmostEqual(float(row["effect_size"]) / d, 1 - 3 / (4 * 6 - 1), 2)
        half = 3.182446305284263 * (b - a).std(ddof=1) / 2
        self.assertAlmostEqual(float(row["low"]), (b - a).mean() - half, 12)
        self.assertLessEqual((b - a).min(), float(row["bootstrap_low"]))
        self.assertLess(float(row["bootstrap_low"]), float(row["difference"]))
        self.assertGreaterEqual(float(row["p_holm"]), float(row["p"]))

    def test_series_are_the_differences_of_every_month(self):
        data = self.json("0", "5", *CHOSEN)
        rows = self.rows("0", "5", *CHOSEN, "--series")
        self.assertEqual(len(rows), 60)
        with h5py.File(self.file) as file:
            for series, values in zip(data["series"], (file["service_quality"][:], file["participation_by_depth"][..., 1])):
                self.assertEqual(series["tick"], file["tick"][:].tolist())
                self.assertEqual(series["n"], [4] * 30)
                for name, wanted in (("mean_a", values[0].mean(0)), ("mean_b", values[5].mean(0)), ("difference", (values[5] - values[0]).mean(0))):
                    self.assertLess(abs(numpy.array(series[name]) - wanted).max(), 1e-12)
                    printed = [float(row[name]) for row in rows if row["observation"] == series["observation"]]
                    self.assertEqual(printed, series[name])
        text = self.cogov("compare", self.file, "0", "5", *CHOSEN, "--series")[0]
        self.assertEqual(text.count("\n   30     4 "), 2)

    def test_distributions_are_those_over_the_places(self):
        data = self.json("0", "5", *CHOSEN)
        self.assertEqual([(d["observation"], d["label"], d["place"]) for d in data["distribution"]],
                         [(o, label, place) for place in ("street", "community")
                          for o, label in (("service_quality", None), ("participation_by_depth", "attend"))])
        with h5py.File(self.file) as file:
            first = data["distribution"][2]["first_tick"] - 1
            for d in data["distribution"]:
                values = file["%s_by_%s" % (d["observation"], d["place"])][:]
                values = (values if d["label"] is None else values[..., 1, :])[:, :, first:].mean(2)
                ginis = numpy.array([[gini(places) for places in values[side]] for side in (0, 5)])
                self.assertAlmostEqual(d["a"]["gini"]["value"], ginis[0].mean(), 12)
                self.assertAlmostEqual(d["gini_difference"]["value"], (ginis[1] - ginis[0]).mean(), 12)
                half = 3.182446305284263 * (ginis[1] - ginis[0]).std(ddof=1) / 2
                self.assertAlmostEqual(d["gini_difference"]["high"], d["gini_difference"]["value"] + half, 12)
                quantiles = numpy.quantile(values, [.05, .25, .5, .75, .95], axis=-1).mean(-1)
                self.assertLess(abs(quantiles[:, 0] - d["a"]["quantiles"]).max(), 1e-12)
                self.assertLess(abs(quantiles[:, 5] - quantiles[:, 0] - [q["value"] for q in d["quantile_differences"]]).max(), 1e-12)
                tenth, ninth = numpy.quantile(values[5], [.1, .9], axis=-1)
                self.assertAlmostEqual(d["b"]["p90_p10"], (ninth / tenth).mean(), 9)
                self.assertEqual(d["b"]["n_places"], 8 if d["place"] == "community" else 2)
        rows = [row for row in self.rows("0", "5", *CHOSEN) if row["statistic"] == "community_gini"]
        self.assertEqual(float(rows[0]["difference"]), data["distribution"][2]["gini_difference"]["value"])
        self.assertRegex(self.cogov("compare", self.file, "0", "5", *CHOSEN)[0], r"by community \(8 of A, 8 of B\)(.|\n)*\n  Gini +0\.\d")

    def test_failed_cells_are_left_out_in_pairs_and_told(self):
        with open(self.file, "rb") as file:
            self.write("y.h5", file.read())
        with h5py.File(self.path("y.h5"), "r+") as file:
            file["run_status"][0, 1] = 1
            file["run_status"][5, 3] = 2
            trust = file["trust"][:, :, -1]
            by_community = file["service_quality_by_community"][:, :, -1]
        data = json.loads(self.cogov("compare", "y.h5", "0", "5", "-q", "--format", "json", "--observation", "trust", "--observation",
                                     "service_quality@end")[0])
        self.assertEqual((data["pairs"], data["failed_cells"], data["not_run_cells"]), (2, 1, 1))
        self.assertEqual({row["n"] for row in data["rows"]}, {2})
        self.assertEqual(set(data["series"][0]["n"]), {2})
        self.assertAlmostEqual(data["rows"][0]["difference"], (trust[5, [0, 2]] - trust[0, [0, 2]]).mean(), 12)
        d = next(d for d in data["distribution"] if d["place"] == "community" and d["observation"] == "service_quality")
        self.assertEqual((d["n"], d["period"]), (2, "end"))
        self.assertAlmostEqual(d["b"]["quantiles"][2], numpy.median(by_community[5, [0, 2]], axis=-1).mean(), 12)
        out = self.cogov("compare", "y.h5", "0", "5", "-q")[0]
        self.assertRegex(" ".join(out.split()), "1 cell failed and is left out, with the other of the pair; for the reason see `cogov status")
        self.assertIn("1 cell was not run", out)

    def test_places_that_are_not_there_do_not_count(self):
        self.write("large.yaml", "extends: base\ncity: {streets: 2, communities: 3, residents: 90}\n")
        self.write("small.yaml", "extends: base\ncity: {streets: 1, communities: 2, residents: 50}\n")
        out = self.cogov("compare", "large.yaml", "small.yaml", "--ticks", "6", "--replicates", "2", "-q", "--by", "community", "--by", "street",
                         "-o", "z.h5", "--format", "json", "--observation", "trust", "--observation", "residents_by_age:40@end")[0]
        kept = json.loads(out)["distribution"]
        self.assertEqual([(d["observation"], d["place"], d["a"]["n_places"], d["b"]["n_places"]) for d in kept],
                         [("trust", "community", 6, 2), ("residents_by_age", "community", 6, 2)])
        with h5py.File(self.path("z.h5")) as file:
            persons = file["residents_by_age_by_community"][1, :, -1, 2, :2]
        self.assertTrue(persons.sum(-1).all())
        self.assertAlmostEqual(kept[1]["b"]["gini"]["value"], numpy.mean([gini(row) for row in persons]), 12)


class Processes(Case):
    @unittest.skipUnless(MPIRUN, "no mpirun here, or this build is without MPI")
    def test_processes_share_the_cells_and_one_of_them_prints(self):
        self.write("a.yaml", "extends: ezhou\n" + CITY)
        words = ["compare", "a", "a", "--ticks", "4", "--replicates", "4", "-q", "--format", "csv"]
        alone = self.cogov(*words, "-o", "one.h5")[0]
        for what in "run", "there already":
            self.assertEqual(self.mpirun(2, *words, "-o", "two.h5")[0], alone, what)
        self.assertEqual(self.read("one.h5"), self.read("two.h5"))
        self.assertIn("name it with -o", self.mpirun(2, *words, status=2)[1])


if __name__ == "__main__":
    unittest.main()
