-- SPDX-License-Identifier: BSD-3-Clause
-- dimension: are the units of a mechanism consistent? By the rules of NEURON's modlunit:
--
--     + -, comparisons, assignments, arguments: both sides have the same unit, the factor included
--     a number without unit stands for any unit there, and has none as a factor
--     a number alone in parentheses is a conversion: (1e-3) * x has 1e3 times the unit of x
--     exp(x) and its like: x has no unit.  x^n: n is a whole number, or x has no unit
--     a variable without unit has none; a LOCAL or an argument that is assigned has the unit of
--     what was assigned last
--     x' has the unit of x a millisecond; UNITSOFF switches all that off, up to UNITSON
--
-- More than modlunit takes is fabs and its like of what has a unit, and x^-n.

local functions = require "hillock.nmodl.functions"
local symbols = require "hillock.nmodl.symbols"
local units = require "hillock.nmodl.units"
local walk = require "hillock.nmodl.walk"

local dimension = {}

local tolerance = 1e-5   -- of factors, as modlunit's

-- What an expression has: { unit = } , { any = true } where nothing can be said; `number`: it is
-- made of numbers alone.
local any = { any = true }

local function plain()
    return { unit = units.one() }
end

-- ---- constants of UNITS

-- What a file's UNITS adds to the names of units.
local function family_of(tree, messages)
    local family = units.family()
    for _, block in ipairs(tree.blocks) do
        for _, entry in ipairs(block.kind == "units" and block.list or {}) do
            if entry.name then
                local unit, missing = family:parse(entry.unit)
                if not unit then
                    messages:warning(entry.unit_at or entry.at, "the unit %s is not known%s",
                        missing, family:hint(missing)).code = "unit"
                    family.lost = family.lost or {}
                    family.lost[entry.name] = true
                elseif not family:define(entry.name, unit) then
                    messages:warning(entry.at, "(%s) is defined as something else already",
                        entry.name).code = "unit"
                end
            end
        end
    end
    return family
end

--- Gives the constants of UNITS their values. NEURON computes them from its table of units
--- (share/lib/nrnunits.lib, with the constants of CODATA 2018); the bits are the same.
function dimension.constants(tree, found, messages)
    found.units = family_of(tree, messages)
    for _, block in ipairs(tree.blocks) do
        for _, entry in ipairs(block.kind == "units" and block.list or {}) do
            local symbol = entry.constant and entry.to and found.of[entry.constant.name]
            local from, to, missing
            if symbol then
                from, missing = found.units:parse(entry.unit)
                if from then
                    to, missing = found.units:parse(entry.to)
                end
            end
            if missing then
                messages:error(entry.at, "the unit %s of %s is not known%s", missing, symbol.name,
                    found.units:hint(missing))
                symbol.value = 0.0
            elseif symbol then
                symbol.value = from.factor / to.factor
                if not units.alike(from, to) then
                    messages:warning(entry.at, "%s: (%s) and (%s) measure different things",
                        symbol.name, entry.unit, entry.to).code = "unit"
                end
            end
        end
    end
end

--- By what a value in (from) is multiplied to be one in (to), or nil where they measure different
--- things or a name is not known.
function dimension.convert(from, to)
    local family = units.family()
    local a, b = family:parse(from), family:parse(to)
    if a and b and units.alike(a, b) then
        return a.factor / b.factor
    end
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

local expression

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

-- ---- statements

local statement

local function body(d, list)
    d.scope = { parent = d.scope }
    for _, node in ipairs(list or {}) do
        d.quiet = false
        statement(d, node)
    end
    d.scope = d.scope.parent
end

local statements = {}

function statements.assign(d, node)
    local value = expression(d, node.value)
    local entry = (node.prime or 0) == 0 and find_local(d, node.name)
    if entry and entry.free then
        -- What has the wrong unit here on purpose shall not be said to be wrong where it is used.
        entry.value = d.on and value or any
    else
        same(d, node.at, variable(d, node), value, "=")
    end
end

statements["local"] = function(d, node)
    for _, id in ipairs(node.list) do
        d.scope[id.name] = { value = any, free = true }
    end
end

function statements.from(d, node)
    for _, part in ipairs(walk.parts(node)) do
        expression(d, part)
    end
    d.scope = { parent = d.scope, [node.name] = { value = { unit = units.one(), number = true } } }
    body(d, node.body)
    d.scope = d.scope.parent
end

function statements.units_off(d)
    d.on = false
end

function statements.units_on(d)
    d.on = true
end

local function arguments(d, list, others)
    for i, id in ipairs(list or {}) do
        local unit, at = id.unit, id.unit_at or id.at
        if not unit and others and others[i] then
            unit = others[i].unit
        end
        d.scope[id.name] = { value = of_text(d, unit, at), free = true }
    end
end

function statements.for_netcons(d, node)
    d.scope = { parent = d.scope }
    arguments(d, node.args, d.block.args)
    body(d, node.body)
    d.scope = d.scope.parent
end

-- ---- kinetics

-- A state as material: what it holds, in its compartment.
local function material(d, one)
    local value = variable(d, { name = one.name })
    local volume = d.volumes[one.name]
    if value.any or volume and volume.any then
        return any
    end
    return volume and { unit = units.times(value.unit, volume.unit) } or value
end

local function times_all(d, list)
    local unit = units.one()
    for _, one in ipairs(list) do
        local value = variable(d, { name = one.name })
        if value.any then
            return nil
        end
        unit = units.times(unit, value.unit, one.n)
    end
    return unit
end

