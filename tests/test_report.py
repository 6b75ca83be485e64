"""test_report.py - cogov report: the numbers in the page are those of the file, all of it stays text, and it is written whole or not at all.
With COGOV_ARTIFACTS, a folder, the page of the typical experiment is left there as report.html."""
import json
import os
import re
import resource
import shutil
import subprocess
import time
import unittest

import h5py
import numpy

from harness import INSTRUMENTED, NO_MEASURE, SMALL, SOURCE, Case
from report_fixture import DATA, SERIES_LINES, page_data

CMAKE = shutil.which("cmake")
BANDS = (("low80", 10), ("low50", 25), ("median", 50), ("high50", 75), ("high80", 90))
MARK = b"<!-- made by cogov report -->\n"


def numbers(values):
    """null as NaN"""
    return numpy.array([numpy.nan if value is None else value for value in values], float)


def cells(file, name, designs):
    """Numbers of the cells of some design points that have run: by cell, tick, label."""
    ran = file["run_status"][designs] == 0
    values = file[name][designs].astype(float)[ran]
    return values.reshape(values.shape[0], values.shape[1], -1)


class Report(Case):
    def setUp(self):
        super().setUp()
        self.write("a.yaml", "model: cogov\ntitle: A\n")
        self.write("b.yaml", "model: cogov\ntitle: B\nburden: {cut: 0.6}\n")

    def results(self):
        self.cogov("compare", "a.yaml", "b.yaml", *SMALL, "--replicates", "4", "-o", "r.h5", "-q")

    def report(self, *words, **more):
        self.cogov("report", *(words or ("r.h5",)), "-o", "r.html", "-q", **more)
        return page_data(self.path("r.html"))

    def assert_fans(self, data, file):
        first = len(file["tick"]) - 1 - (len(data["fans"]["tick"]) - 1) * data["tick_step"]
        shown = slice(first, None, data["tick_step"])
        self.assertEqual(data["fans"]["tick"], file["tick"][shown].tolist())
        labels = {item["name"]: item["labels"] for item in data["observations"]}
        for series in data["fans"]["series"]:
            values = cells(file, series["observation"], data["fan_groups"][series["group"]]["designs"])
            label = labels[series["observation"]].index(series["label"]) if series["label"] is not None else 0
            values = values[:, shown, label]
            known = (~numpy.isnan(values)).sum(axis=0)
            self.assertEqual(series["n"], known.max(initial=0), series["observation"])
            with numpy.errstate(all="ignore"):
                expected = {band: numpy.full(values.shape[1], numpy.nan) for band, _ in BANDS}
                for band, percent in BANDS:
                    expected[band][known > 0] = numpy.nanquantile(values[:, known > 0], percent / 100, axis=0)
            size = [number for band in expected.values() for number in band if not numpy.isnan(number)]
            allowed = max((max(size) - min(size)) / 1000, 1e-4 * max(map(abs, size)), 1e-300) if size else 0
            for band, _ in BANDS:
                numpy.testing.assert_allclose(numbers(series[band]), expected[band], rtol=1e-7, atol=allowed,
                                              err_msg="%s %s %s" % (series["observation"], series["label"], band))

    def assert_profiles(self, data, file):
        for profile in data["profiles"]:
            ticks = slice(profile["first_tick"] - file["tick"][0], profile["last_tick"] - file["tick"][0] + 1)
            for group in profile["groups"]:
                values = cells(file, profile["observation"], data["fan_groups"][group["group"]]["designs"])[:, ticks]
                for label, interval in enumerate(group["values"]):
                    months = values[:, :, label]
                    months = months[~numpy.isnan(months).all(axis=1)]
                    means = numpy.nanmean(months, axis=1)
                    half = {3: 4.302652730, 4: 3.182446305, 6: 2.570581836}[len(means)] * means.std(ddof=1) / len(means) ** 0.5
                    numpy.testing.assert_allclose((interval["value"], interval["low"], interval["high"]),
                                                  (means.mean(), means.mean() - half, means.mean() + half), rtol=1e-6, atol=1e-9)
                self.assertEqual(len(group["values"]), len(profile["labels"]))

    def test_numbers_are_those_of_the_file(self):
        self.results()
        data = self.report()
        with h5py.File(self.path("r.h5")) as file:
            names = {item["name"] for item in data["observations"]}
            self.assertIn("participation", names)
            self.assertEqual(names, {name for name, item in file.items() if isinstance(item, h5py.Dataset) and item.shape[:3] == (2, 4, 24)})
            with_labels = [item["name"] for item in data["observations"] if item["labels"]]
            self.assertEqual([profile["observation"] for profile in data["profiles"]], with_labels)
            self.assertEqual(len(data["fans"]["series"]), 2 * sum(len(item["labels"] or [0]) for item in data["observations"]))
            self.assert_fans(data, file)
            self.assert_profiles(data, file)
            for name, value in file["provenance"].attrs.items():
                self.assertEqual(data["build"][name], value.decode() if isinstance(value, bytes) else value)
            self.assertEqual([scenario["resolved"] for scenario in data["scenarios"]], list(file["config/resolved"].asstr()))
            self.assertEqual(data["spec_digest"], file.attrs["spec_digest"].decode() if isinstance(file.attrs["spec_digest"], bytes)
                             else file.attrs["spec_digest"])
        self.assertEqual((data["version"], data["file"], data["model"], data["seed"], data["ticks"], data["burn_in"], data["replicates"]),
                         (1, "r.h5", "cogov", 1, 24, 12, 4))
        self.assertEqual([(s["name"], s["title"], s["first_design"], s["n_designs"]) for s in data["scenarios"]],
                         [("a", "A", 0, 1), ("b", "B", 1, 1)])
        self.assertEqual(data["cells"], {"ran": 8, "failed": 0, "not_run": 0, "failures": [], "failures_total": 0})
        self.assertIsNone(data["design"])

    def test_differences_are_those_of_compare(self):
        self.results()
        told = json.loads(self.cogov("compare", "r.h5", "--format", "json")[0])
        shown = self.report()["compare"]
        self.assertEqual(len(shown), 1)
        for mine, its in zip(shown[0]["rows"], told["rows"], strict=True):
            self.assertEqual(set(mine), set(its))
            for name in ("observation", "label", "unit", "period", "first_tick", "last_tick", "n", "trend_a", "trend_b"):
                self.assertEqual(mine[name], its[name])
            for name in ("mean_a", "mean_b", "difference", "low", "high", "bootstrap_low", "bootstrap_high", "p", "p_holm"):
                numpy.testing.assert_allclose(numbers([mine[name]]), numbers([its[name]]), rtol=1e-6)
        self.assertEqual(len(told["series"]), 4)
        for mine, its in zip(shown[0]["series"], told["series"], strict=True):
            self.assertEqual(set(mine), set(its) | {"decimals"})
            for name in ("observation", "label", "unit", "tick", "n"):
                self.assertEqual(mine[name], its[name])
            for name in SERIES_LINES:
                numpy.testing.assert_allclose(numbers(mine[name]), numbers(its[name]), rtol=0, atol=numpy.ptp(numbers(its[name])) / 1000)

    def test_a_comparison_takes_little_room(self):
        self.results()
        data = self.report()
        with open(self.path("r.html"), encoding="utf-8") as file:
            embedded = json.loads(DATA.findall(file.read())[0])
        size = [len(json.dumps(one["compare"], separators=(",", ":"))) for one in (embedded, data)]
        self.assertLess(size[0], 0.5 * size[1])

    def test_points_of_a_scenario_are_pooled(self):
        self.write("e.yaml", "scenarios: [a, b]\ndesign: grid\nvary: {purchase.budget: [10, 50, 90]}\nreplicates: 2\nticks: 24\n")
        self.cogov("run", "e.yaml", *SMALL[:6], "-o", "r.h5", "-q")
        data = self.report()
        self.assertEqual([group["designs"] for group in data["fan_groups"]], [[0, 1, 2], [3, 4, 5]])
        self.assertEqual({series["n"] for series in data["fans"]["series"] if series["observation"] == "participation"}, {6})
        self.assertEqual(data["design"]["kind"], "grid")
        self.assertEqual([(f["name"], f["values"]) for f in data["design"]["factors"]], [("purchase.budget", [10, 50, 90, 10, 50, 90])])
        with h5py.File(self.path("r.h5")) as file:
            self.assert_fans(data, file)
            self.assert_profiles(data, file)

    def test_many_scenarios_and_many_months_are_thinned_and_said(self):
        for i in range(10):
            self.write("s%d.yaml" % i, "model: influence\ntitle: S%d\ncity: {streets: 1, communities: 1, residents: 30}\n" % i)
        self.write("e.yaml", "scenarios: [%s]\nticks: 1301\nreplicates: 3\n" % ", ".join("s%d" % i for i in range(10)))
        self.cogov("run", "e.yaml", "-o", "r.h5", "-q")
        data = self.report()
        self.assertEqual((data["scenarios_shown"], len(data["fan_groups"]), len(data["scenarios"])), (8, 8, 10))
        self.assertEqual((data["tick_step"], data["fans"]["tick"][0], data["fans"]["tick"][-1]), (3, 2, 1301))
        self.assertEqual([(pair["a"]["title"], pair["b"]["title"]) for pair in data["compare"]], [("S0", "S%d" % i) for i in range(1, 8)])
        with h5py.File(self.path("r.h5")) as file:
            self.assert_fans(data, file)

    def test_only_some_observations(self):
        self.results()
        data = self.report("r.h5", "--observation", "participation_by_depth:decide", "--observation", "trust")
        self.assertEqual({series["observation"] for series in data["fans"]["series"]}, {"participation_by_depth", "trust"})
        self.assertEqual([profile["observation"] for profile in data["profiles"]], ["participation_by_depth"])
        _, err = self.cogov("report", "r.h5", "--observation", "trusst", "-o", "x.html", status=2)
        self.assertIn('did you mean "trust"?', err)
        self.assertNotIn("x.html", self.names())

    def test_failed_cells_are_left_out_and_told(self):
        self.results()
        with h5py.File(self.path("r.h5"), "r+") as file:
            file["run_status"][0, 2] = 1
            file["run_error"][0, 2] = "no memory </script> & more"
            file["run_status"][1, 3] = 2
            for name, item in file.items():
                if isinstance(item, h5py.Dataset) and item.shape[:3] == (2, 4, 24):
                    item[0, 2] = item[1, 3] = numpy.nan if item.dtype.kind == "f" else 0
        data = self.report()
        self.assertEqual(data["cells"], {"ran": 6, "failed": 1, "not_run": 1, "failures_total": 1, "failures": [
            {"design": 0, "replicate": 2, "scenario": "a", "reason": "no memory </script> & more"}]})
        self.assertEqual([series["n"] for series in data["fans"]["series"] if series["observation"] == "participation"], [3, 3])
        self.assertEqual((data["compare"][0]["pairs"], data["compare"][0]["failed_cells"]), (2, 1))
        with h5py.File(self.path("r.h5")) as file:
            self.assert_fans(data, file)
            self.assert_profiles(data, file)

    def test_at_most_200_failures_are_listed(self):
        self.write("s.yaml", "model: influence\ncity: {streets: 1, communities: 1, residents: 30}\n")
        self.cogov("run", "s.yaml", "--ticks", "2", "--replicates", "250", "-o", "r.h5", "-q")
        with h5py.File(self.path("r.h5"), "r+") as file:
            file["run_status"][0, 20:] = 1
        found = self.report()["cells"]
        self.assertEqual((found["ran"], found["failed"], found["failures_total"], len(found["failures"])), (20, 230, 230, 200))

    def test_texts_of_a_file_are_never_markup(self):
        evil = "</script><script>alert(1)</script><!--DATA--> & 苏"
        self.write("a.yaml", "model: cogov\ntitle: \"%s\"\n" % evil)
        self.results()
        data = self.report()
        page = self.read("r.html").decode()
        self.assertEqual(data["scenarios"][0]["title"], evil)
        self.assertNotIn("<script>alert", page)
        self.assertIn("<title>&lt;/script&gt;&lt;script&gt;alert(1)", page)
        self.assertEqual(re.search("[<>&\u2028\u2029]", DATA.findall(page)[0]), None)

    def test_chinese_names_of_the_file_are_given(self):
        self.results()
        with h5py.File(self.path("r.h5"), "r+") as file:
            for item, name, text in ((file["participation"], "long_name_zh", "参与率"), (file["depth"], "labels_zh", "无|出席|志愿|协商|决策")):
                item.attrs.create(name, text.encode(), dtype=h5py.string_dtype("utf-8", len(text.encode())))
        found = {item["name"]: item for item in self.report()["observations"]}
        self.assertEqual(found["participation"]["title_zh"], "参与率")
        self.assertEqual(found["participation_by_depth"]["labels_zh"], ["无", "出席", "志愿", "协商", "决策"])

    def test_the_same_files_give_the_same_page(self):
        self.results()
        self.report()
        self.cogov("report", os.path.join(self.folder, "r.h5"), "-o", self.write("sub/other.html", ""), "-q")
        self.assertEqual(self.read("r.html"), self.read("sub/other.html"))
        self.assertNotIn(self.folder.encode(), self.read("r.html"))

    def test_language(self):
        self.results()
        self.assertEqual(self.report()["language"], "en")
        self.assertEqual(self.report("r.h5", "--language", "zh")["language"], "zh")
        _, err = self.cogov("report", "r.h5", "-o", "r.html", "--language", "fr", status=2)
        self.assertIn("en (English) and zh (Chinese)", err)

    def test_only_a_report_is_replaced_without_being_asked(self):
        self.results()
        before = self.read("r.h5")
        self.report()
        self.report()
        self.write("notes.html", "<html>mine</html>\n")
        _, err = self.cogov("report", "r.h5", "-o", "notes.html", status=2)
        self.assertIn("notes.html exists and is no report; --overwrite replaces it", err)
        self.assertEqual(self.read("notes.html"), b"<html>mine</html>\n")
        self.cogov("report", "r.h5", "-o", "notes.html", "--overwrite")
        self.assertTrue(self.read("notes.html").endswith(MARK))
        os.symlink("r.h5", self.path("link.html"))
        for name in ("r.h5", "link.html"):
            _, err = self.cogov("report", "r.h5", "-o", name, "--overwrite", status=2)
            self.assertIn("give the page another name", err)
        self.assertEqual(self.read("r.h5"), before)
        _, err = self.cogov("report", "r.h5", status=2)
        self.assertIn("-o report.html", err)
        _, err = self.cogov("report", "r.h5", "-o", "nowhere/r.html", status=2)
        self.assertIn("the folder of nowhere/r.html cannot be written to: No such file", err)

    def test_damaged_files_give_no_page(self):
        self.results()
        whole = self.read("r.h5")
        for length in (0, 100, len(whole) // 3, len(whole) - 1):
            self.write("cut.h5", whole[:length])
            _, err = self.cogov("report", "cut.h5", "-o", "cut.html", status=2)
            self.assertIn("cut.h5: error: ", err)
        _, err = self.cogov("report", "r.h5", "cut.h5", "-o", "cut.html", status=2)
        self.assertIn("cut.h5: error: ", err)
        self.assertNotIn("cut.html", self.names())

    def test_a_file_that_adds_nothing_is_wrong(self):
        self.results()
        shutil.copy(self.path("r.h5"), self.path("again.h5"))
        _, err = self.cogov("report", "r.h5", "again.h5", "-o", "x.html", status=2)
        self.assertIn("again.h5: error: adds nothing to the report", err)
        self.assertNotIn("x.html", self.names())

    def test_a_full_disk_leaves_the_old_page(self):
        self.results()
        self.report()
        before = self.read("r.html")
        names = self.names()
        _, err = self.cogov("report", "r.h5", "-o", "r.html", "--language", "zh", status=1,
                            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000)))
        self.assertIn("r.html: error: cannot be written", err)
        self.assertEqual(self.read("r.html"), before)
        self.assertEqual(self.names(), names)


