"""test_file_layout.py FILE - a results file opens with h5dump, ncdump and xarray without being told anything, and is laid out as promised.

FILE may also stand in the environment as COGOV_RESULTS (for python3 -m unittest). A missing tool is a skip, which is printed and counted;
exit status 77 if all was skipped.
"""

import os
import shutil
import subprocess
import sys
import unittest

import h5py
import numpy

PATH = os.environ.get("COGOV_RESULTS")
OWN_DIMENSIONS = ("design", "replicate", "tick")
RUNS = ("run_status", "run_error", "run_digest")


def output_of(*command):
    if shutil.which(command[0]) is None:
        raise unittest.SkipTest(command[0] + " is not installed")
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def datasets(group):
    found = []
    group.visititems(lambda name, item: found.append(item) if isinstance(item, h5py.Dataset) else None)
    return found


class Tools(unittest.TestCase):
    def test_h5dump_reads_all_of_it(self):
        self.assertIn('DATASET "run_status"', output_of("h5dump", PATH))

    def test_ncdump_reads_all_of_it_and_invents_no_dimension(self):
        text = output_of("ncdump", PATH)
        self.assertNotIn("phony_dim", text)
        self.assertIn("design = ", text)


class Raw(unittest.TestCase):
    def setUp(self):
        self.file = h5py.File(PATH, "r")
        self.addCleanup(self.file.close)

    def test_every_dimension_has_a_coordinate_variable(self):
        for dataset in datasets(self.file):
            if h5py.h5ds.is_scale(dataset.id):
                self.assertEqual(dataset.ndim, 1)
            else:
                for axis, dimension in enumerate(dataset.dims):
                    self.assertEqual(len(dimension), 1, dataset.name)
                    self.assertEqual(dimension[0].shape[0], dataset.shape[axis])
                    self.assertEqual(dimension[0].parent, dataset.parent, "coordinates stand in the group itself")

    def test_coordinates_count_as_promised(self):
        for name, first in (("design", 0), ("replicate", 0), ("tick", 1)):
            numbers = self.file[name][:]
            self.assertEqual(numbers.dtype, numpy.dtype("<i8"))
            self.assertTrue((numbers == numpy.arange(first, first + len(numbers))).all())

    def test_types_are_plain_and_little_endian(self):
        for dataset in datasets(self.file):
            text = h5py.check_string_dtype(dataset.dtype)
            if text is not None:
                self.assertEqual((text.encoding, text.length), ("utf-8", None), dataset.name)
            else:
                self.assertIn(dataset.dtype, (numpy.dtype("<f8"), numpy.dtype("<i8"), numpy.dtype("i1")), dataset.name)

    def test_text_attributes_are_scalar_utf8_of_fixed_length(self):
        def look(name, item):
            for key in item.attrs:
                if key in ("CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST"):
                    continue  # HDF5's own
                kind = item.attrs.get_id(key)
                if kind.get_type().get_class() == h5py.h5t.STRING:
                    self.assertFalse(kind.get_type().is_variable_str(), key)
                    self.assertEqual(kind.get_type().get_cset(), h5py.h5t.CSET_UTF8)
                    self.assertEqual(kind.shape, ())

        look("/", self.file)
        self.file.visititems(look)

    def test_titles_and_labels_in_chinese_stand_beside_the_others(self):
        for group in (self.file, self.file["summary"]):
            self.assertEqual(group["share"].attrs["long_name_zh"], "参与率".encode())
            self.assertNotIn("long_name_zh", group["spending"].attrs, "the sample gives none")
            self.assertEqual(group["depth"].attrs["labels_zh"].decode().split("|"), ["不参与", "参加", "议事"])

    def test_no_times_are_kept(self):
        for dataset in datasets(self.file):
            self.assertEqual(h5py.h5g.get_objinfo(dataset.id).mtime, 0, dataset.name)

    def test_true_floats_are_shuffled_and_deflated(self):
        for group in (self.file, self.file["summary"]):
            for item in group.values():
                if isinstance(item, h5py.Dataset) and item.dtype.kind == "f":
                    self.assertEqual((item.shuffle, item.compression), (True, "gzip"), item.name)

    def test_the_file_alone_can_be_rerun(self):
        config = self.file["config"]
        for name in ("replicates", "seed", "ticks", "burn_in"):
            self.assertIn(name, config.attrs)
        self.assertEqual(config["file_stem"].shape, config["file_text"].shape)
        self.assertEqual(config["resolved"].shape, self.file["design"].shape)
        self.assertIn("build_digest", self.file["provenance"].attrs)


