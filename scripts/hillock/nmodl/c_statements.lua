-- SPDX-License-Identifier: BSD-3-Clause
-- c_statements: blocks as C statements, for what cannot be an expression: events, loops that end by
-- a condition, indices that are computed. An instance's variables are copied into a struct, on
-- which the mechanism's functions work; what a kernel wrote goes back into the columns.

local c = require "hillock.nmodl.c"
local c_random = require "hillock.nmodl.c_random"
local mentions = require "hillock.nmodl.mentions"

local statements = {}

local reserved = {}
for word in ([[auto break case char const continue default do double else enum extern float for goto
    if inline int long register restrict return short signed sizeof static struct switch typedef
    union unsigned void volatile while asm typeof INFINITY NAN HUGE_VAL NULL linux unix errno stdin
    stdout stderr signgam isnan isinf]]):gmatch "%S+" do
    reserved[word] = true
end

-- What kernels call their own.
local ours = {}
for word in ([[b c e m k w to now flag other number watching above more none main exp log pow sin
    cos tan sqrt fabs floor ceil fmod change matrix near mine value]]):gmatch "%S+" do
    ours[word] = true
end

--- A name of the user's as a member of a struct of C's.
function statements.member(name)
    return (reserved[name] or name:find "^hk_" or name:find "^HK_" or name:find "_$")
        and name .. "_" or name
end

--- A name of the user's as a variable of C's.
function statements.safe(name)
    return ours[name] and name .. "_" or statements.member(name)
end
local safe, member = statements.safe, statements.member

local Writer = {}
Writer.__index = Writer

--- A writer of functions. names: the mechanism's variables that the struct has, by name.
---@param p table the program
---@param prefix string
function statements.new(p, prefix)
    return setmetatable({ p = p, prefix = prefix, lines = {}, depth = 0, frames = {},
        functions = {}, wanted = {}, includes = {} }, Writer)
end

