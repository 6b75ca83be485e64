"""cogov patterns: the scoreboard as JSON, P3 to P9 with their criteria, and what else the command prints.

A pattern that fails is a finding about the model: no criterion is to be bent for it.
"""
import csv
import io
import json
import unittest

from harness import Case

ANCHORED = ["P3", "P4", "P5", "P6", "P7", "P8", "P9"]
FEW = ["--replicates", "3", "-q"]
TEN = ["--replicates", "10", "-q"]
CITY = ["--set", "city.streets=1", "--set", "city.communities=8", "--set", "city.residents=1000"]


class Patterns(Case):
    def board(self, *words, status=0):
        return json.loads(self.cogov("patterns", *words, "--format", "json", status=status)[0])

    def test_p3_to_p9_hold(self):
        process = self.start("patterns", *ANCHORED, "-q", "--format", "json")
        board = json.loads(process.communicate()[0])
        self.assertEqual(process.returncode, 0 if all(pattern["holds"] for pattern in board) else 1)
        self.assertEqual([pattern["id"] for pattern in board], ANCHORED)
        for pattern in board:
            print("%-4s %s" % (pattern["id"], "holds" if pattern["holds"] else "FAILS"))
            for check in pattern["checks"]:
                print("     %-5s %s: %s +- %s" % ("ok" if check["holds"] else "FAILS", check["what"], check["measured"], check["half_width"]))
                with self.subTest(pattern=pattern["id"], check=check["what"]):
                    self.assertIs(check["holds"], True)
            for note in pattern["notes"]:
                print("     note  %s" % note)
            self.assertIs(pattern["holds"], True, pattern["id"])
            self.assertIsNone(pattern["error"])
        self.assertEqual([len(pattern["checks"]) for pattern in board], [4, 4, 5, 9, 22, 5, 4])

    def test_numbers_are_those_of_compare(self):
        rows = json.loads(self.cogov("compare", "chongqing-before", "chongqing", *CITY, *TEN, "--format", "json")[0])["rows"]
        checks = {check["what"]: check for check in self.board("P8", *TEN)[0]["checks"]}
        for name in ("deep_participation", "trust", "satisfaction"):
            row, = (row for row in rows if row["observation"] == name and row["period"] == "average")
            check = checks[name + ", after less before"]
            self.assertAlmostEqual(check["measured"], row["difference"], 12)
            self.assertAlmostEqual(check["measured"] - check["half_width"], row["low"], 12)
            self.assertEqual(check["n"], 10)

    def test_text_and_csv_tell_the_same(self):
        text = self.cogov("patterns", "P21", "P5", *FEW)[0]
        self.assertIn("2 of 2 hold (3 replicates; the criteria are for at least 20)", text)
        self.assertEqual(text.count("\n      ok "), 9)
        rows = list(csv.DictReader(io.StringIO(self.cogov("patterns", "P21", "P5", *FEW, "--format", "csv")[0])))
        self.assertEqual([row["pattern"] for row in rows], ["P21"] * 4 + ["P5"] * 5)
        for row, check in zip(rows, [check for pattern in self.board("P21", "P5", *FEW) for check in pattern["checks"]]):
            self.assertEqual((row["check"], float(row["measured"])), (check["what"], check["measured"]))

    def test_curves_behind_a_pattern(self):
        out = self.cogov("patterns", "P6", "--plot-data", *FEW)[0]
        rows = list(csv.DictReader(io.StringIO(out)))
        curve = [(float(row["x"]), float(row["mean"])) for row in rows if row["observation"] == "effectiveness"]
        self.assertEqual(len(curve), 12)
        self.assertEqual(max(curve, key=lambda point: point[1])[0], 0.8)
        for row in rows:
            self.assertLessEqual(float(row["lower"]), float(row["mean"]))
            self.assertLessEqual(float(row["mean"]), float(row["upper"]))

    def test_a_knock_out_makes_its_pattern_fall(self):
        out = self.cogov("patterns", "--knock-out", "authority", "switches.cognition", "P6", "P21", *FEW, "--format", "json")[0]
        found = json.loads(out)
        self.assertEqual([pattern["id"] for pattern in found["patterns"]], ["P6", "P21"])
        rows = {row["switch"]: row for row in found["knock_outs"]}
        self.assertEqual(rows["authority"]["patterns"], {"P6": "a sign is reversed", "P21": "unchanged"})
        self.assertEqual(rows["cognition"]["patterns"], {"P6": "unchanged", "P21": "unchanged"})
        self.assertEqual([rows[name]["changes_nothing"] for name in ("authority", "cognition")], [False, True])
        text = self.cogov("patterns", "--knock-out", "authority", "cognition", "P6", "P21", *FEW)[0]
        self.assertRegex(text, r"authority +- +\.\ncognition +\. +\.\n")
        self.assertIn("Change no pattern: cognition", text)

    def test_same_scoreboard_for_any_number_of_threads(self):
        one = self.board("P5", "P21", "--replicates", "2", "-q", "--threads", "1")
        self.assertEqual(one, self.board("P5", "P21", "--replicates", "2", "-q", "--threads", "3"))
        self.assertNotEqual(one, self.board("P5", "P21", "--replicates", "2", "-q", "--seed", "7"))

    def test_goes_to_a_file(self):
        out = self.cogov("patterns", "P21", *FEW, "--format", "json", "-o", "board.json")[0]
        self.assertEqual(out, "")
        self.assertEqual(json.loads(self.read("board.json")), self.board("P21", *FEW))
        self.assertEqual(self.names(), ["board.json"])

    def test_a_pattern_that_fails_fails_the_command(self):
        with open(self.path("scenarios", "ezhou.yaml"), "a", encoding="utf-8") as file:
            file.write("residents: {old_age: 18}\nparticipation: {attend_age: -1, volunteer_age: -1, deliberate_age: -1, decide_age: -1}\n")
        board = self.board("P3", "P5", *FEW, status=1)
        self.assertEqual([pattern["holds"] for pattern in board], [False, True])
        text = self.cogov("patterns", "P3", *FEW, status=1)[0]
        self.assertIn("0 of 1 hold", text)
        self.assertIn("asked  in Ezhou", text)

    def test_a_pattern_without_its_scenario_cannot_be_judged(self):
        with open(self.path("scenarios", "ezhou.yaml"), "a", encoding="utf-8") as file:
            file.write("burdn: {cut: 1}\n")
        board = self.board("P4", *FEW, status=1)
        self.assertIs(board[0]["holds"], False)
        self.assertIn("burden", board[0]["error"])
        self.assertEqual(board[0]["checks"], [])

    def test_the_list_has_every_pattern(self):
        listed = json.loads(self.cogov("patterns", "--list", "--format", "json")[0])
        self.assertEqual([row["id"] for row in listed], ["P%d" % n for n in range(1, 28)])
        for row in listed:
            for key in ("name", "claim", "source", "criterion"):
                self.assertTrue(row[key], row["id"])
        self.assertIn("P6", self.cogov("patterns", "--list")[0])

    def test_wrong_use(self):
        self.assertIn('no pattern "P66"; did you mean', self.cogov("patterns", "P66", status=2)[1])
        self.assertIn('no pattern "trust"', self.cogov("patterns", "trust", status=2)[1])
        self.assertIn('did you mean "trust"', self.cogov("patterns", "--knock-out", "trus", status=2)[1])
        self.assertIn("at least 2", self.cogov("patterns", "P4", "--replicates", "1", status=2)[1])
        self.cogov("patterns", "--knock-out", "--plot-data", status=2)
        self.cogov("patterns", "P4", "--knock-out", "--format", "csv", status=2)
        self.assertIn("usage: cogov patterns", self.cogov("patterns", "--help")[0])


if __name__ == "__main__":
    unittest.main()
