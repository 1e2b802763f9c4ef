# SPDX-License-Identifier: BSD-3-Clause
"""Another random instance of the reference network, and the comparison of two programs' results.

    instances.py make SEED MORPHOLOGY FOLDER
        writes FOLDER/l23_reduced.swc (a link), FOLDER/network/background.csv and FOLDER/network/connections.csv
    instances.py compare WANT GOT
        compares spikes.csv and soma_v.csv of two folders; status 1 where spikes differ or a voltage is not finite

An instance has 6 to 14 cells; a cell has 500 excitatory and 200 inhibitory Poisson inputs on segments anywhere (excitatory 5 Hz,
20 Hz from 200 to 300 ms; inhibitory 3 and 10 Hz), and each ordered pair of cells is connected with probability 0.3.
"""

import csv
import math
import os
import random
import sys

DT = 0.025
SEGMENTS = 78  # of the reference cell
KINDS = (("exc", 500, 5, 20), ("inh", 200, 3, 10))


def poisson(rng, base_hz, peak_hz):
    """Spike times in ms: a process at the peak rate, thinned outside of the middle."""
    times, t = [], rng.expovariate(peak_hz / 1e3)
    while t < 500:
        if 200 <= t < 300 or rng.random() < base_hz / peak_hz:
            times.append(t)
        t += rng.expovariate(peak_hz / 1e3)
    return times


def make(seed, morphology, folder):
    rng = random.Random(int(seed))
    cells = rng.randint(6, 14)
    network = os.path.join(folder, "network")
    os.makedirs(network)
    os.symlink(os.path.abspath(morphology), os.path.join(folder, "l23_reduced.swc"))
    with open(os.path.join(network, "background.csv"), "w") as file:
        file.write("kind,cell,segment,spike_times_ms\n")
        for kind, count, base_hz, peak_hz in KINDS:
            for cell in range(cells):
                for _ in range(count):
                    times = poisson(rng, base_hz, peak_hz)
                    if times:
                        file.write(f"{kind},{cell},{rng.randrange(SEGMENTS)},{' '.join(map(repr, times))}\n")
    with open(os.path.join(network, "connections.csv"), "w") as file:
        file.write("pre,post,segment\n")
        for pre in range(cells):
            for post in range(cells):
                if pre != post and rng.random() < 0.3:
                    file.write(f"{pre},{post},{rng.randrange(SEGMENTS)}\n")


def spikes(folder):
    """(step, cell), sorted: NEURON adds dt up, so its times are off by some 1e-10, and spikes of one step have no order."""
    with open(os.path.join(folder, "spikes.csv"), newline="") as file:
        return sorted((round(float(row["t_ms"]) / DT), int(row["cell"])) for row in csv.DictReader(file))


def voltages(folder):
    with open(os.path.join(folder, "soma_v.csv"), newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return [[float(value) for value in row] for row in rows]


def compare(want_folder, got_folder):
    want, got = spikes(want_folder), spikes(got_folder)
    common = len(set(want) & set(got))
    want_v, got_v = voltages(want_folder), voltages(got_folder)
    if len(want_v) != len(got_v) or len(want_v[0]) != len(got_v[0]):
        sys.exit(f"soma_v.csv: {len(want_v)} rows of {len(want_v[0])} and {len(got_v)} of {len(got_v[0])}")
    most, t, cell = 0.0, 0.0, 0
    for a, b in zip(want_v, got_v):
        for i in range(1, len(a)):
            if not (math.isfinite(a[i]) and math.isfinite(b[i])):
                sys.exit(f"soma_v.csv: {a[i]} and {b[i]} mV in cell {i - 1} at {a[0]:g} ms")
            if abs(a[i] - b[i]) > most:
                most, t, cell = abs(a[i] - b[i]), a[0], i - 1
    print(f"{common} of {len(want)} spikes on the same step ({len(got)} in all), {len(want_v[0]) - 1} cells, "
          f"greatest somatic difference {most:.2g} mV (cell {cell}, {t:g} ms)")
    sys.exit(0 if want == got else 1)


def main():
    usage = "usage: instances.py make SEED MORPHOLOGY FOLDER | instances.py compare WANT GOT"
    command, arguments = sys.argv[1:2], sys.argv[2:]
    if command == ["make"] and len(arguments) == 3:
        make(*arguments)
    elif command == ["compare"] and len(arguments) == 2:
        compare(*arguments)
    else:
        sys.exit(usage)


main()
