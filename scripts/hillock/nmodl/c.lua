-- SPDX-License-Identifier: BSD-3-Clause
-- c: expressions of the graph as C. What is used more than once, or is long, becomes a constant of
-- its own; the rest stays inside of what uses it.

local graph = require "hillock.nmodl.graph"

local c = {}

-- The functions of hillock/math.h, or of C's library.
local functions = {
    exp = "hk_exp", log = "hk_log", pow = "hk_pow", sqrt = "hk_sqrt", fabs = "hk_abs",
    exprelr = "hk_exprelr", min = "hk_min", max = "hk_max",
}

--- A number as C writes it, to the bit.
function c.number(value)
    if value ~= value then
        return "HK_NAN"
    elseif value == math.huge then
        return "HK_INF"
    elseif value == -math.huge then
        return "-HK_INF"
    end
    local text
    for _, digits in ipairs { 6, 15, 16, 17 } do
        text = ("%." .. digits .. "g"):format(value)
        if tonumber(text) == value then
            break
        end
    end
    if not text:find "[%.en]" then
        text = text .. "."
    end
    return (text:gsub("e%+0*", "e"):gsub("e%-0+", "e-"))
end

-- How strongly an operator binds.
local strength = {
    select = 1, ["or"] = 2, ["and"] = 4, ["=="] = 5, ["!="] = 5, ["<"] = 6, ["<="] = 6, [">"] = 6,
    [">="] = 6, ["+"] = 7, ["-"] = 7, ["*"] = 8, ["/"] = 8, neg = 9, ["not"] = 9,
}
local sign = { ["or"] = "|", ["and"] = "&" }

local Writer = {}
Writer.__index = Writer

--- A writer of C: leaf(node) gives C's text for a symbol; libm: set where C's library is needed.
---@param leaf function
---@param indent string
---@param prefix? string of the constants' names
function c.writer(leaf, indent, prefix)
    return setmetatable({ leaf = leaf, indent = indent, prefix = prefix or "x", lines = {},
        names = {}, n = 0, uses = {}, weights = {}, selects = {},
        waiting = {} }, Writer)
end

