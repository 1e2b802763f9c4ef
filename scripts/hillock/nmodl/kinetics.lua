-- SPDX-License-Identifier: BSD-3-Clause
-- kinetics: the statements of KINETIC, LINEAR and NONLINEAR: reactions, equations, conservation,
-- compartments, diffusion.

local expressions = require "hillock.nmodl.expressions"

local kinetics = { statements = {} }

-- A + 2 B[i]: a list of { n =, name =, index =, at = }.
local function side(p)
    local list = {}
    repeat
        local n = 1
        if p:is_number() then
            n = p:integer("the number of reactants", 1)
        end
        if p.kind ~= "name" and p.kind ~= "prime" then
            p:fail "the name of a reactant"
        elseif p:is_number() then
            p:fail "the name of a reactant, not of a number"
        end
        local reactant = expressions.variable(p, "reactant")
        reactant.n = n
        list[#list + 1] = reactant
    until not p:accept "+"
    return list
end

-- (rate) of a flux.
local function flux(p, at, left, op)
    p:next()
    p:next()
    p:expect("(", ("'(' and the rate: ~ a %s (k)"):format(op))
    local node = { kind = "flux", at = at, left = left, op = op, rate = expressions.parse(p) }
    p:expect(")", "an operator or ')' after the rate")
    return node
end

-- ~ a + b <-> c (kf, kb), ~ a << (e), ~ a -> (e)
local function reaction(p)
    local at = p.at
    p:next()
    local left = side(p)
    local after = p:ahead()
    if p.kind == "<" and after == "<" then
        return flux(p, at, left, "<<")
    elseif p.kind == "-" and after == ">" then
        return flux(p, at, left, "->")
    elseif p.kind ~= "<->" then
        p:fail "'<->', '->', '<<' or '+' after a reactant"
    end
    p:next()
    local node = { kind = "reaction", at = at, left = left, right = side(p) }
    p:expect("(", "'+', or '(' and the two rates: ~ a <-> b (kf, kb)")
    node.forward = expressions.parse(p)
    p:expect(",", "an operator, or ',' and the rate of the way back: ~ a <-> b (kf, kb)")
    node.backward = expressions.parse(p)
    p:expect(")", "an operator or ')' after the rates")
    return node
end

-- ~ e = e; `more`: ~+, which adds to the equation before.
local function equation(p, more)
    local node = { kind = "equation", at = p.at, more = more }
    p:next()
    node.left = expressions.parse(p)
    p:expect("=", "an operator or '=': ~ a*x + b*y = c")
    node.right = expressions.parse(p)
    return node
end

local takes_equations = { linear = true, nonlinear = true, derivative = true }

kinetics.statements["~"] = function(p)
    if p.block == "kinetic" then
        return reaction(p)
    elseif takes_equations[p.block] then
        return equation(p, false)
    end
    p:fail_at(p.at, "'~' begins a reaction of KINETIC or an equation of LINEAR or NONLINEAR, and "
        .. "has no place here")
end

kinetics.statements["~+"] = function(p)
    if takes_equations[p.block] then
        return equation(p, true)
    end
    p:fail_at(p.at, "'~+' goes on with an equation of LINEAR or NONLINEAR, and has no place here")
end

-- Statements of KINETIC alone.
local function in_kinetic(p)
    if p.block ~= "kinetic" then
        p:fail_at(p.at, "%s has no place outside of KINETIC", p:word())
    end
end

function kinetics.statements.CONSERVE(p)
    in_kinetic(p)
    local node = { kind = "conserve", at = p.at }
    p:next()
    node.left = side(p)
    p:expect("=", "'+' or '=': CONSERVE a + b = total")
    node.value = expressions.parse(p)
    return node
end

-- Names up to "}"; commas between them are taken, too.
local function names(p, list)
    repeat
        list[#list + 1] = p:id "the name of a state"
        p:accept ","
    until p.kind == "}"
end

-- KEYWORD [i,] expression { names }
local function over_names(kind)
    return function(p)
        in_kinetic(p)
        local keyword, node = p:word(), { kind = kind, at = p.at, list = {} }
        p:next()
        if p.kind == "name" and p:ahead() == "," then
            node.index = p:id "the name of an index"
            p:next()
        end
        node.volume = expressions.parse(p)
        p:expect("{", ("an operator, or '{' and the names of states after %s"):format(keyword))
        if not p:attempt(names, p, node.list) then
            -- Its "}" is not the one of the block around it.
            while p.kind ~= "}" and p.kind ~= "end" and not p:at_block() do
                p:next()
            end
        end
        p:accept "}"
        return node
    end
end

kinetics.statements.COMPARTMENT = over_names "compartment"
kinetics.statements.LONGITUDINAL_DIFFUSION = over_names "longitudinal"

return kinetics
