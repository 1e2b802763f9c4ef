-- SPDX-License-Identifier: BSD-3-Clause
-- results: what a run left in a folder, read back: recordings as a result of the run has them, each
-- from its file when it is asked for.

local core = require "hillock.core"
local csv = require "hillock.csv"
local files = require "hillock.files"
local keys = require "hillock.keys"
local manifest = require "hillock.manifest"
local object = require "hillock.object"
local recorded = require "hillock.recorded"
local track = require "hillock.track"

local results = {}

-- ---- a recording

local Stored

-- The columns of its file, read once.
local function columns_of(state)
    if not state.read then
        if not state.entry.file then
            keys.fail("%s was not kept in a file: hillock run --results DIR keeps it",
                state.entry.name)
        end
        local text, why = files.read(track.file(state.path, "data"))
        local names, columns
        if text then
            names, columns = csv.numbers(text, state.path)
        end
        if not names then
            keys.fail("results: %s", text and columns or why)
        end
        state.read = columns
    end
    return state.read
end

local function only(kind, read)
    return function(state)
        if state.entry.kind ~= kind then
            return nil
        end
        return read(state)
    end
end

-- The second column with `of` applied to each different number.
local function translated(state, of)
    local second, known = columns_of(state)[2], {}
    local list = core.whole(second)
    for i = 1, #second do
        local key = second[i]
        known[key] = known[key] or of(key)
        list[i] = known[key]
    end
    return list
end

-- A number of the sources that spikes without a cell's identity have: 2 is the cell, 3 the point.
local function of_source(state, which)
    local rows = {}
    for _, row in ipairs(state.entry.sources or {}) do
        rows[row[1]] = row[which]
    end
    return translated(state, function(key)
        return rows[key] or 0
    end)
end

local function cells_of(state)
    if state.entry.columns[2] ~= "cell" then
        return of_source(state, 2)
    end
    local of = state.run.cells()
    return translated(state, function(key)
        return of[key] or math.tointeger(key) + 1
    end)
end

Stored = object.class {
    name = "stored recording",
    fields = {
        name = function(state) return state.entry.name end,
        what = function(state) return state.entry.what end,
        kind = function(state) return state.entry.kind end,
        path = function(state) return state.path end,
        every = function(state) return state.entry.every end,
        t = function(state) return columns_of(state)[1]:slice() end,
        cell = only("spikes", cells_of),
        point = only("spikes", function(state)
            return of_source(state, 3)
        end),
        input = only("events", function(state)
            return translated(state, function(key) return math.tointeger(key) + 1 end)
        end),
        columns = function(state) return state.n end,
        labels = function(state)
            return table.move(state.entry.columns, 2, state.n + 1, 1, {})
        end,
    },
    index = function(state, key)
        if state.entry.kind == "values" and math.type(key) and key >= 1 and key <= state.n then
            return columns_of(state)[key + 1]:slice()
        end
    end,
    meta = {
        __len = function(self) return object.state(Stored, self).n end,
        __tostring = function(self)
            local state = object.state(Stored, self)
            return ("recording %s of %d, %s"):format(state.entry.name, state.n,
                state.path or "in no file")
        end,
    },
}
results.Stored = Stored

local function stored(folder, run, entry)
    return object.new(Stored, {
        entry = entry, run = run, n = entry.kind == "values" and #entry.columns - 1 or 2,
        path = entry.file and (entry.file:sub(1, 1) == "/" and entry.file
            or folder .. "/" .. entry.file),
    })
end

-- ---- one run of a network

local Results
local methods = {}

local function self_state(self, what)
    return object.state(Results, self, "results:" .. what)
end

-- The folder's recordings, for recorded.lua.
local function all(state)
    return {
        list = state.recordings, class = Stored, several = "results:recordings() lists them",
    }
end

--- The recording of that name.
---@param name string
function methods:recording(name)
    return recorded.find(all(self_state(self, "recording")), name, "recording")
end

