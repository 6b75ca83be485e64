"""Files that are wrong: each kind of fault is reported at its place, all faults at once, and nothing is written."""
import os
import re
import unittest

from harness import Case, environment

LINE = re.compile(r"^(?P<file>[^:]+)(?::(?P<line>\d+):(?P<column>\d+))?: error: (?P<text>.*)$")
HEAD = "model: cogov\n"
BIG = HEAD + "#" * (1 << 20)

# (name, text of x.yaml, [(line, column, part of the message), ...]); line None: the file as a whole.
SCENARIOS = [
    # keys
    ("unknown parameter", HEAD + "purchase:\n  qualty_weight: 0.8\n", [(3, 3, 'did you mean "purchase.quality_weight"?')]),
    ("unknown parameter in braces", HEAD + "purchase: {budget: 1, qualty_weight: 0.8}\n",
     [(2, 23, 'unknown parameter "purchase.qualty_weight"')]),
    ("unknown parameter with a point", HEAD + "purchase.qualty_weight: 0.8\n", [(2, 1, 'did you mean "purchase.quality_weight"?')]),
    ("parameter of another group", HEAD + "burden: {quality_weight: 0.8}\n", [(2, 10, 'unknown parameter "burden.quality_weight"')]),
    ("unknown group", HEAD + "purchas: {budget: 3}\n", [(2, 1, 'unknown group "purchas"; did you mean "purchase"?')]),
    ("unknown key", HEAD + "zzzzzz: 3\n", [(2, 1, 'unknown key "zzzzzz"')]),
    ("key near a reserved one", HEAD + "titel: x\n", [(2, 1, 'did you mean "title"?')]),
    ("repeated key", HEAD + "burden: {cut: 0.1}\nparty:\n  coverage: 0.1\n  coverage: 0.2\n", [(5, 3, "in line 4 already")]),
    ("repeated group", HEAD + "burden: {cut: 0.1}\nburden: {cut: 0.2}\n", [(3, 1, 'repeated key "burden"; it is given in line 2')]),
    ("key repeated with a point", HEAD + "burden: {cut: 0.1}\nburden.cut: 0.2\n", [(3, 1, 'repeated key "burden.cut"')]),
    ("empty key", HEAD + '"": 3\n', [(2, 1, "a key is empty")]),
    ("key that is a list", HEAD + "? [a, b]\n: 3\n", [(2, 3, "a key must be a word, not a list")]),
    ("key too long", HEAD + "k" * 300 + ": 3\n", [(2, 1, "a key is too long")]),
    ("column in characters", HEAD + "title: 重庆\npurchase: {\"budget\": 1, \"预算\": 2}\n", [(3, 25, 'unknown parameter "purchase.预算"')]),
    # values
    ("text for a number", HEAD + "burden: {cut: much}\n", [(2, 15, 'burden.cut: "much" is not a number')]),
    ("quoted number", HEAD + 'burden: {cut: "0.5"}\n', [(2, 15, "not a quoted text")]),
    ("decimal comma", HEAD + "burden:\n  cut: 0,5\n", [(3, 8, "decimal point as a point")]),
    ("hexadecimal", HEAD + "city: {streets: 0x10}\n", [(2, 17, "only decimal digits")]),
    ("leading zero", HEAD + "city: {streets: 010}\n", [(2, 17, "starts with a zero")]),
    ("fraction for a whole number", HEAD + "city: {streets: 1.5}\n", [(2, 17, "not a whole number")]),
    ("below the bounds", HEAD + "burden:\n  cut: -0.1\n", [(3, 8, "-0.1 is out of bounds; it must be from 0 to 1")]),
    ("above the bounds, with the unit", HEAD + "purchase: {budget: 1001}\n", [(2, 20, "from 0 to 1000 CNY per resident and year")]),
    ("whole number beyond 64 bits", HEAD + "city: {streets: 99999999999999999999}\n", [(2, 17, "from 1 to 1000 streets")]),
    ("overflow to infinity", HEAD + "needs: {rate: 1e999}\n", [(2, 15, "must be finite")]),
    ("NaN", HEAD + "needs: {rate: .nan}\n", [(2, 15, ".nan is not finite")]),
    ("NaN in plain words", HEAD + "needs: {rate: NaN}\n", [(2, 15, "NaN is not finite")]),
    ("infinity", HEAD + "needs: {rate: .inf}\n", [(2, 15, ".inf is not finite")]),
    ("negative infinity", HEAD + "needs: {rate: -.INF}\n", [(2, 15, "-.INF is not finite")]),
    ("no value", HEAD + "burden:\n  cut:\n", [(3, 7, "burden.cut has no value")]),
    ("null", HEAD + "burden:\n  cut: null\n", [(3, 8, "burden.cut has no value")]),
    ("list for a number", HEAD + "burden: {cut: [0, 1]}\n", [(2, 15, "a number is expected, not a list")]),
    ("mapping for a number", HEAD + "burden: {cut: {a: 1}}\n", [(2, 15, "a number is expected, not a mapping")]),
    ("number for a group", HEAD + "burden: 0.3\n", [(2, 9, "burden is a group")]),
    ("list for a group", HEAD + "burden: [0.3]\n", [(2, 9, "burden is a group")]),
    ("switch that is none", HEAD + "switches: {trust: 1}\n", [(2, 19, "on, off, true or false")]),
    ("switch misspelled", HEAD + "switches: {trust: offf}\n", [(2, 19, 'did you mean "off"?')]),
    ("unknown switch", HEAD + "switches: {trusst: off}\n", [(2, 12, 'did you mean "switches.trust"?')]),
    ("choice that is none", "model: influence\nnetwork: {kind: rink}\n", [(2, 17, 'did you mean "ring"?')]),
    ("title that is a list", HEAD + "title: [a]\n", [(2, 8, "title must be a text, not a list")]),
    ("place that is a mapping", HEAD + "place: {city: 重庆}\n", [(2, 8, "place must be a text, not a mapping")]),
    ("place without a name", HEAD + "place: ''\n", [(2, 8, "place is empty")]),
    ("two sources as a list", HEAD + "source: [Shi2019, Wang2018]\n", [(2, 9, "source must be a text, not a list")]),
    ("source of two lines", HEAD + "source: |\n  Shi2019\n  Wang2018\n", [(2, 9, "source must be one line")]),
    # distributions
    ("unknown distribution", HEAD + 'initial: {trust: "norml(0.5, 0.1)"}\n', [(2, 18, 'did you mean "normal"?')]),
    ("distribution with one argument", HEAD + "initial:\n  trust: normal(0.5)\n", [(3, 10, "normal takes 2 arguments, not 1")]),
    ("distribution with three arguments", HEAD + "initial:\n  trust: normal(0.5, 0.1, 2)\n", [(3, 10, "not 3")]),
    ("distribution not closed", HEAD + "initial:\n  trust: normal(0.5, 0.1\n", [(3, 10, "does not end with a parenthesis")]),
    ("uniform the wrong way round", HEAD + "initial:\n  trust: uniform(0.6, 0.5)\n", [(3, 10, "is above the high end")]),
    ("negative deviation", HEAD + "initial:\n  trust: normal(0.5, -0.1)\n", [(3, 10, "is negative")]),
    ("mean out of bounds", HEAD + "initial:\n  trust: normal(1.5, 0.1)\n", [(3, 10, "the mean 1.5 is out of bounds")]),
    ("NaN in a distribution", HEAD + "initial:\n  trust: normal(nan, 0.1)\n", [(3, 10, "not finite")]),
    ("distribution for a number", HEAD + "burden:\n  cut: normal(0.5, 0.1)\n", [(3, 8, "is not a number")]),
    # parameters that do not go together
    ("shares of needs", HEAD + "needs:\n  public_share: 0.5\n", [(3, 17, "must add up to 1, not 1.05")]),
    ("shares of severity", HEAD + "needs: {minor_share: 0.5}\n", [(2, 22, "must add up to 1, not 0.8")]),
    ("odd degree", HEAD + "residents: {degree: 7}\n", [(2, 21, "must be even, not 7")]),
    ("odd degree of influence", "model: influence\nnetwork: {degree: 7}\n", [(2, 19, "even")]),
    # models and extends
    ("no model", "burden: {cut: 0.5}\n", [(None, None, "no model")]),
    ("unknown model", "model: cogv\n", [(1, 8, 'unknown model "cogv"; did you mean "cogov"?')]),
    ("two models", "extends: base\nmodel: influence\n", [(2, 8, 'model "influence" differs from "cogov"')]),
    ("extends nothing", HEAD + "extends: bsae\n", [(2, 10, 'there is no scenario "bsae"; did you mean "base"?')]),
    ("extends itself", "extends: x\n", [(1, 10, '"x" extends itself')]),
    ("extends a list", HEAD + "extends: [base]\n", [(2, 10, "extends must be a text, not a list")]),
    ("extends nothing at all", HEAD + "extends: ''\n", [(2, 10, "extends is empty")]),
    # YAML
    ("tab as indentation", HEAD + "burden:\n\tcut: 0.5\n", [(3, 1, "not YAML")]),
    ("bracket not closed", HEAD + "burden: {cut: 0.5\n", [(3, 1, "not YAML")]),
    ("quote not closed", HEAD + 'title: "x\n', [(3, 1, "not YAML")]),
    ("indentation", HEAD + "burden:\n  cut: 0.5\n cut: 1\n", [(4, 2, "not YAML")]),
    ("anchor", HEAD + "burden: {cut: &a 0.5}\n", [(2, 15, "anchors are not allowed: &a")]),
    ("anchor and alias", HEAD + "burden: &b {cut: 0.5}\nparty: *b\n", [(2, 9, "anchors"), (3, 8, "aliases are not allowed: *b")]),
    ("tag", HEAD + "burden: {cut: !!float 0.5}\n", [(2, 15, "tags are not allowed")]),
    ("two documents", HEAD + "---\nmodel: cogov\n", [(2, 1, "a second document begins")]),
    ("empty file", "", [(1, 1, "the file is empty")]),
    ("only a comment", "# nothing\n", [(1, 1, "the file is empty")]),
    ("a text", "cogov\n", [(1, 1, "must be a mapping")]),
    ("a list", "- cogov\n", [(1, 1, "must be a mapping")]),
    ("nested too deep", HEAD + "a: " + "[" * 5000, [(2, 1, 'unknown key "a"'), (2, 12, "nested more than")]),
    # characters
    ("not UTF-8", HEAD.encode() + b"title: caf\xe9\n", [(2, 11, "this is not UTF-8 (byte 0xe9)")]),
    ("cut UTF-8", HEAD.encode() + "title: 庆".encode()[:-1], [(2, 8, "this is not UTF-8")]),
    ("UTF-16", (HEAD + "title: x\n").encode("utf-16"), [(1, 1, "this is not UTF-8")]),
    ("surrogate", HEAD.encode() + b"title: \xed\xa0\x80\n", [(2, 8, "this is not UTF-8")]),
    ("longer than needed", HEAD.encode() + b"title: \xc0\xaf\n", [(2, 8, "this is not UTF-8")]),
    ("NUL", HEAD.encode() + b"title: a\0b\n", [(2, 9, "control character U+0000")]),
    ("control character in an escape", HEAD + 'title: "a\\x07b"\n', [(2, 8, "control character")]),
    ("second byte order mark", HEAD.encode() + b"\xef\xbb\xbfburden: {cut: 0.5}\n", [(2, 1, "U+FEFF")]),
    ("too large", BIG, [(None, None, "at most 1 MiB")]),
    # events
    ("events that are no list", HEAD + "events: {month: 3}\n", [(2, 9, "events must be a list of events")]),
    ("event that is no mapping", HEAD + "events: [3]\n", [(2, 10, "an event must be a mapping")]),
    ("event without a month", HEAD + "events:\n  - set: {burden.cut: 0.5}\n", [(3, 5, "the event has no month")]),
    ("event before the first month", HEAD + "events:\n  - {month: 0, set: {burden.cut: 0.5}}\n", [(3, 13, "from 1 to 65535")]),
    ("event after the last month", HEAD + "events:\n  - {month: 121, set: {burden.cut: 0.5}}\n",
     [(3, 13, "month 121 comes after the run's last month, 120")]),
    ("event that sets nothing", HEAD + "events:\n  - {month: 1}\n", [(3, 5, "the event sets nothing")]),
    ("unknown key in an event", HEAD + "events:\n  - {month: 1, st: {burden.cut: 0.5}, set: {burden.cut: 0.1}}\n",
     [(3, 16, 'unknown key "st" in an event; did you mean "set"?')]),
    ("unknown parameter in an event", HEAD + "events:\n  - {month: 1, set: {burden: {ct: 0.5}}}\n",
     [(3, 31, 'unknown parameter "burden.ct"; did you mean "burden.cut"?')]),
    ("bad value in an event", HEAD + "events:\n  - {month: 1, set: {burden.cut: 2}}\n", [(3, 34, "must be from 0 to 1")]),
    ("event of a rule that is left out from the start", HEAD + "events:\n  - {month: 3, set: {switches.tender: off}}\n",
     [(3, 22, "switches.tender is read at the start only")]),
    ("event of what is read at the start only", HEAD + "events:\n  - {month: 3, set: {city.streets: 2}}\n",
     [(3, 22, "city.streets is read at the start only")]),
    ("event that breaks what goes together", HEAD + "events:\n  - {month: 3, set: {needs.minor_share: 0.5}}\n",
     [(3, 41, "must add up to 1, not 0.8")]),
    ("the same value twice in a month", HEAD + "events:\n  - {month: 3, set: {burden.cut: 0.5}}\n  - {month: 3, set: {burden.cut: 0.6}}\n",
     [(4, 22, "burden.cut is set twice in month 3; line 3 sets it already")]),
    # several at once
    ("every fault", HEAD + "burden: {cut: 2}\nzzzzzz: 1\nneeds: {rate: .nan, public_shar: 0.1}\n",
     [(2, 15, "out of bounds"), (3, 1, "unknown key"), (4, 15, "not finite"), (4, 21, 'did you mean "needs.public_share"?')]),
]

