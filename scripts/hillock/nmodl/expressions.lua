-- SPDX-License-Identifier: BSD-3-Clause
-- expressions: from loose to tight: ||, &&, comparisons, + -, * /, the signs - and !, ^. All are
-- left associative but ^; -a^b is -(a^b), and !a == b is (!a) == b.

local expressions = {}

local strength = {
    ["||"] = 1, ["&&"] = 2,
    ["<"] = 3, [">"] = 3, ["<="] = 3, [">="] = 3, ["=="] = 3, ["!="] = 3,
    ["+"] = 4, ["-"] = 4, ["*"] = 5, ["/"] = 5, ["^"] = 7,
}
local power = 7   -- as tight as the operand of a sign is

-- Later stages walk the tree by recursion: a chain of operators is as deep as it is long.
local most_chained = 1000

local binary

-- f(a, "text", ...), its name being at hand.
local function call(p)
    local node = { kind = "call", name = p:word(), at = p.at, args = {} }
    p:next()
    p:next()
    while p.kind ~= ")" do
        if #node.args > 0 then
            p:expect(",", "',' or ')' after an argument of " .. node.name)
        end
        if p.kind == "string" then
            node.args[#node.args + 1] = { kind = "string", value = p:word():sub(2, -2), at = p.at }
            p:next()
        elseif p.kind == "end" then
            p:fail("')' at the end of the arguments of " .. node.name)
        else
            node.args[#node.args + 1] = binary(p, 1)
        end
    end
    p:next()
    return node
end

expressions.call = call

-- x, x', x[i], x@2: the name of a variable, at hand, as a node of this kind.
local function variable(p, kind)
    local name, primes = p:word(), 0
    if p.kind == "prime" then
        local mark = name:find("'", 1, true)
        name, primes = name:sub(1, mark - 1), #name - mark + 1
    end
    local node = { kind = kind, name = name, prime = primes, at = p.at }
    p:next()
    if p:accept "@" then
        node.back = p:integer("how many steps back after '@'", 0)
    end
    if p:accept "[" then
        p:enter "indices are"
        node.index = binary(p, 1)
        p:leave()
        p:expect("]", "']' after the index of " .. name)
    end
    return node
end

expressions.variable = variable

--- A number with its unit.
function expressions.number(p, what)
    local node = { kind = "number", at = p.at }
    if p.kind == "name" then
        node.define = p:word()
    end
    node.value, node.whole = p:unsigned(what)
    node.unit, node.unit_at = p:unit()
    return node
end

local function primary(p)
    local kind = p.kind
    if kind == "name" or kind == "prime" then
        if p:is_number() then
            return expressions.number(p)
        elseif kind == "name" and p:ahead() == "(" then
            return call(p)
        end
        return variable(p, "name")
    elseif kind == "number" then
        return expressions.number(p)
    elseif kind == "(" then
        p:next()
        local node = binary(p, 1)
        p:expect(")", "an operator or ')'",
            p.kind == "=" and p.comparing and ": '==' compares" or nil)
        if node.kind == "number" then
            node.paren = true   -- modlunit takes it for a conversion
        end
        return node
    elseif kind:find "^%u" and kind ~= "TITLE" and kind ~= "VERBATIM" then
        p:fail_at(p.at, "expected an expression, got %s, which is a keyword", p:word())
    end
    p:fail "an expression"
end

local function unary(p)
    local kind, at = p.kind, p.at
    p:enter "expressions are"
    local node
    if kind == "-" or kind == "!" then
        p:next()
        node = { kind = "unary", op = kind, value = binary(p, power), at = at }
    else
        node = primary(p)
    end
    p:leave()
    return node
end

-- An expression whose operators bind at least as tightly as `least`.
function binary(p, least)
    local left, chained = unary(p), 0
    while true do
        local op = p.kind
        local tight = strength[op]
        if not tight or tight < least then
            return left
        end
        local at = p.at
        chained = chained + 1
        if chained > most_chained then
            p:fail_at(at, "an expression has more than %d operators in a row", most_chained)
        end
        p:next()
        local right
        if op == "^" then
            p:enter "powers are"
            right = binary(p, power)
            p:leave()
        else
            right = binary(p, tight + 1)
        end
        left = { kind = "binary", op = op, left = left, right = right, at = at }
    end
end

--- An expression.
function expressions.parse(p)
    return binary(p, 1)
end

--- An expression without comparisons outside of parentheses, as those of WATCH are.
function expressions.arithmetic(p)
    return binary(p, strength["+"])
end

return expressions
