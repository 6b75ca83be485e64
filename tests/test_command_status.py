"""cogov status, merge and retry: a folder of parts is enough to see how far it is and to go on."""
import filecmp
import json
import os
import resource
import shutil
import signal
import tempfile
import time
import unittest

import h5py

from harness import Case, NO_MEASURE, INSTRUMENTED

TABLE = "street,community,city.residents\nN,a,300\nN,b,250\nS,c,200\n"
FILES = {
    "data/t.csv": TABLE,
    "data/places.yaml": "extends: base\ncity: {communities: t.csv}\nevents:\n  - {month: 5, set: {linkage.level: 0.9}}\n",
    "data/base.yaml": "model: cogov\nneeds.rate: 0.2\n",
    "data/plain.yaml": "extends: base\ncity: {streets: 1, communities: 2, residents: 250}\n",
    "data/e.yaml": "scenarios: [places, plain]\nreplicates: 4\nticks: 8\nrecord: {by: [community]}\n",
}
WORDS = ("run", "data/e.yaml", "--seed", "7", "--set", "needs.rate=0.3", "--histories", "5", "--quiet")


class Folder(Case):
    def setUp(self):
        super().setUp()
        for name, text in FILES.items():
            self.write(name, text)

    def run_share(self, share, *words):
        self.cogov(*WORDS, "-o", "r.h5", "--shard", share, *words)

    def status(self, name="r.h5.parts", **more):
        return json.loads(self.cogov("status", name, "--format", "json", **more)[0])

    def forget_files(self):
        shutil.rmtree(self.path("data"))

    def straight(self):
        self.cogov(*WORDS, "-o", "straight.h5")

    def change_request(self, **changes):
        with open(self.path("r.h5.parts/request.json"), encoding="utf-8") as file:
            request = json.load(file)
        request.update(changes)
        self.write("r.h5.parts/request.json", json.dumps(request))

    def stamps(self):
        folder = self.path("r.h5.parts")
        return {name: os.stat(os.path.join(folder, name)).st_mtime_ns for name in os.listdir(folder)}