# The same for t.csv, which x.yaml names.
TABLES = [
    ("empty", "", [(None, None, "the table is empty")]),
    ("no rows", "street,community\n", [(None, None, "the table has no rows")]),
    ("no column of communities", "street\nN\n", [(1, 1, 'a column "community" is missing')]),
    ("other separator", "street;community\nN;a\n", [(1, 1, "cells must be separated by commas"), (1, 1, 'a column "street" is missing'),
                                                   (1, 1, 'a column "community" is missing')]),
    ("unknown column", "street,community,burden.ct\nN,a,0\n", [(1, 18, 'did you mean "burden.cut"?')]),
    ("column twice", "street,community,street\nN,a,N\n", [(1, 18, 'column "street" is there twice')]),
    ("parameter of the whole city", "street,community,city.start_month\nN,a,3\n", [(1, 18, "city.start_month is the same at all places")]),
    ("switch", "street,community,switches.linkage\nN,a,off\n", [(1, 18, "switches.linkage is the same at all places")]),
    ("community twice", "street,community\nN,a\nS,a\nN,a\n", [(4, 3, 'community "a" is in line 2 already')]),
    ("no name", "street,community\n,\n", [(2, 1, "the street has no name"), (2, 2, "the community has no name")]),
    ("cells missing", "street,community,burden.cut\nN,a\n", [(2, 1, "2 cells, but the header has 3")]),
    ("cells too many", "street,community\nN,a,3\n", [(2, 1, "3 cells, but the header has 2")]),
    ("bad number", "street,community,burden.cut\nN,庆,x\n", [(2, 5, 'burden.cut: "x" is not a number')]),
    ("out of bounds", "street,community,burden.cut\nN,a,2\n", [(2, 5, "must be from 0 to 1")]),
    ("two values in a street", "street,community,purchase.budget\nN,a,2\nN,b,3\n",
     [(3, 5, "purchase.budget is the same in all of a street; here it is 3, in line 2 2")]),
    ("parameters that do not go together", "street,community,residents.degree\nN,a,7\n", [(2, 5, "must be even, not 7")]),
    ("quote not closed", 'street,community\nN,"a\n', [(2, 3, "the quote is not closed"), (2, 3, "must be one line")]),
    ("text after a quote", 'street,community\nN,"a"b\n', [(2, 6, "a comma is expected")]),
    ("quote in a cell", 'street,community\nN,a"b\n', [(2, 4, "a quote within a cell")]),
    ("not UTF-8", b"street,community\nN,\xff\n", [(2, 3, "this is not UTF-8")]),
    ("NUL", b"street,community\nN,\0\n", [(2, 3, "control character U+0000")]),
    ("too large", "#" * ((16 << 20) + 1), [(None, None, "at most 16 MiB")]),
]

