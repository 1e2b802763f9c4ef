# SPDX-License-Identifier: BSD-3-Clause
"""The reference network with a fixed instance of inputs and connections, in NEURON.

    /usr/bin/python3 tests/bench/versus_neuron.py MECHANISMS REF OUT

MECHANISMS is the folder in which nrnivmodl compiled examples/l23/biophys/mod; REF is as in tests/peer/network.lua; OUT, a folder that
exists, gets spikes.csv and soma_v.csv in the form of those in REF/network. Prints the processor's seconds for build and run,
the compartments, the nanoseconds a compartment and step, and the spikes. The cell's rules are those of examples/l23.lua.
"""

import csv
import os
import sys
import time

import neuron
from neuron import h

DT, DURATION = 0.025, 500.0
EVERY = 4  # steps from one sample to the next in soma_v.csv

ACTIVE = ("CaDyn", "Na", "Kv", "Ka", "Km", "KCa", "CaHVA", "CaLVA")

# Densities in S/cm2; a tuple is a polynomial over the distance from the soma (um), the highest power first.
SOMA = {
    "Na": 0.0505, "Kv": 0.005, "Km": 0.0002794, "KCa": 0.00021, "CaHVA": 5e-6, "CaLVA": 3e-5, "Ka": 0.0054,
}
BASAL = {
    "Na": 0.0303, "Kv": 0.00015, "Km": 0.000127, "KCa": 0.00021, "CaHVA": (1e-8, 5e-6), "CaLVA": (6e-8, 3e-5), "Ka": 0.108,
}
THICK_KA = 0.0108  # basal sections of 0.8 um and more
APICAL = {
    "Na": 0.0303, "Kv": 0.00015, "Km": 0.000127, "KCa": 0.00021,
    "CaHVA": (1.7032189556395082e-11, -1.695473421088239e-08, 5.594679565797894e-06),
    "CaLVA": (-4.9577591017548084e-20, 1.1831704547486388e-16, -1.0949157415043703e-13, 4.91583935780707e-11,
              -1.0765865406507897e-08, 9.427534917154298e-07, 4.3803559822139125e-06),
    "Ka": (-1.5064242419631078e-17, 2.942014886287498e-14, -1.9401604372156943e-11, 4.388441541535075e-09,
           -2.291086622871766e-08, 3.919078433162552e-05, 0.07384108596642618),
}


def polynomial(coefficients, x):
    value = 0.0
    for c in coefficients:
        value = value * x + c
    return value


class Cell:
    """A cell whose segments are numbered over its sections in the importer's order, each from its 0 end."""

    def __init__(self, reader, gid):
        self.gid = gid
        h.Import3d_GUI(reader, 0).instantiate(self)
        self.sections = list(self.all)
        for section in self.sections:
            section.Ra = 100
            section.cm = 1 if section in self.soma else 2
        for section in self.sections:
            wavelength = h.lambda_f(100, sec=section)
            section.nseg = int((section.L / (0.1 * wavelength) + 0.9) / 2) * 2 + 1
        self.insert()
        self.segments = [segment for section in self.sections for segment in section]

    def __str__(self):
        return f"Cell[{self.gid}]"

    def insert(self):
        for section in self.sections:
            section.insert("Leak")
            for segment in section:
                segment.Leak.gbar, segment.Leak.e = 1 / 11000, -79
        h.distance(0, self.soma[0](0.5))
        for sections, densities in ((self.soma, SOMA), (self.dend, BASAL), (self.dend_80, APICAL)):
            for section in sections:
                excitable(section, densities, thick=sections is self.dend and section(0.5).diam >= 0.8)


def excitable(section, densities, thick):
    for name in ACTIVE:
        section.insert(name)
    section.ena, section.ek = 60, -80
    for segment in section:
        pool = segment.CaDyn
        pool.depth, pool.taur, pool.cainf, pool.gamma = 0.1, 50, 1e-4, 1
        for name, gbar in densities.items():
            if name == "Ka" and thick:
                gbar = THICK_KA
            if isinstance(gbar, tuple):
                gbar = polynomial(gbar, h.distance(segment))
            getattr(segment, name).gbar = gbar


