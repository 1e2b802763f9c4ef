-- SPDX-License-Identifier: BSD-3-Clause
-- recordings: what a protocol records, and of which cells.

local builder = require "hillock.protocol.builder"
local plugin_values = require "hillock.protocol.plugin_values"
local report_of = require "hillock.protocol.report"

local Builder = builder.Builder
local join, try = report_of.join, plugin_values.try

-- The cells of a recording: of one population, or all of them.
function Builder:recorded_cells(path, entry)
    if entry.population or entry.cells or #self.state.populations < 2 then
        return self:cells(path, entry)
    end
    return self.net.cells
end

function Builder:targets(path, entry)
    if entry.clamp then
        local points = self.points[entry.clamp]
        if not points and entry.clamp > self.n_clamps then
            self.report:add(join(path, "clamp"), "there are %d clamps, not %d", self.n_clamps,
                entry.clamp)
        end
        return points
    end
    return self:recorded_cells(path, entry)
end

function Builder:record(path, entry)
    local full = {}
    for key, value in pairs(entry) do
        full[key] = value
    end
    local what = entry[1]
    full.name = entry.name or what
    if self.recorded[full.name] then
        self.report:add(path, "another recording is called '%s': give them names, name = \"...\"",
            full.name)
        return full
    end
    local targets = what ~= "inputs" and self:targets(path, entry)
    if what == "spikes" and not entry.clamp then
        full.at, full.threshold = entry.at or "soma(0.5)", entry.threshold or -20
    end
    local known = { what = what, full = full, cells = not entry.clamp and targets or nil, n = 0 }
    self.recorded[full.name] = known
    local at = full.at
    if known.cells and at == nil then
        self.report:add(path, "'at' is missing: where on the cells, as in at = \"soma(0.5)\"")
        return full
    elseif known.cells then
        known.places = self:places(join(path, "at"), targets, at)
    end
    if what == "inputs" or entry.clamp and targets or known.places then
        self:start_recording(path, what, targets, full, known)
    end
    return full
end

function Builder:start_recording(path, what, targets, full, known)
    local window = full.window and { full.window[1], full.window[2] or math.huge }
    local options = {
        targets or nil, at = known.cells and builder.region(full.at), every = full.every,
        window = window, threshold = full.threshold, name = full.name,
    }
    known.recording = try(self.report, path, function()
        return self.net:record(what, options)
    end)
    known.n = known.recording and #known.recording or 0
    if known.recording and self.folder then
        options.name = "file of " .. full.name
        options.to = { "csv", digits = 17 }
        options.path = ("%s/%s.csv"):format(self.folder, full.name)
        try(self.report, path, function() self.net:record(what, options) end)
    end
end