-- What is in all of these, a millisecond; nil where nothing can be said.
local function flux_of(d, node)
    local what
    d.flux = nil
    for _, side in ipairs { node.left, node.right or {} } do
        for _, one in ipairs(side) do
            local value = material(d, one)
            if value.any then
                return nil
            end
            what = what and same(d, one.at, what, value, "a reaction") or value
        end
    end
    local flux = what and units.times(what.unit, d.ms, -1)
    d.flux = flux and { unit = flux }
    return flux
end

local function rate(d, node, list, value, flux, what)
    local amount = times_all(d, list)
    if flux and amount and not value.any then
        same(d, node.at, { unit = units.times(flux, amount, -1) }, value, what)
    end
end

function statements.reaction(d, node)
    local forward, backward = expression(d, node.forward), expression(d, node.backward)
    local flux = flux_of(d, node)
    rate(d, node.forward, node.left, forward, flux, "the rate forward, as the states want it")
    rate(d, node.backward, node.right, backward, flux, "the rate backward, as the states want it")
end

function statements.flux(d, node)
    local value, flux = expression(d, node.rate), flux_of(d, node)
    if node.op == "->" then
        rate(d, node.rate, node.left, value, flux, "the rate, as the state wants it")
    elseif flux then
        same(d, node.rate.at, { unit = flux }, value, "the flux, as the state wants it")
    end
end

function statements.conserve(d, node)
    local what
    for _, one in ipairs(node.left) do
        local value = material(d, one)
        what = what and same(d, one.at, what, value, "CONSERVE") or value
    end
    same(d, node.value.at, what or any, expression(d, node.value), "CONSERVE")
end

function statements.equation(d, node)
    same(d, node.at, expression(d, node.left), expression(d, node.right), "=")
end

-- The volumes of a KINETIC's COMPARTMENTs.
local function volumes(d, block)
    d.volumes = {}
    local on = d.on
    d.on = false
    walk.statements(block.body, function(node)
        if node.kind == "compartment" then
            d.scope = { parent = d.scope }
            if node.index then
                d.scope[node.index.name] = { value = { unit = units.one(), number = true } }
            end
            local value = expression(d, node.volume)
            for _, id in ipairs(node.list) do
                d.volumes[id.name] = value
            end
            d.scope = d.scope.parent
        end
    end)
    d.on = on
end

statements.compartment = function() end
statements.longitudinal = statements.compartment

function statement(d, node)
    if statements[node.kind] then
        statements[node.kind](d, node)
        return
    end
    for _, part in ipairs(walk.parts(node)) do
        expression(d, part)
    end
    if node.kind == "call" then
        call(d, node)
    elseif node.kind == "protect" then
        statement(d, node.statement)
    end
    for _, list in ipairs(walk.bodies(node)) do
        body(d, list)
    end
end

-- ---- declarations

local function expected(symbols_, symbol)
    if symbol.class == "builtin" and symbol.node then
        return symbols.builtins[symbol.name]
    elseif symbol.current or symbol.ion and symbol.ion.what == "current" then
        return symbols_.what == "channel" and "milliamp/cm2" or "nanoamp"
    elseif symbol.ion then
        return symbol.ion.what == "reversal" and "millivolt" or "milli/liter"
    end
end

-- v, ions and currents have the units that NEURON says.
local function check_symbols(d)
    for _, symbol in ipairs(d.symbols.list) do
        local wanted = symbol.at and not symbol.undeclared and expected(d.symbols, symbol)
        if wanted then
            local node = symbol.node
            local given = node.unit
            if symbol.class ~= "builtin" then
                given = symbol.unit
            end
            local have = of_text(d, given, node.unit_at or symbol.at)
            local want = d.family:parse(wanted)
            d.quiet = false
            if not have.any and not (given and units.alike(have.unit, want)
                and math.abs(have.unit.factor / want.factor - 1) < tolerance) then
                if given then
                    warn(d, symbol.at, "%s has the unit %s: expected %s", symbol.name,
                        units.say(have.unit), units.say(want))
                else
                    warn(d, symbol.at, "%s has no unit: expected %s %s", symbol.name, symbol.name,
                        units.say(want))
                end
                symbol.loose = true
            end
        end
    end
end

local function check_block(d, block)
    d.block, d.scope, d.volumes = block, {}, {}
    arguments(d, block.args)
    if block.kind == "func" then
        d.scope[block.name.name] = { value = of_text(d, block.unit, block.unit_at or block.at) }
    elseif block.kind == "net_receive" then
        d.scope.flag = { value = plain() }
    elseif block.kind == "kinetic" then
        volumes(d, block)
    end
    body(d, block.body)
end

--- Warns (strict: errors) of what does not fit, code "unit". After dimension.constants.
---@param options? { strict: boolean }
function dimension.check(tree, found, messages, options)
    local d = {
        family = found.units or family_of(tree, messages), symbols = found, messages = messages,
        strict = options and options.strict, on = true, unknown = {}, values = {},
    }
    d.ms = d.family:parse "millisec"
    check_symbols(d)
    for _, symbol in ipairs(found.list) do
        symbol_value(d, symbol)
    end
    for _, block in ipairs(tree.blocks) do
        if block.kind == "units_off" or block.kind == "units_on" then
            d.on = block.kind == "units_on"
        elseif block.kind == "local" then
            for _, id in ipairs(block.list) do
                found.of[id.name].loose, d.values[found.of[id.name]] = true, any
            end
        elseif block.body then
            check_block(d, block)
        end
    end
end

return dimension