def read_csv(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


class Network:
    def __init__(self, background, connections, morphology):
        reader = h.Import3d_SWC_read()
        reader.input(morphology)
        count = 1 + max(int(row["cell"]) for row in background)
        self.cells = [Cell(reader, gid) for gid in range(count)]
        self.kept, self.inputs = [], []
        for row in background:
            self.add_input(row)
        for row in connections:
            self.connect(int(row["pre"]), int(row["post"]), int(row["segment"]))
        self.record()

    def add_input(self, row):
        segment = self.cells[int(row["cell"])].segments[int(row["segment"])]
        if row["kind"] == "exc":
            synapse, weight = h.ExpSyn(segment), 0.0008
            synapse.tau, synapse.e = 2, 0
        else:
            synapse, weight = h.Exp2Syn(segment), 0.0015
            synapse.tau1, synapse.tau2, synapse.e = 1, 10, -75
        events = h.NetCon(None, synapse)
        events.weight[0] = weight
        self.kept.append(synapse)
        self.inputs.append((events, [float(t) for t in row["spike_times_ms"].split()]))

    def connect(self, pre, post, segment):
        synapse = h.ExpSyn(self.cells[post].segments[segment])
        synapse.tau, synapse.e = 2, 0
        soma = self.cells[pre].soma[0]
        connection = h.NetCon(soma(0.5)._ref_v, synapse, sec=soma)
        connection.threshold, connection.delay, connection.weight[0] = -20, 2, 0.005
        self.kept += [synapse, connection]

    def record(self):
        self.t, self.who = h.Vector(), h.Vector()
        self.v = []
        for number, cell in enumerate(self.cells):
            soma = cell.soma[0]
            detector = h.NetCon(soma(0.5)._ref_v, None, sec=soma)
            detector.threshold = -20
            detector.record(self.t, self.who, number)
            self.kept.append(detector)
            self.v.append(h.Vector().record(soma(0.5)._ref_v))

    def send_inputs(self):
        # NetCon.event takes the time of the delivery: a spike's time and the delay of 1 ms.
        for events, times in self.inputs:
            for t in times:
                events.event(t + 1)

    def compartments(self):
        return sum(len(cell.segments) for cell in self.cells)

    def write(self, folder):
        with open(os.path.join(folder, "spikes.csv"), "w") as file:
            file.write("t_ms,cell\n")
            for t, cell in zip(self.t, self.who):
                file.write(f"{t:.12g},{int(cell)}\n")
        with open(os.path.join(folder, "soma_v.csv"), "w") as file:
            file.write(",".join(["t_ms"] + [f"cell{i}_mV" for i in range(len(self.cells))]) + "\n")
            for k, row in enumerate(zip(*(list(v)[::EVERY] for v in self.v))):
                file.write(",".join([f"{k * EVERY * DT:.12g}"] + [f"{v:.12g}" for v in row]) + "\n")


def run(network):
    """Seconds of the processor (what else the machine does is left out) that NEURON's own loop over the steps takes."""
    parallel = h.ParallelContext()
    parallel.set_maxstep(10)
    # inputs are events, so they are sent anew at each initialisation
    handler = h.FInitializeHandler(network.send_inputs)
    h.celsius, h.dt = 37, DT
    h.CVode().cache_efficient(1)
    h.finitialize(-65)
    begin = time.process_time()
    parallel.psolve(DURATION)
    seconds = time.process_time() - begin
    del handler
    return seconds


def main():
    if len(sys.argv) != 4:
        sys.exit("usage: versus_neuron.py MECHANISMS REF OUT")
    mechanisms, ref, out = sys.argv[1:]
    neuron.load_mechanisms(mechanisms)
    h.load_file("stdlib.hoc")
    h.load_file("import3d.hoc")
    background = read_csv(os.path.join(ref, "network", "background.csv"))
    connections = read_csv(os.path.join(ref, "network", "connections.csv"))
    begin = time.process_time()
    network = Network(background, connections, os.path.join(ref, "l23_reduced.swc"))
    build_s = time.process_time() - begin
    run_s = run(network)
    network.write(out)
    compartments = network.compartments()
    ns = run_s * 1e9 / (compartments * DURATION / DT)
    print(f"build_s {build_s:.4f} run_s {run_s:.4f} compartments {compartments} ns {ns:.2f} spikes {len(network.t)}")


main()
