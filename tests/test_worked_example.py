#!/usr/bin/python3
"""The worked example of CONTRIBUTING.md, done as it stands there on a copy of the sources: it builds, its tests pass, it has an effect."""
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BLOCK = re.compile(r"^`([^`]+)`, (new|after the line that begins with `([^`]+)`):\n\n```\w*\n(.*?)^```$", re.M | re.S)
PARTS = ("sim", "models", "analysis", "tests", "scenarios", "docs", "cmake")
EXPECTED = {"models/cogov/festival.c", "models/cogov/rules.def", "models/cogov/params.def", "tests/test_cogov_festival.c", "tests/CMakeLists.txt",
            "tests/test_cogov_switches.c", "scenarios/festive.yaml"}


def copy_sources(folder):
    for name in os.listdir(ROOT):
        path = os.path.join(ROOT, name)
        if os.path.isfile(path):
            shutil.copy(path, folder)
        elif name in PARTS:
            shutil.copytree(path, os.path.join(folder, name))


def apply_blocks(text, folder):
    """Puts every block where it says; returns the files touched."""
    touched = set()
    for name, where, begins, body in BLOCK.findall(text):
        path = os.path.join(folder, name)
        if where == "new":
            assert not os.path.exists(path), name + " exists already"
            content = body
        else:
            with open(path, encoding="utf-8") as file:
                lines = file.read().splitlines(keepends=True)
            found = [i for i, line in enumerate(lines) if line.startswith(begins)]
            assert len(found) == 1, f"{name}: {len(found)} lines begin with {begins}"
            lines.insert(found[0] + 1, body)
            content = "".join(lines)
        with open(path, "w", encoding="utf-8") as file:
            file.write(content)
        touched.add(name)
    return touched


class WorkedExample(unittest.TestCase):
    def run_in(self, folder, *command, **more):
        done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)
        self.assertEqual(done.returncode, 0, f"{' '.join(command)}\n{done.stdout[-4000:]}")
        return done.stdout

    def test_a_rule_and_a_place(self):
        with open(os.path.join(ROOT, "CONTRIBUTING.md"), encoding="utf-8") as file:
            text = file.read()
        with tempfile.TemporaryDirectory() as folder:
            copy_sources(folder)
            self.assertEqual(apply_blocks(text, folder), EXPECTED)
            self.run_in(folder, "cmake", "-B", "build", "-DCMAKE_BUILD_TYPE=Release", "-DCOGOV_DISPATCH=OFF", "-DCMAKE_C_FLAGS_RELEASE=-O1")
            self.run_in(folder, "cmake", "--build", "build", "-j2", "--target", "cogov_program", "test_cogov_festival", "test_cogov_switches")
            self.run_in(folder, "ctest", "--test-dir", "build", "--output-on-failure", "-R", "test_cogov_festival|test_cogov_switches")
            cogov = os.path.join(folder, "build", "cogov")
            self.run_in(folder, cogov, "check", "festive")
            self.assertIn("festival", self.run_in(folder, cogov, "phases"))
            rows = json.loads(self.run_in(
                folder, cogov, "compare", "base", "festive", "-o", "results.h5", "--quiet", "--format", "json", "--replicates", "3", "--ticks", "30",
                "--set", "city.streets=1", "--set", "city.communities=2", "--set", "city.residents=200"))
            differences = [row["difference"] for row in rows["rows"] if row["observation"] == "identity"]
            self.assertTrue(differences)
            self.assertGreater(min(differences), 0.02)


if __name__ == "__main__":
    unittest.main()
