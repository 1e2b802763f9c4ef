-- SPDX-License-Identifier: BSD-3-Clause
-- spikes: the trains of a population's synapses, as DendroTweaks draws them by numpy.

local numpy = require "hillock.dendrotweaks.numpy"

local spikes = {}

-- A Poisson process for `seconds`: as many intervals as are expected, those within are kept.
local function poisson(rate, seconds, generator)
    local times, t = {}, 0.0
    for _ = 1, rate * seconds // 1 do
        t = t + 1 / rate * generator:exponential()
        if t <= seconds then
            times[#times + 1] = t
        end
    end
    return times
end

-- Spikes at equal intervals, each moved by a normal number of the deviation noise/rate.
local function jittered(rate, seconds, noise, generator)
    local step, times = 1 / rate, {}
    for i = 0, math.ceil(seconds / step) - 1 do
        local t = i * step + noise / rate * generator:normal()
        if t >= 0 and t <= seconds then
            times[#times + 1] = t
        end
    end
    table.sort(times)
    return times
end

--- The trains of n synapses, in ms.
---@param input table rate (Hz), noise, start, ["end"] (ms)
---@param seed integer of the population
---@param n integer
function spikes.times(input, seed, n)
    local trains, seconds = {}, (input["end"] - input.start) / 1000
    for i = 1, n do
        local generator = numpy.generator(numpy.state(seed, i - 1, 1)[1])
        local times = {}
        if input.rate > 0 and seconds > 0 then
            times = input.noise == 1 and poisson(input.rate, seconds, generator)
                or jittered(input.rate, seconds, input.noise, generator)
        end
        for k, t in ipairs(times) do
            times[k] = input.start + t * 1000
        end
        trains[i] = times
    end
    return trains
end

return spikes
