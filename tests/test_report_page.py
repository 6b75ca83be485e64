"""The report's page in a browser: its charts, both languages, keyboard, CSV, a narrow window, paper, and data that
looks like markup. Its data is made up (report_fixture.py); test_report.py has the program's own.
"""
import csv
import io
import json
import os
import re
import shutil
import tempfile
import unittest

import report_fixture
from browser import Browser, NO_BROWSER, PAGE, assemble, parts, read_part

HAN = re.compile("[\u4e00-\u9fff]")
UNTRANSLATED = re.compile("undefined|null|NaN|\\[object|\\{|\\}|(?<![.\\w])(?:" + "section|fact|axis|choice|period|measure" + ")_[a-z_]+")
METHODS = ("sobol", "morris", "pawn")
SECTIONS = ["run", "differences", "curves", "profiles", "committee", "networks", "attribution", "sensitivity", "frontier", "failures", "provenance"]

# What each chart shall hold, counted from report_fixture.
MARKS = {"forest": 11, "distribution": 2, "fans": 120, "difference": 120, "profile-participation_by_depth": 10, "profile-participation_by_age": 12,
         "profile-engagement_by_age": 12, "profiles": 8, "stack-committee_time": 6, "stack-networks": 6, "triangle": 2, "waterfall": 9,
         "interactions": 21, "sensitivity-1": 14, "second-order-1": 2, "front": 39}

CHARTS = """
return [...document.querySelectorAll(".chart")].map((chart) => {
    const canvas = chart.querySelector("canvas");
    let colours = new Set();
    if (canvas) {
        const copy = Object.assign(document.createElement("canvas"), {width: canvas.width, height: canvas.height}).getContext("2d", {willReadFrequently: true});
        copy.drawImage(canvas, 0, 0);
        const pixels = new Uint32Array(copy.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
        pixels.forEach((pixel) => colours.add(pixel));
    }
    return {id: chart.id.replace(/-chart$/, ""), marks: Number(chart.dataset.marks), canvas: Boolean(canvas), colours: colours.size,
            drawn: [...chart.querySelectorAll(".mark")].filter((mark) => [...mark.children].some((child) => !child.classList.contains("halo")
                && child.getBoundingClientRect().width + child.getBoundingClientRect().height > 0)).length,
            label: chart.getAttribute("aria-label"), role: chart.getAttribute("role"), tab: chart.tabIndex};
});
"""


class Sources(unittest.TestCase):
    """What can be told without a browser."""

    def own(self):
        return {name: read_part(name) for name in sorted(os.listdir(PAGE)) if name.endswith(".js")}

    def test_every_script_and_style_is_listed_once(self):
        listed = read_part("scripts.list").split()
        self.assertEqual(sorted(name for name in listed if "/" not in name), sorted(self.own()))
        self.assertEqual(len(set(listed)), len(listed))
        self.assertEqual(listed[:2], ["vendor/notice.js", "vendor/uPlot.iife.min.js"])
        self.assertEqual(read_part("styles.list").split(), ["vendor/uPlot.min.css", "report.css"])

    def test_nothing_becomes_markup_or_code(self):
        texts = {**self.own(), "uPlot": read_part("vendor/uPlot.iife.min.js")}
        for name, text in texts.items():
            found = re.search(r"(inner|outer)HTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function|createContextualFragment|srcdoc", text)
            self.assertIsNone(found, "%s: %s" % (name, found))

    def test_nothing_ends_the_elements_that_hold_it(self):
        self.assertNotRegex(parts("scripts.list").lower(), "</script|<!--")
        self.assertNotRegex(parts("styles.list").lower(), "</style|<!--|@import|url\\(")

    def test_template_has_each_place_once_and_a_policy(self):
        template = read_part("report.html")
        for place in ("TITLE", "STYLE", "SCRIPT", "DATA"):
            self.assertEqual(template.count("<!--%s-->" % place), 1, place)
        policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', template).group(1)
        self.assertIn("default-src 'none'", policy)
        self.assertNotRegex(policy, "http|\\*|unsafe-eval")
        self.assertNotRegex(template, "(src|href)=")

    def test_page_without_data_is_small(self):
        self.assertLess(len((read_part("report.html") + parts("styles.list") + parts("scripts.list")).encode()), 220 * 1024)

    def test_uplot_comes_with_its_licence(self):
        self.assertIn("Leon Sorokin", read_part("vendor/LICENSE"))
        self.assertIn(read_part("vendor/LICENSE").strip(), parts("scripts.list"))
        self.assertIn("v1.6.32", read_part("vendor/uPlot.iife.min.js")[:300])


