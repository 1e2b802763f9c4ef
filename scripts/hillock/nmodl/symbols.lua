-- SPDX-License-Identifier: BSD-3-Clause
-- symbols: the table of what a mechanism declares, by NEURON's rules:
--
--     PARAMETER      one for all of the mechanism, unless RANGE
--     ASSIGNED,      each its own, unless GLOBAL
--     STATE
--     USEION         eX, Xi, Xo, iX are the ion's, whether they are declared or not. One that is a
--                    STATE keeps the class "state"; all others have the class "ion"
--     currents       of NONSPECIFIC_CURRENT and ELECTRODE_CURRENT need no declaration
--     v t dt celsius diam area
--                    are NEURON's wherever they are declared
--     STATE x        begins as x0, which is 0 unless it is a parameter (`initial`)

local words = require "hillock.nmodl.words"

local symbols = {}

local Symbols = {}
Symbols.__index = Symbols

local builtins = {
    v = "millivolt", t = "ms", dt = "ms", celsius = "degC", diam = "micron", area = "micron2",
}

--- The names that NEURON gives to every mechanism, with their units.
symbols.builtins = builtins

local function add(self, symbol)
    symbol.reads, symbol.writes = symbol.reads or 0, symbol.writes or 0
    self.list[#self.list + 1] = symbol
    self.of[symbol.name] = symbol
    return symbol
end

--- A symbol that nothing declares: one of the language's own.
function symbols.implied(self, name, class, unit)
    return self.of[name] or add(self, { name = name, class = class, unit = unit, implied = true })
end

--- The parameter x0 by which the state x begins, made where it is used; nil for other names.
function symbols.initial(self, name)
    local state = self.of[name:match "^(.+)0$" or ""]
    if not state or state.class ~= "state" then
        return nil
    end
    local symbol = symbols.implied(self, name, "parameter", state.unit)
    symbol.value = symbol.value or 0
    symbol.range, symbol.global = symbol.range or false, not symbol.range
    state.initial = name
    return symbol
end

--- All names that are declared, for a hint.
function symbols.names(self)
    local names = {}
    for _, symbol in ipairs(self.list) do
        names[#names + 1] = symbol.name
    end
    return names
end

local said = {
    parameter = "a parameter", constant = "a constant", assigned = "a variable", state = "a state",
    builtin = "a variable of NEURON's", ["function"] = "a function", procedure = "a procedure",
    table_function = "a function", block = "a block", define = "a DEFINEd number",
    ion = "a variable of an ion",
}

--- "a parameter", for messages.
function symbols.what(symbol)
    return said[symbol.class]
end

local function place(self, at)
    local found = self.messages.source:place(at)
    return ("line %d"):format(found.line)
end

-- A declaration. What is declared before is an error with both places.
local function declare(self, symbol)
    local other = self.of[symbol.name]
    if other and other.at then
        self.messages:error(symbol.at, "%s is declared twice: it is %s already, at %s",
            symbol.name, said[other.class], place(self, other.at))
        return nil
    elseif other then
        return nil
    end
    return add(self, symbol)
end

-- ---- blocks that declare

local makers = {}

local function builtin(self, entry, block)
    local symbol = self.of[entry.name.name]
    if symbol.at and not symbol.independent then
        self.messages:error(entry.at, "%s is declared twice: it is declared already, at %s",
            symbol.name, place(self, symbol.at))
        return
    end
    symbol.at, symbol.node, symbol.unit = entry.at, entry, entry.unit or symbol.unit
    symbol.declared_unit = entry.unit
    if block == "parameter" and entry.value then
        self.messages:note(entry.at, "the value of %s is NEURON's: %g is not taken", symbol.name,
            entry.value).code = "default"
    end
end

for block, class in pairs {
    parameter = "parameter", assigned = "assigned", state = "state", constant = "constant",
} do
    makers[block] = function(self, node)
        for _, entry in ipairs(node.list) do
            local name = entry.name.name
            if builtins[name] and class ~= "state" and class ~= "constant" then
                builtin(self, entry, block)
            else
                declare(self, {
                    name = name, at = entry.name.at, class = class, node = entry,
                    unit = entry.unit, value = entry.value, low = entry.low, high = entry.high,
                    size = entry.size, start = entry.start, abstol = entry.abstol,
                    from = entry.from, to = entry.to,
                })
            end
        end
    end
end

function makers.units(self, node)
    for _, entry in ipairs(node.list) do
        if entry.constant then
            declare(self, {
                name = entry.constant.name, at = entry.constant.at, class = "constant",
                node = entry, unit = entry.to or entry.unit, value = entry.value,
            })
        end
    end
end

function makers.define(self, node)
    declare(self, { name = node.name.name, at = node.name.at, class = "define",
        node = node, value = node.value })
end

-- LOCAL outside of all blocks: one variable for all of the mechanism, and for it alone.
makers["local"] = function(self, node)
    for _, id in ipairs(node.list) do
        declare(self, { name = id.name, at = id.at, class = "assigned", node = node,
            size = id.size, global = true, hidden = true })
    end
end

for block, class in pairs {
    func = "function", procedure = "procedure", table_function = "table_function",
    derivative = "block", kinetic = "block", linear = "block", nonlinear = "block",
    discrete = "block",
} do
    makers[block] = function(self, node)
        local other = self.of[node.name.name]
        if other and other.implied and not builtins[node.name.name] then
            return
        end
        declare(self, { name = node.name.name, at = node.name.at, class = class, node = node,
            unit = node.unit })
    end
end

-- ---- what NEURON { } says of them

local forms = {
    { "^e(.*)$", "reversal" }, { "^i(.*)$", "current" }, { "^(.*)i$", "inside" },
    { "^(.*)o$", "outside" },
}

local ion_units = {
    reversal = "millivolt", inside = "milli/liter", outside = "milli/liter",
}

--- What variable of this ion a name is, or nil: "reversal", "inside", "outside", "current".
function symbols.ion_variable(name, ion)
    for _, form in ipairs(forms) do
        if name:match(form[1]) == ion then
            return form[2]
        end
    end
end

local function current_unit(self)
    return self.what == "channel" and "milliamp/cm2" or "nanoamp"
end

local function ion_symbol(self, id, ion, way)
    local name, what = id.name, symbols.ion_variable(id.name, ion.name.name)
    if not what then
        local list = ("e%s, i%s, %si and %so"):gsub("%%s", ion.name.name)
        self.messages:error(id.at, "%s is no variable of the ion %s: it has %s", name,
            ion.name.name, list)
        return
    end
    local symbol = self.of[name]
    if not symbol then
        symbol = add(self, { name = name, at = id.at, class = "ion", node = ion, undeclared = true,
            unit = ion_units[what] or current_unit(self) })
    elseif symbol.class == "parameter" or symbol.class == "assigned"
        or symbol.class == "constant" then
        if symbol.value and way == "read" then
            self.messages:note(symbol.at, "the value of %s is the ion's: %g is not taken", name,
                symbol.value).code = "default"
        end
        symbol.class = "ion"
    elseif symbol.class ~= "state" and symbol.class ~= "ion" then
        self.messages:error(id.at, "%s is %s, at %s: it cannot be a variable of the ion %s", name,
            said[symbol.class], place(self, symbol.at), ion.name.name)
        return
    end
    symbol.ion = symbol.ion or { name = ion.name.name, what = what, read = false, write = false }
    if symbol.ion.name ~= ion.name.name then
        self.messages:error(id.at, "%s is a variable of two ions: %s and %s", name,
            symbol.ion.name, ion.name.name)
    end
    symbol.ion[way] = true
    symbol.range = true
end

local function ions(self, node)
    local seen = {}
    for _, ion in ipairs(node.ions) do
        local before = seen[ion.name.name]
        if before then
            self.messages:error(ion.at, "USEION %s is said twice, at %s before: put both in one",
                ion.name.name, place(self, before))
        end
        seen[ion.name.name] = ion.at
        for _, way in ipairs { "read", "write" } do
            for _, id in ipairs(ion[way]) do
                ion_symbol(self, id, ion, way)
            end
        end
    end
    self.ions = node.ions
end

local function currents(self, ids, kind)
    for _, id in ipairs(ids) do
        local symbol = self.of[id.name]
        if not symbol then
            symbol = add(self, { name = id.name, at = id.at, class = "assigned", undeclared = true,
                node = id, unit = current_unit(self) })
        elseif symbol.class ~= "assigned" and symbol.class ~= "parameter"
            and symbol.class ~= "state" then
            self.messages:error(id.at, "%s is %s, at %s: it cannot be a current", id.name,
                said[symbol.class], symbol.at and place(self, symbol.at) or "NEURON")
        end
        symbol.current, symbol.range = kind, true
    end
end

-- The symbol that a list of NEURON { } names. One that is declared nowhere is a finding.
local function listed(self, id, keyword)
    local symbol = self.of[id.name] or symbols.initial(self, id.name)
    if symbol then
        return symbol
    end
    return nil, ("%s of %s is declared nowhere%s"):format(id.name, keyword,
        words.hint(id.name, symbols.names(self)))
end

local variable = { parameter = true, assigned = true, state = true, ion = true, constant = true }

local function range(self, ids)
    for _, id in ipairs(ids) do
        local symbol, message = listed(self, id, "RANGE")
        if not symbol then
            -- NEURON takes it, and nobody can see it: old files have such remains
            self.messages:warning(id.at, "%s", message).code = "range"
        elseif id.name == "v" then
            self.messages:warning(id.at, "v is the membrane's: it is left out of RANGE").code
                = "range"
        elseif symbol.class == "builtin" then
            self.messages:error(id.at, "%s is NEURON's: it cannot be RANGE", id.name)
        elseif not variable[symbol.class] then
            self.messages:warning(id.at, "%s is %s, at %s: RANGE takes parameters, variables and "
                .. "states", id.name, said[symbol.class], place(self, symbol.at)).code = "range"
        elseif symbol.class ~= "constant" then
            symbol.range = true
        end
    end
end

local function global(self, ids)
    for _, id in ipairs(ids) do
        local symbol, message = listed(self, id, "GLOBAL")
        if not symbol then
            if not id.name:match "^usetable" then
                self.messages:error(id.at, "%s", message)
            end
        elseif symbol.class == "builtin" or symbol.class == "define" then
            symbol.global = symbol.class == "builtin" or nil
        elseif not variable[symbol.class] then
            self.messages:error(id.at, "%s is %s, at %s: GLOBAL takes parameters and variables",
                id.name, said[symbol.class], place(self, symbol.at))
        elseif symbol.class == "state" and not symbol.ion then
            self.messages:error(id.at, "%s is a state: it cannot be GLOBAL", id.name)
        elseif not symbol.ion and not symbol.current then
            if symbol.range then
                self.messages:warning(id.at, "%s is RANGE and GLOBAL: as in NEURON, it is GLOBAL",
                    id.name).code = "range"
            end
            symbol.range, symbol.global = false, true
        end
    end
end

local function flagged(self, ids, keyword, field)
    for _, id in ipairs(ids) do
        local symbol, message = listed(self, id, keyword)
        if symbol then
            symbol[field], symbol.range = true, true
        elseif field == "random" or field == "external" then
            symbol = add(self, { name = id.name, at = id.at, class = "assigned", node = id,
                undeclared = true, range = true })
            symbol[field] = true
        else
            self.messages:error(id.at, "%s", message)
            add(self, { name = id.name, at = id.at, class = "assigned", node = id, [field] = true,
                undeclared = true, range = true })
        end
    end
end

-- Variables of a TABLE need no declaration.
local function tabled(self, tree)
    for _, block in ipairs(tree.blocks) do
        for _, node in ipairs(block.body or {}) do
            for _, id in ipairs(node.kind == "table" and node.list or {}) do
                if not self.of[id.name] then
                    add(self, { name = id.name, at = id.at, class = "assigned", node = id,
                        undeclared = true, global = true })
                end
            end
        end
    end
end

-- What no list names.
local function settle(self)
    for _, symbol in ipairs(self.list) do
        if symbol.class == "parameter" then
            symbol.global = not symbol.range
            symbol.value = symbol.value or 0
        elseif symbol.class == "assigned" then
            symbol.range = not symbol.global
        elseif symbol.class == "state" then
            symbol.range = true
        end
        symbol.range, symbol.global = symbol.range or false, symbol.global or false
        if symbol.class == "state" then
            local initial = self.of[symbol.name .. "0"]
            symbol.initial = initial and initial.class == "parameter" and initial.name or nil
        end
    end
    if self.what == "nothing" then
        for _, symbol in ipairs(self.list) do
            if variable[symbol.class] then
                symbol.range, symbol.global = false, true
            end
        end
    end
end

-- What a second NEURON block says, too: NEURON takes one of an included file beside that of the
-- file. Both with a name are two mechanisms.
local function joined(self, node, more)
    if node.suffix and more.suffix then
        self.messages:error(more.at, "there is one NEURON block already, at %s: a file is one "
            .. "mechanism", place(self, node.at))
        return node
    end
    node.suffix, node.what = node.suffix or more.suffix, node.what or more.what
    for _, field in ipairs {
        "ions", "nonspecific", "electrode", "range", "global", "pointer", "bbcorepointer",
        "external", "random",
    } do
        table.move(more[field], 1, #more[field], #node[field] + 1, node[field])
        more[field] = {}
    end
    return node
end

--- Fills the table from a tree. What several NEURON blocks say is moved to the first.
---@param tree table of parse.text
---@param messages table of messages.new
---@return table symbols { name =, what =, list =, of =, ions =, neuron = }
function symbols.of_tree(tree, messages)
    local self = setmetatable({ list = {}, of = {}, ions = {}, messages = messages }, Symbols)
    for _, name in ipairs { "v", "t", "dt", "celsius", "diam", "area" } do
        symbols.implied(self, name, "builtin", builtins[name])
    end
    for _, block in ipairs(tree.blocks) do
        if makers[block.kind] then
            makers[block.kind](self, block)
        elseif block.kind == "neuron" then
            self.neuron = self.neuron and joined(self, self.neuron, block) or block
        end
    end
    tabled(self, tree)
    local node = self.neuron
    if node then
        -- Without SUFFIX it is a channel with the name of its file.
        local file = tree.source.name:match "([^/\\]*)$":gsub("%.[^.]*$", "")
        self.name, self.what = node.suffix and node.suffix.name or file, node.what or "channel"
        ions(self, node)
        currents(self, node.nonspecific, "nonspecific")
        currents(self, node.electrode, "electrode")
        range(self, node.range)
        global(self, node.global)
        flagged(self, node.pointer, "POINTER", "pointer")
        flagged(self, node.bbcorepointer, "BBCOREPOINTER", "pointer")
        flagged(self, node.external, "EXTERNAL", "external")
        flagged(self, node.random, "RANDOM", "random")
    end
    settle(self)
    self.messages = nil
    return self
end

return symbols
