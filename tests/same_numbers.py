"""same_numbers.py A.h5 B.h5: every dataset and attribute outside /provenance is the same in both files, bit for bit.

Exit status 0 if so; 1 with each difference on a line; 2 if a file cannot be read.
"""
import sys

import h5py
import numpy

# References of dimension scales point into their own file.
REFERENCES = {"DIMENSION_LIST", "REFERENCE_LIST"}


def is_left_out(path):
    return path == "/provenance" or path.startswith("/provenance/")


def objects(file):
    names = ["/"]
    file.visit(lambda name: names.append("/" + name))
    found = {name: file[name] for name in names}
    return {path: thing for path, thing in found.items() if not is_left_out(path)}


def bits(value):
    """What can be compared: shape, type and bytes of numbers, the list of texts otherwise."""
    array = numpy.asarray(value)
    if array.dtype.kind == "O":
        return array.shape, "text", array.ravel().tolist()
    return array.shape, array.dtype.str, array.tobytes()


def differing(a, b):
    """A sentence about the first place where two datasets differ."""
    a, b = numpy.asarray(a), numpy.asarray(b)
    if a.shape != b.shape or a.dtype != b.dtype:
        return f"{a.dtype}{list(a.shape)} and {b.dtype}{list(b.shape)}"
    flat_a, flat_b = a.ravel(), b.ravel()
    unequal = [i for i in range(a.size) if bits(flat_a[i]) != bits(flat_b[i])]
    where = numpy.unravel_index(unequal[0], a.shape) if a.shape else ()
    where = [int(i) for i in where]
    return f"{len(unequal)} of {a.size} values, first at {where}: {flat_a[unequal[0]]!r} and {flat_b[unequal[0]]!r}"


def attributes(thing):
    return {name: thing.attrs[name] for name in thing.attrs if name not in REFERENCES}


def compare(a, b):
    differences = []
    all_a, all_b = objects(a), objects(b)
    for path in sorted(all_a.keys() ^ all_b.keys()):
        differences.append(f"{path}: only in the {'first' if path in all_a else 'second'}")
    values = 0
    for path in sorted(all_a.keys() & all_b.keys()):
        one, two = all_a[path], all_b[path]
        if isinstance(one, h5py.Dataset) != isinstance(two, h5py.Dataset):
            differences.append(f"{path}: a group and a dataset")
            continue
        if isinstance(one, h5py.Dataset):
            values += one.size or 0
            if bits(one[()]) != bits(two[()]):
                differences.append(f"{path}: {differing(one[()], two[()])}")
        attributes_one, attributes_two = attributes(one), attributes(two)
        for name in sorted(attributes_one.keys() | attributes_two.keys()):
            if name not in attributes_one or name not in attributes_two:
                differences.append(f"{path}@{name}: only in the {'first' if name in attributes_one else 'second'}")
            elif bits(attributes_one[name]) != bits(attributes_two[name]):
                differences.append(f"{path}@{name}: {attributes_one[name]!r} and {attributes_two[name]!r}")
    if values == 0:
        differences.append("the files hold no values")
    return differences, values


def main(arguments):
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with h5py.File(arguments[0], "r") as a, h5py.File(arguments[1], "r") as b:
            differences, values = compare(a, b)
    except OSError as error:
        print(f"same_numbers: {error}", file=sys.stderr)
        return 2
    for difference in differences:
        print(difference)
    if differences:
        return 1
    print(f"same_numbers: {values} values equal")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
