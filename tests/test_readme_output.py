#!/usr/bin/python3
"""What the documents show of the program's output is what the program prints. Between

    <!-- begin: cogov compare ... -->
    <!-- end -->

stands a block of code: the command after "$ ", whose lines may end in a backslash, a blank line, and its output. Before it there may be commands
that make what it reads: "cogov run ... && cogov sensitivity ..." in the mark, a line each in the block. Only the last may print anything.
`COGOV=build/release/cogov tests/test_readme_output.py --update` writes the outputs anew.
"""
import os
import re
import shlex
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DOCUMENTS = ["README.md"] + sorted(os.path.join("docs", name) for name in os.listdir(os.path.join(ROOT, "docs")) if name.endswith(".md"))
SHOWN = re.compile(r"^<!-- begin: (cogov [^\n]*) -->\n```text\n\$ (.*?)\n\n(.*?)```\n<!-- end -->$", re.M | re.S)


def documents():
    for name in DOCUMENTS:
        with open(os.path.join(ROOT, name), encoding="utf-8") as file:
            yield name, file.read()


def commands_of(mark):
    """The words of each command, of a mark or as the block shows them."""
    return [shlex.split(command) for command in re.split(r" && |\n\$ ", mark.replace("\\\n", " "))]


def output_of(mark):
    """What the commands print where nothing is but the scenarios, on a page of 100 columns."""
    program = os.path.abspath(os.environ["COGOV"])
    output = ""
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(os.path.join(ROOT, "scenarios"), os.path.join(folder, "scenarios"))
        for words in commands_of(mark):
            done = subprocess.run([program, *words[1:]], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                  env=dict(os.environ, OMP_WAIT_POLICY="passive"))
            if done.returncode != 0 or output:
                raise AssertionError("%s\n%s%s" % (shlex.join(words), output, done.stderr))
            output = done.stdout
    return output


class Documents(unittest.TestCase):
    maxDiff = None

    def test_every_mark_has_its_block(self):
        found = 0
        for name, text in documents():
            with self.subTest(name):
                self.assertEqual(text.count("<!-- begin: "), len(SHOWN.findall(text)))
                found += len(SHOWN.findall(text))
        self.assertGreater(found, 0)

    def test_the_output_is_what_the_program_prints(self):
        for name, text in documents():
            for mark, shown, output in SHOWN.findall(text):
                with self.subTest(name, command=mark):
                    self.assertEqual(commands_of(mark), commands_of(shown))
                    self.assertEqual(output, output_of(mark), "%s: tests/test_readme_output.py --update writes it anew" % name)


def update():
    for name, text in documents():
        new = SHOWN.sub(lambda found: found.group(0)[:found.start(3) - found.start(0)] + output_of(found.group(1)) + "```\n<!-- end -->", text)
        if new != text:
            with open(os.path.join(ROOT, name), "w", encoding="utf-8") as file:
                file.write(new)
            print(name)


if __name__ == "__main__":
    update() if sys.argv[1:] == ["--update"] else unittest.main()
