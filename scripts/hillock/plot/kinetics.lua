-- SPDX-License-Identifier: BSD-3-Clause
-- kinetics: the steady state and the time constant of a channel's gates against v, measured on the
-- plugin itself: on one compartment, by its own kernels.
--
-- The steady state at v is what `init` gives where v_init is v. The time constant at v comes from
-- cells that begin at another voltage and are clamped to v from t = 0 on: a gate that obeys
-- x' = (x_inf - x) / tau goes from x0 to x1 in one step dt, and where the plugin solves this
-- exactly (as NEURON's cnexp does), tau = -dt / ln((x1 - x_inf) / (x0 - x_inf)). The second step
-- must say the same; else the state is no such gate (of a coupled scheme, of a pool) and has no tau
-- there.

local core = require "hillock.core"
local keys = require "hillock.keys"
local panel = require "hillock.plot.panel"
local track = require "hillock.track"

local own = {
    celsius = "number", show = "string", range = "table", states = "table", values = "table",
    ions = "table", log = "boolean",
}

local DT <const> = 0.025
local STEPS <const> = 201 -- voltages
local AGREE <const> = 1e-3 -- of both steps' time constants

-- The plugin's states, or those that the script names.
local function states_of(what, plugin, wanted)
    local all, chosen = {}, {}
    for _, field in ipairs(plugin.fields) do
        if field.role == "state" then
            all[#all + 1] = field.name
        end
    end
    for i, name in ipairs(wanted or {}) do
        keys.value(("%s: states[%d]"):format(what, i), name, "string")
        for _, one in ipairs(all) do
            chosen[i] = chosen[i] or one == name and name or nil
        end
        if not chosen[i] then
            keys.fail("%s: %s has no state '%s'%s", what, plugin.name, name, keys.hint(name, all))
        end
    end
    if #all == 0 then
        keys.fail("%s: %s has no states, and so no kinetics", what, plugin.name)
    end
    return wanted and chosen or all
end

-- A network of n cells with the channel, that begins at v_init; each is clamped to its level.
local function run(plugin, options, states, v_init, levels, steps)
    local hk = require "hillock"
    local type = hk.cell { name = "clamped", morphology = hk.compartment { L = 10, diam = 10 } }
    type:insert(plugin.name, options.values)
    if options.ions then
        type:set(options.ions)
    end
    local net <close> = track.untracked(hk.network, {
        celsius = options.celsius, v_init = v_init, dt = DT, threads = 1, units = false,
        profile = false,
    })
    local cells = net:population("clamped", #levels, type)
    net:add(cells "soma(0.5)", { "SEClamp", rs = 1e-9, dur1 = 1e9, amp1 = levels })
    for _, state in ipairs(states) do
        net:record(("%s.%s"):format(plugin.name, state), { cells, at = "soma(0.5)", name = state })
    end
    local result = net:run(steps * DT)
    local got = {}
    for _, state in ipairs(states) do
        local list = {}
        for i = 1, #levels do
            list[i] = result:trace(state, i)
        end
        got[state] = list
    end
    return got
end

-- tau at one voltage from three samples, dt apart; nil where the state does not move enough, false
-- where it does not move as an exponential.
local function time_constant(x, x_inf)
    local d0, d1, d2 = x[1] - x_inf, x[2] - x_inf, x[3] - x_inf
    if math.abs(d0) < 1e-4 or math.abs(d1) <= 1e-11 * math.abs(d0) then
        return nil
    elseif d1 / d0 <= 0 or d1 / d0 >= 1 - 1e-12 then
        return false
    end
    local tau = -DT / math.log(d1 / d0)
    if math.abs(d2) > 1e-9 then
        local ratio = d2 / d1
        local again = ratio > 0 and ratio < 1 and -DT / math.log(ratio) or -1
        if math.abs(again - tau) > AGREE * tau then
            return false
        end
    end
    return tau
end

-- The time constants at all voltages, from runs that began elsewhere; NaN where no run tells, and
-- everywhere if the state is somewhere no exponential.
local function time_constants(starts, state, inf)
    local taus, exponential = {}, true
    for i = 1, #inf do
        taus[i] = 0 / 0
        local far = 0
        for _, start in ipairs(starts) do
            local x = start[state][i]
            local off = math.abs(x[1] - inf[i])
            local tau = time_constant(x, inf[i])
            exponential = exponential and tau ~= false
            if tau and off > far then
                taus[i], far = tau, off
            end
        end
    end
    for i = 1, exponential and 0 or #taus do
        taus[i] = 0 / 0
    end
    return taus
end

-- The voltages, and { STATE = { inf =, tau = } }.
local function measure(plugin, options, states, low, high)
    local v, curves = {}, {}
    for i = 1, STEPS do
        v[i] = low + (high - low) * (i - 1) / (STEPS - 1)
    end
    for _, state in ipairs(states) do
        curves[state] = { inf = {} }
    end
    for i, level in ipairs(v) do
        local got = run(plugin, options, states, level, { level }, 0)
        for _, state in ipairs(states) do
            curves[state].inf[i] = got[state][1][1]
        end
    end
    -- From below, from above and from the middle: the one that begins farthest away tells.
    local starts = {}
    for k, from in ipairs { low, high, (low + high) / 2 } do
        starts[k] = run(plugin, options, states, from, v, 2)
    end
    for _, state in ipairs(states) do
        curves[state].tau = time_constants(starts, state, curves[state].inf)
    end
    return v, curves
end

-- Whether the curve says more than one number.
local function varies(list)
    local least, greatest = math.huge, -math.huge
    for _, x in ipairs(list) do
        least, greatest = math.min(least, x), math.max(greatest, x)
    end
    return greatest - least > 1e-9
end

local function gates_of(what, plugin, states, curves)
    local gates = {}
    for _, state in ipairs(states) do
        if varies(curves[state].inf) then
            gates[#gates + 1] = state
        end
    end
    if #gates == 0 then
        keys.fail("%s: no state of %s depends on v alone", what, plugin.name)
    end
    return gates
end

local function without_gaps(v, list)
    local x, y = {}, {}
    for i = 1, #v do
        if list[i] == list[i] then
            x[#x + 1], y[#y + 1] = v[i], list[i]
        end
    end
    return x, y
end

-- The drawing of "inf" or "tau".
local function drawing(what, plugin, options, gates, v, curves, key)
    local layers, legend, lists, columns = {}, {}, {}, { { "v_mV", v } }
    for i, state in ipairs(gates) do
        local colour = panel.colour(what, options, i)
        local x, y = without_gaps(v, curves[state][key])
        columns[#columns + 1] = { state .. (key == "inf" and "_inf" or "_tau_ms"),
            curves[state][key] }
        legend[i] = { name = state, colour = colour, mark = "line" }
        if #x > 0 then
            layers[#layers + 1] = { type = "lines", x = x, y = y, colour = colour, width = 1.2 }
            lists[#lists + 1] = y
        end
    end
    if #layers == 0 then
        return nil
    end
    local about = key == "inf" and "steady state" or "time constant"
    local y = panel.axis(what, about, key == "tau" and "ms" or nil, lists)
    if key == "tau" and options.log then
        y.log, y.low, y.high = true, y.low, y.high * 1.2
        local least = math.huge
        for _, list in ipairs(lists) do
            least = math.min(least, table.unpack(list))
        end
        y.low = least / 1.2
    elseif y.low < 0 and key == "tau" then
        y.low = 0
    end
    return {
        kind = "kinetics", title = ("%s: %s"):format(plugin.name, about), about = about,
        layers = layers, legend = legend, columns = columns, natural = 5.5, y = y,
        x = { label = "v", unit = "mV", low = v[1], high = v[#v] },
    }
end

--- Steady states and time constants of a channel: see scripts/plot.md.
---@param options table
return function(options)
    local what = "kinetics"
    panel.options(what, options, own)
    local name = keys.value(what .. ": the channel's name", options[1], "string")
    local plugin = core.plugin_find(name)
    if plugin.kind ~= "channel" then
        keys.fail("%s: %s is no channel, but of kind %s", what, name, plugin.kind)
    end
    local show = options.show
    if show and show ~= "steady" and show ~= "tau" then
        keys.fail("%s: show: \"steady\" or \"tau\" is wanted, not '%s'", what, show)
    end
    local range = options.range or { -100, 50 }
    local low = keys.value(what .. ": range[1]", range[1], "number")
    local high = keys.value(what .. ": range[2]", range[2], "number")
    if high <= low then
        keys.fail("%s: range: from %g to %g is no range", what, low, high)
    end
    local states = states_of(what, plugin, options.states)
    local v, curves = measure(plugin, options, states, low, high)
    local gates = gates_of(what, plugin, states, curves)
    local parts = {}
    if show ~= "tau" then
        parts[1] = drawing(what, plugin, options, gates, v, curves, "inf")
    end
    if show ~= "steady" then
        parts[#parts + 1] = drawing(what, plugin, options, gates, v, curves, "tau")
    end
    if #parts == 0 then
        keys.fail("%s: no state of %s goes to its steady state as one exponential", what, name)
    end
    return panel.new(what, options, #parts == 1 and parts[1]
        or { kind = "kinetics", title = plugin.name, parts = parts })
end
