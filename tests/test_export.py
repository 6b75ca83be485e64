"""cogov export: every number of the tables is the file's, and a folder has whole tables or none."""
import csv
import math
import os
import resource
import socket
import unittest

import h5py
import numpy

from harness import INSTRUMENTED, NO_MEASURE, Case
from made_results import make_results

CITIES = """scenarios: [large, small]
design: grid
vary: {purchase.budget: [10, 33.3], switches.linkage: [off, on], participation.influence_form: [linear, threshold]}
replicates: 2
ticks: 4
record: {by: [community, street], residents: 60}
"""
PLACES = ("community", "street")


def told(text):
    return math.nan if text == "" else float(text)


class Export(Case):
    def table(self, *names):
        with open(self.path(*names), newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file, strict=True))

    def run_cities(self):
        self.write("large.yaml", "extends: base\ntitle: '=large'\ncity: {streets: 2, communities: 2, residents: 50}\n")
        self.write("small.yaml", "extends: base\ntitle: '小城, \"one\" street'\ncity: {streets: 1, communities: 1, residents: 50}\n")
        self.write("x.yaml", CITIES)
        self.cogov("run", "x.yaml", "-q", "-o", "x.h5")

    def make(self, **more):
        values = numpy.arange(48, dtype=float).reshape(3, 4, 4) / 7
        values[0, 0] = [math.nan, math.inf, -math.inf, 5e-324]
        labels = {"by_need": ("need", ['care, at "home"', "=1+1", "-x", "乐"])}
        return make_results(self.path("x.h5"), {"share": ("1", values), "count": ("tickets", numpy.arange(48).reshape(3, 4, 4)),
                                                "by_need": ("1", values[..., None] + numpy.arange(4))}, labels=labels,
                            status=[[0, 0, 0, 0], [1, 0, 0, 2], [0, 0, 1, 1]], scenarios=["a", "a", "=1+1"],
                            titles=["plain", "=cmd|' /C calc'!A0", "two\nlines, \"quoted\""], **more)

    def same(self, text, number, where):
        self.assertTrue(told(text) == number or (text == "" and math.isnan(number)), (where, text, number))

    def test_every_number_of_the_series(self):
        self.run_cities()
        self.cogov("export", "x.h5", "--csv", "out")
        with h5py.File(self.path("x.h5")) as file:
            tables = {row["name"]: row["table"] for row in self.table("out", "observations.csv")}
            self.assertGreater(len(tables), 40)
            checked = 0
            for name in {table for table in tables.values()}:
                rows = self.table("out", name)
                columns = [column for column in rows[0] if column in tables]
                self.assertEqual(sorted(columns), sorted(n for n in tables if tables[n] == name))
                dimension = name[len("series_by_"):-4]
                labels = list(file[dimension].asstr()) if dimension else [None]
                self.assertEqual(len(rows), 16 * 2 * 4 * len(labels))
                values = {column: file[column][()].reshape(16, 2, 4, -1) for column in columns}
                for i, row in enumerate(rows):
                    place = numpy.unravel_index(i, (16, 2, 4, len(labels)))
                    self.assertEqual([row["design"], row["replicate"], row["tick"]], [str(place[0]), str(place[1]), str(place[2] + 1)])
                    self.assertEqual(row["scenario"], file["scenario"].asstr()[place[0]])
                    self.assertEqual(row.get(dimension), labels[place[3]])
                    for column in columns:
                        self.same(row[column], values[column][place], (column, place))
                        checked += 1
            self.assertGreater(checked, 10000)
            for row, title, budget, linkage, form in zip(self.table("out", "design.csv"), file["title"].asstr()[()], file["purchase.budget"][()],
                                                         file["switches.linkage"][()], file["participation.influence_form"].asstr()[()]):
                self.assertEqual([row["title"], float(row["purchase.budget"]), row["switches.linkage"], row["participation.influence_form"]],
                                 [title, budget, str(linkage), form])
            trust = next(row for row in self.table("out", "observations.csv") if row["name"] == "trust")
            self.assertEqual([trust["long_name"], trust["description"], trust["unit"], trust["dimension"], trust["valid_min"], trust["valid_max"]],
                             [file["trust"].attrs["long_name"].decode(), file["trust"].attrs["description"].decode(), "1", "", "0", "1"])

    def test_every_number_by_place_and_of_single_agents(self):
        self.run_cities()
        self.cogov("export", "x.h5", "--csv", "out")
        with h5py.File(self.path("x.h5")) as file:
            seen = set()
            for table in os.listdir(self.path("out")):
                place = next((place for place in PLACES if table.endswith("_by_" + place + ".csv")), None)
                if place is None:
                    continue
                rows = self.table("out", table)
                dimension = table[len("series"):-len("_by_.csv") - len(place)][len("_by_"):]
                labels = list(file[dimension].asstr()) if dimension else [None]
                columns = [column for column in rows[0] if column + "_by_" + place in file]
                self.assertEqual(list(rows[0])[-len(columns):], columns)
                expected = []
                for design in range(16):
                    count = file[place + "_count"][design]
                    expected += [(design, r, t, l, p) for r in range(2) for t in range(4) for l in range(len(labels)) for p in range(count)]
                self.assertEqual(len(rows), len(expected), table)
                values = {column: file[f"{column}_by_{place}"][()].reshape(16, 2, 4, len(labels), -1) for column in columns}
                for row, at in zip(rows, expected):
                    self.assertEqual([row["design"], row["replicate"], row["tick"], row.get(dimension), row[place]],
                                     [str(at[0]), str(at[1]), str(at[2] + 1), labels[at[3]], str(at[4])])
                    for column in columns:
                        self.same(row[column], values[column][at], (column, at))
                seen |= {f"{column}_by_{place}" for column in columns}
            self.assertEqual(seen, {name for name in file if name.endswith(("_by_community", "_by_street"))})
            communities = self.table("out", "community.csv")
            self.assertEqual(len(communities), 8 * 4 + 8)
            for row in communities:
                at = int(row["design"]), int(row["community"])
                self.assertEqual([row["name"], int(row["street"]), row["street_name"]], [file["community_name"].asstr()[at], file["community_street"][at],
                                                                                       file["community_street_name"].asstr()[at]])
            self.agents(file)

    def agents(self, file):
        there = [tuple(at) for at in numpy.argwhere(file["resident_index"][()] >= 0)]
        self.assertEqual(len(there), 8 * 2 * (60 + 50))
        fixed, series = self.table("out", "resident.csv"), self.table("out", "series_of_resident.csv")
        self.assertEqual([(int(row["design"]), int(row["replicate"]), int(row["resident"])) for row in fixed], there)
        self.assertEqual(len(series), 4 * len(there))
        columns = list(fixed[0])[4:] + list(series[0])[5:]
        self.assertEqual({"resident_" + column for column in columns}, {name for name in file if name.startswith("resident_")})
        values = {column: file["resident_" + column][()] for column in columns}
        for row in fixed + series:
            at = [int(row["design"]), int(row["replicate"])] + ([int(row["tick"]) - 1] if "tick" in row else []) + [int(row["resident"])]
            for column in set(row) & set(columns):
                self.same(row[column], values[column][tuple(at)], (column, at))

    def test_every_statistic(self):
        self.run_cities()
        self.cogov("export", "x.h5", "--csv", "out", "--observation", "trust", "--observation", "participation_by_depth")
        with h5py.File(self.path("x.h5")) as file:
            statistics, depths = list(file["summary/statistic"].asstr()), list(file["depth"].asstr())
            rows = self.table("out", "summary.csv")
            self.assertEqual(list(rows[0])[5:], statistics)
            self.assertEqual(len(rows), 16 * 4 * (1 + len(depths)))
            trust, depth = file["summary/trust"][()], file["summary/participation_by_depth"][()]
            for row in rows:
                for s, statistic in enumerate(statistics):
                    at = int(row["design"]), s, int(row["tick"]) - 1
                    self.same(row[statistic], trust[at] if row["observation"] == "trust" else depth[at][depths.index(row["label"])], at)
        self.assertNotIn("resident.csv", os.listdir(self.path("out")), "only what was asked for")
        self.assertNotIn("series_by_need.csv", os.listdir(self.path("out")))
        self.assertEqual(list(self.table("out", "series.csv")[0])[4:], ["trust"])

    def test_statistics_of_many_months_and_of_many_points(self):
        for shape in ((1, 1, 30000), (3000, 1, 10)):
            values = numpy.arange(10 * 30000, dtype=float).reshape(shape[0], 2, shape[2], 5)
            make_results(self.path("x.h5"), {"x": ("1", numpy.zeros(shape + (5,), "i1"))}, labels={"x": ("need", list("abcde"))}, summary={"x": values})
            self.cogov("export", "x.h5", "--csv", "out", "--overwrite")
            with open(self.path("out", "summary.csv"), newline="") as table:
                rows = list(csv.reader(table))[1:]
            self.assertEqual([row[0] + row[3] + row[4] for row in rows[::97]],
                             [str(d) + "abcde"[l] + str(t + 1) for d in range(shape[0]) for t in range(shape[2]) for l in range(5)][::97])
            self.assertEqual([[float(row[5]), float(row[6])] for row in rows], numpy.moveaxis(values, 1, -1).reshape(-1, 2).tolist())

    def test_texts_are_the_files_own(self):
        self.make()
        err = self.cogov("export", "x.h5", "--csv", "out")[1]
        self.assertIn("3 cells failed and 1 were not run", err)
        self.assertEqual([row["title"] for row in self.table("out", "design.csv")], ["plain", "=cmd|' /C calc'!A0", "two\nlines, \"quoted\""])
        rows = self.table("out", "series_by_need.csv")
        self.assertEqual([row["need"] for row in rows[:4]], ['care, at "home"', "=1+1", "-x", "乐"])
        self.assertEqual([row["share"] for row in self.table("out", "series.csv")[:3]], ["", "inf", "-inf"])
        self.assertEqual(float(self.table("out", "series.csv")[3]["share"]), 5e-324)
        cells = self.table("out", "cells.csv")
        self.assertEqual([row["run_status"] for row in cells], ["ok"] * 4 + ["failed", "ok", "ok", "not_run", "ok", "ok", "failed", "failed"])
        self.assertEqual([row["run_error"] for row in cells][4:6], ['too "odd", it says', ""])
        series = {(row["design"], row["replicate"]) for row in self.table("out", "series.csv")}
        self.assertEqual(series, {(row["design"], row["replicate"]) for row in cells if row["run_status"] == "ok"})
        whole = self.read("out/series_by_need.csv")
        self.assertEqual(whole.count(b"\r\n"), whole.count(b"\n"), "lines end as RFC 4180 has it")
        self.assertNotIn("summary.csv", os.listdir(self.path("out")), "the file has none")

    def test_behaviorspace_by_skipping_six_lines(self):
        self.run_cities()
        self.cogov("export", "x.h5", "--behaviorspace", "bs.csv", "--observation", "trust", "--observation", "participation_by_depth")
        lines = self.read("bs.csv").decode().splitlines(keepends=True)
        self.assertEqual(lines[1:6], ['"x.h5"\n', lines[2], '""\n', '"min-pxcor","max-pxcor","min-pycor","max-pycor"\n', '"0","0","0","0"\n'])
        self.assertRegex(lines[0], r'^"BehaviorSpace results \(cogov [0-9.]+\)"\n$')
        with h5py.File(self.path("x.h5")) as file:
            depths = list(file["depth"].asstr())
            rows = list(csv.DictReader(lines[6:]))
            self.assertEqual(list(rows[0]), ["[run number]", "scenario", "purchase.budget", "switches.linkage", "participation.influence_form", "[step]",
                                             "trust"] + ["participation_by_depth " + depth for depth in depths])
            self.assertEqual(len(rows), 16 * 2 * 4)
            for i, row in enumerate(rows):
                at = numpy.unravel_index(i, (16, 2, 4))
                self.assertEqual([row["[run number]"], row["[step]"]], [str(i // 4 + 1), str(i % 4 + 1)])
                self.assertEqual(float(row["trust"]), file["trust"][at])
                self.assertEqual([float(row["participation_by_depth " + depth]) for depth in depths], list(file["participation_by_depth"][at]))
                self.assertEqual(float(row["purchase.budget"]), file["purchase.budget"][at[0]])
                self.assertEqual(row["switches.linkage"], "true" if file["switches.linkage"][at[0]] else "false")
        self.assertTrue(all(field.startswith('"') and field.rstrip("\n").endswith('"') for line in lines[6:] for field in line.split(",")))

    def test_runs_that_failed_keep_their_numbers(self):
        self.make()
        self.cogov("export", "x.h5", "--behaviorspace", "bs.csv", "--observation", "share")
        rows = list(csv.DictReader(self.read("bs.csv").decode().splitlines()[6:]))
        self.assertEqual([row["[run number]"] for row in rows[::4]], ["1", "2", "3", "4", "6", "7", "9", "10"])
        self.assertEqual(rows[0]["share"], "")

    def test_what_is_there_is_not_replaced_unasked(self):
        self.make()
        self.cogov("export", "x.h5", "--csv", "out")
        self.write("out/cells.csv", "mine")
        os.remove(self.path("out", "design.csv"))
        err = self.cogov("export", "x.h5", "--csv", "out", status=2)[1]
        self.assertIn("cells.csv: error: is there already", err)
        self.assertEqual(self.read("out/cells.csv"), b"mine")
        self.assertNotIn("design.csv", os.listdir(self.path("out")))
        self.cogov("export", "x.h5", "--csv", "out", "--overwrite")
        self.assertEqual(len(self.table("out", "cells.csv")), 12)
        before = self.read("x.h5")
        self.assertIn("the results themselves", self.cogov("export", "x.h5", "--behaviorspace", "x.h5", "--overwrite", status=2)[1])
        self.assertIn("the same name", self.cogov("export", "x.h5", "--overwrite", "--csv", "out", "--behaviorspace", "out/cells.csv", status=2)[1])
        self.assertEqual(self.read("x.h5"), before)

    def test_wrong_use(self):
        self.make()
        self.assertIn("--csv FOLDER", self.cogov("export", "x.h5", status=2)[1])
        self.assertIn('did you mean "share"', self.cogov("export", "x.h5", "--csv", "out", "--observation", "shae", status=2)[1])
        self.assertIn("whole", self.cogov("export", "x.h5", "--csv", "out", "--observation", "share@end", status=2)[1])
        self.assertFalse(os.path.exists(self.path("out")))
        self.write("file", "mine")
        for folder in ("file", "file/out", "none/out"):
            self.assertIn("the folder cannot be made", self.cogov("export", "x.h5", "--csv", folder, status=2)[1])
        self.assertEqual(self.read("file"), b"mine")
        self.assertIn("not HDF5", self.cogov("export", "file", "--csv", "out", status=2)[1])

    def test_no_room(self):
        self.run_cities()
        self.cogov("export", "x.h5", "--csv", "whole", "--behaviorspace", "whole/bs.csv")
        sizes = sorted(os.path.getsize(self.path("whole", name)) for name in os.listdir(self.path("whole")))
        for limit in (0, sizes[0], sizes[len(sizes) // 2], sizes[-1] - 1):
            limited = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            for overwrite in ([], ["--overwrite"]):
                err = self.cogov("export", "x.h5", "--csv", "out", "--behaviorspace", "out/bs.csv", *overwrite, status=1, preexec_fn=limited)[1]
                self.assertIn("File too large", err)
                self.assertEqual(os.listdir(self.path("out")), [], "nothing, whole or in part")
        self.write("out/.bs.csv.%s-9999999999.tmp" % socket.gethostname(), "what an export that was killed left")
        self.cogov("export", "x.h5", "--behaviorspace", "out/bs.csv")
        self.assertEqual(os.listdir(self.path("out")), ["bs.csv"])

    @unittest.skipIf(INSTRUMENTED, NO_MEASURE)
    def test_ten_thousand_cells_in_bounded_memory(self):
        random = numpy.random.default_rng(1)
        numbers = {"x%d" % i: ("1", random.random((2500, 4, 10))) for i in range(40)}
        make_results(self.path("x.h5"), numbers)
        limit = 30 * 1000 * 1000  # the numbers alone are 32 million bytes
        self.cogov("export", "x.h5", "--csv", "out", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (limit, limit)))
        with open(self.path("out", "series.csv"), newline="") as table:
            column = [float(row[4 + 7]) for row in list(csv.reader(table))[1:]]
        self.assertEqual(column, numbers["x7"][1].ravel().tolist())


if __name__ == "__main__":
    unittest.main()
