"""The pages of worked examples, analysis/python/examples.md and analysis/r/examples.md: their blocks run in order, on the files that they say,
and print what cogov compare says."""
import json
import os
import re
import shutil
import subprocess
import sys
import unittest

from harness import PROGRAM, SOURCE, Case, environment

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
PNG = b"\x89PNG\r\n\x1a\n"
DIFFERENCE = re.compile(r"^difference (\w+) (\w+): (\S+) \[(\S+), (\S+)\]$", re.M)
# In place of the pages' ten years of a district.
SMALL = ["--set", "city.streets=1", "--set", "city.communities=3", "--set", "city.residents=300", "--ticks", "40", "--quiet"]
REPLICATES = ["--replicates", "5"]


class Examples(Case):
    def blocks(self, page, language):
        with open(os.path.join(SOURCE, "analysis", page), encoding="utf-8") as file:
            return [body for word, body in BLOCK.findall(file.read()) if word == language]

    def make_files(self, page):
        """Does what the page says, in small."""
        yaml, = self.blocks(page, "yaml")
        self.write("linkage.yaml", yaml.replace("replicates: 10", "replicates: 3"))
        lines = [line for block in self.blocks(page, "sh") for line in block.splitlines()]
        self.assertEqual(len(lines), 2)
        for line in lines:
            words = line.split()
            self.assertEqual(words[0], "cogov")
            self.cogov(*words[1:], *SMALL, *([] if "run" in words else REPLICATES))

    def run_page(self, page, language, name, *command):
        """All blocks as one script; what it prints."""
        self.make_files(page)
        self.write(name, "".join(self.blocks(page, language)))
        path = os.path.dirname(PROGRAM) + os.pathsep + os.environ.get("PATH", "")
        done = subprocess.run([*command, name], cwd=self.folder, capture_output=True, text=True, timeout=400,
                              env=environment(PATH=path, MPLCONFIGDIR=self.path("matplotlib"), PYTHONWARNINGS="error::DeprecationWarning:__main__"))
        self.assertEqual(done.returncode, 0, done.stdout[-2000:] + done.stderr[-4000:])
        return done.stdout

    def check_page(self, out):
        rows = {(row["observation"], row["period"]): row
                for row in json.loads(self.cogov("compare", "results.h5", "--format", "json")[0])["rows"] if row["label"] is None}
        found = DIFFERENCE.findall(out)
        self.assertEqual(len(found), 6)
        for name, period, *numbers in found:
            for number, member in zip(numbers, ("difference", "low", "high")):
                self.assertAlmostEqual(float(number), rows[name, period][member], delta=1e-6, msg=(name, period, member))
        self.assertIn("the same numbers again", out)
        effect = re.search(r"effect of linkage on delivered quality: (\S+)", out)
        self.assertGreater(float(effect.group(1)), 0)
        for picture in ("fan.png", "response.png", "communities.png"):
            data = self.read(picture)
            self.assertTrue(data.startswith(PNG), picture)
            self.assertGreater(len(data), 3000, picture)

    def need_python(self):
        for module in ("matplotlib", "netCDF4", "scipy", "xarray"):
            if subprocess.run([sys.executable, "-c", "import " + module], capture_output=True).returncode != 0:
                self.skipTest("Python has no " + module)

    def need_r(self):
        if shutil.which("Rscript") is None:
            self.skipTest("Rscript is not installed")
        if subprocess.run(["Rscript", "-e", "library(ncdf4)"], capture_output=True).returncode != 0:
            self.skipTest("R has no ncdf4")

    def test_the_page_of_python(self):
        self.need_python()
        out = self.run_page("python/examples.md", "python", "page.py", sys.executable)
        self.check_page(out)
        self.assertIn("failed: 0", out)

    def test_the_page_of_r(self):
        self.need_r()
        self.check_page(self.run_page("r/examples.md", "r", "page.R", "Rscript", "--vanilla"))

    def test_the_script_of_python_draws(self):
        self.need_python()
        self.make_files("python/examples.md")
        subprocess.run([sys.executable, os.path.join(SOURCE, "analysis/python/plot_results.py"), "results.h5", "trust", "t.png"],
                       cwd=self.folder, check=True, env=environment(MPLCONFIGDIR=self.path("matplotlib")))
        self.assertGreater(len(self.read("t.png")), 3000)

    def test_the_script_of_r_draws(self):
        self.need_r()
        self.make_files("r/examples.md")
        subprocess.run(["Rscript", "--vanilla", os.path.join(SOURCE, "analysis/r/plot_results.R"), "results.h5", "trust"],
                       cwd=self.folder, check=True)
        self.assertGreater(len(self.read("trust.pdf")), 3000)


if __name__ == "__main__":
    unittest.main()