@unittest.skipIf(NO_BROWSER, NO_BROWSER)
class Page(unittest.TestCase):
    """One browser for all tests; each opens its page anew."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="cogov-test-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)

    def setUp(self):
        self.browser.resize(1280)

    def tearDown(self):
        self.assertEqual(self.browser.complaints(), [])

    def show(self, data, part=""):
        path = os.path.join(self.folder, "report.html")
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(assemble(data))
        self.browser.open(path, part)
        return data

    def run_script(self, script, *values):
        return self.browser.run(script, *values)

    def texts(self, selector):
        return self.run_script("return [...document.querySelectorAll(arguments[0])].map((node) => node.textContent)", selector)

    def told(self, figure):
        return self.run_script("return document.querySelector('#' + arguments[0] + ' .told').textContent", figure)

    def press(self, figure, *keys):
        """Keys for a chart that has the focus, as a keyboard sends them."""
        self.run_script("document.getElementById(arguments[0] + '-chart').focus()", figure)
        for key in keys:
            for kind in ("rawKeyDown", "keyUp"):
                self.browser.command("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode={
                    "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40, "Home": 36, "End": 35}[key])
        self.browser.settle()

    def choose(self, figure, name, option):
        self.run_script("""const select = document.querySelector("#" + arguments[0] + " select[data-choice=" + arguments[1] + "]");
            select.value = arguments[2]; select.dispatchEvent(new Event("change", {bubbles: true}));""", figure, name, str(option))
        self.browser.settle()

    def downloaded(self, figure):
        return self.browser.saved(figure, "results-%s.csv" % figure)

    def check_charts(self, expected):
        charts = {chart["id"]: chart for chart in self.run_script(CHARTS)}
        self.assertEqual({name: chart["marks"] for name, chart in charts.items()}, expected)
        for name, chart in charts.items():
            if chart["canvas"]:
                self.assertGreater(chart["colours"], 20, name)
            else:
                self.assertEqual(chart["drawn"], chart["marks"], name)
            self.assertEqual((chart["role"], chart["tab"]), ("img", 0), name)
            self.assertGreater(len(chart["label"]), 20, name)

    def test_every_chart_is_drawn(self):
        self.show(report_fixture.report())
        self.check_charts(MARKS)
        self.assertEqual(self.texts("h1"), ["Chongqing before and after the reform"])
        self.assertEqual(self.run_script("return document.title"), "Chongqing before and after the reform")

    def test_fans_have_both_bands_a_median_and_the_burn_in(self):
        self.show(report_fixture.report())
        blue, light, dark = (0, 114, 178), (214, 232, 243), (159, 202, 226)
        for colour in (blue, light, dark, (0xec, 0xec, 0xec), (0xd5, 0x5e, 0)):
            pixels = self.run_script("""const [red, green, blue] = arguments[0];
                const canvas = document.querySelector("#fans canvas");
                const copy = Object.assign(document.createElement("canvas"), {width: canvas.width, height: canvas.height}).getContext("2d", {willReadFrequently: true});
                copy.fillStyle = "#fff";
                copy.fillRect(0, 0, canvas.width, canvas.height);
                copy.drawImage(canvas, 0, 0);
                const data = copy.getImageData(0, 0, canvas.width, canvas.height).data;
                let near = 0;
                for (let i = 0; i < data.length; i += 4)
                    near += Math.abs(data[i] - red) + Math.abs(data[i + 1] - green) + Math.abs(data[i + 2] - blue) < 8;
                return near;""", colour)
            self.assertGreater(pixels, 300, colour)

    def test_every_file_is_named_with_the_command_that_verifies_it(self):
        self.show(report_fixture.report())
        self.assertEqual(self.texts("[id='en/provenance'] > pre"), ["cogov verify results.h5\ncogov verify 'who'\\''s next.h5'\n"])
        self.assertIn("fedcba9876543210", self.texts("[id='en/provenance'] code"))

    def test_each_method_of_sensitivity_has_its_charts(self):
        for method, charts in (("morris", {"sensitivity-1": 7, "morris-1": 7}), ("pawn", {"sensitivity-1": 7})):
            with self.subTest(method):
                self.show(report_fixture.report(method=method))
                self.check_charts({**{name: n for name, n in MARKS.items() if not re.match("sensitivity|second", name)}, **charts})

    def test_sections_without_data_do_not_appear(self):
        self.show(report_fixture.bare())
        there = ["run", "curves", "provenance"]
        self.assertEqual(self.run_script("return [...document.querySelectorAll('section')].map((node) => node.id)"), ["en/" + name for name in there])
        self.assertEqual(self.run_script("return [...document.querySelectorAll('.contents a')].map((node) => node.getAttribute('href'))"),
                         ["#en/" + name for name in there])
        self.check_charts({"fans": 120})

    def test_contents_lead_to_every_section(self):
        self.show(report_fixture.report())
        links = self.run_script("return [...document.querySelectorAll('.contents a')].map((node) => node.getAttribute('href').slice(1))")
        self.assertEqual(links, ["en/" + name for name in SECTIONS])
        self.assertEqual(self.run_script("return arguments[0].filter((id) => !document.getElementById(id))", links), [])
        self.show(report_fixture.report(), "#zh/attribution")
        top = self.run_script("return document.getElementById('zh/attribution').getBoundingClientRect().top")
        self.assertLess(abs(top), 5)
        # The charts have their height before the page goes anywhere, not a frame later.
        self.assertEqual(self.run_script("render(); return document.querySelectorAll('.chart[data-marks]').length"), len(MARKS))

    def test_both_languages_have_the_same_sentences(self):
        self.show(report_fixture.report())
        self.assertEqual(self.run_script("return Object.keys(STRINGS.en).sort()"), self.run_script("return Object.keys(STRINGS.zh).sort()"))
        strings = self.run_script("return STRINGS")
        for key, text in strings["en"].items():
            values = [set(re.findall(r"\{(\w+)", sentence)) for sentence in (text, strings["zh"][key])]
            self.assertEqual(*values, key)
        used = set(re.findall(r'\bword\("([a-z0-9_]+)"', parts("scripts.list")))
        self.assertEqual(sorted(key for key in used if not key.endswith("_") and key not in strings["en"]), [])
        columns = self.run_script("return [...FIGURES.values()].flatMap((figure) => figure.spec.table(figure.chosen).columns).filter((name) => columnTitle(name) === name && !(name in COLUMNS))")
        self.assertEqual(set(columns) - {"burden.cut", "purchase.budget", "objective_1", "objective_1_low", "objective_1_high", "objective_2"}, set())

    def test_nothing_stays_in_the_other_language(self):
        for method in METHODS:
            with self.subTest(method):
                self.show(report_fixture.report(method=method))
                english = self.texts("h2")
                self.assertEqual(self.run_script("return document.documentElement.lang"), "en")
                self.run_script("document.querySelector('[data-language=zh]').click()")
                self.browser.settle()
                self.assertEqual(self.run_script("return document.documentElement.lang"), "zh-CN")
                self.run_script("for (const details of document.querySelectorAll('details')) details.open = true")
                self.browser.settle()
                self.assertEqual(self.run_script("return location.hash"), "#zh/")
                self.assertTrue(all(a != b for a, b in zip(english, self.texts("h2"))))
                names = {name for name, *_ in report_fixture.FACTORS} | {"CSV", "English", "P(B > A)", "n", "μ", "μ*", "σ", "p 值", "PAWN"}
                words = self.texts("h2, h3, figcaption p, .choices label, .counted, .told, .headline li, .legend li, summary, dt, th, caption, .contents a, option, "
                                   "button, .chart text, p")
                # Names in the file and numbers are the same everywhere; what remains must be Chinese.
                bare = [re.sub(r"Chongqing \(重庆\), [a-z -]+(?:…)?", "", text).strip() for text in words]
                bad = [text for text in bare if text and not HAN.search(text) and text not in names and not text.startswith("objective_")
                       and not re.fullmatch(r"(\d+\s+)?[a-z]+\.[a-z_]+…?|[^a-zA-Z]*(\d\w*)?[^a-zA-Z]*|[AB]：?|B − A \[95%\]|version|compiler|hdf5", text)]
                self.assertEqual(bad, [])
                self.assertNotRegex(self.run_script("return document.getElementById('report').textContent"), "undefined|null|NaN|\\[object|[{}]")
                self.assertIn("Noto Sans CJK", self.run_script("return getComputedStyle(document.body).fontFamily"))

    def test_no_key_is_shown_in_english(self):
        self.show(report_fixture.report())
        text = self.run_script("return document.getElementById('report').textContent")
        self.assertNotRegex(text, UNTRANSLATED)
        self.assertIn("Trust: no clear difference", text)
        self.assertIn("Marginalised committees: B is lower by 0.071 [0.062, 0.080]", text)
        self.assertIn("1 run failed or was not made and is left out.", text)

    def test_data_may_ask_for_chinese(self):
        self.show(report_fixture.report(language="zh"))
        self.assertEqual(self.run_script("return document.documentElement.lang"), "zh-CN")

    def test_text_that_looks_like_markup_stays_text(self):
        data = report_fixture.report(titles=(report_fixture.HOSTILE, report_fixture.HOSTILE_END))
        data["title"] = report_fixture.HOSTILE_END
        data["observations"][0]["title"] = "<b onclick=alert(3)>trust</b>"
        data["cells"]["failures"][0]["reason"] = report_fixture.HOSTILE
        data["scenarios"][0]["resolved"] = report_fixture.HOSTILE_END
        self.show(data)
        self.run_script("for (const details of document.querySelectorAll('details')) details.open = true")
        self.browser.settle()
        self.assertEqual(self.texts("h1"), [report_fixture.HOSTILE_END])
        self.assertEqual(self.run_script("return document.title"), report_fixture.HOSTILE_END)
        for selector in ("#report script", "img", "#report b", "[onclick]", "[onerror]"):
            self.assertEqual(self.run_script("return document.querySelectorAll(arguments[0]).length", selector), 0, selector)
        self.assertEqual(self.run_script("return document.scripts.length"), 2)
        self.assertIn(report_fixture.HOSTILE, self.run_script("return document.getElementById('report').textContent"))
        self.check_charts(MARKS)

    def test_settings_are_as_people_write_them(self):
        self.show(report_fixture.bare())
        texts = self.run_script("return [5, 60, 0, 0.6, 0.757, -1.5, 1234567, 100, 'star', true, false].map(settingText)")
        self.assertEqual(texts, ["5", "60", "0", "0.6", "0.757", "−1.5", "1,234,567", "100", "star", "on", "off"])

    def test_pooled_design_points_are_told(self):
        data = report_fixture.report()
        note, figures = "Runs of all design points of a scenario are taken together", ("fans", "profile-participation_by_age", "profiles")
        self.show(data)
        self.assertNotIn(note, self.run_script("return document.getElementById('report').textContent"))
        data["fan_groups"][1].update(n_designs=3, designs=[1, 2, 3])
        self.show(data)
        for figure in figures:
            self.assertIn(note, self.texts("#%s-reading" % figure)[0])

    def test_powers_of_ten_have_room_on_a_narrow_page(self):
        data = report_fixture.report()
        for i, value in enumerate((0.8, 0.1, 1e-3, 1e-5, 3e-7)):
            data["profiles"][0]["groups"][0]["values"][i] = report_fixture.interval(value, value / 5)
        self.browser.resize(400)
        self.show(data)
        texts = self.texts("#profile-participation_by_depth text.small")
        self.assertEqual(texts[-1], "1")
        self.assertGreater(len(texts), 2)
        self.assertEqual(self.browser.overlaps(), [])

    def test_packed_numbers_are_read_as_they_were(self):
        self.show(report_fixture.bare())
        for numbers, decimals in (([0, 0.001, -0.001, 0.015, None, 1.016, 1.016, None], 3), ([4e12, -4e12, 123456], 0), ([123500, -400], -2), ([], 1),
                                  ([-999999999999999, 999999999999999], 0), ([0.100000000001, -3.3], 12)):
            text = report_fixture.packed(numbers, decimals)
            self.assertEqual(self.run_script("return unpacked(...arguments)", text, decimals), numbers)
            self.assertEqual(report_fixture.unpacked(text, decimals), numbers)

    def test_page_asks_nobody_for_anything(self):
        self.show(report_fixture.report())
        self.assertEqual(self.run_script("return performance.getEntriesByType('resource').map((entry) => entry.name)"), [])
        self.assertEqual(self.run_script("return [localStorage.length, sessionStorage.length, document.cookie]"), [0, 0, ""])

    def test_keyboard_tells_values(self):
        data = self.show(report_fixture.report())
        self.press("forest", "ArrowRight")
        self.assertTrue(self.told("forest").startswith("Residents active: B is higher by 0.058 [0.051, 0.065]"), self.told("forest"))
        self.press("forest", "ArrowDown")
        self.assertTrue(self.told("forest").startswith("Residents deliberating or deciding:"), self.told("forest"))
        self.assertEqual(self.run_script("return document.querySelectorAll('#forest .mark.current').length"), 1)
        self.press("forest", "ArrowRight", "ArrowRight", "ArrowUp")
        self.assertTrue(self.told("forest").startswith("Service quality:"), self.told("forest"))
        self.press("forest", "End")
        self.assertTrue(self.told("forest").startswith("Spending on purchase"), self.told("forest"))
        self.press("fans", "End")
        last = data["fans"]["series"][0]["median"][-1]
        self.assertIn("Month 120:", self.told("fans"))
        self.assertIn("median %.3f" % last, self.told("fans"))
        self.press("fans", "Home", "ArrowRight", "ArrowLeft", "ArrowLeft")
        self.assertIn("Month 1:", self.told("fans"))
        self.press("front", "Home")
        self.assertRegex(self.told("front"), r"burden\.cut = 0\.\d+, purchase\.budget = \d")
        for figure in MARKS:
            self.press(figure, "End")
            self.assertGreater(len(self.told(figure)), 8, figure)

    def test_tab_reaches_every_chart(self):
        self.show(report_fixture.report())
        self.assertEqual(self.run_script("""return [...document.querySelectorAll('.chart')].filter((chart) => {
            chart.focus(); return document.activeElement !== chart || chart.matches('[aria-hidden=true] *'); }).length"""), 0)
        self.assertEqual(self.run_script("return [...document.querySelectorAll('.chart')].filter((chart) => "
                                         "!document.getElementById(chart.getAttribute('aria-describedby')).textContent).length"), 0)

    def test_switches_are_on_or_off(self):
        data = report_fixture.report()
        data["attribution"]["groups"][0]["parameters"] = [{"name": "switches.trust", "a": True, "b": False}]
        data["design"]["factors"][0].update(unit="", values=[False, True])
        data["frontier"]["points"][0]["values"]["switches.trust"] = True
        for language, on, off in (("en", "on", "off"), ("zh", "开", "关")):
            self.show({**data, "language": language})
            told = self.run_script("return [word('from_a_to_b', {a: arguments[0], b: arguments[1]}), settingsText(DATA.frontier.points[0].values)]", on, off)
            self.assertIn("switches.trust " + told[0], self.texts("dl.facts li"), language)
            self.assertTrue(told[1].endswith("switches.trust = " + on), told)
            self.assertIn(data["design"]["factors"][0]["name"] + " " + off + ", " + on, self.texts("dl.facts li"), language)

    def test_pointer_tells_values(self):
        self.show(report_fixture.report())
        for figure in ("forest", "waterfall", "front", "fans"):
            x, y = self.run_script("""const chart = document.getElementById(arguments[0] + "-chart");
                chart.scrollIntoView({block: "center", behavior: "instant"});
                const target = chart.querySelector(".mark") || chart.querySelector(".u-over");
                const box = target.getBoundingClientRect();
                return [box.left + box.width / 2, box.top + box.height / 2];""", figure)
            for dx in (-2, 0):
                self.browser.command("Input.dispatchMouseEvent", type="mouseMoved", x=x + dx, y=y)
            self.browser.settle()
            self.assertGreater(len(self.told(figure)), 8, figure)

    def test_csv_of_the_forest_has_the_numbers_of_the_data(self):
        data = self.show(report_fixture.report())
        rows = self.downloaded("forest")
        expected = [row for row in data["compare"][0]["rows"] if row["period"] == "average"]
        self.assertEqual([row["observation"] for row in rows], [row["observation"] for row in expected])
        for got, row in zip(rows, expected):
            for name in ("mean_a", "mean_b", "difference", "low", "high", "effect_size", "p_holm"):
                self.assertEqual(float(got[name]), row[name])
            self.assertEqual(got["label"], "")

    def test_csv_quotes_what_a_field_may_hold(self):
        self.show(report_fixture.bare())
        fields = [["a,b", 'say "B"', "two\nlines", "重庆", "=1+1"], ["0.1", "1e-7", "", "", "true"]]
        text = self.run_script("return csvText({columns: arguments[0], rows: [[0.1, 1e-7, null, undefined, true]]})", fields[0])
        self.assertEqual(list(csv.reader(io.StringIO(text, newline=""))), fields)

    def test_csv_of_the_fans_has_the_numbers_of_the_data(self):
        data = self.show(report_fixture.report())
        self.choose("fans", "outcome", 2)
        rows = self.downloaded("fans")
        expected = [series for series in data["fans"]["series"] if series["observation"] == rows[0]["observation"]]
        self.assertEqual(len(rows), 240)
        for i, row in enumerate(rows):
            series = expected[i // 120]
            self.assertEqual((row["scenario"], int(row["tick"])), (data["fan_groups"][series["group"]]["name"], i % 120 + 1))
            self.assertEqual([float(row[name]) for name in ("median", "low80", "high50")], [series[name][i % 120] for name in ("median", "low80", "high50")])

    def test_every_chart_has_a_csv_file_and_a_table_of_as_many_rows(self):
        self.show(report_fixture.report())
        for figure in MARKS:
            rows = list(csv.DictReader(self.browser.csv_text(figure).splitlines()))
            self.assertGreater(len(rows), 1, figure)
            self.assertTrue(all(None not in row and None not in row.values() for row in rows), figure)
            self.run_script("document.querySelector('#' + arguments[0] + ' .tools details').open = true", figure)
            self.browser.settle()
            self.assertEqual(self.run_script("return document.querySelectorAll('#' + arguments[0] + ' .tools tbody tr').length", figure), len(rows), figure)

    def test_values_that_do_not_exist_are_left_out_and_counted(self):
        data = report_fixture.report()
        rows = [row for row in data["compare"][0]["rows"] if row["period"] == "average"]
        for name in ("mean_a", "mean_b", "difference", "low", "high", "effect_size", "superiority", "p", "p_holm", "ratio"):
            rows[0][name] = None
        data["profiles"][1]["groups"][0]["values"][2] = None
        data["attribution"]["outcomes"][0]["groups"][1]["shapley"] = {"value": None, "low": None, "high": None}
        self.show(data)
        self.check_charts({**MARKS, "forest": 10, "profile-participation_by_age": 11, "waterfall": 8})
        for figure in ("forest", "profile-participation_by_age", "waterfall"):
            self.assertEqual(self.texts("#%s .counted" % figure), ["1 value does not exist and is left out."])
        self.assertNotIn("NaN", self.run_script("return document.getElementById('report').textContent"))
        self.assertEqual(self.run_script("return [...document.querySelectorAll('svg *')].filter((node) => [...node.attributes].some("
                                         "(attribute) => /NaN|undefined|Infinity/.test(attribute.value))).length"), 0)

    def test_choice_draws_another_observation_and_survives_the_language(self):
        self.show(report_fixture.report())
        before = self.run_script("return document.getElementById('waterfall-chart').textContent")
        self.choose("waterfall", "outcome", 1)
        after = self.run_script("return document.getElementById('waterfall-chart').textContent")
        self.assertNotEqual(before, after)
        self.run_script("document.querySelector('[data-language=zh]').click()")
        self.browser.settle()
        self.assertEqual(self.run_script("return document.querySelector('#waterfall select').value"), "1")

    def test_scenario_of_a_fan_can_be_hidden(self):
        self.show(report_fixture.report())
        self.run_script("document.querySelector('#fans .legend input').click()")
        self.browser.settle()
        self.press("fans", "End")
        self.assertEqual(len(self.told("fans").split("\n")), 2)
        self.assertEqual(self.run_script("return [...document.querySelectorAll('#fans .legend input')].map((box) => box.checked)"), [False, True])
        self.run_script("document.querySelectorAll('#fans .legend input')[1].click()")
        self.browser.settle()
        self.press("fans", "End")
        self.assertEqual(self.told("fans"), "Month 120: no value")

    def test_headers_sort_the_full_table(self):
        self.show(report_fixture.report())
        sort = "document.querySelectorAll('.full th button')[5].click(); return [...document.querySelectorAll('.full tbody tr')].map((row) => row.cells[5].textContent)"
        self.run_script("document.querySelector('.full').open = true")
        for sign in (1, -1):
            values = [float(text.split(" ")[0].replace("−", "-")) * sign for text in self.run_script(sort)]
            self.assertEqual(len(values), 22)
            self.assertEqual(values, sorted(values))

    def test_more_than_two_scenarios_are_chosen_from(self):
        data = report_fixture.report()
        third = {"name": "ezhou", "title": "Ezhou", "first_design": 2, "n_designs": 1, "resolved": None}
        data["scenarios"].append(third)
        data["fan_groups"].append({"name": "ezhou", "title": "Ezhou", "n_designs": 1, "designs": [2]})
        more = json.loads(json.dumps(data["compare"][0]))
        more["b"].update({"scenario": "ezhou", "title": "Ezhou"})
        more["rows"] = [row for row in more["rows"] if row["observation"] != "trust"]
        data["compare"].append(more)
        data["fans"]["series"] += [{**series, "group": 2} for series in data["fans"]["series"] if series["group"] == 1]
        self.show(data)
        self.check_charts(MARKS)
        self.choose("forest", "comparison", 1)
        self.check_charts({**MARKS, "forest": 10})
        self.assertIn("B: Ezhou", self.texts("#forest .legend li"))

    def pair(self, data, side, **changes):
        """Both sides of the comparison, after a change of one of them: their swatches and titles, as shown."""
        data["compare"][0][side].update(changes)
        self.show(data)
        found = self.run_script("return [...document.querySelectorAll('#distribution .legend li')].slice(0, 2).map(item => [item.querySelector('svg').innerHTML, item.textContent])")
        self.assertEqual(len({sign for sign, _ in found}), 2, found)
        self.assertEqual(len({title[3:] for _, title in found}), 2, found)
        boxes = self.run_script("return [...document.querySelectorAll('#distribution .mark')].map(mark => mark.querySelector('line').getAttribute('stroke'))")
        self.assertEqual(len(set(boxes)), 2)
        return found

    def test_two_points_of_one_scenario_do_not_look_the_same(self):
        data = report_fixture.report()
        for name, cut in (("a", 0.2), ("b", 0.757)):
            data["compare"][0][name].update(scenario="chongqing", title="Chongqing", values={"burden.cut": cut, "purchase.evaluation": "star"})
        found = self.pair(data, "a")
        self.assertEqual([title for _, title in found], ["A: Chongqing, design point 0 (burden.cut = 0.2, purchase.evaluation = star)",
                                                         "B: Chongqing, design point 1 (burden.cut = 0.757, purchase.evaluation = star)"])
        self.assertIn("design point 1", self.texts(".full summary")[0])
        found = self.run_script("return pointTitle({title: 'T', design: 7, values: Object.fromEntries([...'abcdefgh'].map(name => [name, 1]))})")
        self.assertEqual(found, "T, design point 7 (a = 1, b = 1, c = 1, d = 1, e = 1, f = 1, …)")
        self.assertEqual({row["design"] for row in csv.DictReader(self.browser.csv_text("distribution").splitlines())}, {"0", "1"})

    def test_scenarios_that_the_charts_do_not_show_have_signs_of_their_own(self):
        shown = [sign for sign, _ in self.pair(report_fixture.report(), "a")]
        for changed in ("ab", "b"):
            data = report_fixture.report()
            for side in changed:
                data["compare"][0][side].update(scenario="other-" + side, title="Other")
                data["attribution"][side].update(scenario="other-" + side, title="Other")
            found = self.pair(data, "b")
            self.assertEqual([sign for sign, _ in found if sign in shown], [])
            ends = self.run_script("const marks = [...document.querySelectorAll('#waterfall .mark')]; return [marks[0], marks.at(-1)].map(mark => mark.querySelector('line').getAttribute('stroke'))")
            self.assertEqual(len(set(ends)), 2)
        data["compare"][0]["a"].update(title="Other")
        self.assertEqual([title for _, title in self.pair(data, "a")], ["A: Other (chongqing-before)", "B: Other (other-b)"])

    def check_width(self, width):
        for state in (False, True):
            self.run_script("for (const details of document.querySelectorAll('details')) details.open = arguments[0]", state)
            self.browser.settle()
            self.assertLessEqual(self.run_script("return document.documentElement.scrollWidth"), width)
        over = self.run_script("return [...document.querySelectorAll('#report *')].filter((node) => node.getBoundingClientRect().right > arguments[0] + 1)"
                               ".map((node) => node.tagName + ' ' + node.textContent.slice(0, 40))", width)
        self.assertEqual(over, [])

    def test_narrow_window_never_scrolls_sideways(self):
        self.browser.resize(400)
        for method, part in (("sobol", "#en"), ("sobol", "#zh"), ("morris", "#en"), ("pawn", "#zh")):
            with self.subTest(method + part):
                data = report_fixture.report(method=method)
                data["scenarios"][0]["resolved"] = "x" * 300
                self.show(data, part)
                self.check_width(400)

    def test_charts_follow_the_width_of_the_window(self):
        self.show(report_fixture.report())
        wide = self.run_script("return [...document.querySelectorAll('.chart svg, .chart canvas')].map((node) => node.getBoundingClientRect().width)")
        self.browser.resize(400)
        narrow = self.run_script("return [...document.querySelectorAll('.chart svg, .chart canvas')].map((node) => node.getBoundingClientRect().width)")
        self.assertTrue(all(b < a and b <= 400 for a, b in zip(wide, narrow)), (wide, narrow))
        self.check_charts(MARKS)

    def test_paper_shows_what_is_folded_and_the_screen_comes_back(self):
        self.show(report_fixture.report())
        before = self.run_script("return document.querySelector('#forest-chart svg').getAttribute('width')")
        self.run_script("window.seen = []; window.addEventListener('beforeprint', () => seen.push(document.querySelectorAll('details.expand:not([open])').length,"
                        "document.querySelector('#forest-chart svg').getAttribute('width')))")
        pdf = self.browser.command("Page.printToPDF", printBackground=True)["data"]
        self.browser.settle()
        self.assertGreater(len(pdf), 50000)
        self.assertEqual(self.run_script("return seen"), [0, "660"])
        self.assertEqual(self.run_script("return document.querySelectorAll('details.expand[open]').length"), 0)
        self.assertEqual(self.run_script("return document.querySelector('#forest-chart svg').getAttribute('width')"), before)

    def test_paper_has_headers_and_choices_but_nothing_to_press(self):
        self.show(report_fixture.report())
        self.choose("fans", "outcome", 2)
        self.run_script("document.querySelector('.full').open = true")
        self.browser.command("Emulation.setEmulatedMedia", media="print")
        try:
            seen = self.run_script("""const shown = (selector) => [...document.querySelectorAll(selector)].filter((node) => node.offsetParent !== null);
                return [shown("button").filter((node) => !node.closest("th")).length + shown("select, input, .told").length, shown(".full th button").length,
                        shown("#fans .paper").map((node) => node.textContent)];""")
        finally:
            self.browser.command("Emulation.setEmulatedMedia", media="")
        self.assertEqual(seen, [0, 9, ["Service quality"]])

    def test_pictures_are_kept(self):
        """For people: the page in both languages and widths, in COGOV_ARTIFACTS."""
        folder = os.path.join(os.environ.get("COGOV_ARTIFACTS") or self.folder, "report-screenshots")
        os.makedirs(folder, exist_ok=True)
        for width in (1280, 400):
            self.browser.resize(width)
            for part in ("en", "zh"):
                self.show(report_fixture.report(), "#" + part)
                path = os.path.join(folder, "%s-%d.png" % (part, width))
                self.browser.screenshot(path)
                self.assertGreater(os.path.getsize(path), 50000)


if __name__ == "__main__":
    unittest.main()