class Sizes(Case):
    def test_a_typical_experiment_is_below_a_megabyte(self):
        self.cogov("compare", "chongqing", "southern-jiangsu", "--replicates", "20", "--set", "city.streets=1", "--set", "city.communities=2",
                   "--set", "city.residents=200", "-o", "r.h5", "-q")
        self.cogov("report", "r.h5", "-o", "r.html", "-q")
        self.assertLess(os.path.getsize(self.path("r.html")), 1000000)
        kept = os.environ.get("COGOV_ARTIFACTS")
        if kept:
            os.makedirs(kept, exist_ok=True)
            shutil.copy(self.path("r.html"), os.path.join(kept, "report.html"))

    @unittest.skipIf(INSTRUMENTED, NO_MEASURE)
    def test_ten_thousand_cells_in_seconds_and_little_memory(self):
        self.write("s.yaml", "model: influence\ncity: {streets: 1, communities: 1, residents: 10}\nnetwork: {kind: complete}\n")
        self.write("e.yaml", "scenarios: [s]\ndesign: lhs\npoints: 100\nreplicates: 100\nticks: 60\n"
                   "vary: {choice.influence: [0, 3], initial.trust: [0.1, 0.9]}\n")
        self.cogov("run", "e.yaml", "-o", "r.h5", "-q")
        begin = time.monotonic()
        process = self.start("report", "r.h5", "-o", "r.html", "-q")
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        process.stdout.close()
        process.stderr.close()
        self.assertEqual(process.returncode, 0)
        self.assertLess(time.monotonic() - begin, 10)
        self.assertLess(used.ru_maxrss, 150 << 10, "kB")
        self.assertEqual(page_data(self.path("r.html"))["fans"]["series"][0]["n"], 10000)