class Status(Folder):
    def test_shares_and_their_cells_are_told(self):
        self.run_share("1/3")
        self.run_share("3/3")
        before = self.stamps()
        found = self.status()
        self.assertEqual((found["cells"], found["ok"], found["failed"], found["left"]), (8, 5, 0, 3))
        self.assertEqual([(w["share"], w["of"], w["ok"], w["cells"]) for w in found["writers"][1:]],
                         [(1, 3, 3, 3), (2, 3, 0, 3), (3, 3, 2, 2)])
        self.assertEqual((found["shards"], found["running"], found["complete"]), (2, False, False))
        self.assertGreater(found["bytes"], 10000)
        out, _ = self.cogov("status", "r.h5")
        self.assertIn("r.h5.parts: 5 of 8 cells done (62 %), 0 of them failed, 3 to run\n", out)
        self.assertIn("  share 1/3  3 of 3 cells, done\n", out)
        self.assertIn("  share 2/3  0 of 3 cells, nobody works on it\n", out)
        self.assertEqual(self.stamps(), before, "status changes the folder")

    def test_a_complete_file_is_told(self):
        self.cogov(*WORDS, "-o", "r.h5")
        for name in ("r.h5", "r.h5.parts", "r.h5.parts/"):
            out, _ = self.cogov("status", name)
            self.assertEqual(out, "r.h5 is complete: 8 cells ran well, 0 failed\n")
        self.assertEqual({key: self.status()[key] for key in ("complete", "cells", "ok", "left", "results")},
                         {"complete": True, "cells": 8, "ok": 8, "left": 0, "results": "r.h5"})

    def test_what_is_neither_is_refused(self):
        _, err = self.cogov("status", "none.h5", status=2)
        self.assertIn("there is neither a folder none.h5.parts nor a results file", err)
        self.write("no.h5", "no")
        _, err = self.cogov("status", "no.h5", status=2)
        self.assertIn("no.h5: error: is no results file of this program, or damaged", err)
        os.mkdir(self.path("empty"))
        out, err = self.cogov("status", "empty")
        self.assertIn("empty/request.json: error: there is no such file", err)
        self.assertIn("empty: what is in the shards cannot be told", out)

    def test_who_works_there_and_who_was_killed(self):
        process = self.start(*WORDS, "--ticks", "60000", "-o", "r.h5", "--threads", "1")
        for _ in range(200):
            time.sleep(0.05)
            if os.path.exists(self.path("r.h5.parts/status.json")):
                break
        found = self.status()
        self.assertTrue(found["running"])
        self.assertIn("process %d on " % process.pid, found["writers"][0]["holder"])
        self.assertIn("process %d on " % process.pid, self.cogov("status", "r.h5")[0])
        process.send_signal(signal.SIGKILL)
        process.communicate()
        self.assertFalse(self.status()["running"])
        out, _ = self.cogov("status", "r.h5.parts")
        self.assertIn("nobody works on it; who did was killed", out)

    def test_damaged_shards_are_told_and_left(self):
        self.run_share("1/2")
        shard = self.path("r.h5.parts/0.h5")
        with open(shard, "r+b") as file:
            file.seek(-200, os.SEEK_END)
            byte = file.read(1)
            file.seek(-200, os.SEEK_END)
            file.write(bytes([byte[0] ^ 1]))
        before = self.stamps()
        found = self.status()
        self.assertEqual((found["ok"], found["left"], len(found["notes"])), (0, 8, 1))
        self.assertIn("0.h5: warning: this shard is not used: it is damaged", found["notes"][0])
        self.assertEqual(self.stamps(), before)
        self.cogov("merge", "r.h5.parts", status=1)
        self.assertEqual(self.status()["damaged"], 1)

    def test_checkpoints_and_the_stop_file_are_counted(self):
        self.run_share("1/2")
        for name in ("1.0.checkpoint", "1.1.checkpoint", "3.1.checkpoint", "stop"):
            self.write("r.h5.parts/" + name, "")
        found = self.status()
        self.assertEqual((found["checkpoints"], found["stop"]), (2, True))
        out, _ = self.cogov("status", "r.h5")
        self.assertIn("the state of 2 unfinished cells", out)
        self.assertIn('the file "stop" is there: remove it to go on', out)

    def test_another_build_sees_the_files_and_does_not_touch_them(self):
        self.run_share("1/2")
        self.change_request(build_digest="feedfeedfeedfeed", version="9.9")
        out, err = self.cogov("status", "r.h5.parts")
        self.assertIn("another build of the program (cogov 9.9, build feedfeedfeedfeed)", err)
        self.assertIn("  1 shard, ", out)
        before = self.stamps()
        for command in ("merge", "retry"):
            _, err = self.cogov(command, "r.h5.parts", status=2)
            self.assertIn("another build of the program", err)
        self.assertEqual(self.stamps(), before)


class Merge(Folder):
    def test_the_folder_alone_makes_the_same_bytes(self):
        self.straight()
        for share in ("2/3", "3/3"):
            self.run_share(share)
        self.cogov(*WORDS, "-o", "kept.h5", "--shard", "1/3")
        for name in os.listdir(self.path("kept.h5.parts")):  # the last share would merge by itself
            if name[0] in "0123456789m":
                shutil.copy(self.path("kept.h5.parts", name), self.path("r.h5.parts", name))
        self.forget_files()
        elsewhere = tempfile.mkdtemp(prefix="cogov-test-")
        self.addCleanup(shutil.rmtree, elsewhere, True)
        self.cogov("merge", self.path("r.h5.parts"), cwd=elsewhere)
        self.assertTrue(filecmp.cmp(self.path("r.h5"), self.path("straight.h5"), False))
        self.assertFalse(os.path.exists(self.path("r.h5.parts")))
        _, err = self.cogov("merge", "r.h5.parts")
        self.assertIn("nothing is to be merged", err)

    def test_missing_cells_keep_it_from_being_written(self):
        self.run_share("2/3")
        _, err = self.cogov("merge", "r.h5", status=1)
        self.assertIn("r.h5.parts: 5 of 8 cells are missing: 3 of share 1/3, 2 of share 3/3; nothing is written", err)
        self.assertFalse(os.path.exists(self.path("r.h5")))
        self.assertEqual(self.status()["ok"], 3)

    def test_another_name_is_not_overwritten(self):
        self.run_share("1/2")
        self.write("other.h5", "mine")
        _, err = self.cogov("merge", "r.h5.parts", "-o", "other.h5", status=2)
        self.assertIn("other.h5 exists and holds something else", err)
        self.assertEqual(self.read("other.h5"), b"mine")

    def test_a_folder_that_is_in_use_is_left_alone(self):
        process = self.start(*WORDS, "--ticks", "60000", "-o", "r.h5", "--threads", "1")
        for _ in range(200):
            time.sleep(0.05)
            if os.path.exists(self.path("r.h5.parts/request.json")):
                break
        _, err = self.cogov("merge", "r.h5.parts", status=1)
        self.assertIn("process %d on " % process.pid, err)
        process.send_signal(signal.SIGKILL)
        process.communicate()

    def test_a_changed_request_is_told(self):
        self.run_share("1/2")
        self.change_request(seed=8)
        _, err = self.cogov("merge", "r.h5.parts", status=2)
        self.assertIn("does not make the experiment that it was written for", err)
        self.change_request(form=2)
        _, err = self.cogov("merge", "r.h5.parts", status=2)
        self.assertIn("request.json: error: cannot be read by cogov", err)
        self.write("r.h5.parts/request.json", '{"form": 1')
        _, err = self.cogov("merge", "r.h5.parts", status=2)
        self.assertIn("is damaged", err)
        self.write("r.h5.parts/request.json", '{"form": 1}')
        _, err = self.cogov("merge", "r.h5.parts", status=2)
        self.assertIn("is damaged: parts of it are missing", err)


