"""Every command that reads a results file, given what is none, what is damaged, and what another version made: it names the file and the reason,
ends with status 2 (1 where it cannot go on half-way), and never crashes or hangs."""
import json
import os
import random
import re
import shutil
import subprocess
import tempfile
import unittest

import h5py
import numpy

from harness import INSTRUMENTED, NO_MEASURE, PROGRAM, Case, environment

# All commands that read results files; {} is the file's name.
COMMANDS = {
    "compare": ["compare", "{}"],
    "compare as JSON": ["compare", "{}", "--format", "json"],
    "verify": ["verify", "{}", "--cells", "1"],
    "frontier": ["frontier", "{}", "--format", "json"],
    "report": ["report", "{}", "-o", "r.html", "--overwrite", "--quiet"],
    "export": ["export", "{}", "--csv", "tables", "--behaviorspace", "table.csv", "--overwrite"],
    "attribute": ["attribute", "{}", "--format", "json"],
    "sensitivity": ["sensitivity", "{}", "--format", "json"],
}
DESIGNS = {"attribute": "mixtures.h5", "sensitivity": "sample.h5"}  # what these can use; the others take any file
GENERAL = [command for command in COMMANDS if command not in DESIGNS]
SECONDS = 60 if INSTRUMENTED else 20  # that a command may take at most where the machine is busy
CUTS = 8
FLIPS = 20 if INSTRUMENTED else 60
TINY = ["--set", "city.streets=1", "--set", "city.communities=2", "--set", "city.residents=60", "--ticks", "6", "--replicates", "2", "--quiet"]


