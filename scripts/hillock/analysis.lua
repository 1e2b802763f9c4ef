-- SPDX-License-Identifier: BSD-3-Clause
-- analysis: what is asked of spike times and traces: arrays (or lists) in, arrays out.

local core = require "hillock.core"
local keys = require "hillock.keys"

local analysis = {}

local MOST_BINS <const> = 1e8

-- Weights of a kernel over n bins, from -reach to reach; they add up to 1.
local function kernel_of(kind, width, bin, n)
    local weight, sum = {}, 0
    local reach = math.ceil(math.min((kind == "gaussian" and 4 * width or width / 2) / bin, n))
    for k = -reach, reach do
        local x = k * bin
        local w
        if kind == "gaussian" then
            w = math.exp(-(x / width) ^ 2 / 2)
        else
            w = math.abs(x) <= width / 2 + 1e-9 and 1 or 0
        end
        weight[k], sum = w, sum + w
    end
    for k = -reach, reach do
        weight[k] = weight[k] / sum
    end
    return weight, reach
end

-- Smooths the counts; at the ends the kernel is cut and made whole again.
local function smooth(count, kind, width, bin)
    local n = #count
    local weight, reach = kernel_of(kind, width, bin, n)
    local smoothed = core.array(n)
    for i = 1, n do
        local sum, whole = 0, 0
        for k = math.max(-reach, 1 - i), math.min(reach, n - i) do
            sum, whole = sum + weight[k] * count[i + k], whole + weight[k]
        end
        smoothed[i] = sum / whole
    end
    return smoothed
end

local rate_keys = {
    n = "count from 1", bin = "positive", from = "number", to = "number!", kernel = "string",
    width = "positive",
}

--- The rate in Hz of spikes at `times` (ms), divided by n cells, in bins of `bin` ms (10) from
--- `from` (0) to `to`: { t = the bins' middles, rate = }. kernel = "gaussian" (width: its standard
--- deviation) or "box" smooths it.
---@param times any
---@param options table n, bin, from, to, kernel, width
function analysis.rate(times, options)
    keys.numbers("rate: times", times)
    keys.check("rate", options, rate_keys)
    local n, bin, from, to = options.n or 1, options.bin or 10, options.from or 0, options.to
    if to <= from then
        keys.fail("rate: from %g to %g is no span of time", from, to)
    end
    local bins = math.max(1, math.floor((to - from) / bin + 1e-9))
    if bins > MOST_BINS then
        keys.fail("rate: from %g to %g are %.4g bins of %g ms: more than %g", from, to, bins, bin,
            MOST_BINS)
    end
    local count, middle = core.array(bins), core.array(bins)
    for i = 1, bins do
        middle[i] = from + (i - 0.5) * bin
    end
    for i = 1, #times do
        local k = (times[i] - from) // bin + 1
        if k >= 1 and k <= bins then
            count[k] = count[k] + 1
        end
    end
    if options.kernel then
        if options.kernel ~= "gaussian" and options.kernel ~= "box" then
            keys.fail("rate: no kernel is called '%s': there is box, gaussian", options.kernel)
        elseif not options.width then
            keys.fail("rate: a kernel needs a width (ms)")
        end
        count = smooth(count, options.kernel, options.width, bin)
    elseif options.width then
        keys.fail("rate: width is a kernel's: say kernel = \"gaussian\" or \"box\"")
    end
    for i = 1, bins do
        count[i] = count[i] * 1000 / (bin * n)
    end
    return { t = middle, rate = count }
end

--- The intervals between one cell's spikes.
---@param times any
function analysis.isi(times)
    keys.numbers("isi: times", times)
    local intervals = core.array(math.max(0, #times - 1))
    for i = 2, #times do
        intervals[i - 1] = times[i] - times[i - 1]
    end
    return intervals
end

--- How many of the times are in [from, to).
---@param times any
---@param from number
---@param to number
function analysis.count(times, from, to)
    keys.numbers("count: times", times)
    keys.value("count: from", from, "number")
    keys.value("count: to", to, "number")
    local n = 0
    for i = 1, #times do
        if times[i] >= from and times[i] < to then
            n = n + 1
        end
    end
    return n
end

local function same_length(what, t, x)
    keys.numbers(what .. ": times", t)
    keys.numbers(what .. ": values", x)
    if #t ~= #x then
        keys.fail("%s: %d times and %d values", what, #t, #x)
    end
end

--- The greatest value and its time, of the trace or of its part from `from` to `to` ms.
---@param t any times, ms
---@param x any values
---@param options? { from?: number, to?: number, lowest?: boolean }
function analysis.peak(t, x, options)
    same_length("peak", t, x)
    options = keys.check("peak", options or {},
        { from = "number", to = "number", lowest = "boolean" })
    local from, to = options.from or -math.huge, options.to or math.huge
    local sign = options.lowest and -1 or 1
    local best, at
    for i = 1, #t do
        if t[i] >= from and t[i] <= to and (not best or sign * x[i] > sign * best) then
            best, at = x[i], t[i]
        end
    end
    return best, at
end

--- The times at which the trace passes the threshold upwards (or downwards), between samples by a
--- line.
---@param t any times, ms
---@param x any values
---@param threshold number
---@param direction? "up"|"down"
function analysis.crossings(t, x, threshold, direction)
    same_length("crossings", t, x)
    keys.value("crossings: threshold", threshold, "number")
    direction = direction == nil and "up" or direction
    if direction ~= "up" and direction ~= "down" then
        keys.fail("crossings: the direction is 'up' or 'down', not %s", keys.describe(direction))
    end
    return core.crossings(t, x, threshold, direction == "up")
end

return analysis
