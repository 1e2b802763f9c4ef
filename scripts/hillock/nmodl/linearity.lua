-- SPDX-License-Identifier: BSD-3-Clause
-- linearity: whether a point process is linear in its events, so that all those with equal
-- parameters at one place may share one instance (HK_LINEAR of plugin.h): states begin at 0, a step
-- multiplies and adds them, the current is a sum of them, and an event adds to them what depends on
-- its weight and on parameters alone.

local execute = require "hillock.nmodl.execute"
local graph = require "hillock.nmodl.graph"

local linearity = {}

-- Is the node a sum of the states' symbols, each times what has no state? No constant part.
local function is_sum(p, node, states)
    local g, zero = p.g, {}
    for _, state in ipairs(states) do
        zero[state] = g:const(0)
    end
    local rest = g:substitute(node, zero)
    if rest.op ~= "const" or rest.value ~= 0 then
        return false
    end
    for _, state in ipairs(states) do
        local slope = g:derivative(node, state)
        if not slope then
            return false
        end
        for _, other in ipairs(states) do
            if graph.depends(slope, other) then
                return false
            end
        end
    end
    return true
end

local function run_receive(p, weights)
    local refuse = function(_, s)
        execute.unable(s.at, "it sends events")
    end
    local run = execute.new(p, { call = function(_, s)
        if s.name:find "^net_" then
            refuse(nil, s)
        end
    end, net_initial = refuse, watch = refuse, for_netcons = refuse })
    for _, weight in ipairs(weights) do
        run.values[weight.name] = p.g:symbol("weight`" .. weight.name, graph.COMMON,
            { weight = weight.name })
    end
    run.values.flag = p.g:const(0)
    local fine = pcall(run.block, run, p.net_receive.body)
    return fine and run or nil
end

--- Is the program's point process linear?
function linearity.of(p, list, lasting, weights)
    local init, current, advance = list.init, list.current, list.advance
    if p.what ~= "point" or not p.net_receive or init.mode ~= "graph" or current.mode ~= "graph"
        or advance.mode ~= "graph" or init.run.steps or advance.run.steps then
        return false
    end
    local states, symbols = {}, {}
    for name in pairs(lasting) do
        if advance.run.written[name] or p:symbol(name).class == "state" then
            states[#states + 1] = name
            symbols[#symbols + 1] = p.g:symbol(name, graph.DYNAMIC, {})
        end
    end
    if #states == 0 then
        return false
    end
    for _, root in ipairs(init.roots) do
        local is_zero = root.node.op == "const" and root.node.value == 0
        local is_state = advance.run.written[root.to] or p:symbol(root.to).class == "state"
        if is_state and not is_zero or root.node.level > graph.INSTANCE then
            return false
        end
    end
    for _, root in ipairs(advance.roots) do
        if not is_sum(p, root.node, symbols) then
            return false
        end
    end
    for _, root in ipairs(current.roots) do
        if root.to ~= "<g>" and not is_sum(p, root.node, symbols) then
            return false
        end
    end
    local run = run_receive(p, weights)
    if not run then
        return false
    end
    for variable in pairs(run.written) do
        local at = p.g:symbol(variable, graph.DYNAMIC, {})
        local change = p.g:sub(run.values[variable], at)
        if run.values[variable].op == "+" then -- x + amount, however it is ordered
            local a, b = run.values[variable][1], run.values[variable][2]
            change = a == at and b or b == at and a or change
        end
        local is_state = false
        for _, name in ipairs(states) do
            is_state = is_state or name == variable
        end
        if not is_state or change.level > graph.INSTANCE then
            return false
        end
    end
    for _, weight in ipairs(weights) do
        if run.written[weight.name] then
            return false
        end
    end
    return true
end

return linearity
