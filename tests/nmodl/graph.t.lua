-- SPDX-License-Identifier: BSD-3-Clause
-- The graph of expressions: equal ones are one node, what is simple is seen, derivatives are right,
-- systems of equations are solved.

local graph = require "hillock.nmodl.graph"
local linear = require "hillock.nmodl.linear"
local tap = require "tap"

local g = graph.new()
local v = g:symbol("v", graph.DYNAMIC)
local m = g:symbol("m", graph.DYNAMIC)
local p = g:symbol("p", graph.INSTANCE)
local q = g:symbol("q", graph.COMMON)
local function n(x) return g:const(x) end

-- ---- one node for what is equal

tap.ok(g:add(v, m) == g:add(m, v), "a sum is one node in either order")
tap.ok(g:mul(v, n(2)) == g:mul(n(2), v), "and a product")
tap.ok(g:sub(v, m) ~= g:sub(m, v), "a difference is not")
tap.ok(g:call("exp", g:sub(v, m)) == g:call("exp", g:sub(v, m)), "calls of equal arguments are one")
tap.ok(g:symbol("v", graph.DYNAMIC) == v, "a symbol is known by its name")
tap.ok(g:opaque("f(%1)", 3, v) ~= g:opaque("f(%1)", 3, m), "unknown functions by their arguments")

-- ---- what is simple

tap.ok(g:mul(v, n(0)) == n(0) and g:mul(n(1), v) == v and g:add(v, n(0)) == v, "0 and 1")
tap.ok(g:sub(v, v) == n(0), "x - x")
tap.ok(g:neg(g:neg(v)) == v and g:neg(g:sub(v, m)) == g:sub(m, v), "signs")
tap.ok(g:div(v, n(4)) == g:mul(n(0.25), v), "a division by a number is a product")
tap.ok(g:div(g:div(v, p), g:div(m, p)) == g:div(v, m), "a common denominator goes")
tap.ok(g:div(n(1), g:div(n(1), v)) == v, "1/(1/x)")
tap.ok(g:pow(v, n(2)) == g:mul(v, v) and g:pow(v, n(0)) == n(1), "powers that are whole numbers")
tap.is(g:pow(v, n(0.5)).name, "sqrt", "a power of a half is a root")
tap.is(g:pow(v, n(2.5)).name, "pow", "others stay")
tap.is(g:call("exp", n(1)).value, math.exp(1), "functions of numbers are numbers")
tap.is(g:call("log", n(-1)).op, "call", "but where they are none")
tap.ok(g:select(n(1), v, m) == v and g:select(g:compare("<", v, m), p, p) == p,
    "choices that are none")
tap.ok(g:select(g:no(g:compare("<", v, m)), p, q) == g:select(g:compare("<", v, m), q, p), "not")
tap.is(g:logic("and", n(3), n(0)).value, 0, "truths of numbers")
tap.ok(g:logic("or", g:compare("<", v, m), n(0)) == g:compare("<", v, m), "or with false")

-- ---- levels

tap.is(g:mul(n(2), n(3)).level, graph.CONST, "numbers")
tap.is(g:add(q, n(1)).level, graph.COMMON, "globals")
tap.is(g:add(q, p).level, graph.INSTANCE, "parameters")
tap.is(g:mul(g:add(q, p), v).level, graph.DYNAMIC, "v")
tap.is(g:opaque("draw()", graph.DYNAMIC).level, graph.DYNAMIC, "an unknown function says its own")

-- ---- derivatives against differences

local function slope_is_right(node, name, values)
    local slope = g:derivative(node, v)
    for _, x in ipairs(values or { -1.7, -0.3, 0.4, 2.1 }) do
        local h = 1e-6
        local function at(y) return graph.evaluate(node, { v = y, m = 0.7, p = 1.3 }) end
        local want = (at(x + h) - at(x - h)) / (2 * h)
        local got = graph.evaluate(slope, { v = x, m = 0.7, p = 1.3 })
        tap.near(got, want, { abs = 2e-8 * (1 + math.abs(want)) }, ("d %s at %g"):format(name, x))
    end
end

local square = g:add(g:mul(v, v), n(1))
for _, name in ipairs { "exp", "sin", "cos", "tan", "atan", "sinh", "cosh", "tanh", "exprelr" } do
    slope_is_right(g:call(name, v), name)
end
for _, name in ipairs { "log", "log10", "sqrt", "fabs" } do
    slope_is_right(g:call(name, square), name)
end
slope_is_right(g:call("asin", g:mul(n(0.3), v)), "asin")
slope_is_right(g:call("acos", g:mul(n(0.3), v)), "acos")
slope_is_right(g:pow(square, p), "a power")
slope_is_right(g:pow(n(1.7), v), "a power by its exponent")
slope_is_right(g:pow(v, n(3)), "a cube")
slope_is_right(g:div(g:sub(v, m), g:add(square, g:call("exp", v))), "a quotient")
slope_is_right(g:select(g:compare("<", v, n(1)), g:mul(v, v), g:mul(n(3), v)), "a choice")
slope_is_right(g:call("min", g:mul(v, v), n(2)), "min")
slope_is_right(g:call("max", g:mul(v, v), n(2)), "max")
slope_is_right(g:call("exprelr", v), "exprelr near 0", { -1e-4, 0, 1e-5, 0.01 })
tap.ok(g:derivative(g:mul(p, q), v) == n(0), "what does not depend on v has none")
local missing, name = g:derivative(g:opaque("f(%1)", 3, v), v)
tap.ok(missing == nil and name == "f(%1)", "an unknown function has no derivative, by name")
tap.ok(g:derivative(g:opaque("f(%1)", 3, m), v) == n(0), "of something else it does not matter")

-- ---- substitution

local sum = g:add(g:mul(v, m), g:call("exp", v))
tap.is(graph.evaluate(g:substitute(sum, { [v] = n(0) }), {}), 1.0, "a number for a symbol")
tap.ok(g:substitute(sum, { [p] = m }) == sum, "where there is nothing to do, the same node")
tap.ok(graph.depends(sum, m) and not graph.depends(sum, p), "what an expression has in it")

-- ---- systems of equations

local function solved(rows, right, late)
    local size = #right
    local matrix, b = {}, {}
    for i = 1, size do
        matrix[i], b[i] = {}, g:symbol("b" .. i, graph.DYNAMIC)
        for j = 1, size do
            matrix[i][j] = rows[i][j] ~= 0 and g:symbol(("a%d%d"):format(i, j), 3) or nil
        end
    end
    local x = linear.solve(g, matrix, b, late)
    local values = {}
    for i = 1, size do
        values["b" .. i] = right[i]
        for j = 1, size do
            values[("a%d%d"):format(i, j)] = rows[i][j]
        end
    end
    for i = 1, size do
        local got = 0
        for j = 1, size do
            got = got + rows[i][j] * graph.evaluate(x[j], values)
        end
        tap.near(got, right[i], { abs = 1e-12 }, ("row %d of %d"):format(i, size))
    end
end
solved({ { 4 } }, { 3 })
solved({ { 4, 1 }, { 2, 5 } }, { 1, -2 })
solved({ { 4, -1, 0, 0 }, { -1, 5, -2, 0 }, { 0, -2, 6, -1 }, { 0, 0, -1, 3 } }, { 1, 2, 3, 4 })
solved({ { 4, -1, 0 }, { -1, 5, -2 }, { 1, 1, 1 } }, { 0.1, 0.2, 1 }, { [3] = true })
tap.is(linear.solve(g, { { nil, n(1) }, { n(1), nil } }, { n(1), n(2) }), nil,
    "a diagonal of zeros is not solved")

tap.done()
