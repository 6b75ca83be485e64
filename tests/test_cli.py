"""The command line: help, exit statuses, lists, what is printed where."""
import csv
import io
import json
import os
import re
import unicodedata
import unittest

from harness import SMALL, SOURCE, Case

COMMANDS = ["run", "compare", "check", "params", "observations", "scenarios", "models", "bench"]
QUICK = SMALL + ["--replicates", "3"]


def width(text):
    """Columns on a terminal: East Asian wide characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)


class Help(Case):
    def test_every_command_has_help_that_ends_with_0(self):
        for command in COMMANDS:
            with self.subTest(command):
                out, err = self.cogov(command, "--help")
                self.assertTrue(out.startswith("usage: cogov %s" % command), out)
                self.assertIn("--help", out)
                self.assertIn("75 stopped", out)
                self.assertEqual(err, "")
                self.assertEqual(self.cogov(command, "-h")[0], out)

    def test_the_usage_names_every_command(self):
        out = self.cogov("--help")[0]
        for command in COMMANDS:
            self.assertRegex(out, r"(?m)^  %s +\S" % command)
        self.assertEqual(self.cogov("help")[0], out)
        self.assertEqual(self.cogov("-h")[0], out)
        self.assertEqual(self.cogov(status=2), ("", out))

    def test_the_version_is_that_of_the_source(self):
        with open(os.path.join(SOURCE, "VERSION")) as file:
            self.assertEqual(self.cogov("--version"), ("cogov %s\n" % file.read().strip(), ""))

    def test_help_wins_over_missing_words(self):
        self.cogov("run", "--help", "--quiet")
        self.cogov("check", "-h")


class Wrong(Case):
    def refused(self, *words):
        out, err = self.cogov(*words, status=2)
        self.assertEqual(out, "")
        self.assertEqual(self.names(), [])
        return err

    def test_a_mistyped_command_or_option_is_guessed(self):
        self.assertIn('did you mean "compare"?', self.refused("comapre"))
        self.assertIn('no command "zzzzzz"', self.refused("zzzzzz"))
        self.assertIn('did you mean "--output"?', self.refused("run", "base", "--ouput", "x.h5"))
        self.assertIn('did you mean "--replicates"?', self.refused("compare", "base", "ezhou", "--replicate5=3"))
        self.assertIn('has no option "--zzzzzz"', self.refused("run", "base", "--zzzzzz"))
        self.assertIn('has no option "-z"', self.refused("run", "base", "-z"))

    def test_an_option_of_another_command_is_none_of_this(self):
        self.assertIn('has no option "--agents"', self.refused("run", "base", "--agents", "5"))
        self.assertIn('has no option "--output"', self.refused("check", "base", "--output", "x"))

    def test_a_run_needs_a_file_to_write(self):
        self.assertIn("-o results.h5", self.refused("run", "base"))

    def test_values_and_words_must_be_there(self):
        self.assertIn("-o needs a value", self.refused("run", "base", "-o"))
        self.assertIn("--set needs a value", self.refused("run", "base", "--set"))
        for words in (["run"], ["run", "base", "ezhou", "-o", "x.h5"], ["compare"], ["compare", "a", "b", "c", "d"], ["check"],
                      ["models", "cogov"]):
            self.assertIn("usage: cogov %s" % words[0], self.refused(*words))

    def test_numbers_have_bounds_and_are_whole(self):
        for option, bad in (("--ticks", ["0", "65536", "-1", "1.5", "x", "", " 3"]), ("--replicates", ["0", "1000001", "1e3"]),
                            ("--seed", ["-1", "4294967296", "99999999999999999999", "0x10"]), ("--threads", ["0", "4097", "two"]),
                            ("--burn-in", ["-1", "65535"])):
            for text in bad:
                with self.subTest(option, text=text):
                    err = self.refused("run", "base", "-o", "x.h5", "%s=%s" % (option, text))
                    self.assertRegex(err, r'%s must be a whole number from \d+ to \d+, not "%s"' % (option, re.escape(text)))

    def test_a_burn_in_leaves_a_month(self):
        self.assertIn("leave at least one", self.refused("run", "base", "-o", "x.h5", "--ticks", "24", "--burn-in", "24"))
        self.cogov("run", "base", "-o", "x.h5", *SMALL, "--burn-in", "23")

    def test_formats_and_models_are_known(self):
        self.assertIn("table|csv|json", self.refused("compare", "base", "ezhou", "--format", "xml"))
        self.assertIn("text|markdown|json", self.refused("params", "--format", "csv"))
        self.assertIn("null|influence|cogov", self.refused("bench", "--model", "cogv"))
        self.assertIn("null|influence|cogov", self.refused("params", "--model", "x"))

    def test_a_missing_scenario_is_guessed(self):
        self.assertIn('did you mean "chongqing"?', self.refused("run", "chongqin", "-o", "x.h5"))

    def test_compare_takes_two_scenarios(self):
        self.assertIn("two scenarios, not 1", self.refused("compare", "base"))
        self.assertIn("base is no results file", self.refused("compare", "base", "0", "1"))

    def test_an_instruction_set_must_exist(self):
        from harness import environment
        err = self.cogov("models", env=environment(COGOV_ISA="v9"), status=2)[1]
        self.assertIn("COGOV_ISA=v9", err)

    def test_the_folder_of_the_results_must_exist(self):
        self.assertIn("none/x.h5", self.refused("run", "base", *SMALL, "-o", "none/x.h5"))

    def test_output_that_cannot_be_written_is_a_failure(self):
        for words in ([["--help"], ["--version"], ["models"], ["params", "--format", "json"], ["run", "--help"],
                       ["run", "base", "--dry-run"], ["check", "base"], ["bench", "--agents", "500", "--ticks", "1"],
                       ["compare", "base", "ezhou", "-q", *QUICK], ["compare", "base", "ezhou", "-q", *QUICK, "--format", "json"]]):
            with self.subTest(" ".join(words)), open("/dev/full", "wb") as full:
                err = self.cogov(*words, status=1, stdout=full)[1]
                self.assertEqual(err.count("\n"), 1, err)
                self.assertIn("standard output could not be written", err)


class Settings(Case):
    def resolved(self, *words):
        import h5py
        self.cogov("run", *words, "-o", "x.h5", "-q", "--overwrite", "--ticks", "1")
        with h5py.File(self.path("x.h5")) as file:
            return file["config/resolved"].asstr()[0], dict(file["config"].attrs)

    def test_who_wins_default_extends_scenario_set(self):
        self.write("low.yaml", "model: cogov\ncity: {streets: 1, communities: 1, residents: 60}\n"
                   "burden: {cut: 0.1}\npurchase: {budget: 11, markup: 0.11}\n")
        self.write("high.yaml", "extends: low\nburden: {cut: 0.2}\npurchase: {budget: 22}\n")
        text = self.resolved("high", "--set", "burden.cut=0.3")[0]
        self.assertIn("\nburden.cut: 0.3\n", text)
        self.assertIn("\npurchase.budget: 22\n", text)
        self.assertIn("\npurchase.markup: 0.11\n", text)
        self.assertIn("\ncommittee.administrative_items: 90\n", text)

    def test_the_last_setting_of_a_key_wins(self):
        text = self.resolved("base", *SMALL[:6], "--set", "burden.cut=0.3", "--set", "burden.cut = 0.4")[0]
        self.assertIn("\nburden.cut: 0.4\n", text)

    def test_the_command_line_wins_over_the_experiment(self):
        self.write("low.yaml", "model: cogov\ncity: {streets: 1, communities: 1, residents: 60}\n")
        self.write("e.yaml", "scenarios: [low]\nseed: 5\nreplicates: 2\nticks: 3\nburn_in: 0\n")
        config = self.resolved("e", "--seed", "7")[1]
        self.assertEqual({name: int(value) for name, value in config.items()},
                         {"seed": 7, "replicates": 2, "ticks": 1, "burn_in": 0})

    def test_every_faulty_setting_is_reported_by_its_number(self):
        err = self.cogov("run", "base", "-o", "x.h5", "--set", "purchase.quality_weight=2", "--set", "burdn.cut=1", "--set", "x",
                         "--set", "needs.rate=nan", "--set", "model=null", status=2)[1].splitlines()
        err.sort()
        self.assertEqual(len(err), 5, err)
        for n, part in enumerate(["from 0 to 1", 'did you mean "burden.cut"?', "KEY=VALUE", "not finite", "model"], 1):
            self.assertTrue(err[n - 1].startswith("--set %d: error: " % n), err)
            self.assertIn(part, err[n - 1])
        self.assertEqual(self.names(), [])

    def test_a_faulty_setting_is_said_once_for_two_scenarios(self):
        err = self.cogov("compare", "base", "ezhou", "--set", "burdn.cut=1", status=2)[1]
        self.assertEqual(err.count("burdn"), 1, err)

    def test_seeds_differ_and_the_first_is_1(self):
        import h5py
        digests = {}
        for name, words in (("none", []), ("one", ["--seed", "1"]), ("two", ["--seed", "2"]), ("last", ["--seed", "4294967295"])):
            self.cogov("run", "base", "-o", name + ".h5", "-q", *SMALL, *words)
            with h5py.File(self.path(name + ".h5")) as file:
                digests[name] = file["run_digest"][0, 0]
        self.assertEqual(digests["none"], digests["one"])
        self.assertEqual(len(set(digests.values())), 3, digests)

    def test_replicates_differ(self):
        import h5py
        self.cogov("run", "base", "-o", "x.h5", "-q", *SMALL, "--replicates", "5")
        with h5py.File(self.path("x.h5")) as file:
            self.assertEqual(len(set(file["run_digest"][0])), 5)


class DryRun(Case):
    def test_a_dry_run_writes_nothing(self):
        for words in (["run", "base"], ["run", "base", "-o", "x.h5"], ["compare", "base", "ezhou"],
                      ["compare", "base", "ezhou", "-o", "x.h5"]):
            with self.subTest(" ".join(words)):
                out, err = self.cogov(*words, "--dry-run", *QUICK)
                self.assertEqual(err, "")
                for label in ("cells", "agents", "memory", "disk", "time"):
                    self.assertRegex(out, r"(?m)^%s +\S" % label)
                self.assertIn("3 replicates), 24 months", out)
                self.assertEqual(self.names(), [])

    def test_a_dry_run_tells_the_size_of_the_file_and_short_times(self):
        units = {"B": 1, "KiB": 1024, "MiB": 1024 ** 2}
        for words in (["--ticks", "1"], ["--ticks", "60", "--replicates", "2"]):
            words = ["run", "base", "--set", "city.streets=1", "--set", "city.residents=60", *words]
            out = self.cogov(*words, "--dry-run")[0]
            size, unit = re.search(r"(?m)^disk +(\S+) (\S+)$", out).groups()
            self.assertRegex(out, r"(?m)^time .* threads?, \d\S* ms a cell$")
            self.cogov(*words, "-o", "x.h5", "-q", "--overwrite")
            written = os.path.getsize(self.path("x.h5"))
            self.assertTrue(written < float(size) * units[unit] < 5 * written, (size, unit, written))

    def test_a_dry_run_finds_faults(self):
        self.cogov("run", "base", "--dry-run", "--set", "burden.cut=3", status=2)


class Lists(Case):
    KEYS = {"params": ["key", "symbol", "type", "default", "range", "unit", "meaning", "source"],
            "observations": ["name", "unit", "kind", "dimension", "labels", "range", "meaning", "title_zh", "labels_zh"],
            "scenarios": ["name", "title", "place", "source", "model", "extends", "file"],
            "phases": ["phase", "scope", "equation", "switch", "meaning"],
            "state": ["variable", "of", "level", "type", "unit", "copy", "meaning"],
            "sources": ["rests on", "parameters", "share"],
            "models": ["name", "title", "actors", "meaning"]}

    def rows(self, *words):
        return json.loads(self.cogov(*words, "--format", "json")[0])

    def test_every_parameter_says_what_it_rests_on(self):
        known = r"(assumption|derived|fitted|model|Shi2019|Wang2018|Huang2018|Chen2022|Dacheng2020)\b|.*, as reported"
        for model in ("cogov", "influence", "registration", "null"):
            rows = self.rows("params", "--model", model)
            for row in rows:
                with self.subTest(row["key"]):
                    self.assertRegex(row["source"], known)
                    for column in ("type", "default", "unit", "meaning"):
                        self.assertNotEqual(row[column], "")
            counts = {row["rests on"]: int(row["parameters"]) for row in self.rows("sources", "--model", model)}
            self.assertEqual(counts.pop("all"), len(rows))
            self.assertEqual(sum(counts.values()), len(rows))

    def test_all_formats_have_every_row_and_column(self):
        for command, heads in self.KEYS.items():
            with self.subTest(command):
                rows = self.rows(command)
                self.assertTrue(rows)
                text, markdown = self.cogov(command)[0], self.cogov(command, "--format", "markdown")[0].splitlines()
                self.assertEqual(text, self.cogov(command, "--format", "text")[0])
                self.assertEqual(markdown[0], "| " + " | ".join(heads) + " |")
                self.assertEqual(len(markdown), len(rows) + 2)
                for row, line in zip(rows, markdown[2:]):
                    self.assertEqual(list(row), heads)
                    self.assertRegex(text, r"(?m)^%s(  .*)?$" % re.escape(row[heads[0]]))
                    self.assertEqual(len(re.findall(r"(?<!\\)\|", line)), len(heads) + 1, line)

    def test_every_parameter_says_what_it_is(self):
        for model in ("cogov", "influence", "null", "registration"):
            rows = self.rows("params", "--model", model)
            self.assertEqual(len({row["key"] for row in rows}), len(rows))
            for row in rows:
                for head in ("key", "type", "default", "range", "unit", "meaning", "source"):
                    self.assertTrue(row[head], (head, row))

    def test_params_can_be_searched(self):
        keys = [row["key"] for row in self.rows("params", "quality_w")]
        self.assertIn("purchase.quality_weight", keys)
        self.assertTrue(all("quality_w" in key for key in keys), keys)
        self.assertEqual(self.rows("params", "zzz"), [])

    def test_defaults_are_what_base_resolves_to(self):
        import h5py
        self.cogov("run", "base", "-o", "x.h5", "-q", "--ticks", "1", "--set", "city.streets=1")
        with h5py.File(self.path("x.h5")) as file:
            resolved = dict(line.split(": ", 1) for line in file["config/resolved"].asstr()[0].splitlines())
        rows = {row["key"]: row["default"] for row in self.rows("params")}
        self.assertEqual(set(rows), set(resolved) - {"model", "title"})
        for key, default in rows.items():
            if key != "city.streets":
                self.assertEqual(resolved[key].replace(" ", ""), default.replace(" ", ""), key)

    def test_every_observation_has_a_title_and_labels_in_chinese(self):
        for model in ("cogov", "influence", "null", "registration"):
            rows = self.rows("observations", "--model", model)
            self.assertEqual(len({row["title_zh"] for row in rows}), len(rows), "no two have the same title")
            for row in rows:
                with self.subTest(row["name"]):
                    labels, labels_zh = row["labels"].split(", "), row["labels_zh"].split(", ")
                    self.assertEqual(len(set(labels_zh)), len(labels))
                    for text in [row["title_zh"], *(labels_zh if row["dimension"] else [])]:
                        self.assertRegex(text, "[\u4e00-\u9fff]")
                        self.assertNotRegex(text, r"[|,(]")

    def test_observations_are_the_variables_of_a_results_file(self):
        import h5py
        self.cogov("run", "base", "-o", "x.h5", "-q", *SMALL)
        with h5py.File(self.path("x.h5")) as file:
            for row in self.rows("observations"):
                variable = file[row["name"]]
                self.assertEqual(variable.attrs["units"], row["unit"].encode())
                self.assertEqual(variable.attrs["long_name_zh"].decode(), row["title_zh"])
                self.assertEqual(variable.ndim, 4 if row["dimension"] else 3)
                if row["dimension"]:
                    labels = file[row["dimension"]]
                    self.assertEqual(", ".join(labels.asstr()[:]), row["labels"])
                    self.assertEqual(labels.attrs["labels_zh"].decode().split("|"), row["labels_zh"].split(", "))
                self.assertEqual(variable.dtype.kind, "i" if row["kind"] == "count" else "f")

    def test_the_model_has_seven_kinds_of_actors(self):
        models = {row["name"]: row for row in self.rows("models")}
        self.assertEqual(sorted(models), ["cogov", "influence", "null", "registration"])
        self.assertEqual(models["cogov"]["actors"].split(", "),
                         ["party", "government", "resident committees", "residents", "social organisations", "social workers", "firms"])

    def test_scenarios_of_the_folder_come_first(self):
        self.write("scenarios/mine.yaml", "extends: ezhou\ntitle: Mine\n")
        rows = {row["name"]: row for row in self.rows("scenarios")}
        self.assertEqual(rows["mine"], {"name": "mine", "title": "Mine", "place": "", "source": "", "model": "cogov",
                                        "extends": "ezhou", "file": "scenarios/mine.yaml"})
        for name in ("base", "chongqing-before", "chongqing", "southern-jiangsu", "ezhou"):
            self.assertEqual(rows[name]["file"], "scenarios/%s.yaml" % name)


    def test_scenarios_say_place_and_source(self):
        row = {row["name"]: row for row in self.rows("scenarios")}["chongqing"]
        self.assertEqual((row["place"], row["source"], row["extends"]), ("重庆市渝中区上清寺街道", "Dacheng2020 section 4.1", "chongqing-before"))

    def test_a_scenario_with_faults_is_listed_with_what_could_be_read(self):
        self.write("scenarios/mine.yaml", "extends: nowhere\ntitle: Mine\nplace: [a]\nx: 1\n")
        row = {row["name"]: row for row in self.rows("scenarios")}["mine"]
        self.assertEqual((row["title"], row["place"], row["model"], row["extends"]), ("Mine", "", "", "nowhere"))

    def test_scenarios_stand_in_columns_also_with_chinese(self):
        self.write("scenarios/mine.yaml", "extends: base\ntitle: 三社联动（重庆）\nplace: 无锡\nsource: Shi2019\n")
        lines = self.cogov("scenarios")[0].splitlines()
        heads = lines[0].split()
        self.assertEqual(heads, self.KEYS["scenarios"])
        starts = [lines[0].index(head) for head in heads]
        rows = {row["name"]: row for row in self.rows("scenarios")}
        self.assertEqual(len(lines), len(rows) + 1)
        for line in lines[1:]:
            row = rows[line.split()[0]]
            for head, start in zip(heads, starts):
                at = next(n for n in range(len(line) + 1) if width(line[:n]) >= start)
                self.assertEqual(width(line[:at]), start)
                self.assertTrue(line[at:].startswith(row[head]), (line, head))

    def test_a_terminal_shows_of_each_scenario_what_it_has_room_for(self):
        self.write("scenarios/mine.yaml", "extends: base\ntitle: %s\n" % ("三社联动" * 30))
        for columns in (80, 121):
            lines = self.on_terminal("scenarios", columns=columns).replace("\r", "").splitlines()
            self.assertEqual(len(lines), len(self.rows("scenarios")) + 1)
            self.assertLessEqual(max(width(line) for line in lines), columns)
            self.assertGreaterEqual(max(width(line) for line in lines), columns - 1)

    def test_one_scenario_is_shown_with_its_chain_and_its_reasons(self):
        self.write("low.yaml", "model: cogov\npurchase: {budget: 30, markup: 0.1} # a # b\nburden: {cut: 0.1}\n")
        self.write("high.yaml", "extends: low\ntitle: '# High'\nplace: 重庆\nburden:\n  cut: 0.25\t# Shi2019: \"无锡\"\n")
        rows = self.rows("scenarios", "high")
        self.assertEqual(rows, [
            {"key": "burden.cut", "value": "0.25", "default": "0", "file": "high", "comment": 'Shi2019: "无锡"'},
            {"key": "purchase.budget", "value": "30", "default": "20", "file": "low", "comment": "a # b"},
            {"key": "purchase.markup", "value": "0.1", "default": "0.3", "file": "low", "comment": "a # b"}])
        text = self.cogov("scenarios", "high.yaml")[0]
        self.assertTrue(text.startswith("title    # High\nplace    重庆\nextends  low\n\nkey "), text)
        self.assertEqual(self.rows("scenarios", "base"), [])

    def test_what_cannot_be_shown_says_why(self):
        self.assertIn('did you mean "ezhou"?', self.cogov("scenarios", "ezhu", status=2)[1])
        self.write("bad.yaml", "extends: base\nburden: {cut: 2}\n")
        out, err = self.cogov("scenarios", "bad.yaml", status=2)
        self.assertIn("bad.yaml:2:15: error", err)
        self.assertEqual(out, "")
        self.write("e.yaml", "scenarios: [base, ezhou]\n")
        self.assertIn("e.yaml is an experiment", self.cogov("scenarios", "e.yaml", status=2)[1])


class Check(Case):
    def test_valid_files_are_said_to_be(self):
        out, err = self.cogov("check", "base", "scenarios/ezhou.yaml")
        self.assertEqual(out.splitlines(), ["base: valid, 1 scenario of model cogov", "scenarios/ezhou.yaml: valid, 1 scenario of model cogov"])
        self.assertEqual(err, "")
        self.assertEqual(self.cogov("check", "-q", "base"), ("", ""))

    def test_every_scenario_of_the_project_is_valid(self):
        names = [os.path.join(folder, name) for folder, _, files in os.walk(self.path("scenarios")) for name in files
                 if name.endswith(".yaml")]
        self.assertGreaterEqual(len(names), 5)
        self.cogov("check", *names)

    def test_good_and_bad_files_together(self):
        self.write("bad.yaml", "model: cogov\nx: 1\n")
        out, err = self.cogov("check", "bad.yaml", "base", status=2)
        self.assertIn("base: valid", out)
        self.assertIn("bad.yaml:2:1: error", err)


class Compare(Case):
    def test_run_options_have_no_effect_on_results_and_say_so(self):
        self.cogov("compare", "base", "ezhou", "-o", "x.h5", "-q", *QUICK)
        self.assertIn("of the options only --format", self.cogov("compare", "x.h5", "--seed", "4", status=2)[1])
        self.assertIn("one results file", self.cogov("compare", "x.h5", "x.h5", status=2)[1])
        self.assertIn("empty name", self.cogov("run", "base", "-o", "", status=2)[1])

    def test_the_table_fits_the_terminal(self):
        self.cogov("compare", "southern-jiangsu", "chongqing", "-q", "-o", "x.h5", *QUICK)
        for columns in (80, 120):
            lines = self.on_terminal("compare", "x.h5", columns=columns).replace("\r", "").splitlines()
            self.assertGreater(len(lines), 60)
            for line in lines:
                self.assertLessEqual(width(line), columns, line)
        text = "\n".join(lines)
        for part in ("Chongqing", "95 % interval", "at month 24", "participation", "(persons)", "3 of 3 pairs"):
            self.assertIn(part, text)

    def test_a_results_file_says_what_the_run_said(self):
        for form in ("table", "csv", "json"):
            made = self.cogov("compare", "ezhou", "chongqing", "-q", "-o", form + ".h5", "--format", form, *QUICK)
            self.assertEqual(self.cogov("compare", form + ".h5", "--format", form), made)
            self.assertEqual(self.cogov("compare", "ezhou", "chongqing", "-q", "--format", form, *QUICK), made)
            self.assertEqual(made[1], "")

    def test_without_a_name_nothing_stays(self):
        from harness import environment
        os.mkdir(self.path("tmp"))
        err = self.cogov("compare", "ezhou", "chongqing", *QUICK, env=environment(TMPDIR=self.path("tmp")))[1]
        self.assertEqual(os.listdir(self.path("tmp")), [])
        self.assertEqual(self.names(), ["tmp"])
        self.assertNotIn("tmp", err)

    def test_csv_and_json_hold_the_same_numbers_as_the_file(self):
        import h5py
        self.cogov("compare", "ezhou", "chongqing", "-q", "-o", "x.h5", *QUICK)
        rows = list(csv.DictReader(io.StringIO(self.cogov("compare", "x.h5", "--format", "csv")[0])))
        data = json.loads(self.cogov("compare", "x.h5", "--format", "json")[0])
        self.assertTrue(data)
        with h5py.File(self.path("x.h5")) as file:
            means = file["participation"][:, :, -1].mean(axis=1)
            tickets = file["tickets_closed"][:, :, -1, 1].mean(axis=1)
        row = next(row for row in rows if "participation" in row.values())
        self.assertTrue(any(abs(float(value) - means[0]) < 1e-9 for value in row.values() if re.fullmatch(r"[-+.\de]+", value)), row)
        text = json.dumps(data)
        self.assertIn("participation", text)
        numbers = [float(number) for number in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", text)]
        for wanted in (means[0], means[1], means[1] - means[0], tickets[0]):
            self.assertTrue(any(abs(number - wanted) < 1e-9 * max(1, abs(wanted)) for number in numbers), wanted)

    def test_other_files_are_refused(self):
        self.write("x.h5", "no results")
        self.cogov("compare", "x.h5", status=2)
        self.cogov("run", "base", "-q", "-o", "one.h5", *SMALL)
        err = self.cogov("compare", "one.h5", status=2)[1]
        self.assertIn("one.h5", err)

    def test_one_scenario_twice_gives_no_difference(self):
        data = self.cogov("compare", "ezhou", "ezhou", "-q", "--format", "csv", *QUICK)[0]
        rows = list(csv.DictReader(io.StringIO(data)))
        column = next(head for head in rows[0] if head.startswith("diff"))
        for row in rows:
            self.assertIn(row[column], ("0", "", "nan"))  # nan: nothing to compare, such as bids on no lot
        self.assertTrue(any(row[column] == "0" for row in rows))


class Bench(Case):
    def test_json_has_the_members_of_the_contract(self):
        for model in ("influence", "cogov", "null"):
            data = json.loads(self.cogov("bench", "--model", model, "--agents", "2000", "--ticks", "3", "--format", "json")[0])
            for member in ("agents", "updates_per_second", "setup_seconds", "bytes_per_agent"):
                self.assertGreater(data[member], 0, (model, member))
            self.assertEqual(data["agents"], 2000)
            for phase in data["phases"]:
                self.assertEqual(sorted(phase), ["name", "seconds"])
                self.assertGreaterEqual(phase["seconds"], 0)

    def test_text_names_every_phase(self):
        text = self.cogov("bench", "--agents", "2000", "--ticks", "3", "--threads", "2")[0]
        for name in ("tender", "participation", "payment", "observe"):
            self.assertRegex(text, r"(?m)^  %s +[\d.]+ ms a tick" % name)
        self.assertIn("2 threads", text)

    def test_settings_are_checked(self):
        self.assertIn("from 0 to 1", self.cogov("bench", "--agents", "500", "--ticks", "1", "--set", "burden.cut=2", status=2)[1])


class Progress(Case):
    LONG = ["run", "base", "--set", "city.streets=1", "--set", "city.communities=2", "--set", "city.residents=2000", "--ticks",
            "120", "--replicates", "30", "--threads", "1", "-o", "x.h5"]

    def test_a_pipe_gets_a_line_each_5_percent(self):
        out, err = self.cogov(*self.LONG, "--replicates", "100")  # long enough for more than 20 looks at it
        lines = err.splitlines()
        self.assertEqual(out, "")
        self.assertNotIn("\r", err)
        self.assertRegex(lines[-1], r"^x\.h5: 100 cells in ")
        shown = [int(re.fullmatch(r" *(\d+) %  \d+ of 100 cells  \d+ months/s  .* left", line).group(1)) for line in lines[:-1]]
        self.assertEqual(shown[-1], 100)
        self.assertLessEqual(len(shown), 21)
        self.assertGreaterEqual(len(shown), 3)
        for before, after in zip(shown, shown[1:]):
            self.assertGreater(after // 5, before // 5)

    def test_a_terminal_gets_one_line_that_is_rewritten(self):
        shown = self.on_terminal(*self.LONG)
        first, closing = shown.strip("\r\n").split("\n")
        self.assertGreaterEqual(first.count("\r"), 3)
        self.assertIn("100 %", first)
        self.assertRegex(closing, r"^x\.h5: 30 cells in ")
        for line in first.split("\r"):
            self.assertLess(len(line), 80)

    def test_quiet_says_nothing(self):
        self.assertEqual(self.cogov("run", "base", "-o", "x.h5", "-q", *SMALL), ("", ""))
        self.assertEqual(self.on_terminal("run", "base", "-o", "y.h5", "-q", *SMALL), "")

    def test_the_log_grows_by_a_line_a_run(self):
        words = ["run", "base", "-o", "x.h5", *SMALL]
        self.cogov(*words)
        self.cogov(*words, "--overwrite", "--seed", "3")
        lines = self.read("x.h5.log").decode().splitlines()
        self.assertEqual(len(lines), 2)
        self.assertIn("--seed 3", lines[1])
        for line in lines:
            self.assertRegex(line, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} \S+ cogov .*: done after [\d.]+ s, 1 cells, 0 failed, model [\d.]+ % of \d+ threads?, output [\d.]+ s: .*run base")


if __name__ == "__main__":
    unittest.main()