# The same for x.yaml as an experiment.
EXPERIMENTS = [
    ("unknown key", "scenarios: [base]\nreplicats: 3\n", [(2, 1, 'did you mean "replicates"?')]),
    ("parameter in an experiment", "scenarios: [base]\nburden: {cut: 0.5}\n", [(2, 1, "parameters belong in scenarios")]),
    ("missing scenario", "scenarios: [base, bsae]\n", [(1, 19, 'did you mean "base"?')]),
    ("missing scenarios, both", "scenarios:\n  - zzzzzz\n  - yyyyyy\n", [(2, 5, '"zzzzzz"'), (3, 5, '"yyyyyy"')]),
    ("scenarios that are no list", "scenarios: base\n", [(1, 12, "scenarios must be a list")]),
    ("no scenarios", "scenarios: []\n", [(1, 12, "scenarios lists none")]),
    ("negative seed", "scenarios: [base]\nseed: -1\n", [(2, 7, "from 0 to 4294967295")]),
    ("seed too large", "scenarios: [base]\nseed: 4294967296\n", [(2, 7, "from 0 to 4294967295")]),
    ("seed that is no number", "scenarios: [base]\nseed: abc\n", [(2, 7, "is not a whole number")]),
    ("quoted seed", "scenarios: [base]\nseed: '1'\n", [(2, 7, "not a quoted text")]),
    ("no replicates", "scenarios: [base]\nreplicates: 0\n", [(2, 13, "from 1 to 1000000")]),
    ("fraction of a month", "scenarios: [base]\nticks: 1.5\n", [(2, 8, "whole number")]),
    ("too many months", "scenarios: [base]\nticks: 65536\n", [(2, 8, "from 1 to 65535")]),
    ("repeated number", "scenarios: [base]\nseed: 1\nseed: 2\n", [(3, 1, "in line 2 already")]),
    ("place of an experiment", "scenarios: [base]\nplace: 重庆\n", [(2, 1, 'unknown key "place"')]),
    ("design of nothing", "scenarios: [base]\ndesign: grid\n", [(2, 9, "grid varies nothing")]),
    ("design of an unknown parameter", "scenarios: [base]\ndesign: grid\nvary: {linkage.levl: [0, 1]}\n",
     [(3, 8, 'did you mean "linkage.level"?')]),
    ("recorded by no place", "scenarios: [base]\nrecord: {by: [comunity, zzz]}\n",
     [(2, 15, 'did you mean "community"?'), (2, 25, "use community or street")]),
    ("recorded by the city", "scenarios: [base]\nrecord: {by: [city]}\n", [(2, 15, "recorded for the city in any case")]),
    ("recorded twice", "scenarios: [base]\nrecord: {by: [street, street]}\n", [(2, 23, "street is named twice")]),
    ("recorded by a word", "scenarios: [base]\nrecord: {by: community}\n", [(2, 14, "by must be a list of places, such as [community]")]),
    ("recorded by a list in the list", "scenarios: [base]\nrecord: {by: [[street]]}\n", [(2, 15, "a name is expected, not a list")]),
    ("recorded by none", "scenarios: [base]\nrecord: {by: []}\n", [(2, 14, "by lists none")]),
    ("no sample", "scenarios: [base]\nrecord: {residents: 0}\n", [(2, 21, "from 1 to 100000")]),
    ("a sample of many", "scenarios: [base]\nrecord: {residents: many}\n", [(2, 21, "is not a whole number")]),
    ("a sample in a list", "scenarios: [base]\nrecord: {residents: [3]}\n", [(2, 21, "a whole number is expected, not a list")]),
    ("unknown key of record", "scenarios: [base]\nrecord: {resident: 3}\n", [(2, 10, 'did you mean "residents"?')]),
    ("record as a list", "scenarios: [base]\nrecord: [community]\n", [(2, 9, "record must be a mapping, not a list")]),
    ("record as a word", "scenarios: [base]\nrecord: community\n", [(2, 9, "record must be a mapping")]),
    ("more recorded than fits", "scenarios: [base]\nreplicates: 1000\nticks: 1200\nrecord: {residents: 100000}\n", [(None, None, "at most 32 GiB")]),
    ("list for a seed", "scenarios: [base]\nseed: [1]\n", [(2, 7, "seed: a whole number is expected, not a list")]),
    ("nothing for a seed", "scenarios: [base]\nseed: {}\n", [(2, 7, "seed: a whole number is expected, not a mapping")]),
    ("empty mapping of an unknown key", "scenarios: [base]\nzzzzzz: {}\n", [(2, 1, 'unknown key "zzzzzz"')]),
    ("list in the list", "scenarios: [base, [ezhou]]\n", [(1, 19, "a name is expected, not a list")]),
    ("mapping of scenarios", "scenarios: {a: base}\n", [(1, 12, "scenarios must be a list")]),
    ("title that is a list", "scenarios: [base]\ntitle: [a]\n", [(2, 8, "title must be a text, not a list")]),
    ("not YAML", "scenarios: [base\n", [(2, 1, "not YAML")]),
]


