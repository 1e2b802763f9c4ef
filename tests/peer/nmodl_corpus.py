# SPDX-License-Identifier: BSD-3-Clause
"""Mechanisms of other people in NEURON, each put on one compartment in the same way.

    /usr/bin/python3 tests/peer/nmodl_corpus.py WORK

WORK holds a folder a file, in which nrnivmodl compiled it (tests/peer/nmodl_corpus.sh). Each gets `case.lua`: a Lua table of what
was put where and what NEURON made of it, for tests/peer/nmodl_corpus.lua; or `failed`, with the reason. What is there stays.

The compartment is 20 um by 20 um with pas, at 25 degrees, from -65 mV, with 0.05 nA from 10 to 60 ms. Conductances and
permeabilities that are 0 by default get something that matters; so do the times and amplitudes of points. Points and artificial
cells get events; pointers see v. TABLE is not used. Every variable that NEURON shows is sampled each 0.925 ms, at t and at t + dt: what
BREAKPOINT computes of v at t is seen at t + dt in NEURON.
"""

import glob
import math
import os
import re
import sys

from neuron import h

DT, EVERY, STEPS = 0.025, 37, 4000
TIMES = [5.1, 20.1, 22.1, 22.6, 60.1]
IONS = {"na": (50, 10, 140), "k": (-77, 54.4, 2.5), "ca": (132.4579341637009, 5e-5, 2)}


def described(folder):
    """What the C code of nocmodl says of a mechanism."""
    path = glob.glob(folder + "/*/*.c")
    path = [p for p in path if not p.endswith("mod_func.c")]
    text = open(path[0]).read()
    listed = re.search(r"_mechanism\[\] = \{(.*?)\};", text, re.S)
    if not listed:
        raise ValueError("no mechanism")
    groups, names = [], re.findall(r'"([^"]*)"|\b(0)\b', listed.group(1))
    group = []
    for name, end in names[1:]:
        if end:
            groups.append(group)
            group = []
        else:
            group.append(name)
    groups += [[]] * 4
    name = groups[0][0]
    is_point = "point_register_mech" in text
    is_artificial = "add_nrn_artcell" in text
    suffix = "_" + name
    variables = []
    for which, list_ in zip(("parameter", "assigned", "state", "pointer"), [groups[0][1:]] + groups[1:4]):
        for entry in list_:
            field, size = re.fullmatch(r"(\w+)(?:\[(\d+)\])?", entry).groups()
            if not is_point and not is_artificial and field.endswith(suffix):
                field = field[: -len(suffix)]
            variables.append((which, field, int(size) if size else None))
    weights = re.search(r"pnt_receive_size\[_mechtype\] = (\d+)", text)
    return {
        "name": name, "kind": "artificial" if is_artificial else "point" if is_point else "channel", "variables": variables,
        "weights": int(weights.group(1)) if weights else None, "ions": re.findall(r'\n\s*ion_reg\("(\w+)"', text),
        "globals": re.findall(r'"(\w+)_%s", &' % name, text), "fires": "add_nrn_has_net_event" in text,
        "tables": dict((f, int(n)) for f, n in re.findall(r"hoc_func_table\(_ptable_(\w+), (\d+),", text)),
    }


def chosen(kind, field):
    """What a parameter is that is 0 by default; None: 0."""
    name = field.lower()
    if kind == "channel":
        if re.fullmatch(r"(g|g.*bar|gmax.*|g.*max|gbar.*|gm|gl|gna|gk|gca)", name):
            return 1e-4
        if re.fullmatch(r"(p|p.*bar|pmax.*|perm.*|pbar.*)", name):
            return 1e-6
        return None
    if re.fullmatch(r"(g|g.*bar|gmax.*|g.*max)", name):
        return 1e-3
    if re.fullmatch(r"(del|delay|onset)", name):
        return 10
    if re.fullmatch(r"(dur|pw|per)", name):
        return 20
    if re.fullmatch(r"(amp|stim|amp1)", name):
        return 0.05
    return None


