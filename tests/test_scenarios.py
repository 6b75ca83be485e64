"""The scenarios of the project: each of the model cogov says its place, its source and the reason of every value, is its own, and runs."""
import glob
import json
import os
import re
import unittest

from harness import CITY, Case

SOURCES = "Shi2019|Wang2018|Huang2018|Chen2022|Dacheng2020|as reported"
REASON = re.compile(r" # (assumption\b|derived: |fitted: |(%s)\b|.*\bas reported\b)" % SOURCES)
STEM = re.compile(r"[a-z]+(-[a-z]+)*")
VALUE = re.compile(r"^(  [a-z_]+|[a-z]+\.[a-z_]+): *\S")
TEXTS = ("model", "extends", "title", "place", "source")

# Places of which the source says the same.
SAME = [{"hong-kong", "singapore"}]


class Scenarios(Case):
    def setUp(self):
        super().setUp()
        self.files = sorted(glob.glob(self.path("scenarios", "*.yaml")))
        self.stems = [os.path.basename(file)[:-5] for file in self.files]
        self.listed = {row["name"]: row for row in json.loads(self.cogov("scenarios", "--format", "json")[0])}
        self.assertGreaterEqual(len(self.stems), 5)

    def lines(self, stem):
        return self.read("scenarios/%s.yaml" % stem).decode().splitlines()

    def resolved(self, words, ticks):
        """The parameters of each scenario as the program resolves them, after a run of all."""
        import h5py
        self.cogov("run", self.write("all.yaml", "scenarios: [%s]\n" % ", ".join(words)), "-o", "all.h5", "-q", *CITY,
                   "--ticks", str(ticks))
        with h5py.File(self.path("all.h5")) as file:
            status = dict(zip(file["scenario"].asstr()[:], file["run_status"][:, 0]))
            texts = file["config/resolved"].asstr()[:]
        self.assertEqual(status, {stem: 0 for stem in words})
        return {stem: "\n".join(line for line in text.splitlines() if not line.startswith("title: ")) for stem, text in zip(words, texts)}

    def test_every_scenario_is_valid(self):
        for stem in self.stems:
            with self.subTest(stem):
                self.cogov("check", stem)

    def test_every_scenario_says_title_place_and_source(self):
        titles = set()
        for stem in self.stems:
            with self.subTest(stem):
                row = self.listed[stem]
                self.assertTrue(row["title"])
                if row["place"] or stem in self.of_cogov():
                    self.assertRegex(row["place"], r"^[\u4e00-\u9fff（）、]+$")
                    self.assertRegex(row["source"], SOURCES + "|assumption|report of")
                self.assertNotIn(row["title"], titles)
                titles.add(row["title"])

    def test_the_list_is_complete_and_stems_are_plain(self):
        self.assertEqual(set(self.listed) & set(self.stems), set(self.stems))
        for stem in self.stems:
            with self.subTest(stem):
                self.assertIsNotNone(STEM.fullmatch(stem))

    def of_cogov(self):
        return [stem for stem in self.stems if self.listed[stem]["model"] == "cogov"]

    def test_every_chain_ends_at_base_or_where_another_model_is_named(self):
        for stem in self.stems:
            with self.subTest(stem):
                chain = [stem]
                while self.listed[chain[-1]]["extends"]:
                    chain.append(self.listed[chain[-1]]["extends"])
                if stem in self.of_cogov():
                    self.assertEqual(chain[-1], "base")
                self.assertIn("model: %s" % self.listed[stem]["model"], self.lines(chain[-1]))

    def test_every_value_has_its_reason(self):
        for stem in self.of_cogov():
            with self.subTest(stem):
                for n, line in enumerate(self.lines(stem), 1):
                    if VALUE.match(line) and not line.startswith(TEXTS):
                        self.assertRegex(line, REASON, "%s.yaml:%d" % (stem, n))

    def test_every_file_begins_with_what_it_tells(self):
        for stem in self.stems:
            with self.subTest(stem):
                lines = self.lines(stem)
                header = lines[:next(n for n, line in enumerate(lines) if not line.startswith("#"))]
                self.assertTrue(header)
                if stem in self.of_cogov():
                    self.assertLessEqual(len(header), 3)
                self.assertTrue(header[-1].endswith("."), header)

    def test_what_is_shown_of_a_scenario_is_what_its_files_say(self):
        for stem in self.of_cogov():
            with self.subTest(stem):
                own = [line.split("#")[0].split(":")[0].strip() for line in self.lines(stem)
                       if VALUE.match(line) and not line.startswith(TEXTS)]
                rows = json.loads(self.cogov("scenarios", stem, "--format", "json")[0])
                shown = [row for row in rows if row["file"] == stem]
                self.assertEqual(sorted(row["key"].split(".")[1] for row in shown), sorted(own))
                for row in rows:
                    self.assertRegex(" # " + row["comment"], REASON)

    def test_scenarios_differ_and_run(self):
        resolved = self.resolved(self.of_cogov(), 3)
        groups = {}
        for stem, text in resolved.items():
            groups.setdefault(text, set()).add(stem)
        self.assertEqual([group for group in groups.values() if len(group) > 1], SAME)

    def test_scenarios_of_other_models_run(self):
        for stem in set(self.stems) - set(self.of_cogov()):
            with self.subTest(stem):
                self.cogov("run", stem, "-o", stem + ".h5", "-q", "--ticks", "36")

    def test_the_examples_are_valid_and_run(self):
        files = sorted(glob.glob(self.path("scenarios", "examples", "*.yaml")))
        self.assertTrue(files)
        for file in files:
            with self.subTest(file):
                self.cogov("run", file, "-o", "x.h5", "-q", "--overwrite", "--ticks", "60", "--set", "city.weight=10")

    def test_every_experiment_is_valid_and_lists_scenarios_of_the_project(self):
        files = sorted(glob.glob(self.path("scenarios", "experiments", "*.yaml")))
        self.assertGreaterEqual(len(files), 5)
        for file in files:
            name = "experiments/" + os.path.basename(file)[:-5]
            with self.subTest(name):
                with open(file, encoding="utf-8") as text:
                    text = text.read()
                members = re.search(r"(?m)^scenarios: \[(.*)\]$", text).group(1).split(", ")
                self.assertLessEqual(set(members), set(self.stems))
                self.assertRegex(text, r"(?m)\A# .*\.$")
                self.assertRegex(text, r"(?m)^title: \S")
                number = "%d scenario%s" % (len(members), "" if len(members) == 1 else "s")
                self.assertRegex(self.cogov("check", name)[0], r"\A%s: valid, %s( of model|,? .* replicates?, model) cogov\n\Z" % (name, number))
                self.assertIn("experiment", self.cogov("scenarios", name, status=2)[1])

    def test_an_experiment_by_its_name_runs(self):
        import h5py
        self.cogov("run", "experiments/three-structures", "-o", "x.h5", "-q", *CITY, "--ticks", "3", "--replicates", "2")
        with h5py.File(self.path("x.h5")) as file:
            self.assertEqual(list(file["scenario"].asstr()[:]),
                             ["base", "bare-separation", "one-meeting-two-stations", "one-core-one-station-two-meetings"])
            self.assertTrue((file["run_status"][:] == 0).all())


if __name__ == "__main__":
    unittest.main()
