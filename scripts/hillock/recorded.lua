-- SPDX-License-Identifier: BSD-3-Clause
-- recorded: what a run's recordings are asked for, whether they are in memory (result.lua) or in a
-- folder (results.lua): one by its name, a trace, spikes of some cells, a rate.

local core = require "hillock.core"
local analysis = require "hillock.analysis"
local keys = require "hillock.keys"
local object = require "hillock.object"

local recorded = {}

--- The recordings of that name, of a list.
function recorded.named(list, name)
    local found = {}
    for _, recording in ipairs(list) do
        if recording.name == name then
            found[#found + 1] = recording
        end
    end
    return found
end

--- The one of that name, or the recording itself. from: { list =, class = of recordings, several =
--- what to do where several have the name, as a format for it }.
function recorded.find(from, name, what)
    if object.test(from.class, name) then
        return name
    end
    keys.value(what, name, "string")
    local found = recorded.named(from.list, name)
    if #found == 0 then
        local names = {}
        for i, recording in ipairs(from.list) do
            names[i] = recording.name
        end
        keys.fail("%s: nothing was recorded as '%s'%s", what, name, keys.hint(name, names))
    elseif #found > 1 then
        keys.fail("%s: %d recordings are called '%s': %s", what, #found, name,
            from.several:format(name))
    end
    return found[1]
end

--- The i-th trace of a recording, and its times: trace(from, i) of "v", or trace(from, name, i).
function recorded.trace(from, name, i)
    if math.type(name) then
        name, i = "v", name
    end
    local recording = recorded.find(from, name, "trace")
    i = i or 1
    keys.value("trace: number", i, "count from 1")
    if recording.kind ~= "values" then
        keys.fail("trace: recording %s holds %s, not traces", recording.name, recording.kind)
    elseif i > #recording then
        keys.fail("trace: recording %s has traces 1 to %d, not %d", recording.name, #recording, i)
    end
    return recording[i], recording.t
end

--- The recording of spikes of that name; "spikes" without one.
function recorded.spikes(from, name)
    local recording = recorded.find(from, name == nil and "spikes" or name, "spikes")
    if recording.kind ~= "spikes" then
        keys.fail("spikes: recording %s holds %s", recording.name, recording.kind)
    end
    return recording
end

--- Of times, and the number of each one's origin: what is from one in the list, with its place
--- there, as two arrays.
function recorded.within(t, number, list)
    local at, kept, place = {}, {}, {}
    for i = 1, #list do
        at[list[i]] = i
    end
    for i = 1, #t do
        local k = at[number[i]]
        if k then
            kept[#kept + 1], place[#place + 1] = t[i], k
        end
    end
    return core.array(kept), core.whole(place)
end

--- Options of a mean rate.
recorded.rate_keys = {
    cells = "any", bin = "positive", from = "not negative", to = "positive", kernel = "string",
    width = "positive", name = "string",
}

--- The mean rate in Hz of n cells with spikes at these times, in bins up to t_end (ms).
function recorded.rate(times, n, t_end, options)
    return analysis.rate(times, {
        n = n, bin = options.bin, from = options.from, to = options.to or math.max(t_end, 1e-9),
        kernel = options.kernel, width = options.width,
    })
end

return recorded