local function count(self, node, seen)
    self.uses[node] = (self.uses[node] or 0) + 1
    if seen[node] then
        return
    end
    seen[node] = true
    if node.op == "select" then
        local list = self.selects[node[1]] or {}
        self.selects[node[1]] = list
        list[#list + 1] = node
    end
    for i = 1, #node do
        count(self, node[i], seen)
    end
end

--- Counts how often each node is used in these roots: what is used twice gets a name.
function Writer:prepare(roots)
    local seen = {}
    for _, root in ipairs(roots) do
        count(self, root, seen)
    end
end

local function wrap(text, own, outer)
    return own < outer and "(" .. text .. ")" or text
end

local function is_simple(node)
    return node.op == "const" or node.op == "symbol"
end

local compare = { ["<"] = true, ["<="] = true, [">"] = true, [">="] = true, ["=="] = true,
    ["!="] = true }
local function is_truth(node)
    return compare[node.op] or node.op == "and" or node.op == "or" or node.op == "not"
end

-- Text of a truth: 1 or 0, as C's int.
local function truth(self, node, outer)
    if is_truth(node) then
        return self:text(node, outer)
    end
    return wrap(self:text(node, 6) .. " != 0", 5, outer)
end

local function write_call(self, node)
    local args = {}
    for i = 1, #node do
        args[i] = self:text(node[i], 0)
    end
    if node.op == "opaque" then
        return node.name:gsub("%%(%d)", function(i) return args[tonumber(i)] end)
    end
    local name = functions[node.name] or node.name
    if not name:find "^hk_" then
        self.libm = true
    end
    return ("%s(%s)"):format(name, table.concat(args, ", "))
end

-- The expression of a node, whatever its name.
local function expression(self, node, outer)
    local op = node.op
    if op == "const" then
        local text = c.number(node.value)
        return node.value < 0 and wrap(text, 9, outer) or text
    elseif op == "symbol" then
        return self.leaf(node)
    elseif op == "call" or op == "opaque" then
        return write_call(self, node)
    end
    local own = strength[op]
    if op == "neg" then
        return wrap("-" .. self:text(node[1], 9), own, outer)
    elseif op == "not" then
        return wrap("!" .. truth(self, node[1], 10), own, outer)
    elseif op == "and" or op == "or" then
        local a, b = truth(self, node[1], 10), truth(self, node[2], 10)
        if a:find "%w%(" and b:find "%w%(" then -- clang takes it for a && b where both have calls
            a = "(int)" .. a
        end
        return wrap(("%s %s %s"):format(a, sign[op], b), own, outer)
    elseif op == "select" then
        -- clang warns of a & b ? c : d.
        local around = (node[1].op == "and" or node[1].op == "or") and 10 or 2
        return wrap(("%s ? %s : %s"):format(truth(self, node[1], around), self:text(node[2], 2),
            self:text(node[3], 2)), own, outer)
    end
    return wrap(("%s %s %s"):format(self:text(node[1], own), op, self:text(node[2], own + 1)),
        own, outer)
end

local function has_call(node)
    if node.op == "call" or node.op == "opaque" or node.op == "/" then
        return true
    end
    for i = 1, #node do
        if has_call(node[i]) then
            return true
        end
    end
    return false
end

local function weight(self, node)
    local w = self.weights[node]
    if not w then
        w = 1
        for i = 1, #node do
            w = w + weight(self, node[i])
        end
        self.weights[node] = w
    end
    return w
end

-- Both sides of a select before it: a compiler takes no calls into a select.
local function name_sides(self, node)
    for i = 2, 3 do
        if has_call(node[i]) then
            self:name(node[i])
        end
    end
end

--- The text of a node where an operator of this strength is around it; names it first if it is used
--- often.
function Writer:text(node, outer)
    local named = self.names[node]
    if named then
        return named
    end
    if not is_simple(node) and ((self.uses[node] or 1) > 1 or weight(self, node) > 12) then
        return self:name(node)
    elseif node.op == "symbol" then
        local text = self.leaf(node)
        return text
    end
    if node.op == "select" then
        if #(self.selects[node[1]] or {}) > 1 then
            return self:name(node)
        end
        name_sides(self, node)
    end
    return expression(self, node, outer or 0)
end

-- Those of a list that can be written before the node: unnamed yet, and without the node or one
-- that waits for it in them.
local function beside(self, node, list)
    local found = {}
    for _, other in ipairs(list or {}) do
        local fine = not self.names[other] and not graph.depends(node, other)
        for _, waits in ipairs(self.waiting) do
            fine = fine and not graph.depends(other, waits)
        end
        if fine and not graph.depends(other, node) then
            found[#found + 1] = other
        end
    end
    return found
end

-- Names of all that selects are made of, so that they stand line by line: what stands between two
-- of one condition, gcc would write out twice, for either case.
local function name_all_of(self, list)
    for _, node in ipairs(list) do
        for i = 1, 3 do
            self:name(node[i])
        end
    end
end

local function write_line(self, node)
    local text = expression(self, node, 0)
    self.n = self.n + 1
    self.names[node] = self.prefix .. self.n
    self:line("const %s %s = %s;", is_truth(node) and "int" or "double", self.names[node], text)
    return self.names[node]
end

--- Gives the node a name, and writes its line.
function Writer:name(node)
    local named = self.names[node]
    if named then
        return named
    elseif is_simple(node) then
        return expression(self, node, 0)
    end
    if node.op == "select" then
        local others = beside(self, node, self.selects[node[1]])
        if #others > 0 then
            table.insert(self.waiting, node)
            name_all_of(self, { node })
            name_all_of(self, others)
            table.remove(self.waiting)
            if not self.names[node] then
                write_line(self, node)
            end
            for _, other in ipairs(others) do
                if not self.names[other] then
                    write_line(self, other)
                end
            end
            return self.names[node]
        end
        name_sides(self, node)
    end
    return write_line(self, node)
end

--- Writes a line.
function Writer:line(format, ...)
    local text = select("#", ...) > 0 and format:format(...) or format
    self.lines[#self.lines + 1] = text == "" and "" or self.indent .. text
end

return c
