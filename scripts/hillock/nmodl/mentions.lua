-- SPDX-License-Identifier: BSD-3-Clause
-- mentions: which of a program's variables statements read or write, in the functions that they
-- call and the blocks that they solve as well.

local mentions = {}

local walk

local function walk_value(state, e)
    if type(e) ~= "table" then
        return
    elseif e.kind == "name" then
        state.visit(e.name, false)
    elseif e.kind == "call" then
        local own = state.p.functions[e.name]
        if own and own.body and not state.seen[own] then
            state.seen[own] = true
            walk(state, own.body)
        end
    end
    for _, key in ipairs { "left", "right", "value", "index" } do
        walk_value(state, e[key])
    end
    for _, arg in ipairs(e.args or {}) do
        walk_value(state, arg)
    end
end

local bodies = { "body", "yes", "no", "iferror" }
local values = { "value", "index", "test", "first", "last", "by", "forward", "backward", "rate",
    "volume" }

function walk(state, body)
    for _, s in ipairs(body) do
        if s.kind == "assign" then
            state.visit(s.name, true)
        elseif s.kind == "solve" then
            local block = state.p.blocks[s.name]
            if block and block.body and not state.seen[block] then
                state.seen[block] = true
                walk(state, block.body)
            end
        elseif s.kind == "call" then
            if s.name == "state_discontinuity" and s.args[1] then
                state.visit(s.args[1].name, true)
            end
            walk_value(state, s)
        elseif s.kind == "equation" then
            walk_value(state, s.left)
            walk_value(state, s.right)
        end
        for _, side in ipairs { "left", "right" } do
            if s.kind ~= "equation" and type(s[side]) == "table" then
                for _, r in ipairs(s[side]) do
                    state.visit(r.name, true)
                end
            end
        end
        for _, item in ipairs(s.kind == "watch" and s.list or {}) do
            walk_value(state, item.condition)
            walk_value(state, item.flag)
        end
        for _, key in ipairs(values) do
            walk_value(state, s[key])
        end
        for _, key in ipairs(bodies) do
            if type(s[key]) == "table" and s[key].kind == nil then
                walk(state, s[key])
            end
        end
    end
end

--- The names that the bodies mention: name -> "read" or "written".
function mentions.of(p, list)
    local found = {}
    local state = { p = p, seen = {}, visit = function(name, written)
        if written or not found[name] then
            found[name] = written and "written" or "read"
        end
    end }
    for _, body in ipairs(list) do
        walk(state, body)
    end
    return found
end

--- The names that any of the lists of bodies writes.
function mentions.written(p, ...)
    local found = {}
    for _, list in ipairs { ... } do
        for name, how in pairs(mentions.of(p, list)) do
            found[name] = how == "written" or found[name] or nil
        end
    end
    return found
end

return mentions
