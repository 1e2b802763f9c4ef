-- SPDX-License-Identifier: BSD-3-Clause
-- unit_of: the unit of an expression, and what does not fit in it. For dimension.lua, which has the
-- rules, and which makes the context `d` that all take: { symbols =, messages =, family =, scope =,
-- on = , strict =, quiet =, flux =, ms =, values =, unknown = }.

local functions = require "hillock.nmodl.functions"
local units = require "hillock.nmodl.units"

local expression

local tolerance = 1e-5   -- of factors, as modlunit's

-- What an expression has: { unit = } , { any = true } where nothing can be said; `number`: it is
-- made of numbers alone.
local any = { any = true }

local function plain()
    return { unit = units.one() }
end

-- ---- findings

-- Of one statement the first is enough: the others follow from it.
local function warn(d, at, text, ...)
    if d.quiet or not d.on then
        return
    end
    d.quiet = true
    local say = d.strict and d.messages.error or d.messages.warning
    say(d.messages, at, text, ...).code = "unit"
end

-- The value of a text of a unit; each name that is not known is said once.
local function of_text(d, text, at)
    if not text then
        return plain()
    end
    local unit, missing = d.family:parse(text)
    if unit then
        unit.text = text
        return { unit = unit }
    end
    if not d.unknown[missing] and not (d.family.lost or {})[missing] and d.on then
        d.unknown[missing] = true
        local say = d.strict and d.messages.error or d.messages.warning
        say(d.messages, at, "the unit %s is not known: UNITS { (%s) = (...) } can define it%s",
            missing, missing, d.family:hint(missing)).code = "unit"
    end
    return any
end

-- Are both of the same unit? Gives what both are.
local function same(d, at, a, b, what)
    if a.any or b.number then
        return a.any and b or a
    elseif b.any or a.number then
        return b.any and a or b
    end
    if not units.alike(a.unit, b.unit) then
        warn(d, at, "%s: %s and %s measure different things", what, units.say(a.unit),
            units.say(b.unit))
    elseif math.abs(b.unit.factor / a.unit.factor - 1) > tolerance then
        warn(d, at, "%s: %s and %s differ by a factor: expected (%.6g) * before the second", what,
            units.say(a.unit), units.say(b.unit), b.unit.factor / a.unit.factor)
    end
    return a
end

-- Has it no unit?
local function none(d, at, value, what)
    if value.any or value.number then
        return
    elseif not units.is_plain(value.unit) then
        warn(d, at, "%s has the unit %s: expected none", what, units.say(value.unit))
    elseif math.abs(value.unit.factor - 1) > tolerance then
        warn(d, at, "%s has no unit, but a factor: expected (%.6g) * before it", what,
            value.unit.factor)
    end
end

-- ---- names

local function symbol_value(d, symbol)
    local known = d.values[symbol]
    if not known then
        local node = symbol.node
        known = of_text(d, symbol.unit, node and node.unit_at or symbol.at or 1)
        if symbol.class == "define" then
            known = { unit = units.one(), number = true }
        elseif symbol.loose or symbol.pointer and not symbol.unit then
            known = any
        end
        d.values[symbol] = known
    end
    return known
end

local function find_local(d, name)
    local scope = d.scope
    while scope do
        if scope[name] then
            return scope[name]
        end
        scope = scope.parent
    end
end

local function variable(d, node)
    local entry = find_local(d, node.name)
    local value
    if entry then
        value = entry.value
    elseif node.name == "f_flux" or node.name == "b_flux" then
        return d.flux or any
    else
        local symbol = d.symbols.of[node.name]
        value = symbol and symbol_value(d, symbol) or any
    end
    if value.any or (node.prime or 0) == 0 then
        return value
    end
    return { unit = units.times(value.unit, d.ms, -node.prime) }
end

-- ---- expressions

local operators = {}

local function product(power)
    return function(d, node)
        local a, b = expression(d, node.left), expression(d, node.right)
        if a.any or b.any then
            return any
        end
        return { unit = units.times(a.unit, b.unit, power), number = a.number and b.number }
    end
end

operators["*"], operators["/"] = product(1), product(-1)

for _, op in ipairs { "+", "-" } do
    operators[op] = function(d, node)
        return same(d, node.at, expression(d, node.left), expression(d, node.right), op)
    end
end

for _, op in ipairs { "<", ">", "<=", ">=", "==", "!=" } do
    operators[op] = function(d, node)
        same(d, node.at, expression(d, node.left), expression(d, node.right), op)
        return plain()
    end
