-- SPDX-License-Identifier: BSD-3-Clause
-- expressions: for tests of hillock.nmodl.optimise: the value of an expression with a bound of its
-- rounding errors, what it costs, and the kernels of known channels as MOD files write them.

local graph = require "hillock.nmodl.graph"

local expressions = {}

local EPS = 2 ^ -52

-- The errors of what has been computed grow as derivatives say.
local rules = {
    ["+"] = function(v, _, _, ea, eb) return ea + eb + EPS * math.abs(v) end,
    ["*"] = function(v, a, b, ea, eb)
        return math.abs(a) * eb + math.abs(b) * ea + ea * eb + EPS * math.abs(v)
    end,
    ["/"] = function(v, _, b, ea, eb)
        local under = math.abs(b) - eb
        return under <= 0 and math.huge or (ea + math.abs(v) * eb) / under + EPS * math.abs(v)
    end,
    neg = function(_, _, _, ea) return ea end,
    exp = function(v, a, _, ea) return math.abs(v) * (ea + EPS * (2 + math.abs(a))) end,
    fabs = function(_, _, _, ea) return ea end,
}
rules["-"] = rules["+"]

local compare = { ["<"] = true, [">"] = true, ["=="] = true, ["<="] = true, [">="] = true }

--- The value of a node, and a bound of the error of the doubles that gave it; `doubtful` is true
--- where a comparison could go either way, `largest` the greatest value on the way.
function expressions.measure(node, values)
    local value_of, error_of, state = {}, {}, { doubtful = false, largest = 0 }
    local function go(at)
        if value_of[at] then
            return value_of[at], error_of[at]
        end
        local v, e
        local a, ea, b, eb
        if at.op == "select" then
            local test = go(at[1])
            v, e = go(test ~= 0 and at[2] or at[3])
        elseif at.op == "const" then
            v, e = at.value, 0
        elseif at.op == "symbol" then
            v, e = values[at.name] + 0.0, 0
        else
            a, ea = go(at[1])
            if at[2] then
                b, eb = go(at[2])
            end
            local plain = {}
            for i, value in ipairs { a, b } do
                plain[i] = { op = "const", value = value, level = 0 }
            end
            plain.op, plain.name = at.op, at.name
            v = graph.evaluate(plain, {})
            if compare[at.op] then
                e = 0
                state.doubtful = state.doubtful
                    or at.op ~= "==" and math.abs(a - b) <= 4 * (ea + eb)
            else
                local rule = rules[at.name or at.op]
                e = rule and rule(v, a, b, ea, eb) or math.abs(v) * 1e-15
            end
        end
        if math.abs(v) > state.largest then
            state.largest = math.abs(v)
        end
        value_of[at], error_of[at] = v, e
        return v, e
    end
    local value, bound = go(node)
    return value, bound, state
end

--- How many exponentials, divisions and other operations the roots take, of what varies alone.
function expressions.count(roots)
    local seen, n = {}, { exp = 0, div = 0, other = 0 }
    local function go(node)
        if seen[node] or node.level < graph.DYNAMIC or node.op == "symbol" then
            return
        end
        seen[node] = true
        local kind = "other"
        if node.op == "/" then
            kind = "div"
        elseif node.op == "call" and node.name:find "exp" then
            kind = "exp"
        end
        n[kind] = n[kind] + 1
        for i = 1, #node do
            go(node[i])
        end
    end
    for _, root in ipairs(roots) do
        go(root)
    end
    return n
end

-- ---- writing expressions

local Scribe = {}
Scribe.__index = Scribe

--- A maker of expressions, with arithmetic on nodes: e = scribe.node.
function expressions.scribe()
    local g = graph.new()
    local wrap, meta
    local function node(x)
        return type(x) == "number" and g:const(x) or x.node
    end
    meta = {
        __add = function(a, b) return wrap(g:add(node(a), node(b))) end,
        __sub = function(a, b) return wrap(g:sub(node(a), node(b))) end,
        __mul = function(a, b) return wrap(g:mul(node(a), node(b))) end,
        __div = function(a, b) return wrap(g:div(node(a), node(b))) end,
        __pow = function(a, b) return wrap(g:pow(node(a), node(b))) end,
        __unm = function(a) return wrap(g:neg(node(a))) end,
    }
    function wrap(made)
        return setmetatable({ node = made }, meta)
    end
    local self = setmetatable({ g = g, names = {} }, Scribe)
    function self.symbol(name, level, default)
        self.names[name] = default
        return wrap(g:symbol(name, level, default and { value = default } or {}))
    end
    function self.call(name, ...)
        local args = { ... }
        for i, arg in ipairs(args) do
            args[i] = node(arg)
        end
        return wrap(g:call(name, table.unpack(args)))
    end
    function self.exp(x)
        return self.call("exp", x)
    end
    function self.when(a, op, b, yes, no)
        return wrap(g:select(g:compare(op, node(a), node(b)), node(yes), node(no)))
    end
    self.v = self.symbol("v", graph.DYNAMIC)
    self.dt = self.symbol("dt", graph.COMMON)
    self.celsius = self.symbol("celsius", graph.COMMON)
    return self