function Writer:line(format, ...)
    local text = select("#", ...) > 0 and format:format(...) or format
    self.lines[#self.lines + 1] = ("    "):rep(self.depth) .. text
end

local function fail(at, why, ...)
    error({ unsupported = why:format(...), at = at }, 0)
end

-- ---- expressions

local functions = {
    exp = { "hk_exp", 1 }, log = { "hk_log", 1 }, pow = { "hk_pow", 2 }, sqrt = { "hk_sqrt", 1 },
    fabs = { "hk_abs", 1 }, abs = { "hk_abs", 1 }, exprelr = { "hk_exprelr", 1 },
    log10 = { "log10", 1 }, sin = { "sin", 1 }, cos = { "cos", 1 }, tan = { "tan", 1 },
    asin = { "asin", 1 }, acos = { "acos", 1 }, atan = { "atan", 1 }, atan2 = { "atan2", 2 },
    sinh = { "sinh", 1 }, cosh = { "cosh", 1 }, tanh = { "tanh", 1 }, floor = { "floor", 1 },
    ceil = { "ceil", 1 }, fmod = { "fmod", 2 },
}

local function is_local(self, name)
    for i = #self.frames, 1, -1 do
        local found = self.frames[i][name]
        if found then
            return found
        end
    end
    return nil
end

local function index_text(self, index, size)
    return ("[hk_index(%s, %d)]"):format(self:value(index), size)
end

-- A variable as C's lvalue.
local function variable(self, name, index, at)
    local own = is_local(self, name)
    if own then
        return own.text .. (index and index_text(self, index, own.size or 1) or "")
    end
    local define = self.p.defines[name]
    if define then
        return c.number(define)
    end
    local symbol = self.p.symbols.of[name]
    if not symbol then
        fail(at, "%s is declared nowhere", name)
    elseif symbol.class == "constant" or symbol.class == "define" then
        return c.number(symbol.value or 0)
    end
    self.wanted[name] = true
    return "m->" .. member(name) .. (index and index_text(self, index, symbol.size or 1) or "")
end

local strength = { ["||"] = 1, ["&&"] = 2, ["=="] = 3, ["!="] = 3, ["<"] = 4, [">"] = 4,
    ["<="] = 4, [">="] = 4, ["+"] = 5, ["-"] = 5, ["*"] = 6, ["/"] = 6 }

local function call(self, e)
    local args = {}
    for i, arg in ipairs(e.args) do
        local symbol = arg.kind == "name" and self.p.symbols.of[arg.name]
        local is_stream = i == 1 and symbol and symbol.random and not is_local(self, arg.name)
        args[#args + 1] = is_stream and "0" or arg.kind ~= "string" and self:value(arg) or nil
    end
    local own = self.p.functions[e.name]
    if own and own.kind == "table_function" then
        if #own.args > 2 then
            fail(own.at, "a FUNCTION_TABLE of %d arguments: hillock has those of one or two",
                #own.args)
        end
        local node = self.p.tables and self.p.tables[e.name]
        if not node then
            self.p.tables = self.p.tables or {}
            self.p.tables[#self.p.tables + 1] = own
            self.p.tables[e.name] = #self.p.tables - 1
        end
        self.includes["hillock/nmodl.h"] = true
        return ("hk_table%d(&b->table[%d], %s)"):format(#args, self.p.tables[e.name],
            table.concat(args, ", "))
    elseif own then
        self:want(own)
        table.insert(args, 1, "b, m")
        return ("%s_do_%s(%s)"):format(self.prefix, e.name, table.concat(args, ", "))
    end
    local known = functions[e.name]
    if known then
        if not known[1]:find "^hk_" then
            self.libm = true
        end
        return ("%s(%s)"):format(known[1], table.concat(args, ", "))
    elseif e.name == "at_time" then
        self.wanted.t, self.wanted.dt = true, true
        return ("hk_at_time(%s, m->t, m->dt)"):format(args[1])
    end
    local drawn = c_random.call(e.name, args)
    if drawn then
        return drawn
    end
    return fail(e.at, "the function %s is not known here", e.name)
end

local write = {}

function write.number(_, e)
    return c.number(e.value)
end

function write.string()
    return "0."
end

function write.scale(self, e, outer)
    return self:value(e.value, outer)
end

function write.name(self, e)
    if e.prime and e.prime > 0 then
        fail(e.at, "%s' is read outside of an equation", e.name)
    end
    return variable(self, e.name, e.index, e.at)
end

function write.unary(self, e)
    local value = self:value(e.value, 9)
    return (e.op == "-" and (value:find "^%-" and "- " or "-") or "!") .. value
end

function write.binary(self, e, outer)
    if e.op == "^" then
        return ("hk_pow(%s, %s)"):format(self:value(e.left), self:value(e.right))
    end
    local own = strength[e.op]
    local inner = own == 1 and 3 or own -- a compiler wants && in brackets inside of ||
    local right = self:value(e.right, inner + 1)
    local text = ("%s %s %s"):format(self:value(e.left, inner), e.op, right)
    return own < (outer or 0) and "(" .. text .. ")" or text
end

write.call = call

--- An expression as C.
function Writer:value(e, outer)
    local text = (write[e.kind] or fail)(self, e, outer)
    if e.kind == "number" and e.value < 0 and (outer or 0) > 5 then
        return "(" .. text .. ")"
    end
    return text
end

-- ---- functions

--- Has a FUNCTION or PROCEDURE written, once.
function Writer:want(node)
    local name = node.name.name
    if self.functions[name] then
        return
    end
    self.functions[name] = true
    local lines, depth, frames = self.lines, self.depth, self.frames
    self.lines, self.depth, self.frames = {}, 0, {}
    local frame, args = {}, { "const struct hk_block *b", ("struct %s_now *m"):format(self.prefix) }
    for _, arg in ipairs(node.args) do
        frame[arg.name] = { text = safe(arg.name) }
        args[#args + 1] = "double " .. safe(arg.name)
    end
    frame[name] = { text = safe(name) }
    self.frames = { frame }
    self:line("HK_ALWAYS double %s_do_%s(%s) {", self.prefix, name, table.concat(args, ", "))
    self.depth = 1
    self:line("double %s = 0;", safe(name))
    self:line("(void)b, (void)m;")
    for _, arg in ipairs(node.args) do
        self:line("(void)%s;", safe(arg.name))
    end
    self:body(node.body)
    self:line("return %s;", safe(name))
    self.depth = 0
    self:line "}"
    self:line ""
    local text = self.lines
    self.lines, self.depth, self.frames = lines, depth, frames
    self.written = self.written or {}
    table.move(text, 1, #text, #self.written + 1, self.written)
end

-- ---- statements

local statement = {}

statement["local"] = function(self, s)
    for _, id in ipairs(s.list) do
        local text = safe(id.name)
        self.frames[#self.frames][id.name] = { text = text, size = id.size }
        self:line(id.size and "double %s[%d] = {0};" or "double %s = 0;", text, id.size)
        self:line("(void)%s;", text)
    end
end

function statement.assign(self, s)
    if s.prime and s.prime > 0 then
        if not self.prime then
            fail(s.at, "an equation outside of a solved block")
        end
        self:prime(s)
        return
    end
    self:line("%s = %s;", variable(self, s.name, s.index, s.at), self:value(s.value))
end

local silent = { printf = true, fprintf = true, prterror = true, error = true }

function statement.call(self, s)
    if silent[s.name] or c_random.is_nothing(s.name) then
        return
    elseif s.name == "state_discontinuity" then
        self:line("%s = %s;", self:value(s.args[1]), self:value(s.args[2]))
    elseif self.events and self.events[s.name] then
        self.events[s.name](self, s)
    else
        self:line("(void)%s;", call(self, s))
    end
end

function Writer:nested(body)
    self.frames[#self.frames + 1] = {}
    self.depth = self.depth + 1
    self:body(body)
    self.depth = self.depth - 1
    self.frames[#self.frames] = nil
end

statement["if"] = function(self, s)
    self:line("if (%s) {", self:value(s.test))
    self:nested(s.yes)
    if s.no then
        self:line "} else {"
        self:nested(s.no)
    end
    self:line "}"
end

function statement.block(self, s)
    self:line "{"
    self:nested(s.body)
    self:line "}"
end

statement["while"] = function(self, s)
    self:line("while (%s) {", self:value(s.test))
    self:nested(s.body)
    self:line "}"
end

function statement.from(self, s)
    local name = safe(s.name)
    self:line("for (int %s_at = (int)(%s), %s_end = (int)(%s); %s_at <= %s_end; %s_at += %s) {",
        name, self:value(s.first), name, self:value(s.last), name, name, name,
        s.by and ("(int)(%s)"):format(self:value(s.by)) or "1")
    self.frames[#self.frames + 1] = { [s.name] = { text = name } }
    self.depth = self.depth + 1
    self:line("const double %s = %s_at;", name, name)
    self:line("(void)%s;", name)
    self:body(s.body)
    self.depth = self.depth - 1
    self.frames[#self.frames] = nil
    self:line "}"
end

function statement.solve(self, s)
    if self.solve then
        self:solve(s)
    end
end

local nothing = { table = true, units_on = true, units_off = true, conductance = true,
    mutexlock = true, mutexunlock = true, nothing = true, net_initial = true }

--- Writes the statements of a body.
function Writer:body(body)
    for _, s in ipairs(body) do
        if statement[s.kind] then
            statement[s.kind](self, s)
        elseif self.more and self.more[s.kind] then
            self.more[s.kind](self, s)
        elseif s.kind == "protect" then
            self:body(s.body or { s.statement })
        elseif s.kind == "verbatim" then
            if s.idiom == "random" then
                self:line("%s = %s;", variable(self, s.variable, nil, s.at),
                    c_random.draw(s.distribution))
            elseif not s.idiom then
                fail(s.at, "VERBATIM is C, which hillock does not take")
            end
        elseif not nothing[s.kind] then
            fail(s.at, "a statement of kind %s is not possible here", s.kind)
        end
    end
end

-- ---- kernels

--- The mechanism's variables that a kernel's statements mention, in the order of declaration.
function Writer:variables(bodies)
    local found, list = mentions.of(self.p, bodies), {}
    for _, symbol in ipairs(self.p.symbols.list) do
        if found[symbol.name] then
            list[#list + 1] = { symbol = symbol, written = found[symbol.name] == "written" }
        end
    end
    return list
end

-- ---- solving

-- An equation x' = a x + b: a and b by the right side at x = 0 and at x = 1, which is exact.
local function prime_exact(self, s)
    local x = variable(self, s.name, s.index, s.at)
    self:line "{"
    self.depth = self.depth + 1
    self:line("const double x = %s;", x)
    self:line("%s = 0;", x)
    self:line("const double rest = %s;", self:value(s.value))
    self:line("%s = 1;", x)
    self:line("const double slope = %s - rest;", self:value(s.value, 5))
    self.wanted.dt = true
    self:line("%s = slope == 0 ? x + m->dt * rest", x)
    self:line "        : x - hk_expm1(m->dt * slope) * (-rest / slope - x);"
    self.depth = self.depth - 1
    self:line "}"
end

local function prime_euler(self, s)
    self.wanted.dt = true
    local x = variable(self, s.name, s.index, s.at)
    self:line("%s += m->dt * (%s);", x, self:value(s.value))
end

--- Writes what SOLVE does: by cnexp and euler; other methods need expressions.
function statements.solve(self, s)
    local block = self.p.blocks[s.name]
    if block.kind == "derivative" and s.method == "cnexp" then
        self.prime = prime_exact
    elseif block.kind == "derivative" and s.method == "euler" then
        self.prime = prime_euler
    elseif block.kind ~= "procedure" and block.kind ~= "discrete" then
        fail(s.at, "hillock cannot solve %s by %s: it has a loop that ends by a condition, or an "
            .. "index that is computed", s.name, s.steadystate or s.method or "no method")
    end
    self.frames[#self.frames + 1] = {}
    self:body(block.body)
    self.frames[#self.frames] = nil
    self.prime = nil
end

return statements