class Xarray:
    """The same for both engines."""

    def open(self, **more):
        try:
            import xarray
            __import__("netCDF4" if self.engine == "netcdf4" else self.engine)
        except ImportError as missing:
            raise unittest.SkipTest(str(missing))
        data = xarray.open_dataset(PATH, engine=self.engine, **more)
        self.addCleanup(data.close)
        return data

    def observations(self, data):
        return [data[name] for name in data.data_vars if name not in RUNS]

    def test_opens_without_arguments(self):
        data = self.open()
        self.assertTrue(set(OWN_DIMENSIONS) <= set(data.coords))
        for name in ("scenario", "title"):
            self.assertIn(name, data.coords)
            self.assertEqual(data[name].dims, ("design",))
        self.assertIn("cogov-1", data.attrs["Conventions"].split())
        self.assertTrue(all(isinstance(text, str) for text in data["scenario"].values))

    def test_every_observation_says_what_it_is(self):
        data = self.open()
        self.assertTrue(self.observations(data))
        for variable in self.observations(data):
            self.assertEqual(variable.dims[:3], OWN_DIMENSIONS, variable.name)
            for name in ("long_name", "units", "description", "cell_methods"):
                self.assertTrue(variable.attrs[name], variable.name)
            self.assertIn(variable.dtype.kind, "fi", "units must not turn numbers into times")
            self.assertNotIn("_FillValue", variable.encoding if variable.dtype.kind == "i" else {})

    def test_every_value_lies_in_the_valid_range(self):
        for variable in self.observations(self.open()):
            if "valid_range" in variable.attrs:
                low, high = variable.attrs["valid_range"]
                values = variable.values[~numpy.isnan(variable.values.astype(float))]
                self.assertTrue(((values >= low) & (values <= high)).all(), variable.name)

    def test_failed_runs_are_nan_and_have_a_reason(self):
        data = self.open()
        for design, replicate in numpy.argwhere(data["run_status"].values != 0):
            for variable in self.observations(data):
                values = variable.values[design, replicate]
                self.assertTrue(numpy.isnan(values).all() if values.dtype.kind == "f" else (values == 0).all())
            failed = data["run_status"].values[design, replicate] == 1
            self.assertEqual(bool(data["run_error"].values[design, replicate]), failed)
        for digest in data["run_digest"].values.ravel():
            self.assertRegex(digest, "^[0-9a-f]{16}$")

    def test_summary_agrees_with_numpy(self):
        data, summary = self.open(), self.open(group="summary")
        ran = (data["run_status"] == 0).values
        for variable in self.observations(data):
            self.assertEqual(summary[variable.name].attrs["units"], variable.attrs["units"])
            for design in range(variable.shape[0]):
                values = variable.values[design][ran[design]].astype(float)
                if len(values) < 2 or numpy.isnan(values).any():
                    continue
                found = summary[variable.name].isel(design=design)
                for name, expected in (("mean", values.mean(0)), ("sd", values.std(0, ddof=1)), ("min", values.min(0)),
                                       ("max", values.max(0)), ("median", numpy.median(values, 0)),
                                       ("q025", numpy.quantile(values, .025, axis=0)),
                                       ("q75", numpy.quantile(values, .75, axis=0))):
                    numpy.testing.assert_allclose(found.sel(statistic=name).values, expected, rtol=1e-9, atol=1e-12)

    def test_groups_open(self):
        self.assertIn("resolved", self.open(group="config"))
        self.assertIn("build_digest", self.open(group="provenance").attrs)


class Netcdf4(Xarray, unittest.TestCase):
    engine = "netcdf4"


class H5netcdf(Xarray, unittest.TestCase):
    engine = "h5netcdf"


def load_tests(loader, tests, pattern):
    if PATH is None:
        raise RuntimeError("which file? Give it as an argument, or in COGOV_RESULTS")
    return tests


def main():
    result = unittest.main(argv=sys.argv[:1], verbosity=2, exit=False).result
    print(f"{result.testsRun} tests, {len(result.skipped)} skipped")
    if not result.wasSuccessful():
        return 1
    return 77 if len(result.skipped) == result.testsRun else 0


if __name__ == "__main__":
    if len(sys.argv) == 2:
        PATH = sys.argv[1]
    sys.exit(main())
