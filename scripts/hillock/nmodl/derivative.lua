-- SPDX-License-Identifier: BSD-3-Clause
-- derivative: of an expression of the graph by a symbol, by the chain rule, node by node.

local derivative = {}

local function is_zero(node)
    return node.op == "const" and node.value == 0
end

-- The derivatives of functions: of (graph, node, args) the factors of the arguments' derivatives.
local slopes = {
    exp = function(_, node) return node end,
    log = function(g, _, x) return g:div(g:const(1), x) end,
    log10 = function(g, _, x) return g:div(g:const(1 / math.log(10)), x) end,
    sqrt = function(g, node) return g:div(g:const(0.5), node) end,
    fabs = function(g, _, x)
        return g:select(g:compare("<", x, g:const(0)), g:const(-1), g:const(1))
    end,
    sin = function(g, _, x) return g:call("cos", x) end,
    cos = function(g, _, x) return g:neg(g:call("sin", x)) end,
    tan = function(g, node) return g:add(g:const(1), g:mul(node, node)) end,
    atan = function(g, _, x) return g:div(g:const(1), g:add(g:const(1), g:mul(x, x))) end,
    asin = function(g, _, x)
        return g:div(g:const(1), g:call("sqrt", g:sub(g:const(1), g:mul(x, x))))
    end,
    acos = function(g, _, x)
        return g:div(g:const(-1), g:call("sqrt", g:sub(g:const(1), g:mul(x, x))))
    end,
    sinh = function(g, _, x) return g:call("cosh", x) end,
    cosh = function(g, _, x) return g:call("sinh", x) end,
    tanh = function(g, node) return g:sub(g:const(1), g:mul(node, node)) end,
    floor = function(g) return g:const(0) end,
    ceil = function(g) return g:const(0) end,
    -- d/dx x/(e^x - 1) = (1 - r e^x)/(e^x - 1) = (r - x - r^2 ... ) at 0 -1/2: r (1 - x - r)/x
    exprelr = function(g, node, x)
        local small = g:compare("<", g:call("fabs", x), g:const(1e-3))
        local inside = g:add(g:const(-0.5), g:mul(g:const(1 / 6), x))
        local safe = g:select(small, g:const(1), x)
        local far = g:div(g:mul(node, g:sub(g:sub(g:const(1), x), node)), safe)
        return g:select(small, inside, far)
    end,
}

local function pow_derivative(g, node, da, db)
    local a, b = node[1], node[2]
    local sum = g:mul(g:mul(b, g:pow(a, g:sub(b, g:const(1)))), da)
    if not is_zero(db) then
        sum = g:add(sum, g:mul(g:mul(node, g:call("log", a)), db))
    end
    return sum
end

local function derivative_of(g, node, go)
    local op, a, b = node.op, node[1], node[2]
    local zero = g:const(0)
    if op == "+" then return g:add(go(a), go(b))
    elseif op == "-" then return g:sub(go(a), go(b))
    elseif op == "neg" then return g:neg(go(a))
    elseif op == "*" then
        if a == b then
            return g:mul(g:mul(g:const(2), a), go(a))
        end
        return g:add(g:mul(go(a), b), g:mul(a, go(b)))
    elseif op == "/" then
        local da, db = go(a), go(b)
        local first = g:div(da, b)
        if is_zero(db) then
            return first
        end
        return g:sub(first, g:div(g:mul(node, db), b))
    elseif op == "select" then return g:select(a, go(b), go(node[3]))
    elseif op == "call" and node.name == "pow" then
        return pow_derivative(g, node, go(a), go(b))
    elseif op == "call" and (node.name == "min" or node.name == "max") then
        return g:select(g:compare(node.name == "min" and "<" or ">", a, b), go(a), go(b))
    elseif op == "call" and slopes[node.name] then
        return g:mul(slopes[node.name](g, node, a), go(a))
    elseif op == "call" or op == "opaque" then
        error({ no_derivative = node.name }, 0)
    end
    return zero -- numbers, other symbols, comparisons
end

--- As Graph:derivative. depends: graph.depends.
function derivative.of(g, node, by, seen, depends)
    local done = {}
    local function go(at)
        if at == by then
            return g:const(1)
        end
        local found = done[at]
        if not found then
            found = depends(at, by, seen) and derivative_of(g, at, go) or g:const(0)
            done[at] = found
        end
        return found
    end
    local fine, result = pcall(go, node)
    if fine then
        return result
    elseif type(result) == "table" and result.no_derivative then
        return nil, result.no_derivative
    end
    error(result, 0)
end

return derivative