class Foreign(Case):
    @classmethod
    def setUpClass(cls):
        cls.kept = tempfile.mkdtemp(prefix="cogov-test-")
        cls.addClassCleanup(shutil.rmtree, cls.kept, True)

    def setUp(self):
        super().setUp()
        whole = os.path.join(self.kept, "whole.h5")
        if not os.path.exists(whole):
            self.cogov("compare", "chongqing", "southern-jiangsu", *TINY, "--by", "community", "--histories", "3", "-o", whole)
        shutil.copy(whole, self.path("r.h5"))

    def with_design(self, command):
        """The bytes of a whole file that a command can use."""
        name = os.path.join(self.kept, DESIGNS.get(command, "whole.h5"))
        if not os.path.exists(name) and command == "attribute":
            self.cogov("attribute", "chongqing", "southern-jiangsu", *TINY, "--permutations", "1", "-o", name)
        elif not os.path.exists(name):
            self.write("scenarios/sample.yaml", "scenarios: [chongqing]\ndesign: morris\ntrajectories: 2\n"
                       "vary: {burden.cut: [0, 1], purchase.budget: [0, 100]}\n")
            self.cogov("run", "scenarios/sample.yaml", *TINY, "-o", name)
        return self.read(name)

    def heaps(self, whole):
        """Where the heaps of texts begin and end."""
        starts = [found.start() for found in re.finditer(b"GCOL\1\0\0\0", whole)]
        return [(at, at + int.from_bytes(whole[at + 8:at + 16], "little")) for at in starts]

    def end_of(self, name, words):
        """Status and outputs of a command on a file."""
        command = [PROGRAM] + [word.format(name) for word in words]
        leaks = "suppressions=" + self.write("leaks", "leak:libhdf5\n") + ":print_suppressions=0"  # of damaged metadata
        try:
            done = subprocess.run(command, cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True,
                                  env=environment(LSAN_OPTIONS=leaks), timeout=SECONDS)
        except subprocess.TimeoutExpired:
            self.fail(" ".join(command[1:]) + " does not end")
        err = done.stderr.decode()
        self.assertIn(done.returncode, (0, 1, 2), " ".join(command[1:]) + "\n" + err)
        self.assertNotIn("Sanitizer", err)
        return done.returncode, done.stdout, err

    def refused(self, name, *reasons, commands=COMMANDS, statuses=(2,)):
        """Every command refuses the file with its name and one of the reasons, and prints no result."""
        for command in commands:
            with self.subTest(command, file=name):
                status, out, err = self.end_of(name, COMMANDS[command])
                self.assertIn(status, statuses, err)
                self.assertEqual(out, b"")
                self.assertRegex(err, r"(?m)^%s: error: " % name.replace(".", r"\."))
                self.assertTrue(any(reason in err for reason in reasons), err)

    def survived(self, name, turn, commands=GENERAL):
        """A command, each in turn, either does what it should or says what is wrong."""
        command = commands[turn % len(commands)]
        with self.subTest(command, file=name, turn=turn):
            status, out, err = self.end_of(name, COMMANDS[command])
            self.assertTrue(status == 0 or "error: " in err or command == "verify" and b"differ" in out, (status, out, err))

    def change(self, name="r.h5"):
        return h5py.File(self.path(name), "r+")

    def test_what_is_no_results_file(self):
        self.write("empty.h5", b"")
        self.refused("empty.h5", "not a results file: it is empty")
        self.write("text.h5", "month,participation\n1,0.2\n" * 500)
        self.refused("text.h5", "not a results file: it is not HDF5")
        self.write("random.h5", random.Random(1).randbytes(20000))
        self.refused("random.h5", "not a results file: it is not HDF5")
        os.mkdir(self.path("folder.h5"))
        self.refused("folder.h5", "not a results file: it is a folder")
        os.mkfifo(self.path("pipe.h5"))
        self.refused("pipe.h5", "not a results file: it is no regular file")
        self.refused("none.h5", "cannot be read: No such file or directory", commands=["verify"])

    def test_other_programs_files(self):
        with h5py.File(self.path("other.h5"), "w") as file:
            file["x"] = numpy.arange(5)
        self.refused("other.h5", "not a results file of this program: its Conventions are missing")
        with h5py.File(self.path("cf.h5"), "w") as file:
            file.attrs["Conventions"] = numpy.bytes_(b"CF-1.8 notcogov-1 cogov-x")
        self.refused("cf.h5", 'not a results file of this program: its Conventions are "CF-1.8 notcogov-1 cogov-x"')
        with h5py.File(self.path("array.h5"), "w") as file:
            file.attrs["Conventions"] = numpy.array([b"cogov-1", b"cogov-1"])
        self.refused("array.h5", "not a results file of this program")
        with h5py.File(self.path("bare.h5"), "w") as file:
            file.attrs["Conventions"] = numpy.bytes_(b"CF-1.9 cogov-1")
        self.refused("bare.h5", "damaged or incomplete, at the attributes")

    def test_other_versions_files(self):
        for layout, age in (("cogov-0", "an older"), ("cogov-2", "a newer"), ("cogov-10", "a newer")):
            with self.change() as file:
                file.attrs["Conventions"] = numpy.bytes_(b"CF-1.9 " + layout.encode())
            self.refused("r.h5", f"made by {age} version of this program: its layout is {layout}, and this program reads cogov-1")

    def test_a_file_without_an_observation_is_read_and_not_verified(self):
        """As a file of an earlier version is, whose layout is the same."""
        with self.change() as file:
            del file["networks"]
        self.refused("r.h5", "at networks, which is not there; an earlier version", commands=["verify"])
        self.assertEqual(self.end_of("r.h5", COMMANDS["compare"])[0], 0)

    def test_a_file_cut_anywhere(self):
        whole = self.read("r.h5")
        for i in range(CUTS):
            self.write("cut.h5", whole[:len(whole) * i // CUTS + 7])
            self.refused("cut.h5", "truncated", "not HDF5", "damaged")

    def test_any_variable_may_be_missing(self):
        """The loss of a variable that a command needs is told by name; others do without it."""
        needed = {"design", "replicate", "tick", "scenario", "title", "run_status"}
        with h5py.File(self.path("r.h5")) as file:
            names = [name for name in file if name != "summary"]
        self.assertTrue(needed < set(names))
        for turn, name in enumerate(names[:: 4 if INSTRUMENTED else 1]):
            shutil.copy(os.path.join(self.kept, "whole.h5"), self.path("r.h5"))
            with self.change() as file:
                del file[name]
            if name in needed:
                self.refused("r.h5", "damaged or incomplete, at ", commands=[GENERAL[turn % len(GENERAL)], "attribute", "sensitivity"])
            else:
                self.survived("r.h5", turn)

    def test_attributes_may_be_missing(self):
        for name in ("title", "model", "seed", "burn_in"):
            shutil.copy(os.path.join(self.kept, "whole.h5"), self.path("r.h5"))
            with self.change() as file:
                del file.attrs[name]
            self.refused("r.h5", "damaged or incomplete, at the attributes")
        for name in ("long_name", "units"):
            shutil.copy(os.path.join(self.kept, "whole.h5"), self.path("r.h5"))
            with self.change() as file:
                del file["trust"].attrs[name]
            self.refused("r.h5", "damaged or incomplete, at trust")

    def replace(self, name, **how):
        """Another variable of this name in a fresh copy; its dimensions stay."""
        shutil.copy(os.path.join(self.kept, "whole.h5"), self.path("r.h5"))
        with self.change() as file:
            del file[name]
            file.create_dataset(name, **how)

    def test_variables_of_another_shape_or_type(self):
        text = h5py.string_dtype()
        for name, how in (("design", {"data": numpy.arange(3)}), ("design", {"data": numpy.zeros((2, 2))}), ("design", {"data": 2.0}),
                          ("replicate", {"shape": (0,), "dtype": "i8"}), ("tick", {"data": numpy.arange(-3, 3)}),
                          ("tick", {"data": ["a"] * 6, "dtype": text}), ("scenario", {"data": numpy.zeros(2)}),
                          ("scenario", {"data": ["a"], "dtype": text}), ("scenario", {"data": numpy.array([b"a", b"b"])}),
                          ("title", {"data": ["a"] * 3, "dtype": text}), ("run_status", {"data": numpy.zeros((2, 3), "i1")}),
                          ("run_status", {"data": numpy.zeros((2, 2, 2, 2, 2, 2), "i1")}), ("run_status", {"data": ["a"] * 4, "dtype": text})):
            self.replace(name, **how)
            self.refused("r.h5", "damaged or incomplete, at ")
        for turn, how in enumerate(({"data": numpy.zeros((2, 2, 7))}, {"data": 1.0}, {"data": ["a"], "dtype": text}, {"data": numpy.zeros((2, 2, 6, 1, 1, 1, 1))},
                    {"data": numpy.zeros((2, 2, 6), "complex128")})):
            self.replace("trust", **how)
            self.survived("r.h5", turn)

    def test_absurd_dimensions_are_not_believed(self):
        """A file of some kilobytes that says it has billions of numbers."""
        many = {"chunks": (1024,), "dtype": "i8"}
        for name, how in (("design", {"shape": (2**31 - 1,), **many}), ("tick", {"shape": (2**31 - 1,), **many}), ("replicate", {"shape": (2**40,), **many}),
                          ("scenario", {"shape": (2**31 - 1,), "chunks": (1024,), "dtype": h5py.string_dtype()}),
                          ("run_status", {"shape": (2**31 - 1, 2**20), "chunks": (64, 64), "dtype": "i1"})):
            self.replace(name, **how)
            self.refused("r.h5", "damaged or incomplete, at ")
        shutil.copy(os.path.join(self.kept, "whole.h5"), self.path("r.h5"))
        with self.change() as file:
            for name in ("design", "replicate", "run_status"):
                del file[name]
            file.create_dataset("design", shape=(2**20,), **many)
            file.create_dataset("replicate", shape=(2**20,), **many)
            file.create_dataset("run_status", shape=(2**20, 2**20), chunks=(64, 64), dtype="i1")
        self.refused("r.h5", "damaged or incomplete, at ")

    def test_texts_that_are_longer_than_said_crash_nothing(self):
        """HDF5 keeps texts in heaps without a checksum, each after its length of 8 bytes, and would believe half a gigabyte."""
        whole = self.read("r.h5")
        text = b"southern-jiangsu"
        said = len(text).to_bytes(8, "little") + text
        places = [found.start() for found in re.finditer(re.escape(said), whole)]
        self.assertGreater(len(places), 0)
        turn = 0
        for at in places:
            for place, byte in ((at + 3, 0x20), (at, 0x0f), (at - 8, 0x77)):  # the length, and the number of the text in its heap
                changed = bytearray(whole)
                changed[place] = byte
                self.write("heap.h5", bytes(changed))
                self.survived("heap.h5", turn)
                turn += 1

    def test_heaps_of_anything_crash_nothing(self):
        """Also those of HDF5's own lists, which no command may follow."""
        for turn, command in enumerate(COMMANDS):
            whole = self.with_design(command)
            for start, end in self.heaps(whole)[turn % 6::6]:
                for rubbish in (bytes(end - start), b"\xff" * (end - start - 16), random.Random(start).randbytes(end - start - 16)):
                    self.write("heap.h5", whole[:end - len(rubbish)] + rubbish + whole[end:])
                    self.survived("heap.h5", 0, [command])

    def test_texts_that_are_not_utf8(self):
        for command, words in COMMANDS.items():
            changed = whole = self.with_design(command)
            for start, end in self.heaps(whole):
                changed = changed[:start] + changed[start:end].replace(b"Chongqing", b"Ch\xffngqing") + changed[end:]
            self.assertNotEqual(changed, whole)
            self.write("text.h5", changed)
            with self.subTest(command):
                status, out, err = self.end_of("text.h5", words)
                self.assertEqual(status, 0, err)
                out.decode()
                if "json" in words:
                    self.assertIn("Ch?ngqing", json.dumps(json.loads(out)))

    def test_a_piece_that_says_it_is_not_compressed(self):
        """HDF5 would take it for whole, and read on behind it."""
        with h5py.File(self.path("r.h5")) as file:
            piece = file["trust"].id.get_chunk_info(0)
            rank = len(file["trust"].shape)
        whole = self.read("r.h5")
        key = piece.size.to_bytes(4, "little") + bytes(4 + 8 * (rank + 1)) + piece.byte_offset.to_bytes(8, "little")
        self.assertEqual(whole.count(key), 1)
        at = whole.index(key) + 4
        for filters in (b"\2", b"\3", b"\xff"):
            self.write("piece.h5", whole[:at] + filters + whole[at + 1:])
            self.refused("piece.h5", "damaged or incomplete, at trust", commands=["compare", "export", "report"])

    def test_flipped_bytes_crash_nothing(self):
        commands = list(COMMANDS)
        for seed in range(FLIPS):
            rng = random.Random(seed)
            command = commands[seed % len(commands)]
            whole = self.with_design(command)
            tables = [found.start() for found in re.finditer(b"TREE|GCOL", whole)]
            changed = bytearray(whole)
            for _ in range(rng.choice((1, 3, 30))):
                # Where the file describes itself, at its start and in its tables, as often as anywhere
                at = rng.choice((rng.randrange(len(whole)), rng.randrange(8192), rng.choice(tables) + rng.randrange(200)))
                changed[min(at, len(whole) - 1)] ^= 1 << rng.randrange(8)
            self.write("flip.h5", bytes(changed))
            self.survived("flip.h5", 0, [command])

    @unittest.skipIf(INSTRUMENTED, NO_MEASURE)
    def test_a_refusal_takes_no_time(self):
        import time
        self.write("cut.h5", self.read("r.h5")[:30000])
        start = time.perf_counter()
        self.refused("cut.h5", "truncated", commands=["compare"])
        self.assertLess(time.perf_counter() - start, 2)


if __name__ == "__main__":
    unittest.main()
