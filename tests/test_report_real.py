"""A report of real experiments in a browser: everything that `cogov report` has sections for is run on a small city, and the page
is read as its reader does. With COGOV_ARTIFACTS, a folder, pictures of it are left there as report-WIDTH-LANGUAGE.png.
"""
import csv
import io
import os
import unittest

import h5py
import numpy

from browser import Browser, NO_BROWSER
from harness import CITY, Case
from report_fixture import compact, members, page_data, readable, report

EVIL = "<script>alert('苏南')</script> & \"south\""
SECTIONS = ["run", "differences", "curves", "profiles", "committee", "networks", "attribution", "sensitivity", "frontier", "failures", "provenance"]
FILES = ["a.h5", "b.h5", "c.h5", "d.h5"]

ATTRIBUTION = """scenarios: [chongqing, evil]
design: attribution
groups:
  administration: [committee, burden, empowerment, tiers]
  say: [deliberation, party]
  linkage: [linkage]
  rest: [purchase, organisations, government]
replicates: 3
ticks: 24
"""
SENSITIVITY = """scenarios: [evil]
design: saltelli
points: 8
second_order: on
vary: {burden.cut: [0, 0.9], linkage.level: [0, 1], purchase.budget: [5, 60]}
replicates: 2
ticks: 24
"""
FRONTIER = """scenarios: [base]
design: lhs
points: 16
vary: {purchase.budget: [5, 60], burden.cut: [0, 0.8], linkage.level: [0, 1]}
replicates: 3
ticks: 24
"""

# Of each chart: marks as it counts them, what is painted, and whether it reaches beyond the page.
CHARTS = """
return [...document.querySelectorAll(".chart")].map(chart => {
    const canvas = chart.querySelector("canvas");
    let painted = [...chart.querySelectorAll(".mark")].filter(mark => mark.getBoundingClientRect().height > 0).length;
    if (canvas) {
        const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
        painted = new Set(new Uint32Array(pixels.buffer)).size;
    }
    return {id: chart.id, marks: Number(chart.dataset.marks), painted, right: chart.getBoundingClientRect().right,
            bad: [...chart.querySelectorAll("svg *")].filter(node => [...node.attributes].some(({value}) => /NaN|undefined|Infinity/.test(value))).length};
});
"""