end

--- x/(1 - exp(-x/k)), as the reference cell's files write it.
function Scribe:relp(x, k)
    return self.when(self.call("fabs", x / k), "<", 1e-6, k + x / 2, x / (1 - self.exp(-x / k)))
end

--- x/(exp(x/k) - 1).
function Scribe:vtrap(x, k)
    return self.when(self.call("fabs", x / k), "<", 1e-6, k * (1 - x / k / 2),
        x / (self.exp(x / k) - 1))
end

--- A gate after a step, by cnexp.
function Scribe:step(name, inf, tau)
    local x = self.symbol(name, graph.DYNAMIC)
    return x + (1 - self.exp(-self.dt / tau)) * (inf - x)
end

local function parameter(s, name, value)
    return s.symbol(name, graph.INSTANCE, value)
end

-- ---- the channels: each gives the states after a step

local channels = {}
expressions.channels = channels

function channels.Na(s)
    local v, p = s.v, function(name, value) return parameter(s, name, value) end
    local factor = s.call("pow", 2.3, (s.celsius - 23) / 10)
    local v12m, qm, qh = p("v12m", -30), p("qm", 9.8), p("qh", 5)
    local a, b = p("Rma", 0.182) * s:relp(v - v12m, qm), p("Rmb", 0.14) * s:relp(v12m - v, qm)
    local m = s:step("m", a / (a + b), 1 / (factor * (a + b)))
    a = p("Rha", 0.024) * s:relp(v - p("v12ha", -45), qh)
    b = p("Rhb", 0.0091) * s:relp(p("v12hb", -70) - v, qh)
    local inf = 1 / (1 + s.exp((v - p("v12hinf", -60)) / p("qhinf", 6.2)))
    return { m, s:step("h", inf, 1 / (factor * (a + b))) }
end

local function potassium(ra, rb, half)
    return function(s)
        local v12, k = parameter(s, "v12", half), parameter(s, "s", 9)
        local a = parameter(s, "Ra", ra) * s:relp(s.v - v12, k)
        local b = parameter(s, "Rb", rb) * s:relp(v12 - s.v, k)
        local factor = s.call("pow", 2.3, (s.celsius - 23) / 10)
        return { s:step("n", a / (a + b), 1 / (factor * (a + b))) }
    end
end
channels.Kv, channels.Km = potassium(0.02, 0.006, 25), potassium(0.001, 0.001, -30)

function channels.Ka(s)
    local v = s.v
    local factor = s.call("pow", 5, (s.celsius - 24) / 10)
    local c = 1e-3 * 9.648e4 / (8.315 * (273.16 + s.celsius))
    local x = c * (-1.5 - 1 / (1 + s.exp((v + 40) / 5))) * (v - 11)
    local a = s.exp(x)
    local tau = s.exp(0.55 * x) / (factor * 0.05 * (1 + a))
    tau = s.when(tau, "<", 0.1, 0.1, tau)
    local slow = 0.26 * (v + 50)
    slow = s.when(slow, "<", 2, 2, slow)
    return { s:step("n", 1 / (1 + a), tau), s:step("l", 1 / (1 + s.exp(3 * c * (v + 56))), slow) }
end

function channels.KCa(s)
    local factor = s.call("pow", 2.3, (s.celsius - 23) / 10)
    local a = 0.01 * s.symbol("cai", graph.DYNAMIC)
    return { s:step("n", a / (a + 0.02), 1 / (factor * (a + 0.02))) }
end

function channels.CaHVA(s)
    local v, factor = s.v, s.call("pow", 2.3, (s.celsius - 23) / 10)
    local a, b = 0.5 * s:vtrap(-27 - v, 3.8), 0.1 * s.exp((-75 - v) / 17)
    local m = s:step("m", a / (a + b), 1 / (factor * (a + b)))
    a, b = 0.000457 * s.exp((-13 - v) / 50), 0.0065 / (1 + s.exp((-15 - v) / 28))
    return { m, s:step("h", a / (a + b), 1 / (factor * (a + b))) }
end

function channels.CaLVA(s)
    local v, exp = s.v, s.exp
    return { s:step("m", 1 / (1 + exp(-(v + 50) / 7.4)),
        3 + 1 / (exp((v + 25) / 20) + exp(-(v + 100) / 15))),
        s:step("h", 1 / (1 + exp((v + 78) / 5)),
            85 + 1 / (exp((v + 46) / 4) + exp(-(v + 405) / 50))) }
end

function channels.hh(s)
    local v, factor = s.v, s.call("pow", 3, (s.celsius - 6.3) / 10)
    local function gate(name, a, b)
        return s:step(name, a / (a + b), 1 / (factor * (a + b)))
    end
    return {
        gate("m", 0.1 * s:vtrap(-(v + 40), 10), 4 * s.exp(-(v + 65) / 18)),
        gate("h", 0.07 * s.exp(-(v + 65) / 20), 1 / (s.exp(-(v + 35) / 10) + 1)),
        gate("n", 0.01 * s:vtrap(-(v + 55), 10), 0.125 * s.exp(-(v + 65) / 80)),
    }
end

return expressions
