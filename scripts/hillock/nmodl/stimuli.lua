-- SPDX-License-Identifier: BSD-3-Clause
-- stimuli: is a file NEURON's NetStim or VecStim, which many models carry? They are told by their
-- names and by what their blocks do, so that one that was changed is none.

local c_text = require "hillock.nmodl.c_text"
local walk = require "hillock.nmodl.walk"

local stimuli = {}

-- What a block does, in short: "if(call assign)call".
local function shape(list)
    local parts = {}
    for _, node in ipairs(list or {}) do
        local silent = node.kind == "verbatim" or node.kind == "local"
            or node.kind == "call" and node.name == "printf"
        if not silent then
            local inner = {}
            for _, body in ipairs(walk.bodies(node)) do
                inner[#inner + 1] = shape(body)
            end
            local name = node.kind == "call" and node.name
                or node.kind == "assign" and node.name .. "=" or node.kind
            parts[#parts + 1] = #inner > 0 and ("%s(%s)"):format(name, table.concat(inner, "|"))
                or name
        end
    end
    return table.concat(parts, " ")
end

local function shapes(tree)
    local found = {}
    for _, block in ipairs(tree.blocks) do
        if block.body then
            found[block.name and block.name.name or block.kind] = shape(block.body)
        end
    end
    return found
end

local netstim = {
    net_receive = "if(if(init_sequence next_invl event= net_send|if(on=))) "
        .. "if(if(init_sequence net_send)) if(ispike= net_event next_invl if(net_send))",
    invl = "if(mean=) if(invl=|invl=)",
    next_invl = "if(event=) if(on=)",
    init_sequence = "if(on= event= ispike=)",
}

-- The second asks whether the times are sorted.
local vecstims = {
    {
        initial = "index= element if(net_send)",
        net_receive = "if(net_event element if(net_send))",
    },
    {
        initial = "index= element if(net_send)",
        net_receive = "if(net_event element if(if(|net_send)))",
    },
}

local function has_shapes(found, wanted)
    for name, text in pairs(wanted) do
        if found[name] ~= text then
            return false
        end
    end
    return true
end

--- Which of NEURON's stimuli is the file?
function stimuli.which(tree, symbols, all)
    if symbols.what ~= "artificial" then
        return nil
    end
    local found = shapes(tree)
    if has_shapes(found, netstim) then
        for _, name in ipairs { "interval", "number", "start", "noise" } do
            local symbol = symbols.of[name]
            if not symbol or symbol.class ~= "parameter" then
                return nil
            end
        end
        return "netstim"
    end
    local plays = has_shapes(found, vecstims[1]) or has_shapes(found, vecstims[2])
    if plays and found.element == "" and found.play == "" then
        for _, one in ipairs(all) do
            local name = one.block.name and one.block.name.name
            if name == "play" and c_text.mentions(one.code, { vector_arg = true }) then
                return "vecstim"
            end
        end
    end
end

return stimuli
