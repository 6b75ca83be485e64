"""Results files made by hand, of as many design points as wanted: what the program's reader asks for, and no more."""
import h5py
import numpy


def scale(file, name, values, long_name):
    file[name] = values
    file[name].attrs["long_name"] = numpy.bytes_(long_name)
    file[name].make_scale(name)


def texts(values):
    return numpy.array(values, dtype=h5py.string_dtype())


def make_results(path, observations, factors=None, scenarios=None, titles=None, status=None, labels=None, seed=7, burn_in=0,
                 summary=None):
    """observations: name to (unit, numbers by design, replicate, tick, and by label if labels names its dimension);
    summary: name of an observation to its statistics, by design, statistic, tick, and label; factors: key to (unit, numbers by design); labels: name of an observation to (dimension, its labels)."""
    n_designs, n_replicates, n_ticks = next(iter(observations.values()))[1].shape[:3]
    with h5py.File(path, "w", track_order=True) as file:
        for name, text in (("Conventions", "CF-1.9 cogov-1"), ("title", "made"), ("model", "made")):
            file.attrs[name] = numpy.bytes_(text)
        file.attrs["seed"], file.attrs["burn_in"] = seed, burn_in
        scale(file, "design", numpy.arange(n_designs), "design point")
        scale(file, "replicate", numpy.arange(n_replicates), "replicate")
        scale(file, "tick", numpy.arange(1, n_ticks + 1), "month, at its end")
        file["scenario"] = texts(scenarios or ["made"] * n_designs)
        file["title"] = texts(titles or ["made by hand"] * n_designs)
        file["run_status"] = numpy.zeros((n_designs, n_replicates), "i1") if status is None else numpy.array(status, "i1")
        file["run_error"] = texts(numpy.where(file["run_status"][:] == 1, "too \"odd\", it says", "").tolist())
        for name, (unit, values) in (factors or {}).items():
            file[name] = values
            file[name].attrs["long_name"], file[name].attrs["units"] = numpy.bytes_("what varies"), numpy.bytes_(unit)
            file[name].dims[0].attach_scale(file["design"])
        for name, (unit, values) in observations.items():
            dimensions = ["design", "replicate", "tick"]
            if labels and name in labels:
                dimension, words = labels[name]
                if dimension not in file:
                    scale(file, dimension, texts(words), dimension)
                dimensions.append(dimension)
            file.create_dataset(name, data=values)
            file[name].attrs["long_name"], file[name].attrs["units"] = numpy.bytes_("made"), numpy.bytes_(unit)
            for i, dimension in enumerate(dimensions):
                file[name].dims[i].attach_scale(file[dimension])
        for name, values in (summary or {}).items():
            file.require_group("summary")["statistic"] = texts(["mean", "sd"])
            file["summary"][name] = values
        file.create_group("config").attrs["design"] = numpy.bytes_("list")
        scale(file["config"], "scenario", texts(sorted(set(scenarios or ["made"]))), "scenario")
    return path
