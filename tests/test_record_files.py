"""What is recorded by place and of a sample of residents, as the results file has it: for any number of threads, after a stop, and for
readers."""
import filecmp
import os
import re
import signal
import unittest

import h5py
import numpy

from harness import CITY, SMALL, SOURCE, Case

RECORD = ["--by", "community", "--by", "street", "--histories", "25"]
CITIES = "scenarios: [large, small]\nreplicates: 3\nticks: 8\nrecord: {by: [community, street], residents: 120}\n"


class Recorded(Case):
    def write_cities(self):
        self.write("large.yaml", "extends: base\ncity: {streets: 2, communities: 3, residents: 'normal(90, 30)'}\n")
        self.write("small.yaml", "extends: base\ncity: {streets: 1, communities: 2, residents: 50}\n")
        self.write("cities.yaml", CITIES)

    def test_the_same_bytes_for_any_threads(self):
        for threads in ("1", "2", "5"):
            self.cogov("run", "chongqing", *SMALL, *RECORD, "--replicates", "3", "--threads", threads, "-q", "-o", threads + ".h5")
        for threads in ("2", "5"):
            self.assertTrue(filecmp.cmp(self.path("1.h5"), self.path(threads + ".h5"), shallow=False))

    def test_recording_changes_nothing_else(self):
        words = ["run", "chongqing", *SMALL, "--replicates", "3", "-q"]
        self.cogov(*words, "-o", "off.h5")
        self.cogov(*words, *RECORD, "-o", "on.h5")
        with h5py.File(self.path("off.h5")) as off, h5py.File(self.path("on.h5")) as on:
            names = [name for name in off if isinstance(off[name], h5py.Dataset) and name != "run_digest"]
            self.assertGreater(len(names), 30)
            for name in names:
                self.assertTrue((off[name][()] == on[name][()]).all() or off[name].dtype.kind == "f", name)
                self.assertEqual(off[name][()].tobytes(), on[name][()].tobytes()) if off[name].dtype.kind in "if" else None
            self.assertFalse([name for name in off if "_by_community" in name or name.startswith("resident_")])
            self.assertFalse([name for name in off["config"].attrs if name.startswith("record")])
            self.assertEqual(on["config"].attrs["record_histories"], 25)

    def test_a_stopped_run_goes_on_to_the_same_bytes(self):
        words = ["run", "base", *CITY, *RECORD, "--set", "city.residents=1500", "--ticks", "60", "--threads", "1", "--replicates", "100"]
        self.cogov(*words, "-q", "-o", "whole.h5")
        process = self.start(*words, "-o", "x.h5")
        line = b" 0 %"
        while int(re.match(rb" *(\d+) %", line)[1]) < 10:
            line = process.stderr.readline()
            self.assertRegex(line, rb"\d+ %", "the run ended too early")
        process.send_signal(signal.SIGTERM)
        process.communicate()
        self.assertEqual(process.returncode, 75)
        self.assertTrue(os.listdir(self.path("x.h5.parts")))
        err = self.cogov(*words, "-o", "x.h5")[1]
        self.assertRegex(err, r"\d+ of 100 cells were finished before")
        self.assertTrue(filecmp.cmp(self.path("whole.h5"), self.path("x.h5"), shallow=False))

    def test_what_is_recorded_is_part_of_the_experiment(self):
        self.cogov("run", "base", *SMALL, "-q", "-o", "x.h5")
        err = self.cogov("run", "base", *SMALL, *RECORD, "-q", "-o", "x.h5", status=2)[1]
        self.assertIn("holds something else", err)

    def test_cities_of_different_sizes(self):
        self.write_cities()
        self.cogov("run", "cities.yaml", "-q", "-o", "x.h5")
        with h5py.File(self.path("x.h5")) as file:
            self.assertEqual(file["community_count"][:].tolist(), [6, 2])
            self.assertEqual(file["street_count"][:].tolist(), [2, 1])
            self.assertEqual(file["community_street"][:].tolist(), [[0, 0, 0, 1, 1, 1], [0, 0, -1, -1, -1, -1]])
            self.assertEqual(file["community_name"].asstr()[1].tolist(), ["community 1-1", "community 1-2", "", "", "", ""])
            by = file["trust_by_community"][:]
            self.assertFalse(numpy.isnan(by[0]).any() or numpy.isnan(by[1, :, :, :2]).any())
            self.assertTrue(numpy.isnan(by[1, :, :, 2:]).all())
            self.assertIn("community_count", file["trust_by_community"].attrs["comment"].decode())
            self.assertEqual(file["resident_index"][1, 0].tolist().count(-1), 120 - 100, "100 residents, all of them in the sample")
            self.assertTrue((file["resident_age"][1, 0, 100:] == 0).all() and numpy.isnan(file["resident_trust"][1, 0, :, 100:]).all())
            self.assertEqual(file["resident_trust"].dtype, numpy.dtype("<f4"))
            self.assertTrue(file["resident_trust"].shuffle and file["trust_by_community"].shuffle)
            for name in file:
                for place in ("community", "street"):
                    if file[name].attrs.get("cell_methods") == b"area: sum" and f"{name}_by_{place}" in file:
                        kept = file[f"{name}_by_{place}"]
                        self.assertEqual(kept.dtype, file[name].dtype)
                        if kept.dtype.kind == "i":
                            self.assertTrue((kept[:].sum(-1) == file[name][:]).all(), name)
            persons = file["residents_by_age_by_community"][:].sum(-2)
            mean = numpy.nansum(file["trust_by_community"][:] * persons, -1) / persons.sum(-1)
            self.assertLess(abs(mean - file["trust"][:]).max(), 1e-12)

    def test_both_engines_of_xarray_open_it(self):
        try:
            import xarray
            import h5netcdf
            import netCDF4
        except ImportError as missing:
            raise unittest.SkipTest(str(missing))
        del h5netcdf, netCDF4
        self.write_cities()
        self.cogov("compare", "cities.yaml", "-q", "-o", "x.h5")
        for engine in ("netcdf4", "h5netcdf"):
            with xarray.open_dataset(self.path("x.h5"), engine=engine) as data:
                self.assertEqual(data["participation_by_depth_by_community"].dims, ("design", "replicate", "tick", "depth", "community"))
                self.assertEqual(data["resident_trust"].dims, ("design", "replicate", "tick", "resident"))
                self.assertIn("community_name", data["trust_by_community"].coords)
                self.assertIn("bids_by_street", data)
                self.assertNotIn("bids_by_community", data)

    def test_compare_has_the_same_rows_and_those_of_the_places_after_them(self):
        words = ["compare", "base", "chongqing", *SMALL, "--replicates", "3", "-q", "--format", "csv"]
        plain, recorded = self.cogov(*words)[0], self.cogov(*words, *RECORD)[0]
        self.assertTrue(recorded.startswith(plain))
        self.assertTrue(all("community_" in line for line in recorded[len(plain):].splitlines()))
        self.assertIn("community_gini", recorded)
        same_length = ["--histories", "24", "--ticks", "24"]  # as long as the months
        self.assertEqual(self.cogov(*words)[0], self.cogov(*words, *same_length)[0])

    def test_a_dry_run_tells_its_memory(self):
        def disk(*more):
            return next(line for line in self.cogov("run", "base", *SMALL, *more, "--dry-run")[0].splitlines() if line.startswith("disk"))
        self.assertRegex(disk("--histories", "100000"), r"33\d MiB")
        self.assertRegex(disk(), r" 1\.\d+ MiB")

    def test_the_example_is_valid(self):
        self.cogov("check", os.path.join(SOURCE, "scenarios", "experiments", "communities.yaml"))


if __name__ == "__main__":
    unittest.main()
