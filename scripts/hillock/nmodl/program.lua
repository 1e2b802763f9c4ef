-- SPDX-License-Identifier: BSD-3-Clause
-- program: a checked MOD file as what can be run: its blocks, its functions, its variables, and
-- what each variable is before anything has written it.

local graph = require "hillock.nmodl.graph"

local program = {}

local Program = {}
Program.__index = Program

-- What depends on nothing but the model: `level` of the built-in variables.
local builtin = {
    v = graph.DYNAMIC, t = graph.DYNAMIC, dt = graph.COMMON, celsius = graph.COMMON,
    diam = graph.INSTANCE, area = graph.INSTANCE,
}

--- A program of a tree and its symbols (hillock.nmodl.check).
---@param note function note(at, code, format, ...) tells the user what was done
function program.new(tree, symbols, note)
    local self = setmetatable({
        g = graph.new(), tree = tree, symbols = symbols, note = note, name = symbols.name,
        what = symbols.what, defines = tree.defines or {}, functions = {}, blocks = {}, sizes = {},
        before = {}, after = {}, invariant = {}, phase = "init", neurons = {},
    }, Program)
    for _, block in ipairs(tree.blocks) do
        local kind = block.kind
        if kind == "func" or kind == "procedure" or kind == "table_function" then
            self.functions[block.name.name] = block
            self.blocks[block.name.name] = block
        elseif kind == "before" or kind == "after" then
            local list = self[kind]
            list[block.when] = list[block.when] or {}
            table.insert(list[block.when], block)
        elseif block.name and block.body then
            self.blocks[block.name.name] = block
        elseif kind == "neuron" then
            table.insert(self.neurons, block)
        elseif kind == "initial" or kind == "breakpoint"
            or kind == "net_receive" then
            self[kind] = block
        end
    end
    self:read_currents()
    self:list_variables()
    return self
end

--- The symbol of a variable, "x[3]" or "x'" as well.
function Program:symbol(variable)
    return self.symbols.of[variable:match "^[^%[']+"]
end

--- The name of a variable as a field: x[3] is x_3.
function program.field(variable)
    return (variable:gsub("%[(%d+)%]", "_%1"))
end

-- The currents: { name =, sign = 1 or -1, ion = or nil }.
function Program:read_currents()
    local list = {}
    for _, symbol in ipairs(self.symbols.list) do
        local ion = symbol.ion
        if ion and ion.what == "current" and ion.write then
            list[#list + 1] = { name = symbol.name, sign = 1, ion = ion.name }
        elseif symbol.current then
            local sign = symbol.current == "electrode" and -1 or 1
            list[#list + 1] = { name = symbol.name, sign = sign }
        end
    end
    self.currents = list
end

-- All variables, arrays one by one: { name =, symbol = }.
function Program:list_variables()
    local list, of = {}, {}
    for _, symbol in ipairs(self.symbols.list) do
        local class = symbol.class
        if class == "parameter" or class == "assigned" or class == "state" or class == "ion" then
            if symbol.size then
                self.sizes[symbol.name] = symbol.size
            end
            for k = 0, (symbol.size or 1) - 1 do
                local name = symbol.size and ("%s[%d]"):format(symbol.name, k) or symbol.name
                list[#list + 1] = { name = name, symbol = symbol }
                of[name] = list[#list]
            end
        end
    end
    self.variables, self.variable = list, of
end

--- Is it set by the user and never by the file?
function program.is_parameter(symbol)
    return (symbol.class == "parameter" or symbol.class == "assigned" and symbol.never_written)
        and (symbol.writes or 0) == 0 and not symbol.ion and not symbol.pointer
        and not symbol.current
end

--- Is it a PARAMETER that the file changes? What the user sets is its value at the start.
function program.is_start(symbol)
    return symbol.class == "parameter" and (symbol.writes or 0) > 0 and not symbol.ion
        and not symbol.pointer and not symbol.current
end

--- Is it one value for all instances?
function program.is_global(symbol)
    return program.is_parameter(symbol) and (symbol.external or not symbol.range)
end

--- Is the variable a STATE?
function Program:states()
    return function(variable)
        local symbol = self:symbol(variable)
        return symbol and (symbol.class == "state" or symbol.is_state) or false
    end
end

-- What a state is where INITIAL does not say: START, or the parameter STATE0, or 0.
local function first_value(self, symbol)
    local g = self.g
    local named = symbol.initial and self.symbols.of[symbol.initial]
    if symbol.start then
        return g:const(symbol.start)
    elseif named and program.is_parameter(named) then
        return self.leaf(named.name)
    end
    return g:const(0)
end

--- What a PARAMETER that the file changes is at the start.
function Program:start(variable)
    local name = "start`" .. variable
    if self:symbol(variable).range or self.globals_are_columns then
        return self.g:symbol(name, graph.INSTANCE, { column = program.field(variable) })
    end
    return self.g:symbol(name, graph.COMMON, { variable = variable })
end

--- Does what the user sets matter? Not where INITIAL always sets another, and that is all.
function Program:has_start(variable)
    local later = self.invariant[variable]
    return program.is_start(self:symbol(variable))
        and not (later and not graph.depends(later, self:start(variable)))
end

-- What a variable is that nothing has written yet, in the phase that runs.
local function leaf(self, variable)
    local g, symbol = self.g, self:symbol(variable)
    if not symbol then
        return g:symbol(variable, graph.DYNAMIC, { unknown = true })
    elseif symbol.class == "builtin" then
        self.reads_celsius = self.reads_celsius or variable == "celsius"
        return g:symbol(variable, builtin[variable] or graph.DYNAMIC, { builtin = variable })
    elseif symbol.class == "constant" or symbol.class == "define" then
        if not symbol.value then
            error({ unsupported = ("the value of %s is not known"):format(symbol.name),
                at = symbol.at }, 0)
        end
        return g:const(symbol.value)
    elseif program.is_parameter(symbol) then
        if self.globals_are_columns or not program.is_global(symbol) then
            return g:symbol(variable, graph.INSTANCE, { symbol = symbol, variable = variable })
        end
        return g:symbol(variable, graph.COMMON, { symbol = symbol, variable = variable })
    end
    local node = g:symbol(variable, graph.DYNAMIC, { symbol = symbol, variable = variable })
    if self.phase == "init" and program.is_start(symbol) then
        return self:start(variable)
    elseif self.phase ~= "init" then
        return self.invariant[variable] or node
    elseif symbol.ion or symbol.pointer then
        return node
    elseif symbol.class == "state" then
        return first_value(self, symbol)
    end
    return g:const(symbol.value or 0)
end

--- Ends the making: after it `leaf` and `is_state` are functions of a variable's name.
function Program:open()
    self.leaf = function(variable)
        return leaf(self, variable)
    end
    self.is_state = self:states()
    return self
end

return program
