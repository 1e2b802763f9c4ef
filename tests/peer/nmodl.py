# SPDX-License-Identifier: BSD-3-Clause
"""The cases of tests/nmodl/cases.lua in NEURON.

    /usr/bin/python3 tests/peer/nmodl.py MECHANISMS CASES OUT [NAME...]

MECHANISMS is the folder in which nrnivmodl compiled the MOD files; CASES, a JSON file of the cases (tests/peer/nmodl_json.lua
writes it); OUT, a folder that exists, gets NAME.csv of each case: t and what is recorded, with 17 digits, every ms.

What a row means: v, states and concentrations are those at t. Currents and all else that BREAKPOINT computes are those of v and
the states at t too. NEURON computes them at the beginning of the step from t to t + dt, so its recordings show them at t + dt,
from where they are taken. What BREAKPOINT's currents see as t is t + dt/2 in both simulators. An event that arrives at t changes
states after the sample of t. Tables of the mechanisms (TABLE) are not used.

Each case runs in a process of its own, since GLOBAL variables and tables outlive a model.
"""

import json
import os
import re
import sys

from neuron import h, __version__

DT = 0.025
EVERY = 40


def place(sections, text):
    name, x = re.fullmatch(r"(\w+)\(([\d.]+)\)", text).groups()
    return sections[name](float(x))


def assign(target, suffix, values):
    """Sets fields of a segment's mechanism or a point's, GLOBALs, and tables of FUNCTION_TABLEs. Gives what must live on."""
    kept = []
    for field, value in (values or {}).items():
        name = field + "_" + suffix if suffix else field
        if isinstance(value, list):
            columns = [h.Vector([row[1] for row in value]), h.Vector([row[0] for row in value])]
            kept += columns
            getattr(h, "table_" + name)(*columns)
        elif hasattr(target, name):
            setattr(target, name, value)
        else:
            setattr(h, name, value)
    return kept


