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

local symbols = require "hillock.nmodl.symbols"
local unit_of = require "hillock.nmodl.unit_of"
local units = require "hillock.nmodl.units"
local walk = require "hillock.nmodl.walk"

local dimension = {}

local any, plain, same, warn = unit_of.any, unit_of.plain, unit_of.same, unit_of.warn
local of_text, variable, find_local = unit_of.of_text, unit_of.variable, unit_of.find_local
local call, expression = unit_of.call, unit_of.expression

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
                and math.abs(have.unit.factor / want.factor - 1) < unit_of.tolerance) then
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
        unit_of.symbol(d, symbol)
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
