# SPDX-License-Identifier: BSD-3-Clause
"""What NEURON makes of Neurolucida files, for asc.sh: python3 asc.py OUT FILE.asc...

Writes OUT/NAME.csv for each file, a line for each section and below it one for each of its points and segments:

    section,NAME,PARENT,WHERE ON IT,L,nseg
    point,X,Y,Z,DIAMETER
    segment,AREA,RI

with Ra 100 ohm cm, cm 1 uF/cm2 and nseg by the d_lambda rule (0.1 at 100 Hz), or one line `error` where NEURON fails.
"""

import math
import multiprocessing
import os
import sys


class Cell:
    """What Import3d_GUI makes sections in."""

    def __str__(self):
        return "cell"


def name_of(section):
    """soma[0], wherever the section belongs."""
    name = section.name().rsplit(".", 1)[-1]
    return name if name.endswith("]") else name + "[0]"


def lines(h, section):
    """The lines of one section."""
    section.Ra, section.cm = 100, 1
    length = h.lambda_f(100, sec=section)
    section.nseg = int((section.L / (0.1 * length) + 0.9) / 2) * 2 + 1
    parent = section.parentseg()
    yield "section,%s,%s,%s,%.17g,%d" % (
        name_of(section),
        name_of(parent.sec) if parent else "",
        "%.9g" % parent.x if parent else "",
        section.L,
        section.nseg,
    )
    for i in range(section.n3d()):
        at = (section.x3d(i), section.y3d(i), section.z3d(i), section.diam3d(i))
        yield "point," + ",".join("%.9g" % v for v in at)
    for segment in section:
        yield "segment,%.17g,%.17g" % (segment.area(), segment.ri())


def write(path, out):
    """One file in a process of its own: what fails in hoc may leave it in disorder."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, 1)
    from neuron import h

    h.load_file("stdlib.hoc")
    h.load_file("import3d.hoc")
    try:
        reader = h.Import3d_Neurolucida3()
        reader.quiet = 1
        reader.input(path)
        cell = Cell()
        h.Import3d_GUI(reader, 0).instantiate(cell)
        text = [line for section in h.allsec() for line in lines(h, section)]
        if not text or any(value == "nan" for line in text for value in line.split(",")):
            text = ["error"]
    except RuntimeError:
        text = ["error"]
    with open(out, "w", encoding="ascii") as file:
        file.write("\n".join(text) + "\n")


def main():
    """Each file named."""
    for path in sys.argv[2:]:
        out = os.path.join(sys.argv[1], os.path.basename(path).rsplit(".", 1)[0] + ".csv")
        child = multiprocessing.Process(target=write, args=(path, out))
        child.start()
        child.join()
        if child.exitcode != 0 or not os.path.exists(out):
            sys.exit("%s: NEURON's process ended with %s" % (path, child.exitcode))


if __name__ == "__main__":
    main()