class BadInput(Case):
    def faults(self, *words, status=2):
        """The errors as (file, line, column, text)."""
        out, err = self.cogov("check", *words, status=status)
        found = []
        for line in err.splitlines():
            match = LINE.match(line)
            if match is None:
                self.assertTrue(line.startswith("error: "), err)
                found.append((None, None, None, line[7:]))
            else:
                place = [int(match[name]) if match[name] else None for name in ("line", "column")]
                found.append((match["file"], *place, match["text"]))
        return found

    def compare(self, name, text, expected):
        with self.subTest(name):
            self.write("x.yaml", text)
            found = self.faults("x.yaml")
            self.assertEqual(len(found), len(expected), found)
            for (file, line, column, message), (wanted_line, wanted_column, part) in zip(found, expected):
                self.assertIn(file, ("x.yaml", None))
                self.assertEqual(line, wanted_line, message)
                if wanted_column is not None:
                    self.assertEqual(column, wanted_column, message)
                self.assertIn(part, message)
            self.assertEqual(self.names(), ["x.yaml"])

    def test_every_fault_of_a_scenario_at_its_place(self):
        self.assertGreaterEqual(len(SCENARIOS), 40)
        for row in SCENARIOS:
            self.compare(*row)

    def test_every_fault_of_a_table_at_its_place(self):
        self.write("x.yaml", HEAD + "city: {communities: t.csv}\n")
        for name, text, expected in TABLES:
            with self.subTest(name):
                self.write("t.csv", text)
                found = self.faults("x.yaml")
                self.assertEqual([fault[:3] for fault in found], [("t.csv", line, column) for line, column, part in expected], found)
                for fault, (line, column, part) in zip(found, expected):
                    self.assertIn(part, fault[3])
                self.assertEqual(self.names(), ["t.csv", "x.yaml"])

    def test_a_table_that_cannot_be_read(self):
        self.write("x.yaml", HEAD + "city:\n  communities: t.csv\n")
        self.assertEqual(self.faults("x.yaml"), [("x.yaml", 3, 16, "the table t.csv cannot be read: No such file or directory")])
        os.mkdir(self.path("t.csv"))
        self.assertIn("is a directory", self.faults("x.yaml")[0][3])

    def test_the_largest_table_is_read(self):
        head = b"street,community\nN,a\nN,b\n"
        self.write("x.yaml", HEAD + "city: {communities: t.csv, residents: 100}\n")
        self.write("t.csv", head + b"#" * ((16 << 20) - len(head)))
        self.cogov("check", "x.yaml")
        self.cogov("run", "x.yaml", "-o", "x.h5", "--ticks", "2", "-q")

    def test_very_many_faults_of_a_table_are_counted(self):
        self.write("x.yaml", HEAD + "city: {communities: t.csv}\n")
        self.write("t.csv", "street,community,burden.cut\n" + "".join("N,c%d,2\n" % i for i in range(3000)))
        found = self.faults("x.yaml")
        self.assertEqual(len(found), 101)
        self.assertEqual(found[0][3], "3000 faults; the first 100 of them are told")

    def test_every_fault_of_an_experiment_at_its_place(self):
        for row in EXPERIMENTS:
            self.compare(*row)

    def test_a_run_refuses_what_check_refuses(self):
        for name, text, expected in (SCENARIOS[0], SCENARIOS[10], SCENARIOS[-1], SCENARIOS[-2]):
            with self.subTest(name):
                self.write("x.yaml", text)
                err = self.cogov("run", "x.yaml", "-o", "x.h5", status=2)[1]
                self.assertEqual(err, self.cogov("check", "x.yaml", status=2)[1])
                self.assertEqual(err, self.cogov("compare", "x.yaml", "base", "-o", "x.h5", status=2)[1])
                self.assertEqual(self.names(), ["x.yaml"])

    def test_a_byte_order_mark_is_allowed_and_not_counted(self):
        self.write("x.yaml", b"\xef\xbb\xbf" + HEAD.encode())
        self.cogov("check", "x.yaml")
        self.write("x.yaml", b"\xef\xbb\xbfmodel: cogv\n")
        self.assertEqual([fault[1:3] for fault in self.faults("x.yaml")], [(1, 8)])

    def test_lines_may_end_as_on_windows(self):
        self.write("x.yaml", "model: cogov\r\nburden:\r\n  cut: 2\r\n")
        self.assertEqual([fault[1:3] for fault in self.faults("x.yaml")], [(3, 8)])

    def test_the_largest_file_is_read(self):
        self.write("x.yaml", BIG[:1 << 20])
        self.cogov("check", "x.yaml")

    def test_a_circle_is_shown(self):
        self.write("a.yaml", "extends: b\n")
        self.write("b.yaml", "title: x\nextends: c\n")
        self.write("c.yaml", "extends: a\n")
        found = self.faults("a.yaml")
        self.assertEqual(found[0][:3], ("c.yaml", 1, 10))
        self.assertIn("a -> b -> c -> a", found[0][3])
        self.assertEqual(len(found), 1, found)

    def test_faults_in_two_files_are_both_reported(self):
        self.write("a.yaml", HEAD + "burden: {cut: 2}\n")
        self.write("b.yaml", "model: \"cogov\n")
        self.write("c.yaml", HEAD + "zzzzzz: 2\n")
        self.assertEqual([fault[:3] for fault in self.faults("a.yaml", "b.yaml", "c.yaml")],
                         [("a.yaml", 2, 15), ("b.yaml", 2, 1), ("c.yaml", 2, 1)])

    def test_faults_of_a_file_and_of_what_it_extends(self):
        self.write("low.yaml", HEAD + "burden: {cut: 2}\n")
        self.write("high.yaml", "extends: low\nparty: {coverage: 3}\n")
        self.assertEqual(sorted(fault[:3] for fault in self.faults("high.yaml")), [("high.yaml", 2, 19), ("low.yaml", 2, 15)])

    def test_a_fault_that_two_scenarios_share_is_said_once(self):
        self.write("low.yaml", HEAD + "burden: {cut: 2}\n")
        self.write("one.yaml", "extends: low\n")
        self.write("two.yaml", "extends: low\nzzzzzz: 1\n")
        self.write("e.yaml", "scenarios: [one, two, low]\n")
        wanted = [("low.yaml", 2, 15), ("two.yaml", 2, 1)]
        self.assertEqual(sorted(fault[:3] for fault in self.faults("e.yaml")), wanted)
        self.assertEqual(sorted(fault[:3] for fault in self.faults("one.yaml", "two.yaml")), wanted)

    def test_a_valid_file_after_a_shared_fault_is_not_taken_for_valid(self):
        self.write("low.yaml", HEAD + "burden: {cut: 2}\n")
        self.write("high.yaml", "extends: low\n")
        out, err = self.cogov("check", "low.yaml", "high.yaml", status=2)
        self.assertEqual(out, "")

    def test_an_experiment_has_one_model(self):
        self.write("i.yaml", "model: influence\n")
        self.write("e.yaml", "scenarios: [base, i]\n")
        found = self.faults("e.yaml")
        self.assertEqual([fault[:3] for fault in found], [("i.yaml", 1, 8)])
        self.assertIn("one run has one model", found[0][3])

    def test_what_is_no_file(self):
        os.mkdir(self.path("folder.yaml"))
        os.mkfifo(self.path("pipe"))
        self.assertIn("folder", self.faults("folder.yaml")[0][3] + str(self.faults("folder.yaml")[0][0]))
        self.assertTrue(self.faults("/dev/null")[0][3])
        self.assertIn("1 MiB", self.faults("/dev/zero")[0][3])
        self.assertIn("there is no scenario", self.faults("nothing.yaml")[0][3])

    def test_messages_are_the_same_in_any_locale(self):
        self.write("x.yaml", HEAD + "burden: {cut: 1.5}\n")
        for locale in ("C", "C.UTF-8", "de_DE.UTF-8", "zh_CN.UTF-8"):
            err = self.cogov("check", "x.yaml", status=2, env=environment(LC_ALL=locale))[1]
            self.assertIn("1.5 is out of bounds", err)


if __name__ == "__main__":
    unittest.main()
