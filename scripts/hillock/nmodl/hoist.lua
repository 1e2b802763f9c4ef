-- SPDX-License-Identifier: BSD-3-Clause
-- hoist: takes out of the kernels what does not change during a run: expressions of globals, dt and
-- celsius go to `setup`, one value for all instances; those of an instance's parameters into
-- columns that `init` computes.

local graph = require "hillock.nmodl.graph"

local hoist = {}

local COMMON = 64 -- HK_COMMON of plugin.h

local function is_leaf(node)
    return node.op == "const" or node.op == "symbol"
end

-- dt and celsius are at hand in a kernel.
local function at_hand(node)
    return node.op == "const" or node.op == "symbol" and node.of and node.of.builtin
end

-- Is it cheaper as a column than computed anew?
local function is_worth(node)
    local cost = 0
    local function go(at)
        if is_leaf(at) or cost > 1 then
            return
        elseif at.op == "call" or at.op == "opaque" or at.op == "/" or at.op == "select" then
            cost = cost + 2
        else
            cost = cost + 1
        end
        for i = 1, #at do
            go(at[i])
        end
    end
    go(node)
    return cost > 1
end

local Hoist = {}
Hoist.__index = Hoist

--- Nothing hoisted yet.
---@param g table the graph
---@param name function name(kind, n) names a column, "derived"
function hoist.new(g, name)
    return setmetatable({ g = g, common = {}, derived = {}, of = {}, name = name }, Hoist)
end

-- The symbol that stands for a common value.
local function common(self, node)
    local n = #self.common
    self.common[n + 1] = node
    self.of[node] = self.g:symbol(("common`%d"):format(n), graph.COMMON, { common = n })
    return self.of[node]
end

local function derived(self, node)
    local n = #self.derived + 1
    local name = self.name(n)
    self.derived[n] = { name = name, node = self:node(node, true, true) }
    self.of[node] = self.g:symbol("derived`" .. name, graph.INSTANCE, { column = name })
    return self.of[node]
end

--- The expression with symbols for what is hoisted. fixed: no new columns; alone: no columns.
function Hoist:node(node, fixed, alone)
    local with = {}
    local seen = {}
    local function go(at)
        if seen[at] then
            return
        end
        seen[at] = true
        if at.level == graph.COMMON and not at_hand(at) then
            with[at] = self.of[at] or common(self, at)
        elseif self.of[at] and not alone then
            with[at] = self.of[at]
        elseif at.level == graph.INSTANCE and not fixed and is_worth(at) then
            with[at] = derived(self, at)
        else
            for i = 1, #at do
                go(at[i])
            end
        end
    end
    go(node)
    return self.g:substitute(node, with)
end

--- Are there more common values than plugin.h has room for?
function Hoist:is_full()
    return #self.common > COMMON
end

return hoist