end

for _, op in ipairs { "&&", "||" } do
    operators[op] = function(d, node)
        expression(d, node.left)
        expression(d, node.right)
        return plain()
    end
end

-- A whole number that is written out, or nil.
local function literal(node)
    if node.kind == "unary" and node.op == "-" then
        local value = literal(node.value)
        return value and -value
    elseif node.kind == "number" and not node.unit and math.tointeger(node.value)
        and math.abs(node.value) < 100 then
        return math.tointeger(node.value)
    end
end

local function power(d, at, base, exponent, what)
    local x, y = expression(d, base), expression(d, exponent)
    local n = literal(exponent)
    if x.any then
        return any
    elseif n then
        return { unit = units.times(units.one(), x.unit, n), number = x.number }
    end
    none(d, exponent.at, y, "the exponent of " .. what)
    none(d, at, x, "the base of " .. what .. ", whose exponent is no whole number,")
    return { unit = units.one(), number = x.number and y.number }
end

operators["^"] = function(d, node)
    return power(d, node.left.at, node.left, node.right, "^")
end

-- Functions of what has a unit.
local passes = {
    fabs = 1, abs = 1, floor = 1, ceil = 1, round = 1, trunc = 1, fmin = 2, fmax = 2, fmod = 2,
    hypot = 2, atan2 = 2,
}

local function root(d, node)
    local value = expression(d, node.args[1])
    if value.any or value.number then
        return value
    end
    local unit = units.one(math.sqrt(value.unit.factor))
    for i, exponent in ipairs(value.unit) do
        if exponent % 2 ~= 0 then
            warn(d, node.args[1].at, "the argument of sqrt has the unit %s, which has no root",
                units.say(value.unit))
            return any
        end
        unit[i] = exponent // 2
    end
    return { unit = unit }
end

local function builtin(d, node, entry)
    local name, args = node.name, node.args
    if name == "sqrt" and #args == 1 then
        return root(d, node)
    elseif name == "pow" and #args == 2 then
        return power(d, args[1].at, args[1], args[2], "pow")
    elseif passes[name] and passes[name] == #args then
        local value = expression(d, args[1])
        if args[2] then
            value = same(d, args[2].at, value, expression(d, args[2]), name)
        end
        return name == "atan2" and plain() or value
    elseif entry.kind == "state" and #args == 2 then
        same(d, args[2].at, expression(d, args[1]), expression(d, args[2]), name)
        return plain()
    end
    for i, argument in ipairs(args) do
        local value = expression(d, argument)
        local wanted = entry.units and (entry.units[i + 1] or "*") or ""
        local what = ("argument %d of %s"):format(i, name)
        if wanted == "" then
            none(d, argument.at, value, what)
        elseif wanted ~= "*" then
            same(d, argument.at, of_text(d, wanted, argument.at), value, what)
        end
    end
    if entry.kind == "random" then
        return any
    end
    return of_text(d, entry.units and entry.units[1] or "", node.at)
end

local function call(d, node)
    local symbol = d.symbols.of[node.name]
    if symbol and symbol.node and symbol.node.args then
        for i, argument in ipairs(node.args) do
            local value = expression(d, argument)
            local wanted = symbol.node.args[i]
            if wanted then
                same(d, argument.at, of_text(d, wanted.unit, wanted.unit_at or wanted.at), value,
                    ("argument %s of %s"):format(wanted.name, node.name))
            end
        end
        return symbol_value(d, symbol)
    elseif functions[node.name] then
        return builtin(d, node, functions[node.name])
    end
    return any
end

function expression(d, node)
    local kind = node.kind
    if kind == "number" then
        if node.unit then
            return of_text(d, node.unit, node.unit_at or node.at)
        elseif node.paren and node.value ~= 0 then
            return { unit = units.one(1 / node.value), number = true }
        end
        return { unit = units.one(), number = true }
    elseif kind == "name" then
        if node.index then
            expression(d, node.index)
        end
        return variable(d, node)
    elseif kind == "call" then
        return call(d, node)
    elseif kind == "binary" then
        return operators[node.op](d, node)
    elseif kind == "unary" then
        local value = expression(d, node.value)
        return node.op == "!" and plain() or value
    end
    return any
end

return {
    any = any, plain = plain, tolerance = tolerance, warn = warn, of_text = of_text, same = same,
    symbol = symbol_value, find_local = find_local, variable = variable, call = call,
    expression = expression,
}
