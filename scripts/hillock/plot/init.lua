-- SPDX-License-Identifier: BSD-3-Clause
-- plot: pictures of models and of what runs gave: panels, and figures of them, drawn by gnuplot.
-- scripts/plot.md explains each. A plot's module is loaded when it is first asked for.

local plot = {}

local function later(name, member)
    return function(...)
        local made = require("hillock.plot." .. name)
        return (member and made[member] or made)(...)
    end
end

plot.traces = later "traces"
plot.raster = later("raster", "spikes")
plot.inputs = later("raster", "inputs")
plot.rate = later "rate"
plot.matrix = later "matrix"
plot.graph = later "graph"
plot.morphology = later "morphology"
plot.distance = later "distance"
plot.kinetics = later "kinetics"
plot.fi = later "fi"
plot.isi = later "isi"
plot.phase = later "phase"
plot.figure = later("figure", "new")

return plot
