-- SPDX-License-Identifier: BSD-3-Clause
-- numpy: the random numbers of numpy.random.default_rng(seed), bit for bit. Seeds are spread by its
-- SeedSequence, after O'Neill's seed_seq_fe (pcg-random.org, "Developing a seed_seq Alternative");
-- the generator is PCG64, XSL-RR (O'Neill 2014, Harvey Mudd College HMC-CS-2014-0905).

local ziggurat = require "hillock.dendrotweaks.ziggurat"

local numpy = {}

local WORD = 0xffffffff

-- ---- seeds

-- A hash whose constant changes with each number that it takes.
local function hasher(constant, factor)
    return function(x)
        x = x ~ constant
        constant = constant * factor & WORD
        x = x * constant & WORD
        return x ~ x >> 16
    end
end

local function mix(x, y)
    local z = 0xca01f9dd * x - 0x4973f715 * y & WORD
    return z ~ z >> 16
end

-- The 32-bit words of a whole number from 0, the lowest first.
local function words(x)
    local list = { x & WORD }
    if x >> 32 ~= 0 then
        list[2] = x >> 32
    end
    return list
end

--- n words of 32 bits from a seed, and, where it is given, the number of the child that the seed
--- spawns, from 0.
---@param seed integer
---@param child? integer
---@param n integer
function numpy.state(seed, child, n)
    local entropy = words(seed)
    if child then
        for i = #entropy + 1, 4 do
            entropy[i] = 0
        end
        table.move(words(child), 1, 2, 5, entropy)
    end
    local hash, pool = hasher(0x43b0d7e5, 0x931e8875), {}
    for i = 1, 4 do
        pool[i] = hash(entropy[i] or 0)
    end
    for i = 1, 4 do
        for k = 1, 4 do
            if i ~= k then
                pool[k] = mix(pool[k], hash(pool[i]))
            end
        end
    end
    for i = 5, #entropy do
        for k = 1, 4 do
            pool[k] = mix(pool[k], hash(entropy[i]))
        end
    end
    local out, list = hasher(0x8b51f9dd, 0x58f38ded), {}
    for i = 1, n do
        list[i] = out(pool[(i - 1) % 4 + 1])
    end
    return list
end

-- ---- the generator: numbers of 128 bits as two of 64, high and low

local function add(a, a2, b, b2)
    local low = a2 + b2
    return a + b + (math.ult(low, a2) and 1 or 0), low
end

-- The high half of the product of two unsigned numbers of 64 bits.
local function high_product(a, b)
    local a1, a2, b1, b2 = a >> 32, a & WORD, b >> 32, b & WORD
    local low = a2 * b2
    local middle = a1 * b2 + (low >> 32)
    local other = a2 * b1 + (middle & WORD)
    return a1 * b1 + (middle >> 32) + (other >> 32)
end

local FACTOR, FACTOR_LOW = 2549297995355413924, 4865540595714422341

local Generator = {}
Generator.__index = Generator

local function step(self)
    local high, low = self.high, self.low
    self.high, self.low = add(high_product(low, FACTOR_LOW) + high * FACTOR_LOW + low * FACTOR,
        low * FACTOR_LOW, self.more, self.more_low)
end

--- 64 random bits.
function Generator:bits()
    step(self)
    local x, turn = self.high ~ self.low, self.high >> 58
    return x >> turn | x << (64 - turn & 63)
end

--- A number in [0, 1).
function Generator:double()
    return (self:bits() >> 11) * 2.0 ^ -53
end

--- As numpy's: exponential numbers of mean 1, normal ones of mean 0 and standard deviation 1.
Generator.exponential, Generator.normal = ziggurat.exponential, ziggurat.normal

--- numpy.random.default_rng(seed)
---@param seed integer from 0
function numpy.generator(seed)
    local s = numpy.state(seed, nil, 8)
    local function long(i)
        return s[i] | s[i + 1] << 32
    end
    local self = setmetatable({
        high = 0, low = 0, more = long(5) << 1 | long(7) >> 63, more_low = long(7) << 1 | 1,
    }, Generator)
    step(self)
    self.high, self.low = add(self.high, self.low, long(1), long(3))
    step(self)
    return self
end

return numpy