@unittest.skipUnless(CMAKE, "without cmake")
class Embedding(Case):
    """The texts of the page become a C source when the program is built."""

    def embed(self, **more):
        return subprocess.run([CMAKE, "-DFOLDER=" + self.folder, "-DOUTPUT=" + self.path("out.c"), "-DTEXTS=one:a.txt,b.txt|two:c.js",
                               "-DFORBIDDEN=two:</script|two:<!--", "-P", os.path.join(SOURCE, "cmake", "EmbedText.cmake")],
                              capture_output=True, text=True, **more)

    def test_every_byte_of_every_file_in_order(self):
        texts = {"a.txt": bytes(range(1, 256)), "b.txt": "参与; [率] \\ \"x\"".encode(), "c.js": b"if (a < b && !c) { x = '</style>'; }\n"}
        for name, text in texts.items():
            self.write(name, text)
        self.assertEqual(self.embed().returncode, 0)
        found = dict(re.findall(r"const unsigned char (\w+)\[\] = \{(.*?)\};", self.read("out.c").decode(), re.S))
        found = {name: bytes(int(byte, 16) for byte in re.findall("0x..", text)) for name, text in found.items()}
        self.assertEqual(found, {"one": texts["a.txt"] + b"\n" + texts["b.txt"] + b"\n\0", "two": texts["c.js"] + b"\n\0"})

    def test_a_script_that_would_end_itself_is_refused(self):
        self.write("a.txt", "</script>")
        self.write("b.txt", "")
        for script in ("x = '</Script>';", "x = '<!--';"):
            self.write("c.js", script)
            done = self.embed()
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("c.js holds <", done.stderr)
            self.assertFalse(os.path.exists(self.path("out.c")))


if __name__ == "__main__":
    unittest.main()
