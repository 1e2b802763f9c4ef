-- SPDX-License-Identifier: BSD-3-Clause
-- profile: what `hillock run --profile` tells: where the time of each network's runs went. Networks
-- tell this module when they are made and before they end; without `on` it does nothing.

local profile = {}

local MOST = 10 -- networks that are told in full

local wanted = false
local made = 0
local living = setmetatable({}, { __mode = "v" }) -- states by number
local told = {} -- what networks left that have ended

--- Networks that are made from now on are measured, unless their options say otherwise.
function profile.on()
    wanted = true
end

function profile.wanted()
    return wanted
end

--- A network was made. state: the network's.
function profile.made(state)
    if wanted then
        made = made + 1
        state.profile_number = made
        living[made] = state
    end
end

-- What is to be told of a network that has run; nil of one that has not.
local function look(state, number)
    local good, measured = pcall(state.core.profile, state.core)
    if good and measured and measured.run_s > 0 then
        return {
            number = number, profile = measured, facts = state.core:facts(),
            dt = state.options.dt or 0.025,
        }
    end
end

--- A network is about to end; once or more often.
function profile.ended(state)
    local number = state.profile_number
    if number then
        state.profile_number, living[number] = nil, nil
        local seen = look(state, number) -- meanwhile another network may be collected, and told
        told[#told + 1] = seen
    end
end

-- ---- the table

local function bytes(n)
    if n < 1024 * 1024 then
        return ("%.0f KB"):format(n / 1024)
    end
    return ("%.4g MB"):format(n / 1024 / 1024)
end

local function count(n, one, many)
    return ("%d %s"):format(n, n == 1 and one or many or one .. "s")
end

-- "0.123   4.5   0.67": seconds, their share, and ns a compartment and step.
local function columns(s, p)
    local works = p.compartments * p.steps
    return ("%9.4f %6.1f %8.2f"):format(s, p.total_s > 0 and 100 * s / p.total_s or 0,
        works > 0 and s * 1e9 / works or 0)
end

local function phases(p, say)
    say("  %-34s %9s %6s %8s", "phase", "s", "%", "ns")
    local sum = 0
    for _, phase in ipairs(p.phases) do
        sum = sum + phase.s
        if phase.name ~= "waiting of threads" or #p.busy_s > 1 then
            say("  %-34s %s", phase.name, columns(phase.s, p))
        end
    end
    say("  %-34s %s", "sum", columns(sum, p))
end

local function mechanisms(p, say)
    local list = {}
    for i, m in ipairs(p.mechanisms) do
        list[i] = { m = m, s = m.current_s + m.advance_s + m.receive_s, i = i }
    end
    table.sort(list, function(a, b)
        if a.s ~= b.s then
            return a.s > b.s
        end
        return a.i < b.i
    end)
    say("  %-16s %-8s %10s %10s %9s %9s %9s %9s %6s %8s", "mechanism", "kind", "instances",
        "events", "current s", "advance s", "receive s", "s", "%", "ns")
    for _, one in ipairs(list) do
        local m = one.m
        say("  %-16s %-8s %10d %10d %9.4f %9.4f %9.4f %s", m.name, m.kind, m.instances, m.events,
            m.current_s, m.advance_s, m.receive_s, columns(one.s, p))
    end
end

local function cache_sizes()
    local known = {}
    for level, size in ipairs(require "hillock.host".caches()) do
        if size > 0 then
            known[#known + 1] = ("L%d %s"):format(level, bytes(size))
        end
    end
    return #known > 0 and "; caches: " .. table.concat(known, ", ") or ""
end

local function groups(p, say)
    local cells = p.least_cells == p.most_cells and count(p.most_cells, "cell")
        or ("%d to %d cells"):format(p.least_cells, p.most_cells)
    say("  %s of %s; a step touches %s of the greatest%s", count(p.groups, "group"), cells,
        bytes(p.group_bytes), cache_sizes())
    local busy = {}
    for i, s in ipairs(p.busy_s) do
        busy[i] = ("%.1f"):format(p.run_s > 0 and 100 * s / p.run_s or 0)
    end
    say("  %s busy: %s %%", count(#p.busy_s, "thread"), table.concat(busy, ", "))
    if p.total_s > 0 and p.overhead_s > 0.02 * p.total_s then
        say("  looking at the clock took about %.0f %% of the time, which is in the figures",
            100 * p.overhead_s / p.total_s)
    end
end

local function one_network(one, say)
    local p, facts = one.profile, one.facts
    local a_second = p.run_s > 0 and p.events / p.run_s or 0
    say("")
    say("network %d: %s, %s, %s (%s), %s, %s", one.number, count(facts.cells, "cell"),
        count(facts.compartments, "compartment"), count(facts.points, "point"),
        count(facts.instances, "instance"), count(facts.connections, "connection"),
        count(facts.inputs, "input"))
    say("  %s, %s of %g ms, %s, %s delivered (%.0f a second)", count(p.runs, "run"),
        count(p.steps, "step"), one.dt, count(p.spikes, "spike"), count(p.events, "event"),
        a_second)
    say("  built in %.3f s, ran for %.3f s on %s; ns: of all threads, a compartment and step",
        p.build_s, p.run_s, count(#p.busy_s, "thread"))
    say("")
    phases(p, say)
    say("")
    mechanisms(p, say)
    say("")
    groups(p, say)
end

local function by(key)
    return function(a, b)
        return key(a) < key(b)
    end
end

--- The text for all networks that ran. elapsed: s, of the whole script.
function profile.report(elapsed)
    for number = 1, made do
        if living[number] then
            profile.ended(living[number])
        end
    end
    local lines, build_s, run_s = {}, 0, 0
    local function say(format, ...)
        lines[#lines + 1] = format:format(...)
    end
    for _, one in ipairs(told) do
        build_s, run_s = build_s + one.profile.build_s, run_s + one.profile.run_s
    end
    say("profile: %.3f s, of them the script and what it reads %.3f s, building %.3f s, "
        .. "runs %.3f s", elapsed, math.max(elapsed - build_s - run_s, 0), build_s, run_s)
    table.sort(told, by(function(one) return -one.profile.run_s end))
    local shown = table.move(told, 1, math.min(#told, MOST), 1, {})
    table.sort(shown, by(function(one) return one.number end))
    for _, one in ipairs(shown) do
        one_network(one, say)
    end
    if #told == 0 then
        say("no network ran (those in functions of hk.map are not shown)")
    elseif #told > MOST then
        say("")
        say("and %s more that ran for less", count(#told - MOST, "network"))
    end
    return table.concat(lines, "\n") .. "\n"
end

return profile
