-- SPDX-License-Identifier: BSD-3-Clause
-- One file of tests/peer/nmodl_corpus.sh in hillock, against NEURON:
--
--     build/hillock run tests/peer/nmodl_corpus.lua FILE.mod CASE.lua
--
-- CASE.lua is what tests/peer/nmodl_corpus.py has written. One line: the word that says how it
-- went (agree, differ, refused, fails, broken), a tab, and why. agree: v and all that can be
-- recorded within 1e-6 of the range that it covers; differ: what differs most, worst first.

local hk = require "hillock"

local TOLERANCE = 1e-6
local EVERY = 0.925 -- ms; seldom a whole ms, at which events come

local function say(word, ...)
    print(word .. "\t" .. string.format(...))
    os.exit(0)
end

local function first_line(text)
    text = tostring(text)
    return text:match "error: ([^\n]+)" or text:match "[^\n]+" or "?"
end

local function cell_type(case)
    local type = hk.cell {
        name = "corpus", morphology = hk.compartment { L = 20, diam = 20 }, Ra = 100, cm = 1,
        nseg = 1,
    }
    type:insert("pas", { g = 1e-4, e = -65 })
    if case.kind == "channel" and case.name ~= "pas" then
        type:insert(case.name, case.values)
    end
    for key, value in pairs(case.ions) do -- an ion that nothing uses has no variables
        pcall(type.set, type, { [key] = value })
    end
    return type
end

local function weights(case)
    local list = {}
    for k = 1, case.weights do
        list[k] = k == 1 and (case.kind == "artificial" and 0.6 or 0.001) or 0
    end
    return #list == 0 and {} or #list == 1 and list[1] or { list }
end

local function build(case)
    local net = hk.network { celsius = 25, v_init = -65, dt = 0.025 }
    local cells = net:population("cell", 1, cell_type(case))
    local clamp = { "IClamp", dur = 50, amp = 0.05 }
    clamp[case.name == "IClamp" and "del" or "delay"] = 10 -- the file's own, or hillock's
    net:add(cells "soma(0.5)", clamp)
    local thing
    local values, is_field = { case.name }, {}
    for _, field in ipairs(hk.plugin(case.name).fields) do
        is_field[field.name] = true
    end
    for field, value in pairs(case.values) do
        values[field] = value
    end
    if case.kind == "point" then
        thing = net:add(cells "soma(0.5)", values)
    elseif case.kind == "artificial" then
        thing = net:artificial("artificial", 1, values)
    end
    for _, pointer in ipairs(case.pointers) do
        if not is_field[pointer] then -- nothing uses it
            goto continue
        elseif thing then
            net:port(thing, pointer, cells "soma(0.5)", "v")
        else
            net:port(cells "soma(0.5)", case.name .. "." .. pointer, cells "soma(0.5)", "v")
        end
        ::continue::
    end
    if case.weights and thing then
        local times = {}
        for k, t in ipairs(case.times) do
            times[k] = t - 1
        end
        net:connect_one(net:input { "SpikeArray", times = times }, thing,
            { weight = weights(case), delay = 1 })
    end
    return net, cells, thing
end

-- A recording of what NEURON calls item, or nil.
local function record(net, case, cells, thing, item)
    local name = item.index and ("%s[%d]"):format(item.name, item.index) or item.name
    local options = { every = EVERY, name = item.what .. name }
    local of_segment = item.what == "v" or item.what == "ion"
    if of_segment then
        options[1] = cells "soma(0.5)"
    elseif thing then
        options[1] = thing
    else
        options[1], name = cells "soma(0.5)", case.name .. "." .. name
    end
    local well, made = pcall(net.record, net, name, options)
    return well and made or nil, made
end

-- The greatest difference, relative to what is covered; and where.
local function greatest(got, want, first)
    local low, high = math.huge, -math.huge
    for _, x in ipairs(want) do
        low, high = math.min(low, x), math.max(high, x)
    end
    local size = math.max(math.abs(low), math.abs(high))
    local range = math.max(high - low, 1e-6 * size)
    range = range == 0 and 1 or range
    local most, at = 0, first
    for i = first, #want do
        local x, y = want[i], got[i] or 0 / 0
        local difference = x == y and 0 or math.abs(y - x) / range
        if x ~= x and y ~= y then
            difference = 0
        end
        if difference ~= difference then
            return math.huge, i
        elseif difference > most then
            most, at = difference, i
        end
    end
    return most, at
end

local function compare(item, got)
    -- NEURON shows what BREAKPOINT assigns only when a step has computed it
    local is_kept = item.what == "state" or item.what == "v"
    local most, at = greatest(got, item.at, is_kept and 1 or 2)
    local late, late_at = greatest(got, item.late, 1)
    if not is_kept and late < most then
        return late, late_at, item.late
    end
    return most, at, item.at
end

local function compare_spikes(case, got)
    if #got ~= #case.spikes then
        return ("%d events in NEURON, %d in hillock"):format(#case.spikes, #got)
    end
    for i, t in ipairs(case.spikes) do
        if math.abs(t - got[i]) > 1e-9 then
            return ("event %d at %.6f in NEURON, %.6f in hillock"):format(i, t, got[i])
        end
    end
end

local function main(path, case_path)
    local loaded, why = pcall(hk.load, path, { quiet = true })
    if not loaded then
        say("refused", "%s", first_line(why))
    end
    local case = assert(loadfile(case_path))()
    local built, net, cells, thing = pcall(build, case)
    if not built then
        say("fails", "%s", first_line(net))
    end
    local recordings, silent = {}, {}
    for i, item in ipairs(case.seen) do
        recordings[i] = record(net, case, cells, thing, item)
        if not recordings[i] and item.what ~= "ion" then
            silent[#silent + 1] = item.name
        end
    end
    local fires = case.kind == "artificial" and case.fires
    if fires then
        net:record("spikes", { thing })
    end
    local well, result = pcall(net.run, net, 100)
    if not well then
        say("fails", "%s", first_line(result))
    end
    local worst = {}
    for i, item in ipairs(case.seen) do
        if recordings[i] then
            local got = recordings[i][1]
            local most, at, want = compare(item, got)
            if most > TOLERANCE then
                worst[#worst + 1] = { most, ("%s%s by %.2g at %g ms (%.9g, not %.9g)"):format(
                    item.name, item.index and ("[%d]"):format(item.index) or "", most,
                    (at - 1) * EVERY, got[at] or 0 / 0, want[at]) }
            end
        end
    end
    table.sort(worst, function(a, b) return a[1] > b[1] end)
    local spikes = fires and compare_spikes(case, result:spikes().t)
    if spikes then
        table.insert(worst, 1, { math.huge, spikes })
    end
    local note = #silent > 0 and " [not to be recorded: " .. table.concat(silent, " ") .. "]" or ""
    if #worst == 0 then
        say("agree", "%d variables%s", #case.seen - #silent, note)
    end
    local texts = {}
    for i = 1, math.min(3, #worst) do
        texts[i] = worst[i][2]
    end
    say("differ", "%s%s", table.concat(texts, "; "), note)
end

main(...)