class Retry(Folder):
    def test_it_goes_on_without_the_files(self):
        self.straight()
        self.run_share("1/3")
        self.forget_files()
        self.cogov("retry", "r.h5.parts", "--threads", "1")
        self.assertTrue(filecmp.cmp(self.path("r.h5"), self.path("straight.h5"), False))
        self.assertFalse(os.path.exists(self.path("r.h5.parts")))
        _, err = self.cogov("retry", "r.h5", "--failed")
        self.assertIn("r.h5 is complete, and no cell of it failed", err)

    def test_two_places_with_files_of_the_same_text(self):
        self.write("more/plain.yaml", FILES["data/plain.yaml"])
        self.write("more/base.yaml", "model: cogov\nneeds.rate: 0.1\n")
        self.write("data/e.yaml", "scenarios: [plain, ../more/plain]\nreplicates: 2\nticks: 8\n")
        self.straight()
        self.run_share("1/2")
        self.forget_files()
        shutil.rmtree(self.path("more"))
        self.cogov("retry", "r.h5.parts")
        self.assertTrue(filecmp.cmp(self.path("r.h5"), self.path("straight.h5"), False))

    @unittest.skipIf(INSTRUMENTED, NO_MEASURE)
    def test_what_failed_is_told_by_reason_and_run_again(self):
        self.write("data/large.yaml", "extends: base\ncity: {streets: 1, communities: 30, residents: 60000}\n")
        self.write("data/e.yaml", "scenarios: [plain, large]\nreplicates: 2\nticks: 1\nburn_in: 0\n")
        limit = 140 * 1024 * 1024
        words = ("run", "data/e.yaml", "-o", "r.h5", "--threads", "1", "--quiet")
        self.cogov(*words, status=1, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
        found = self.status()
        self.assertEqual((found["ok"], found["failed"], found["left"], found["complete"], found["results"]),
                         (2, 2, 0, True, "r.h5"))
        self.assertEqual([(f["error"], f["cells"]) for f in found["failures"]], [("not enough memory", 2)])
        self.assertEqual([(c["scenario"], c["replicate"]) for c in found["failures"][0]["first"]], [("large", 0), ("large", 1)])
        out, _ = self.cogov("status", "r.h5")
        self.assertIn("  failed, 2: not enough memory\n      large, replicate 0\n", out)
        self.assertIn("cogov retry r.h5.parts --failed runs again what failed", out)
        _, err = self.cogov("retry", "r.h5", status=1)
        self.assertIn("holds these results already, but cells failed", err)
        self.forget_files()
        self.cogov("retry", "r.h5", "--failed")
        with h5py.File(self.path("r.h5")) as file:
            self.assertEqual(file["run_status"][()].tolist(), [[0, 0], [0, 0]])
        self.assertFalse(os.path.exists(self.path("r.h5.parts")))


if __name__ == "__main__":
    unittest.main()