@unittest.skipIf(NO_BROWSER, NO_BROWSER)
class RealReport(Case):
    """One report and one browser for all tests: each reads the page in a window of its own size."""

    @classmethod
    def setUpClass(cls):
        made = cls("make_report")
        made.setUp()
        cls.addClassCleanup(made.doCleanups)
        made.make_report()
        cls.made = made
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)

    def make_report(self):
        self.write("evil.yaml", "extends: southern-jiangsu\ntitle: '%s'\n" % EVIL.replace("'", "''"))
        for name, text in (("b.yaml", ATTRIBUTION), ("c.yaml", SENSITIVITY), ("d.yaml", FRONTIER)):
            self.write(name, text)
        self.cogov("compare", "chongqing", "evil.yaml", "--by", "community", *CITY, "--ticks", "36", "--replicates", "5", "-o", "a.h5", "-q")
        self.cogov("attribute", "b.yaml", *CITY, "-o", "b.h5", "-q")
        for name in "cd":
            self.cogov("run", name + ".yaml", *CITY, "-o", name + ".h5", "-q")
        with h5py.File(self.path("a.h5"), "r+") as file:
            self.fail_cell(file)
        self.cogov("report", *FILES, "-o", "report.html", "--resamples", "200", "-q")

    def fail_cell(self, file):
        """As if the last replicate of A had failed."""
        file["run_status"][0, 4] = 1
        file["run_error"][0, 4] = EVIL
        for item in file.values():
            if isinstance(item, h5py.Dataset) and item.ndim >= 3 and item.shape[:2] == (2, 5) and item.dtype.kind == "f":
                item[0, 4] = numpy.nan

    def show(self, language, width=1280):
        self.browser.resize(width)
        self.browser.open(self.made.path("report.html"), "#%s/" % language)
        self.addCleanup(lambda: self.assertEqual(self.browser.complaints(), []))

    def run_script(self, script, *values):
        return self.browser.run(script, *values)

    def page_text(self):
        return self.run_script("return document.getElementById('report').textContent")

    def csv_rows(self, figure):
        return list(csv.DictReader(io.StringIO(self.browser.csv_text(figure), newline="")))

    def test_every_section_and_every_chart_at_each_size_in_both_languages(self):
        kept = os.environ.get("COGOV_ARTIFACTS")
        for language in ("en", "zh"):
            for width in (1280, 400):
                with self.subTest(language=language, width=width):
                    self.show(language, width)
                    self.assertEqual(self.run_script("return [...document.querySelectorAll('section')].map(node => node.id)"),
                                     ["%s/%s" % (language, name) for name in SECTIONS])
                    self.assertLessEqual(self.run_script("return document.documentElement.scrollWidth"), width)
                    charts = self.run_script(CHARTS)
                    self.assertGreaterEqual(len(charts), 15)
                    for chart in charts:
                        self.assertGreater(chart["marks"], 0, chart)
                        self.assertGreaterEqual(chart["painted"], min(chart["marks"], 10), chart)
                        self.assertLessEqual(chart["right"], width, chart)
                        self.assertEqual(chart["bad"], 0, chart)
                    self.assertEqual(self.browser.overlaps(), [])
                    words = self.page_text().replace("-fsanitize=address,undefined", "")  # a flag of the build
                    for word in ("undefined", "NaN", "[object"):
                        self.assertEqual(words.count(word), 0, word)
                    if kept:
                        os.makedirs(kept, exist_ok=True)
                        self.browser.screenshot(os.path.join(kept, "report-%d-%s.png" % (width, language)))

    def test_titles_and_reasons_stay_text(self):
        self.show("en")
        self.run_script("for (const details of document.querySelectorAll('details')) details.open = true")
        self.browser.settle()
        self.assertIn(EVIL, self.page_text())
        self.assertEqual(self.run_script("return [document.scripts.length, document.querySelectorAll('#report script').length]"), [2, 0])
        self.assertIn(EVIL, self.run_script("return document.getElementById('en/failures').textContent"))

    def test_the_switch_changes_the_language_of_the_whole_page(self):
        self.show("en")
        english = self.run_script("return [...document.querySelectorAll('h2, h3, figcaption p')].map(node => node.textContent)")
        self.run_script("document.querySelector('[data-language=zh]').click()")
        self.browser.settle()
        chinese = self.run_script("return [...document.querySelectorAll('h2, h3, figcaption p')].map(node => node.textContent)")
        self.assertEqual(len(english), len(chinese))
        self.assertEqual([text for text in chinese if text in english], [])
        self.assertEqual(self.run_script("return document.documentElement.lang"), "zh-CN")
        self.assertIn("居民参与率", self.page_text())

    def test_all_files_are_named(self):
        self.show("en")
        self.assertIn("b.h5, c.h5, d.h5", self.run_script("return document.getElementById('en/run').textContent"))
        for name in FILES:
            self.assertIn("cogov verify " + name, self.page_text())

    def test_csv_of_the_fans_has_the_quantiles_of_the_file(self):
        self.show("en")
        rows = self.csv_rows("fans")
        with h5py.File(self.made.path("a.h5")) as file:
            values = file[rows[0]["observation"]][...]
            for design, scenario in enumerate(("chongqing", "evil")):
                own = values[design][file["run_status"][design] == 0]
                got = [row for row in rows if row["scenario"] == scenario]
                self.assertEqual([int(row["tick"]) for row in got], file["tick"][...].tolist())
                self.assertEqual({int(row["n"]) for row in got}, {len(own)})
                for name, share in (("low80", 0.1), ("low50", 0.25), ("median", 0.5), ("high50", 0.75), ("high80", 0.9)):
                    expected = numpy.quantile(own, share, axis=0)
                    numpy.testing.assert_allclose([float(row[name]) for row in got], expected, rtol=0, atol=numpy.ptp(own) / 1000)

    def test_csv_of_the_forest_has_the_differences_of_the_file(self):
        self.show("zh")
        rows = self.csv_rows("forest")
        self.assertGreater(len(rows), 10)
        with h5py.File(self.made.path("a.h5")) as file:
            both = (file["run_status"][0] == 0) & (file["run_status"][1] == 0)
            self.assertEqual(both.sum(), 4)
            for row in rows:
                months = slice(int(row["first_tick"]) - 1, int(row["last_tick"]))
                a, b = (file[row["observation"]][design][both][:, months].mean(axis=1) for design in (0, 1))
                half = 3.182446305 * (b - a).std(ddof=1) / 2
                numpy.testing.assert_allclose([float(row[name]) for name in ("mean_a", "mean_b", "difference", "low", "high")],
                                              [a.mean(), b.mean(), (b - a).mean(), (b - a).mean() - half, (b - a).mean() + half], atol=1e-9, rtol=1e-6)

    def test_the_contributions_add_up_to_the_difference(self):
        self.show("en")
        rows = self.csv_rows("waterfall")
        parts = [float(row["shapley"]) for row in rows if row["shapley"] and row["group"] in ("administration", "say", "linkage", "rest")]
        told = self.run_script("""const {value} = DATA.attribution.outcomes[0].total; return value""")
        self.assertEqual(len(parts), 4)
        self.assertAlmostEqual(sum(parts), told, 7)  # the page has nine digits

    def test_made_up_data_has_the_members_of_real_data(self):
        made_up = set().union(*(members(readable(compact(report(method=method)))) for method in ("sobol", "morris", "pawn")))
        self.made.write("m.yaml", SENSITIVITY.replace("saltelli", "morris").replace("second_order: on\n", ""))
        self.made.cogov("run", "m.yaml", *CITY, "-o", "m.h5", "-q")
        real = set()
        for names in (FILES, ["d.h5"], ["m.h5"]):
            self.made.cogov("report", *names, "-o", "members.html", "--resamples", "100", "-q")
            real |= members(page_data(self.made.path("members.html")))
        self.assertEqual(sorted(real ^ made_up), [])

    def test_the_button_saves_the_file(self):
        self.show("en")
        rows = self.browser.saved("triangle", "a-triangle.csv")
        self.assertEqual({row["label"] for row in rows}, {"administrative", "party", "social"})
        self.assertEqual({row["scenario"] for row in rows}, {"chongqing", "evil"})


if __name__ == "__main__":
    unittest.main()
