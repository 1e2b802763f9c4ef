-- SPDX-License-Identifier: BSD-3-Clause
-- hillock.nmodl.optimise: what comes out has the value of what went in, at ordinary, singular and
-- extreme voltages, and costs no more than the kernels written by hand.

package.path = (os.getenv "HILLOCK_SOURCE" or ".") .. "/tests/nmodl/?.lua;" .. package.path

local expressions = require "expressions"
local graph = require "hillock.nmodl.graph"
local optimise = require "hillock.nmodl.optimise"
local tap = require "tap"

local function nodes_of(list)
    local nodes = {}
    for i, e in ipairs(list) do
        nodes[i] = e.node
    end
    return nodes
end

-- The values of the symbols: parameters as they are by default times `by`.
local function values_of(s, v, by)
    local values = { v = v, dt = 0.025, celsius = 37.0, m = 0.3, h = 0.6, n = 0.45, l = 0.8,
        cai = 1.3e-4, x = 0.7, y = 1.9 }
    for name, default in pairs(s.names) do
        values[name] = default * (by or 1)
    end
    return values
end

-- The rounding of both is told by the first's bound: 40 times it, as other formulas round in other
-- places (a power of 25 has 25 errors of its base's). Where exp(u) is taken from exp(u) - 1, it is
-- right to 1e-16 of 1, not of itself.
local function is_near(old, new, values, floor)
    local want, bound, state = expressions.measure(old, values)
    if want ~= want or math.abs(want) == math.huge or state.doubtful or state.largest > 1e100 then
        return true
    end
    local got = graph.evaluate(new, values)
    local off = math.abs(got - want)
    return off <= 40 * bound + floor * math.max(1, math.abs(want)), want, got, bound
end

local singular = { -30, 25, -45, -70, -27, -40, -55, -35, -15, -50, 11, 0 }

local function voltages()
    local list = {}
    for v = -1000, 1000, 12.5 do
        list[#list + 1] = v
    end
    for _, v in ipairs(singular) do
        for _, off in ipairs { 0, 1e-13, -1e-9, 1e-7, 1e-5, -1e-4, 1e-3, 0.0999, -0.1001, 1 } do
            list[#list + 1] = v + off
        end
    end
    return list
end

local function compare(s, old, new, name, by, floor)
    for _, v in ipairs(voltages()) do
        local values = values_of(s, v, by)
        for i = 1, #old do
            local fine, want, got, bound = is_near(old[i], new[i], values, floor or 2e-14)
            if not fine then
                local text = "%s at v = %.17g, root %d: %.17g instead of %.17g (bound %.3g)"
                tap.ok(false, text:format(name, v, i, got, want, bound))
                return
            end
        end
    end
    tap.ok(true, name)
end

-- ---- the channels, with the counts of those written by hand: exponentials, divisions

local by_hand = {
    Na = { 5, 2 }, Kv = { 2, 1 }, Km = { 2, 1 }, Ka = { 5, 3 }, KCa = { 1, 1 }, CaHVA = { 5, 2 },
    CaLVA = { 5, 2 }, hh = { 7, 6 },
}
local names = {}
for name in pairs(by_hand) do
    names[#names + 1] = name
end
table.sort(names)

for _, name in ipairs(names) do
    local s = expressions.scribe()
    local old = nodes_of(expressions.channels[name](s))
    local from = os.clock()
    local new = optimise.roots(s.g, old, { strict = true })
    local ms = (os.clock() - from) * 1e3
    local before, after = expressions.count(old), expressions.count(new)
    tap.note("%s: %d exp, %d div, %d others; as written %d, %d, %d; %.1f ms", name, after.exp,
        after.div, after.other, before.exp, before.div, before.other, ms)
    tap.ok(after.exp <= by_hand[name][1], name .. ": exponentials as by hand")
    tap.ok(after.div <= by_hand[name][2], name .. ": divisions as by hand")
    compare(s, old, new, name .. ": its value")
    compare(s, old, new, name .. ": with half the parameters", 0.5)
    compare(s, old, new, name .. ": with slopes of about 1 mV", 0.15)
    local finite = true
    for _, v in ipairs(voltages()) do
        for _, by in ipairs { 1, 0.5, 0.15, 3 } do
            for _, root in ipairs(new) do
                local value = graph.evaluate(root, values_of(s, v, by))
                finite = finite and value > -1e-6 and value < 1 + 1e-6
            end
        end
    end
    tap.ok(finite, name .. ": a gate stays from 0 to 1 at any voltage")
end

-- ---- families

local function family(name, make, exps, divs, floor)
    local s = expressions.scribe()
    local p = { k = s.symbol("k", graph.INSTANCE, 7.3), a = s.symbol("a", graph.INSTANCE, 0.31),
        b = s.symbol("b", graph.INSTANCE, 1.7), half = s.symbol("half", graph.INSTANCE, -30),
        x = s.symbol("x", graph.DYNAMIC), y = s.symbol("y", graph.DYNAMIC) }
    local old = nodes_of(make(s, s.v, p))
    local new = optimise.roots(s.g, old, { strict = true })
    local n = expressions.count(new)
    local text = "%s: %d exponentials of %d, %d divisions of %d"
    tap.ok(n.exp <= exps and n.div <= divs, text:format(name, n.exp, exps, n.div, divs))
    compare(s, old, new, name, 1, floor)
end

family("1/(1/x)", function(_, _, p) return { 1 / (1 / (p.x + p.a)) } end, 0, 0)
family("x/parameter", function(_, _, p) return { p.x / p.k } end, 0, 0)
family("exp(u) exp(-u)", function(s, v) return { s.exp(v / 9) * s.exp(-v / 9) } end, 0, 0)
family("exp(u) and exp(2u + c)", function(s, v)
    return { s.exp(v / 90), s.exp(v / 45 + 1) }
end, 1, 0)
family("exp(u)/(1 + exp(u))", function(s, v)
    return { s.exp(v / 90) / (1 + s.exp(v / 90)) }
end, 1, 1)
family("a guard with ==", function(s, v)
    return { s.when(v, "==", 0, 10, v / (s.exp(v / 10) - 1)) }
end, 1, 1)
family("a guard with > and branches swapped", function(s, v, p)
    return { s.when(s.call("fabs", (v - p.half) / p.k), ">", 1e-6,
        p.a * (v - p.half) / (1 - s.exp(-(v - p.half) / p.k)), p.a * p.k) }
end, 1, 1, 1e-6)
family("another guard's side", function(s, v)
    return { s.when(s.call("fabs", v + 40), "<", 1e-4, 1,
        0.1 * (v + 40) / (1 - s.exp(-(v + 40) / 10))) }
end, 1, 1, 1e-5)
family("no guard", function(s, v) return { (25 - v) / (s.exp((25 - v) / 10) - 1) } end, 1, 1)
family("a sum over a sum", function(s, v)
    local a = 1 / (1 + s.exp(-v / 8)) + 1 / (1 + s.exp((v + 3) / 11))
    return { 1 / a, 2 + 3 / a }
end, 2, 2)
family("a select that is no guard", function(s, v, p)
    return { s.when(v, "<", -20, p.x, p.a * (v + 20) / (1 - s.exp(-(v + 20) / 9))) }
end, 1, 1)
family("selects of one condition", function(s, v, p)
    local a = s.when(v, "<", -20, s.when(v, "<", -20, p.x, p.y), p.k)
    return { a / (1 + a) }
end, 0, 1)
family("the greatest", function(s, v, p)
    local tau = 5 / (s.exp(v / 100) + p.a)
    return { 1 / s.when(tau, "<", 0.4, 0.4, tau) }
end, 1, 1)

-- A select stays where its branch is not the singularity's limit.
do
    local s = expressions.scribe()
    local wrong = s.when(s.call("fabs", s.v), "<", 1e-6, 11, s.v / (s.exp(s.v / 10) - 1))
    local new = optimise.roots(s.g, { wrong.node }, { strict = true })[1]
    tap.near(graph.evaluate(new, { v = 0.0 }), 11, 0, "a wrong limit stays")
    tap.near(graph.evaluate(new, { v = 5.0 }), 5 / (math.exp(0.5) - 1), 1e-14, "and the other side")
end

-- Functions of which nothing is known stay.
do
    local s = expressions.scribe()
    local g = s.g
    local root = g:add(g:opaque("mystery(%1)", graph.DYNAMIC, g:neg(s.v.node)), g:const(2))
    local new = optimise.roots(g, { root }, { strict = true })[1]
    local value = graph.evaluate(new, { v = 3.0 }, {
        ["mystery(%1)"] = function(x) return 5 * x end,
    })
    tap.is(value, -13.0, "an opaque function")
end

-- ---- random expressions

local seed = 20261124
local function random(n)
    seed = (seed * 6364136223846793005 + 1442695040888963407)
    return (seed >> 33) % n + 1
end

local function any(list)
    return list[random(#list)]
end

local function random_expression(s, p)
    local make
    local function linear()
        local at = any { s.v, s.v + any { 40, -30, 65 }, s.v - p.half, p.half - s.v,
            -(s.v + 40), s.v + p.half }
        return at / any { 10, 20, 5, 7.4, p.k, p.k, 80 }
    end
    local function leaf()
        return any { p.x, p.y, p.a, p.b, p.a * p.b, p.x * p.x, s.v / 100, p.k / 10 }
    end
    function make(depth)
        local what = random(depth > 0 and 14 or 3)
        if what == 1 then
            return leaf()
        elseif what <= 3 then
            return s.exp(linear())
        elseif what <= 5 then
            return make(depth - 1) + make(depth - 1)
        elseif what == 6 then
            return make(depth - 1) - make(depth - 1)
        elseif what <= 8 then
            return make(depth - 1) * make(depth - 1)
        elseif what <= 10 then
            return make(depth - 1) / make(depth - 1)
        elseif what == 11 then
            return 1 / (any { 1, 0.3, p.a } + make(depth - 1))
        elseif what == 12 then
            return any { p.a, p.b, 0.1 } * s:relp(any { s.v - p.half, p.half - s.v, s.v + 40 },
                any { p.k, p.k, p.b * 4 })
        elseif what == 13 then
            return s.when(s.v, any { "<", ">" }, any { -20, p.half }, make(depth - 1),
                make(depth - 1))
        end
        return s.exp(-s.dt * make(depth - 1))
    end
    return make(4)
end

local wrong, tried, kept = 0, 0, 0
for round = 1, 400 do
    local s = expressions.scribe()
    local p = { k = s.symbol("k", graph.INSTANCE, 7.3), a = s.symbol("a", graph.INSTANCE, 0.31),
        b = s.symbol("b", graph.INSTANCE, 1.7), half = s.symbol("half", graph.INSTANCE, -30),
        x = s.symbol("x", graph.DYNAMIC), y = s.symbol("y", graph.DYNAMIC) }
    local list = { p.x + random_expression(s, p), p.y * random_expression(s, p) }
    local old = nodes_of(list)
    local new = optimise.roots(s.g, old)
    for _, v in ipairs { -65, -30, 0, 40, -40, -29.999, 12.3, 25, -20, 300, -300, 1000, -1000 } do
        for i = 1, 2 do
            local fine, want, got, bound = is_near(old[i], new[i], values_of(s, v), 1e-12)
            tried = tried + 1
            kept = kept + (old[i] == new[i] and 1 or 0)
            if not fine then
                wrong = wrong + 1
                if wrong <= 8 then
                    tap.note("round %d, root %d, v = %g: %.17g instead of %.17g (bound %.3g)",
                        round, i, v, got, want, bound)
                end
            end
        end
    end
end
tap.note("%d values, %d of expressions that stayed", tried, kept)
tap.is(wrong, 0, "random expressions keep their values")

tap.done()
