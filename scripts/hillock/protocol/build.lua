-- SPDX-License-Identifier: BSD-3-Clause
-- build: a network of a model and a protocol, made by the calls that a script would make, so that
-- it gives what the script gives. What cannot be made is reported, all of it, and the rest is made
-- all the same; the network is for running only where nothing was reported.

local builder = require "hillock.protocol.builder"
local network = require "hillock.network"
local object = require "hillock.object"
local plugin_values = require "hillock.protocol.plugin_values"

require "hillock.protocol.values"
require "hillock.protocol.drive"
require "hillock.protocol.recordings"

local build = {}

local Builder, try = builder.Builder, plugin_values.try

local parts = {
    { "clamps", "clamp" }, { "inputs", "input" }, { "connections", "connection" },
    { "record", "record" },
}

-- Makes the cells. False where there are none.
function Builder:cells_of_model(data, parameters)
    local report, model = self.report, self.model
    local wrong = model:wrong(parameters)
    for _, one in ipairs(wrong) do
        report:add("parameters." .. one[1], "%s", one[2])
    end
    if #wrong > 0 then
        local right = {}
        for key, value in pairs(parameters) do
            right[key] = value
        end
        for _, one in ipairs(wrong) do
            right[one[1]] = nil
        end
        parameters = right
    end
    if model.kind == "network" then
        if data.cells then
            report:add("cells", "%s is a network, which says itself how many cells there are",
                model.name)
        end
        return try(report, "model", function()
            model:build(self.net, parameters)
            return true
        end)
    end
    self.type = try(report, "model", function() return model:cell(parameters) end)
    for i, entry in ipairs(self.type and data.set or {}) do
        self.full.set[i] = entry and self:set(("set[%d]"):format(i), entry)
    end
    return self.type and try(report, "model", function()
        return self.net:population(self.type.name, data.cells or 1, self.type)
    end)
end

--- Makes the network of a protocol's data and a model: a Builder, whose `full` is the data with all
--- defaults; nil where the model makes no cells.
---@param data table
---@param model any what hk.model gave
---@param report table
---@param options { parameters?: table, threads?: integer, folder?: string }
function build.network(data, model, report, options)
    local self = setmetatable({
        model = model, report = report, recorded = {}, points = {}, folder = options.folder,
        n_clamps = #(data.clamps or {}), full = { set = {} },
    }, Builder)
    self.net = network.new {
        celsius = data.celsius, v_init = data.v_init, dt = data.dt, seed = data.seed,
        threads = options.threads,
    }
    self.state = object.state(network.Network, self.net)
    local good = self:cells_of_model(data, options.parameters)
    if not good then
        return nil
    end
    for i, entry in ipairs(not self.type and data.set or {}) do
        self.full.set[i] = entry and self:set(("set[%d]"):format(i), entry)
    end
    for _, part in ipairs(parts) do
        local key, method = part[1], part[2]
        self.full[key] = {}
        for i, entry in ipairs(data[key] or {}) do
            self.full[key][i] = entry and self[method](self, ("%s[%d]"):format(key, i), entry, i)
        end
    end
    return self
end

return build
