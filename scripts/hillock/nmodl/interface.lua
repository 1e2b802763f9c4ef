-- SPDX-License-Identifier: BSD-3-Clause
-- interface: the block NEURON, which says what a mechanism is and what others see of it.

local declarations = require "hillock.nmodl.declarations"
local words = require "hillock.nmodl.words"

local interface = {}

local entries = {}

local kinds = {
    SUFFIX = "channel", POINT_PROCESS = "point", ARTIFICIAL_CELL = "artificial",
}

for keyword, what in pairs(kinds) do
    entries[keyword] = function(p, node)
        local at = p.at
        p:next()
        local name = p:id(("the name of the mechanism after %s"):format(keyword))
        if node.suffix and node.suffix.name ~= name.name then
            p:complain(at, "the mechanism has two names: '%s' and '%s'", node.suffix.name,
                name.name)
        end
        node.suffix = name
        node.what = keyword == "SUFFIX" and name.name == "nothing" and "nothing" or what
    end
end

-- Lists of names.
local lists = {
    NONSPECIFIC_CURRENT = "nonspecific", ELECTRODE_CURRENT = "electrode", RANGE = "range",
    GLOBAL = "global", POINTER = "pointer", BBCOREPOINTER = "bbcorepointer", EXTERNAL = "external",
    RANDOM = "random",
}

local function append(list, more)
    table.move(more, 1, #more, #list + 1, list)
end

for keyword, field in pairs(lists) do
    entries[keyword] = function(p, node)
        p:next()
        append(node[field], p:ids("a name after " .. keyword))
    end
end

function entries.THREADSAFE(p, node)
    p:next()
    node.threadsafe = true
    if p.kind == "name" and p:ahead() == "," then
        p:ids "a name after THREADSAFE"
    end
end

-- REPRESENTS CHEBI:29101
local function represents(p)
    local text = p:word():match "^REPRESENTS%s+%[?([%w_:]+)"
    p:next()
    return text
end

function entries.REPRESENTS(p, node)
    if p:word() == "REPRESENTS" then
        p:next()
        p:fail "what it represents: REPRESENTS CHEBI:29101"
    end
    node.represents = represents(p)
end

-- USEION ca READ eca WRITE ica VALENCE 2 REPRESENTS CHEBI:29108
function entries.USEION(p, node)
    local ion = { kind = "ion", at = p.at, read = {}, write = {} }
    p:next()
    ion.name = p:id "the name of an ion: USEION ca READ eca WRITE ica"
    while true do
        if p:accept "READ" then
            append(ion.read, p:ids "a variable of the ion after READ")
        elseif p:accept "WRITE" then
            append(ion.write, p:ids "a variable of the ion after WRITE")
        elseif p:accept "VALENCE" or p:accept "CHARGE" then
            ion.valence = p:signed "the valence of the ion"
        elseif p.kind == "REPRESENTS" and p:word() ~= "REPRESENTS" then
            ion.represents = represents(p)
        else
            break
        end
    end
    node.ions[#node.ions + 1] = ion
    if #ion.read + #ion.write == 0 then
        p:fail(("READ or WRITE and variables of the ion after USEION %s"):format(ion.name.name),
            p.kind == "name" and words.hint(p:word(), { "READ", "WRITE", "VALENCE" }) or nil)
    end
end

local function entry(p, node)
    local parse = entries[p.kind]
    if not parse then
        if p.kind == "name" then
            p:fail_at(p.at, "'%s' says nothing in NEURON%s", p:word(),
                words.hint(p:word(), words.neuron))
        elseif p.kind == "," then
            p:fail "a keyword as SUFFIX, USEION, RANGE"
        end
        p:fail "a keyword as SUFFIX, USEION, RANGE, or '}'"
    end
    parse(p, node)
end

--- NEURON { ... }, at hand.
function interface.neuron(p)
    return declarations.block(p, {
        kind = "neuron", ions = {}, nonspecific = {}, electrode = {}, range = {}, global = {},
        pointer = {}, bbcorepointer = {}, external = {}, random = {}, threadsafe = false,
    }, entry)
end

return interface
