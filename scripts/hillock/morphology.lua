-- SPDX-License-Identifier: BSD-3-Clause
-- morphology: shapes of cells: SWC and Neurolucida files, and simple shapes made by hand.

local core = require "hillock.core"
local keys = require "hillock.keys"
local object = require "hillock.object"
local track = require "hillock.track"

local morphology = {}

local Morphology = object.class {
    name = "morphology",
    fields = {
        name = function(state) return state.name end,
        report = function(state) return state.core:report() end,
    },
    meta = {
        __len = function(self)
            return object.test(object.classes.morphology, self).core:sections()
        end,
        __tostring = function(self)
            local state = object.test(object.classes.morphology, self)
            return "morphology " .. state.core:report()
        end,
    },
}
morphology.Morphology = Morphology

local function new(name, made, lengths)
    return object.new(Morphology, { name = name, core = made, lengths = lengths })
end

local function from_file(read, path, options)
    local name = path:match("([^/]*)$"):gsub("%.[^.]*$", "")
    return new(name ~= "" and name or path, read(path, options))
end

local rules = {
    neuron = function(path, options)
        if options.domains then
            keys.fail("swc: domains: DendroTweaks' rule alone takes names of types")
        end
        return core.swc(track.file(path, "morphology"))
    end,
    dendrotweaks = function(path, options)
        return require "hillock.dendrotweaks.shape".read(path, options.domains, options.wanted)
    end,
}

-- The domains, names by the numbers of types.
local function check_domains(domains)
    for type, name in next, domains do
        if not math.type(type) or type % 1 ~= 0 then
            keys.fail("swc: domains: unknown key '%s': numbers of types are wanted", tostring(type))
        end
        keys.value(("swc: domains[%d]"):format(type), name, "string")
    end
end

--- The shape in an SWC file. rule: who makes sections of the points: "neuron" (its importer, which
--- is what there is without it) or "dendrotweaks". domains: names of types, for the latter.
---@param path string
---@param options? { rule?: string, domains?: table<integer, string> }
function morphology.swc(path, options)
    keys.value("swc: path", path, "string")
    options = keys.check("swc", options or {}, { rule = "string", domains = "table" })
    check_domains(options.domains or {})
    local rule = options.rule or "neuron"
    if not rules[rule] then
        keys.fail("swc: unknown rule '%s'%s", rule, keys.hint(rule, keys.names(rules)))
    end
    return from_file(rules[rule], path, options)
end

--- The shape in SWC text; messages call it `name`.
---@param name string
---@param text string
function morphology.swc_text(name, text)
    keys.value("swc_text: name", name, "string")
    keys.value("swc_text: text", text, "string")
    return new(name, core.swc_text(name, text))
end

--- The shape in a Neurolucida file (.asc).
---@param path string
function morphology.asc(path)
    keys.value("asc: path", path, "string")
    return from_file(core.asc, track.file(path, "morphology"))
end

--- The shape in Neurolucida text; messages call it `name`.
---@param name string
---@param text string
function morphology.asc_text(name, text)
    keys.value("asc_text: name", name, "string")
    keys.value("asc_text: text", text, "string")
    return new(name, core.asc_text(name, text))
end

local section_keys = {
    domain = "string!", type = "count", parent = "string|integer", at = "number", L = "positive",
    diam = "positive", points = "table",
}

local types = { soma = 1, axon = 2, dend = 3, apic = 4 }

-- The number of the section that `parent` means: a number, "dend[0]", or "soma" where there is one.
local function parent_of(made, parent, what)
    local n = made:sections()
    if math.type(parent) then
        keys.value(what .. ": parent", parent, "integer")
        if parent < 1 or parent > n then
            keys.fail("%s: parent: %d is no section before this one", what, parent)
        end
        return parent
    end
    local names, found = {}, {}
    for i = 1, n do
        local name = made:section(i)
        names[i] = name
        if name == parent or name:match("^(.-)%[") == parent then
            found[#found + 1] = i
        end
    end
    if #found == 0 then
        keys.fail("%s: parent: there is no section '%s' before this one%s", what, parent,
            keys.hint(parent, names))
    elseif #found > 1 then
        keys.fail("%s: parent: '%s' means %d sections: say which, as '%s[0]'", what, parent, #found,
            parent)
    end
    return found[1]
end

--- A shape section by section; the first is the root. Each one: domain, parent (a number or a name
--- like "dend[0]"), at (where on the parent, 1), and L and diam or points { { x, y, z, diam }, ...
--- } (um).
---@param list table[]
function morphology.sections(list)
    keys.value("sections", list, "table")
    if #list == 0 then
        keys.fail("sections: the list is empty")
    end
    keys.check("sections", list, {}, #list)
    local made = core.morphology("sections")
    for i, s in ipairs(list) do
        local what = ("sections[%d]"):format(i)
        keys.check(what, s, section_keys)
        if s.points and (s.L or s.diam) then
            keys.fail("%s: L and diam follow from the points: give the one or the other", what)
        elseif not s.points and not (s.L and s.diam) then
            keys.fail("%s: L and diam, or points, are missing", what)
        elseif i > 1 and s.parent == nil then
            keys.fail("%s: parent is missing: only the first section has none", what)
        elseif i == 1 and s.parent ~= nil then
            keys.fail("%s: the first section is the root and has no parent", what)
        end
        made:add(s.domain, s.type or types[s.domain] or 0,
            s.parent and parent_of(made, s.parent, what), s.at or 1, s.L, s.diam, s.points)
    end
    return new("sections", made)
end

--- One cylinder, called soma.
---@param options { L: number, diam: number }
function morphology.compartment(options)
    keys.check("compartment", options, { L = "positive!", diam = "positive!" })
    local made = core.morphology("compartment")
    made:add("soma", 1, nil, 1, options.L, options.diam)
    return new("compartment", made)
end

--- A soma with a dendrite on its 1 end.
---@param options { soma: { L: number, diam: number }, dend: { L: number, diam: number } }
function morphology.ball_and_stick(options)
    keys.check("ball_and_stick", options, { soma = "table!", dend = "table!" })
    for _, part in ipairs { "soma", "dend" } do
        keys.check("ball_and_stick: " .. part, options[part],
            { L = "positive!", diam = "positive!" })
    end
    local made = core.morphology("ball and stick")
    made:add("soma", 1, nil, 1, options.soma.L, options.soma.diam)
    made:add("dend", 3, 1, 1, options.dend.L, options.dend.diam)
    return new("ball and stick", made)
end

-- The shape in an SWC file as DendroTweaks has it, for a model that mentions these domains.
function morphology.dendrotweaks(path, wanted)
    local name = path:match("([^/]*)%.[^.]*$")
    return new(name, rules.dendrotweaks(path, { wanted = wanted }))
end

-- A morphology, from one or from a file's path: Neurolucida's if it ends in .asc, else SWC.
function morphology.resolve(value, what)
    if type(value) == "string" then
        local read = value:lower():find("%.asc$") and morphology.asc or morphology.swc
        return read(value)
    end
    object.state(Morphology, value, what)
    return value
end

return morphology
