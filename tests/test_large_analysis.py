"""Files of 10,000 cells: every analysis takes seconds and little memory. How long and how much is printed."""
import os
import shutil
import subprocess
import tempfile
import time
import unittest

from harness import INSTRUMENTED, NO_MEASURE, PROGRAM, Case, environment

TOWN = "model: influence\ncity: {streets: 1, communities: 1, residents: 40}\nswitches: {feedback: on}\n"
BETTER = "extends: town\nquality: {base: 0.7}\ntrust: {rate_up: 0.2}\nsatisfaction: {quality_weight: 0.4}\n"
# Many replicates of few design points, and few of many.
DEEP = "scenarios: [town, better]\nreplicates: 5000\nticks: 36\n"
WIDE = """\
scenarios: [town, better]
design: lhs
points: 250
vary: {choice.influence: [0, 2], satisfaction.quality_weight: [0.1, 0.9], trust.rate_up: [0.01, 0.3]}
replicates: 20
ticks: 36
"""
MIXED = """\
scenarios: [town, better]
design: attribution
groups:
  quality: [quality.base]
  trust: [trust.rate_up]
  satisfaction: [satisfaction.quality_weight]
replicates: 1250
ticks: 36
"""
# Which command is tried on which file; {} is its name.
GENERAL = [["compare", "{}", "--format", "json"], ["frontier", "{}"], ["report", "{}", "-o", "r.html"], ["verify", "{}", "--cells", "3"],
           ["export", "{}", "--csv", "tables", "--behaviorspace", "table.csv"]]
COMMANDS = {
    "deep": [["compare", "{}"], *GENERAL],
    "wide": [*GENERAL, ["sensitivity", "{}"]],
    "mixed": [["attribute", "{}"], *GENERAL],
}
MOST_SECONDS = 20  # on a machine that is busy with other tests; alone a second or two
MOST_BYTES = 300 << 20


@unittest.skipIf(INSTRUMENTED, NO_MEASURE)
class Large(Case):
    @classmethod
    def setUpClass(cls):
        cls.kept = tempfile.mkdtemp(prefix="cogov-test-")
        cls.addClassCleanup(shutil.rmtree, cls.kept, True)

    def make(self, name, text):
        self.write("town.yaml", TOWN)
        self.write("better.yaml", BETTER)
        self.write(name + ".yaml", text)
        path = os.path.join(self.kept, name + ".h5")
        self.assertIn("10000", self.cogov("run", name + ".yaml", "--dry-run")[0].replace(",", ""))
        self.cogov("run", name + ".yaml", "-o", path, "--quiet")
        return path

    def measure(self, words):
        """Seconds and the largest memory of a command that succeeds and prints something."""
        with open(self.path("out"), "wb") as out, open(self.path("err"), "wb") as err:
            start = time.perf_counter()
            process = subprocess.Popen([PROGRAM, *words], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=environment())
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 0, self.read("err").decode())
        return seconds, usage.ru_maxrss * 1024

    def try_all(self, name, text):
        path = self.make(name, text)
        for words in COMMANDS[name]:
            with self.subTest(words):
                words = [word.format(path) for word in words]
                seconds, size = self.measure(words)
                print("%s of %s: %.2f s, %.0f MiB" % (" ".join(words[:1] + words[2:]), name, seconds, size / 2**20))
                self.assertLess(seconds, MOST_SECONDS)
                self.assertLess(size, MOST_BYTES)

    def test_many_replicates(self):
        self.try_all("deep", DEEP)

    def test_many_design_points(self):
        self.try_all("wide", WIDE)

    def test_mixtures(self):
        self.try_all("mixed", MIXED)


if __name__ == "__main__":
    unittest.main()