--- All recordings, in their order.
function methods:recordings()
    local list = self_state(self, "recordings").recordings
    return table.move(list, 1, #list, 1, {})
end

--- The i-th trace of a recording, and its times: trace(i) of "v", or trace(name, i).
---@param name string|integer
---@param i? integer
function methods:trace(name, i)
    return recorded.trace(all(self_state(self, "trace")), name, i)
end

-- The numbers of cells that a list of numbers or a population's name means.
local function numbers_of(state, cells, what)
    if type(cells) ~= "string" then
        return keys.numbers(what, cells)
    end
    local names = {}
    for i, population in ipairs(state.run.structure().populations) do
        names[i] = population.name
        if population.name == cells then
            return core.range(population.first, population.n)
        end
    end
    keys.fail("%s: there is no population '%s'%s", what, cells, keys.hint(cells, names))
end

--- Spikes as arrays { t =, cell = }: of all cells, by their numbers in the network; or of those in
--- a list of numbers, or in a population by its name, by their places there.
---@param cells? string|integer[]
---@param name? string
function methods:spikes(cells, name)
    local state = self_state(self, "spikes")
    local recording = recorded.spikes(all(state), name)
    local t, cell = recording.t, recording.cell
    if cells ~= nil then
        t, cell = recorded.within(t, cell, numbers_of(state, cells, "spikes"))
    end
    return { t = t, cell = cell }
end

--- The mean rate of a cell in Hz, in bins: { t = middles, rate = }.
---@param options? table cells, bin, from, to, kernel, width, name
function methods:rate(options)
    local state = self_state(self, "rate")
    options = keys.check("rate", options or {}, recorded.rate_keys)
    local n = options.cells == nil and state.network.counts.cells
        or #numbers_of(state, options.cells, "rate: cells")
    return recorded.rate(self:spikes(options.cells, options.name).t, n, self.t, options)
end

-- What is read of the network's file, when it is asked for.
local function run_of(folder, network)
    local run, read, cells = {}, nil, nil
    function run.structure()
        if not read then
            if not network.structure then
                keys.fail("results: %s has no network.json: hillock run --results DIR writes it",
                    folder)
            end
            local path = folder .. "/" .. network.structure
            local text, why = files.read(path)
            if text then
                read, why = require "hillock.json".parse(text)
                why = why and path .. ": " .. why
            end
            if not read then
                keys.fail("results: %s", why)
            end
        end
        return read
    end
    -- Numbers of cells by identities, where these do not just count from 0.
    function run.cells()
        if not cells then
            cells = {}
            for _, population in ipairs(network.structure and run.structure().populations or {}) do
                for i, id in ipairs(population.ids or {}) do
                    cells[id] = population.first + i - 1
                end
            end
        end
        return cells
    end
    return run
end

local function pick(list, i, what)
    if not list[i] then
        keys.fail("results: there is no %s %d: there are %d", what, i, #list)
    end
    return list[i]
end

local function new(value, folder, which, number)
    local network = #value.networks > 0 and pick(value.networks, which, "network")
        or keys.fail("results: %s: no network ran", folder)
    local part = pick(network.runs, number or #network.runs, "run")
    local run = run_of(folder, network)
    local recordings = {}
    for i, entry in ipairs(part.results) do
        recordings[i] = stored(folder, run, entry)
    end
    return object.new(Results, {
        manifest = value, folder = folder, network = network, part = part, run = run,
        recordings = recordings, which = which,
    })
end

--- The results of another network, by its number, or of another of its runs (the last one's).
---@param network integer
---@param run? integer
function methods:of(network, run)
    local state = self_state(self, "of")
    keys.value("of: network", network, "count from 1")
    keys.value("of: run", run or 1, "count from 1")
    return new(state.manifest, state.folder, network, run)
end

Results = object.class {
    name = "results",
    methods = methods,
    fields = {
        t = function(state) return state.part["until"] end,
        folder = function(state) return state.folder end,
        manifest = function(state) return state.manifest end,
        network = function(state) return state.run.structure() end,
        networks = function(state) return #state.manifest.networks end,
        runs = function(state) return #state.network.runs end,
    },
    index = function(state, key)
        local from = all(state)
        if type(key) == "string" and #recorded.named(from.list, key) > 0 then
            return recorded.find(from, key, "results")
        end
    end,
    meta = {
        __tostring = function(self)
            local state = object.state(Results, self)
            return ("results: %s, network %d of %d, t = %.10g ms, %d recordings%s"):format(
                state.folder, state.which, #state.manifest.networks, state.part["until"],
                #state.recordings, state.manifest.failed and ", of a run that failed" or "")
        end,
    },
}
results.Results = Results

--- What a run left in a results folder, or beside a manifest: of the first network, the last run.
---@param path string
function results.open(path)
    keys.value("results: path", path, "string")
    local value, folder = manifest.read(path)
    if not value then
        keys.fail("results: %s", folder)
    end
    track.file(folder .. "/" .. manifest.name, "data")
    return new(value, folder, 1)
end

return results