class Model:
    def __init__(self, facts):
        self.facts, self.values, self.kept, self.pointers, self.ions = facts, {}, [], [], {}
        self.soma = soma = h.Section(name="soma")
        soma.L = soma.diam = 20
        soma.Ra, soma.cm = 100, 1
        name = facts["name"]
        soma.insert("pas")
        soma(0.5).pas.g, soma(0.5).pas.e = 1e-4, -65
        clamp = self.clamp = h.IClamp(soma(0.5))
        clamp.delay, clamp.dur, clamp.amp = 10, 50, 0.05
        if facts["kind"] == "channel":
            soma.insert(name)
            self.owner, self.tail = soma(0.5), "_" + name
        elif facts["kind"] == "point":
            self.owner, self.tail = getattr(h, name)(soma(0.5)), ""
        else:
            self.owner, self.tail = getattr(h, name)(), ""
        if hasattr(h, "usetable_" + name):
            setattr(h, "usetable_" + name, 0)
        self.set()
        self.net = None
        if facts["weights"] is not None:
            self.net = h.NetCon(None, self.owner)
            weight = 0.6 if facts["kind"] == "artificial" else 0.001
            for k in range(facts["weights"]):
                self.net.weight[k] = 0 if k else weight
        self.spikes = h.Vector()
        if facts["kind"] == "artificial" and facts["fires"]:
            out = h.NetCon(self.owner, None)
            out.record(self.spikes)
            self.kept.append(out)

    def set(self):
        facts = self.facts
        for which, field, size in facts["variables"]:
            if which == "pointer":
                h.setpointer(self.soma(0.5)._ref_v, field, self.owner if not self.tail else getattr(self.owner, facts["name"]))
                self.pointers.append(field)
            elif which == "parameter" and size is None and getattr(self.owner, field + self.tail) == 0:
                value = chosen(facts["kind"], field)
                if value is not None:
                    setattr(self.owner, field + self.tail, value)
                    self.values[field] = value
        for ion in facts["ions"]:
            for key, value in zip(("e" + ion, ion + "i", ion + "o"), IONS.get(ion, (-60, 1, 1))):
                if key[0] == "e" and key == "e" + ion:
                    setattr(self.soma(0.5), key, value)
                else:
                    setattr(h, "%s0_%s_ion" % (key, ion), value)
                self.ions[key] = value
        for field, n in facts["tables"].items():
            function = getattr(self.owner, "table_" + field) if not self.tail else getattr(h, "table_" + field + self.tail)
            x = [-100 + 10.0 * i for i in range(21)]
            if n == 1:
                y = [1 + 0.5 * math.sin(a / 30) for a in x]
                columns = [h.Vector(y), h.Vector(x)]
                self.values[field] = [list(row) for row in zip(x, y)]
                function(*columns)
            elif n == 2:
                other = [-12 + 0.5 * i for i in range(25)]
                columns = [h.Matrix(len(x), len(other)), h.Vector(x), h.Vector(other)]
                rows = []
                for i, a in enumerate(x):
                    for j, b in enumerate(other):
                        value = (1 + 0.5 * math.sin(a / 30)) * math.exp(b / 10)
                        columns[0].setval(i, j, value)
                        rows.append([a, b, value])
                self.values[field] = rows
                function(columns[0]._ref_x[0][0], len(x), columns[1]._ref_x[0], len(other), columns[2]._ref_x[0])
            else:
                raise ValueError("a table of %d arguments" % n)
            self.kept += columns

    def seen(self):
        """[(name, index or None, what, reference)]."""
        found = []
        if self.facts["kind"] != "artificial":
            found.append(("v", None, "v", self.soma(0.5)._ref_v))
            for ion in self.facts["ions"]:
                for key in ("e" + ion, ion + "i", ion + "o", "i" + ion):
                    found.append((key, None, "ion", getattr(self.soma(0.5), "_ref_" + key)))
        for which, field, size in self.facts["variables"]:
            if which in ("assigned", "state") and hasattr(self.owner, field + self.tail):
                ref = getattr(self.owner, "_ref_" + field + self.tail)
                if size is None:
                    found.append((field, None, which, ref))
                else:
                    found += [(field, k, which, ref[k]) for k in range(size)]
        return found

    def run(self):
        seen = self.seen()
        h.celsius, h.dt = 25, DT
        h.CVode().active(0)

        def queue():
            for t in TIMES if self.net else []:
                self.net.event(t)

        handler = h.FInitializeHandler(1, queue)
        h.finitialize(-65)
        del handler
        at, late = [[] for _ in seen], [[] for _ in seen]
        for n in range(STEPS + 2):
            for list_ in (at,) if n % EVERY == 0 else (late,) if n % EVERY == 1 else ():
                for values, (_, _, _, ref) in zip(list_, seen):
                    values.append(ref[0])
            h.fadvance()
        return [(name, k, what, at[i][:STEPS // EVERY + 1], late[i][:STEPS // EVERY + 1]) for i, (name, k, what, _) in enumerate(seen)]


def lua(x):
    if isinstance(x, bool):
        return str(x).lower()
    if isinstance(x, float):
        return "0/0" if x != x else "1/0" if x == math.inf else "-1/0" if x == -math.inf else "%.17g" % x
    if isinstance(x, int):
        return str(x)
    if isinstance(x, str):
        return '"%s"' % x
    if isinstance(x, dict):
        return "{" + ",".join('["%s"]=%s' % (k, lua(v)) for k, v in x.items()) + "}"
    return "{" + ",".join(lua(v) for v in x) + "}"


def work(folder):
    facts = described(folder)
    if not hasattr(h, facts["name"]):
        h.nrn_load_dll(next(iter(glob.glob(folder + "/*/.libs/libnrnmech.so") or glob.glob(folder + "/*/libnrnmech.so"))))
    model = Model(facts)
    results = model.run()
    with open(folder + "/case.new", "w") as out:
        out.write("return {name=%s,kind=%s,weights=%s,fires=%s,\nvalues=%s,\nions=%s,\npointers=%s,\ntimes=%s,\nspikes=%s,\nseen={\n" % tuple(
            lua(x) for x in (facts["name"], facts["kind"], facts["weights"] if facts["weights"] is not None else False,
                             facts["fires"], model.values, model.ions, model.pointers, TIMES, list(model.spikes))))
        for name, k, what, at, late in results:
            out.write("{name=%s,index=%s,what=%s,\nat=%s,\nlate=%s},\n" % tuple(
                lua(x) for x in (name, False if k is None else k, what, at, late)))
        out.write("}}\n")
    os.rename(folder + "/case.new", folder + "/case.lua")


def alone(folder):
    child = os.fork()
    if child == 0:
        log = os.open(folder + "/neuron.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(log, 1)
        os.dup2(log, 2)
        try:
            work(folder)
            os._exit(0)
        except BaseException as error:  # the child must not go on as its parent
            print("%s: %s" % (type(error).__name__, error), flush=True)
            os._exit(1)
    status = os.waitpid(child, 0)[1]
    if status != 0:
        with open(folder + "/failed", "w") as out:
            text = open(folder + "/neuron.log", errors="replace").read().strip().splitlines()
            out.write("%s (status %d)\n" % (" / ".join(text[-2:]), status))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for folder in sorted(glob.glob(sys.argv[1] + "/*/")):
        if os.path.exists(folder + "built") and not os.path.exists(folder + "case.lua") and not os.path.exists(folder + "failed"):
            alone(folder.rstrip("/"))