class Model:
    def __init__(self, case):
        self.case = case
        self.kept = []
        self.sections = {"soma": h.Section(name="soma")}
        soma = self.sections["soma"]
        soma.L = soma.diam = 20
        if case.get("dend"):
            dend = self.sections["dend"] = h.Section(name="dend")
            dend.L, dend.diam, dend.nseg = (case["dend"][k] for k in ("L", "diam", "nseg"))
            dend.connect(soma(1))
        for section in self.sections.values():
            section.Ra, section.cm = 100, 1
        for channel in case["channels"]:
            self.insert(*channel)
        for name, value in (case.get("ions") or {}).items():
            self.ion(name, value)
        for delay, dur, amp in case.get("clamps") or []:
            clamp = h.IClamp(soma(0.5))
            clamp.delay, clamp.dur, clamp.amp = delay, dur, amp
            self.kept.append(clamp)
        self.points = [self.point(*p) for p in case.get("points") or []]
        self.cells = [self.artificial(*a) for a in case.get("artificial") or []]
        self.events = [self.events_of(e) for e in case.get("events") or []]
        for connection in case.get("connect") or []:
            self.connect(connection)
        for p in case.get("pointers") or []:
            segment = place(self.sections, p["at"])
            owner, _, field = p.get("of", "v").rpartition(".")
            seen = getattr(segment, "_ref_" + field + ("_" + owner if owner else ""))
            h.setpointer(seen, p["name"], self.points[p["point"] - 1] if "point" in p else getattr(segment, p["channel"]))

    def insert(self, name, values=None, at=None):
        for key, section in self.sections.items():
            if at in (None, key):
                section.insert(name)
                if hasattr(h, "usetable_" + name):
                    setattr(h, "usetable_" + name, 0)
                for segment in section:
                    self.kept += assign(segment, name, values)

    def ion(self, name, value):
        initial = re.fullmatch(r"(\w+)([io])", name)
        if initial and not name.startswith("e"):
            setattr(h, "%s0_%s_ion" % (name, initial.group(1)), value)
        for section in self.sections.values():
            for segment in section:
                if hasattr(segment, name):
                    setattr(segment, name, value)

    def point(self, name, values=None, at="soma(0.5)"):
        made = getattr(h, name)(place(self.sections, at))
        self.kept += assign(made, None, values)
        return made

    def artificial(self, name, values=None):
        values = dict(values or {})
        made = getattr(h, name)()
        if "times" in values:
            times = h.Vector(values.pop("times"))
            self.kept.append(times)
            made.play(times)
        assign(made, None, values)
        return made

    def target(self, entry):
        if "to" in entry:
            return self.cells[entry["to"] - 1]
        return self.points[entry["point"] - 1]

    def events_of(self, entry):
        target = self.cells[entry["artificial"] - 1] if "artificial" in entry else self.points[entry["point"] - 1]
        connection = h.NetCon(None, target)
        for k, weight in enumerate(entry["weight"]):
            connection.weight[k] = weight
        return connection, entry["times"]

    def connect(self, entry):
        if "artificial" in entry:
            made = h.NetCon(self.cells[entry["artificial"] - 1], self.target(entry))
        elif "source" in entry:
            made = h.NetCon(self.points[entry["source"] - 1], self.target(entry))
        else:
            segment = place(self.sections, entry["from"])
            made = h.NetCon(segment._ref_v, self.target(entry), sec=segment.sec)
            made.threshold = entry["threshold"]
        made.delay = entry["delay"]
        for k, weight in enumerate(entry["weight"]):
            made.weight[k] = weight
        self.kept.append(made)

    def reference(self, text):
        name, _, at = text.partition(" ")
        owner, _, field = name.rpartition(".")
        field, index = re.fullmatch(r"(\w+?)(?:\[(\d+)\])?", field).groups()
        numbered = re.fullmatch(r"([pa])(\d+)", owner)
        if numbered:
            made = (self.points if numbered.group(1) == "p" else self.cells)[int(numbered.group(2)) - 1]
            found = getattr(made, "_ref_" + field)
        else:
            segment = place(self.sections, at or "soma(0.5)")
            found = getattr(segment, "_ref_" + field + ("_" + owner if owner else ""))
        return found[int(index)] if index else found

    def run(self):
        case = self.case
        columns = [h.Vector().record(h._ref_t)]
        columns += [h.Vector().record(self.reference(name)) for name in case["states"] + (case["currents"] or [])]
        h.celsius, h.dt = case["celsius"], DT
        h.CVode().active(0)

        def queue():
            for connection, times in self.events:
                for t in times:
                    connection.event(t)

        handler = h.FInitializeHandler(1, queue)
        h.finitialize(case["v_init"])
        del handler
        steps = round(case["tstop"] / DT)
        for _ in range(steps + 1):
            h.fadvance()
        late = 1 + len(case["states"])
        rows = []
        for n in range(0, steps + 1, EVERY):
            row = [n // EVERY * (DT * EVERY)]
            row += [column[n] for column in columns[1:late]]
            row += [column[n + 1] for column in columns[late:]]
            rows.append(row)
        return rows


def write(path, case, rows):
    with open(path, "w") as out:
        out.write("# SPDX-License-Identifier: BSD-3-Clause; computed by NEURON %s, tests/peer/nmodl.py\n" % __version__)
        out.write(",".join(["t"] + case["states"] + (case["currents"] or [])) + "\n")
        for row in rows:
            out.write(",".join("%.17g" % x for x in row) + "\n")


def alone(case, path):
    """Runs a case in a process of its own and says whether it went well."""
    child = os.fork()
    if child == 0:
        try:
            write(path, case, Model(case).run())
            os._exit(0)
        except BaseException as error:  # the child must not go on as its parent
            print("%s: %s" % (case["name"], error), file=sys.stderr)
            os._exit(1)
    return os.waitpid(child, 0)[1] == 0


def main(mechanisms, path, out, *names):
    if not h.nrn_load_dll(next(os.path.join(folder, name) for folder, _, names_ in os.walk(mechanisms) for name in names_
                               if name == "libnrnmech.so")):
        sys.exit("nmodl.py: no mechanisms in " + mechanisms)
    with open(path) as file:
        cases = json.load(file)
    failed = [case["name"] for case in cases if not case.get("compile") and (not names or case["name"] in names)
              and not alone(case, os.path.join(out, case["name"] + ".csv"))]
    if failed:
        sys.exit("nmodl.py: failed: " + " ".join(failed))


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
