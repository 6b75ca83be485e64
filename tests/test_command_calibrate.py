"""cogov calibrate, and the scenarios of the national series: their values are what the command prints, and their runs what it expects."""
import csv
import io
import json
import math
import re
import unittest

from harness import Case

CLASSES = ["associations", "private_non_enterprise", "foundations"]


def values(text):
    """{indented key: text} of a simple YAML file, without comments; keys of groups are joined by a dot."""
    result, path = {}, []
    for line in text.splitlines():
        line = re.sub(r"\s*#.*", "", line)
        match = re.match(r"( *)(?:- )?([\w.]+):\s*(.*)$", line)
        if match:
            indent, key, value = len(match[1]), match[2], match[3]
            path = [entry for entry in path if entry[0] < indent] + [(indent, key)]
            if value:
                result[".".join(entry[1] for entry in path)] = value
    return result


class Organisations(Case):
    def setUp(self):
        super().setUp()
        self.report = json.loads(self.cogov("calibrate", "organisations", "--format", "json")[0])

    def of(self, rows, **wanted):
        return [row for row in self.report[rows] if all(row[key] == value for key, value in wanted.items())]

    def test_the_scenarios_hold_what_is_printed(self):
        for name, text in self.report["yaml"].items():
            given = values(self.read("scenarios/%s.yaml" % name).decode())
            printed = values(text)
            self.assertGreaterEqual(len(printed), 2)
            for key in ("model", "title", "place", "source", "extends"):
                given.pop(key, None)
            self.assertEqual(given, printed)

    def test_the_text_ends_in_the_same_values(self):
        text = self.cogov("calibrate", "organisations")[0]
        for block in self.report["yaml"].values():
            self.assertIn(block, text)
        for row in self.report["criterion"]:
            self.assertRegex(text, r"%s +RMSE %.3f %%: holds; growth: holds" % (row["class"], 100 * row["rmse"]))

    def test_csv_and_json_hold_the_same_years(self):
        rows = list(csv.DictReader(io.StringIO(self.cogov("calibrate", "organisations", "--format", "csv")[0])))
        self.assertEqual(len(rows), 3 * 13)
        for row, other in zip(rows, self.report["years"]):
            self.assertEqual(list(row), list(other))
            self.assertEqual((row["class"], int(row["year"])), (other["class"], other["year"]))
            for key in list(row)[2:]:
                if other[key] is None:
                    self.assertEqual(row[key], "")
                else:
                    self.assertAlmostEqual(float(row[key]), other[key], delta=1e-9 * abs(other[key]) + 1e-9)
        self.assertEqual({row["year"] for row in rows if row["observed"]}, {"2010", "2011", "2012", "2013", "2014"})

    def test_the_model_starts_where_the_series_does(self):
        defaults = {row["key"]: row["default"] for row in
                    json.loads(self.cogov("params", "--model", "registration", "--format", "json")[0])}
        for name in CLASSES:
            start = self.of("years", **{"class": name, "year": 2010})[0]
            self.assertEqual(float(defaults[name + ".registered"]), start["observed"])

    def test_fits_are_those_of_the_criterion(self):
        for row in self.report["criterion"]:
            years = self.of("years", **{"class": row["class"]})
            fitted = [year for year in years if year["observed"] is not None][1:]
            self.assertEqual(len(fitted), 4)
            error = math.sqrt(sum((year["fitted"] / year["observed"] - 1) ** 2 for year in fitted) / 4)
            self.assertAlmostEqual(error, row["rmse"], places=12)
            self.assertLessEqual(error, 0.02)

    def test_wrong_use_is_told(self):
        for words, part in ((("calibrate",), "organisations"), (("calibrate", "organisation"), 'did you mean "organisations"'),
                            (("calibrate", "organisations", "--format", "yaml"), "csv"),
                            (("calibrate", "anchors", "--format", "csv"), "not csv"),
                            (("calibrate", "organisations", "--ticks", "3"), "--ticks")):
            self.assertIn(part, self.cogov(*words, status=2)[1])


class National(Case):
    def series(self, name, *more):
        import h5py
        self.cogov("run", name, "-o", name + ".h5", "-q", "--ticks", "144", "--replicates", "60", "--verify", *more)
        with h5py.File(self.path(name + ".h5")) as file:
            self.assertEqual(list(file["class"].asstr()[:]), CLASSES)
            return file["registered"][0]  # replicate, tick, class

    def test_runs_are_what_the_fit_expects(self):
        report = json.loads(self.cogov("calibrate", "organisations", "--format", "json")[0])
        runs = {"fitted": self.series("national"), "without_reform": self.series("national-without-reform")}
        for row in report["years"]:
            if row["year"] > 2010:
                for key, run in runs.items():
                    column = run[:, 12 * (row["year"] - 2010) - 1, CLASSES.index(row["class"])]
                    self.assertLess(abs(column.mean() - row[key]), 4.5 * column.std(ddof=1) / math.sqrt(len(column)), (key, row))

    def test_nothing_differs_before_the_reform_and_foundations_never_do(self):
        with_reform, without = self.series("national"), self.series("national-without-reform")
        self.assertTrue((with_reform[:, :26] == without[:, :26]).all())
        self.assertTrue((with_reform[:, :, CLASSES.index("foundations")] == without[:, :, CLASSES.index("foundations")]).all())
        pne = CLASSES.index("private_non_enterprise")
        self.assertTrue((with_reform[:, 26:, pne] > without[:, 26:, pne]).all())


class Anchors(Case):
    def test_the_constant_that_is_solved_is_the_default(self):
        rows = {row["anchor"]: row for row in json.loads(self.cogov("calibrate", "anchors", "--format", "json")[0])}
        self.assertEqual(sorted(rows), ["P1", "P13 (spread)", "P23", "P26", "P3", "P4", "P5", "P9 (approval)", "penetration"])
        solved, default = re.match(r"([\d.]+) solves .* default is ([\d.]+)", rows["penetration"]["how"]).groups()
        self.assertLess(abs(float(solved) - float(default)), 0.0005)
        self.assertIn(rows["penetration"]["how"], self.cogov("calibrate", "anchors")[0])

    def test_parameters_that_are_named_exist(self):
        keys = [row["key"] for row in json.loads(self.cogov("params", "--format", "json")[0])]
        for row in json.loads(self.cogov("calibrate", "anchors", "--format", "json")[0]):
            for name in row["parameters"].split(", "):
                if "." in name:
                    self.assertTrue(any(re.fullmatch(re.escape(name).replace(r"\*", r"\w+"), key) for key in keys), name)


if __name__ == "__main__":
    unittest.main()
