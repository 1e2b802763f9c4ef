-- SPDX-License-Identifier: BSD-3-Clause
-- Each example runs from an empty folder and gives what it promises.

local tap = require "tap"
local scratch = require "scratch"
local hk = require "hillock"

local source = os.getenv "HILLOCK_SOURCE" or "."

-- The numbers that a pattern's captures have on each line that it fits: { { 1.5, 2 }, ... }.
local function numbers(text, pattern)
    local rows = {}
    for line in text:gmatch "[^\n]+" do
        local row = { line:match(pattern) }
        if row[1] then
            for i, value in ipairs(row) do
                row[i] = tonumber(value) or value
            end
            rows[#rows + 1] = row
        end
    end
    return rows
end

-- Does `holds(row before, row)` hold along the rows?
local function all_along(rows, holds)
    for i = 2, #rows do
        if not holds(rows[i - 1], rows[i]) then
            return false
        end
    end
    return #rows > 1
end

local expected = {}

function expected.first_steps(out)
    tap.ok(out:find("cell squid: 1 section, 1 segment, 1256.64 um2", 1, true), "it shows the cell")
    local spikes = numbers(out, "^spike (%d+) at ([%d.]+) ms$")
    tap.is(#spikes, 5, "the step makes five spikes")
    tap.ok(all_along(spikes, function(a, b) return b[1] == a[1] + 1 and b[2] > a[2] end),
        "in order")
    tap.ok(spikes[1][2] > 10 and spikes[#spikes][2] < 90, "while it lasts")
    local low, high = table.unpack(numbers(out, "^v from (%S+) to (%S+) mV$")[1] or {})
    tap.ok(low and low > -77 and low < -70, "v falls to near ek, and not beyond it")
    tap.ok(high and high > 30 and high < 50, "and rises to near ena, and not beyond it")
end

function expected.fi_curve(out)
    local rates = numbers(out, "^ +(%d%.%d+) +(%d+) +(#*)$")
    tap.is(#rates, 11, "a line for each current")
    tap.ok(all_along(rates, function(a, b) return b[1] > a[1] and b[2] >= a[2] end),
        "more current, no fewer spikes")
    tap.is(rates[1][2], 0, "none without current")
    tap.ok(rates[#rates][2] > 70 and rates[#rates][2] < 90, "some 80 Hz at 0.2 nA")
end

function expected.dendrotweaks(out)
    tap.ok(out:find("cell l23: 10 sections, 78 segments", 1, true), "it shows the cell")
    tap.ok(numbers(out, "^step: the soma fires (%d+) times$")[1][1] > 4, "the protocol's step")
    local n = numbers(out, "^the network: (%d+) spikes, (%d+) of them in the step$")[1]
    tap.ok(n and n[1] > 20 and n[2] > 0.8 * n[1], "the network fires when its input steps up")
end

function expected.epsp(out)
    local rows = numbers(out, "^ *(%d+) um +([%d.]+) mV +([%d.]+) ms +([%d.]+) ms$")
    tap.is(#rows, 5, "a line for each distance")
    tap.ok(all_along(rows, function(a, b) return b[1] > a[1] and b[2] < a[2] end),
        "farther out, smaller")
    tap.ok(all_along(rows, function(a, b) return b[3] > a[3] end), "later")
    tap.ok(all_along(rows, function(a, b) return b[4] > a[4] end), "wider")
    tap.ok(rows[1][2] > 1 and rows[1][2] < 20, "and of some millivolts")
end

function expected.network(out, place)
    local rates = numbers(out, "^ +(%l+) +(%d+) to +(%d+) ms +(%d+) spikes +([%d.]+) Hz$")
    tap.is(#rates, 3, "rates before, during and after the step")
    local before, during, after = table.unpack(rates)
    tap.is(before[1] .. during[1] .. after[1], "beforeduringafter", "in this order")
    tap.ok(during[5] > 3 * before[5] + 1, "the step drives the cells")
    tap.ok(during[5] > 3 * after[5] + 1, "and its end ends it")
    local total = numbers(out, "^(%d+) spikes; in Hz a cell:$")[1]
    tap.is(before[4] + during[4] + after[4], total[1], "each spike is counted once")
    tap.ok(out:find "\n500 ms of 780 compartments in [%d.]+ s\n$", "it ends with how long it took")

    local spikes = hk.read_csv(place.work .. "/spikes.csv")
    tap.is(#spikes.t_ms, total[1], "spikes.csv has them all")
    local fine = true
    for i, t in ipairs(spikes.t_ms) do
        local cell = spikes.cell[i]
        fine = fine and t >= 0 and t < 500 and (i == 1 or t >= spikes.t_ms[i - 1])
            and math.type(math.tointeger(cell)) == "integer" and cell >= 0 and cell < 10
    end
    tap.ok(fine, "in order of time, of cells 0 to 9")

    local text = place:read "v.csv"
    local lines, commas = 0, 0
    for line in text:gmatch "[^\n]*\n" do
        lines = lines + 1
        local _, n = line:gsub(",", "")
        commas = commas + n
    end
    tap.is(lines, 5002, "v.csv has a line of names and one each 0.1 ms")
    tap.is(commas, 10 * lines, "with ten cells in each")
    tap.is(text:sub(-1), "\n", "and is whole")
    tap.near(tonumber(text:match "\n([^\n,]*)[^\n]*\n$"), 500, 1e-9, "to the end of the run")
    tap.ok(not place:read "v.csv.part" and not place:read "spikes.csv.part", "nothing else is left")
end

function expected.pictures(out)
    local at = tonumber(out:match "a spike at ([%d.]+) ms\n")
    tap.ok(at and at > 5 and at < 15, "the cell fires while the current flows")
end

function expected.l23(out)
    tap.is(out, "", "the module says nothing")
end

function expected.mod(out)
    local own = out:match "plugins in C: ([^\n]+)"
    local made = out:match "\nMOD files: ([^\n]+)"
    tap.ok(own and tonumber(own:match "^%d+") > 3, "the cell fires")
    tap.is(made, own, "and just so with MOD files")
    tap.ok(out:find("14 MOD files loaded", 1, true), "all of the folder's")
end

function expected.sweep(out)
    local rows = numbers(out, "^ +(%d+) %%  +([%d.]+) nA +(%d+) +(%-?[%d.]+) mV$")
    tap.is(#rows, 8, "a line for each pair of values")
    tap.ok(rows[1][1] == 100 and rows[5][1] == 50 and rows[4][2] == 0.4, "the last one fastest")
    tap.ok(rows[2][3] > 3 and rows[6][3] == 0, "with fewer channels it needs more current")
end

-- The lines about checks of a protocol: how many, and how many of them are well.
local function checks_in(out)
    local _, fine = out:gsub("%f[^\n%z]ok   ", "")
    local _, wrong = out:gsub("%f[^\n%z]FAIL ", "")
    return fine + wrong, fine
end

expected["step.protocol"] = function(out, place)
    local all, fine = checks_in(out)
    tap.is(all, 3, "three checks")
    tap.is(fine, 3, "which pass")
    local spikes = hk.read_csv(place.work .. "/step.results/spikes.csv")
    tap.ok(#spikes.t_ms > 3 and spikes.t_ms[1] > 20, "its spikes are in step.results")
    tap.is(#hk.read_csv(place.work .. "/step.results/v.csv").t_ms, 2001, "and v")
end

expected["network.protocol"] = function(out, place)
    local all, fine = checks_in(out)
    tap.is(all, 4, "four checks")
    tap.is(fine, 4, "which pass")
    place:run { scratch.hillock(), "run", source .. "/examples/network.lua" }
    local own = hk.read_csv(place.work .. "/network.results/spikes.csv")
    local script = hk.read_csv(place.work .. "/spikes.csv")
    tap.is(#own.t_ms, #script.t_ms, "as many spikes as network.lua gives")
    tap.ok(all_along(own.t_ms, function(a, b) return b >= a end), "in order")
end

expected.clamp = function(out)
    local all, fine = checks_in(out)
    tap.is(all, 3, "three checks")
    tap.is(fine, 3, "which pass")
end

local pipe = assert(io.popen(("ls '%s'/examples/*.lua '%s'/examples/*.json")
    :format(source, source)))
for path in pipe:lines() do
    local name = path:match "([^/]*)%.%a+$"
    local place <close> = scratch.new()
    local status, out, err = place:run { scratch.hillock(), "run", path }
    tap.is(status .. err, "0", name .. " runs")
    if expected[name] then
        if status == 0 then
            expected[name](out, place)
        end
        expected[name] = nil
    else
        tap.ok(false, name .. " has a test here of what it prints")
    end
end
pipe:close()
tap.is(next(expected), nil, "all the examples that are tested are there")
tap.done()
