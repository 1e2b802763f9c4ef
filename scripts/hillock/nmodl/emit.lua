-- SPDX-License-Identifier: BSD-3-Clause
-- emit: a checked MOD file as the C source of a plugin (hillock/plugin.h).

local c = require "hillock.nmodl.c"
local c_events = require "hillock.nmodl.c_events"
local c_kernel = require "hillock.nmodl.c_kernel"
local c_statements = require "hillock.nmodl.c_statements"
local fields = require "hillock.nmodl.fields"
local hoist = require "hillock.nmodl.hoist"
local kernels = require "hillock.nmodl.kernels"
local linearity = require "hillock.nmodl.linearity"
local mentions = require "hillock.nmodl.mentions"
local program = require "hillock.nmodl.program"

local emit = {}

-- ---- what the whole program needs

local function find_declared(p)
    p.is_range, p.reads_total, p.surroundings = {}, {}, {}
    for _, neuron in ipairs(p.neurons) do
        for _, id in ipairs(neuron.range or {}) do
            p.is_range[id.name] = true
        end
    end
    for _, current in ipairs(p.currents) do -- NEURON shows them all
        p.is_range[current.name] = true
    end
    local sole = #p.currents == 1 and p.currents[1]
    -- A current that the states read is one that is kept.
    local read = sole and mentions.of(p, kernels.bodies(p).advance)[sole.name]
    if sole and sole.ion and (not read or p.symbols.of[sole.name].ion.read) then
        p.carries = sole.ion
    end
    local electrodes = 0
    for _, current in ipairs(p.currents) do
        electrodes = electrodes + (current.sign < 0 and 1 or 0)
    end
    p.is_electrode = electrodes > 0 and electrodes == #p.currents and p.what == "point"
end

-- Every symbol that the kernels' nodes have.
local function visit_leaves(list, hoisted, visit)
    local seen = {}
    local function go(node)
        if not seen[node] then
            seen[node] = true
            if node.op == "symbol" then
                visit(node)
            end
            for i = 1, #node do
                go(node[i])
            end
        end
    end
    for _, kernel in pairs(list) do
        for _, root in ipairs(kernel.roots) do
            go(root.node)
        end
        c_kernel.visit_steps(kernel, go)
    end
    for _, item in ipairs(hoisted.derived) do
        go(item.node)
    end
end

-- diam, area and the ion's whole current: columns only where they are used.
local function find_surroundings(p, list, hoisted)
    local function use(name)
        local symbol = p.symbols.of[name]
        if name == "diam" or name == "area" then
            p.surroundings[name] = true
        elseif name == "celsius" then
            p.reads_celsius = true
        elseif symbol and symbol.ion and symbol.ion.what == "current" and symbol.ion.read then
            p.reads_total[name] = true
        end
    end
    visit_leaves(list, hoisted, function(node)
        use(node.of.builtin or node.of.variable or "")
    end)
    for _, kernel in pairs(list) do
        for name in pairs(kernel.mentions or {}) do
            use(name)
        end
    end
end

-- ---- the weights of connections

local function weights_of(p)
    local list = {}
    for i, arg in ipairs(p.net_receive and p.net_receive.args or {}) do
        list[i] = { name = arg.name, unit = arg.unit or "", value = i > 1 and 0 or 0 / 0,
            doc = i == 1 and "of a connection" or "of a connection, as NET_RECEIVE leaves it" }
    end
    for _, weight in ipairs(list) do -- a weight may be called as a parameter is
        if p.symbols.of[weight.name] then
            weight.field = weight.name .. "_"
        end
    end
    return list
end

-- ---- text

local function quote(text)
    return '"' .. text:gsub('[\\"]', "\\%0"):gsub("%c", " ") .. '"'
end

local function field_line(field)
    local value = field.value ~= field.value and "HK_NAN" or c.number(field.value):gsub("%.$", "")
    return ("    {%s, %s, %s, %s, 0, 0, %s, %s, %d},"):format(quote(field.name), field.role,
        quote(field.unit), value, quote(field.doc), field.ion and quote(field.ion) or "NULL",
        field.width or 0)
end

local is_column = { HK_GLOBAL = false, HK_WEIGHT = false, HK_TABLE = false }

local function write_struct(out, prefix, list)
    local names = {}
    for _, field in ipairs(list) do
        if is_column[field.role] == nil then
            names[#names + 1] = c_kernel.member(field.name)
        end
    end
    if #names == 0 then -- a struct has a member; the host gives it nothing
        return false
    end
    out("struct %s {", prefix)
    local line = "    hk_col "
    for i, name in ipairs(names) do
        local piece = name .. (i < #names and ", " or ";")
        if #line + #piece > 98 then
            out(line:gsub(", $", ";"))
            line = "    hk_col "
        end
        line = line .. piece
    end
    out(line)
    out "};"
    out ""
    return true
end

local kind_of = { channel = "HK_CHANNEL", point = "HK_POINT", artificial = "HK_POINT" }

local function title_of(p)
    local title = p.tree.title and p.tree.title:gsub("%s+", " "):gsub("^ ", ""):gsub(" $", "")
    if title and title:sub(1, #p.name + 1) == p.name .. ":" then
        title = title:sub(#p.name + 2):gsub("^ ", "")
    end
    if not title or title == "" then
        title = p.name .. " of a MOD file"
    end
    return #title > 120 and title:sub(1, 117) .. "..." or title
end

local function write_setup(out, p, prefix, hoisted, list)
    if #hoisted.common == 0 then
        return
    end
    local global = {}
    for _, field in ipairs(list) do
        if field.role == "HK_GLOBAL" then
            global[#global + 1] = field.name
            global[field.name] = #global - 1
        end
    end
    local named = {} -- globals by the names that they have in the file
    local writer = c.writer(function(node)
        if node.of.builtin then
            return "s->" .. node.of.builtin
        end
        local field = program.field(node.of.variable)
        local name = c_statements.safe(field)
        name = (name == "s" or name == "common" or name:find "^x%d+$") and name .. "_" or name
        if not named[field] then
            named[field] = true
            named[#named + 1] = ("    const double %s = s->global[%d];"):format(name, global[field])
        end
        return name
    end, "    ", "x")
    writer:prepare(hoisted.common)
    for i, node in ipairs(hoisted.common) do
        writer:line("common[%d] = %s;", i - 1, writer:text(node, 0))
    end
    p.libm = p.libm or writer.libm
    out("HK_SETUP(%s) {", prefix)
    for _, line in ipairs(named) do
        out(line)
    end
    for _, line in ipairs(writer.lines) do
        out(line)
    end
    out "}"
    out ""
end

local function write_ions(out, p, prefix)
    local ions = {}
    for _, neuron in ipairs(p.neurons) do
        for _, ion in ipairs(neuron.ions or {}) do
            local known = { na = 1, k = 1, ca = 2, cl = -1 }
            if not ion.valence and not known[ion.name.name] then
                error({ unsupported = ("VALENCE is missing: hillock knows na, k, ca and cl; "
                    .. "expected USEION %s ... VALENCE and a whole number"):format(ion.name.name),
                    at = ion.name.at }, 0)
            elseif ion.valence and not known[ion.name.name] then
                ions[#ions + 1] = ("{%s, %d}"):format(quote(ion.name.name), ion.valence)
            end
        end
    end
    if #ions > 0 then
        out("static const struct hk_ion %s_ions[] = {%s};", prefix, table.concat(ions, ", "))
        out ""
    end
    return #ions
end

-- The program with its kernels: a second time, with columns for globals, where these are too many.
local function plan(tree, symbols, note)
    local last
    for attempt = 1, 2 do
        local p = program.new(tree, symbols, note):open()
        p.globals_are_columns = attempt == 2
        find_declared(p)
        local list, lasting = kernels.build(p)
        kernels.observed(p, list, lasting)
        c_kernel.optimise(p, list)
        local derived = 0
        local hoisted = hoist.new(p.g, function(n)
            derived = n
            local name = "derived" .. n
            while symbols.of[name] do
                name = name .. "_"
            end
            return name
        end)
        c_kernel.hoist(list, hoisted)
        last = { p = p, list = list, lasting = lasting, hoisted = hoisted, derived = derived }
        if not hoisted:is_full() then
            return last
        end
    end
    return last
end

--- The C source of a plugin.
---@param tree table of hillock.nmodl.parse
---@param symbols table of hillock.nmodl.check
---@param note function note(at, code, format, ...)
---@return string text
---@return table facts { linear =, kernels = kind -> mode }
function emit.plugin(tree, symbols, note)
    for _, symbol in ipairs(symbols.list) do
        local ion = symbol.ion
        if symbols.what == "point" and ion and ion.what == "current" and ion.read
            and not ion.write then
            error({ unsupported = ("a POINT_PROCESS cannot read %s: hillock gives an ion's current "
                .. "to channels alone"):format(symbol.name), at = symbol.at }, 0)
        elseif symbols.what ~= "channel" and ion and ion.write and ion.what ~= "current" then
            error({ unsupported = ("only a SUFFIX mechanism can write %s"):format(symbol.name),
                at = symbol.at }, 0)
        end
    end
    if tree.idiom then
        local text, from = require "hillock.nmodl.c_input".source(tree.idiom, symbols.name)
        if not text then
            error({ unsupported = from }, 0)
        end
        return text, { linear = false, kernels = {}, derived = 0, common = 0, input = from }
    end
    if not kind_of[symbols.what] then
        error({ unsupported = "SUFFIX nothing: a file of functions alone makes no plugin" }, 0)
    end
    local made = plan(tree, symbols, note)
    local p, list, lasting, hoisted = made.p, made.list, made.lasting, made.hoisted
    local prefix = "mod_" .. p.name
    local weights = weights_of(p)
    local is_linear = linearity.of(p, list, lasting, weights)
    local events = c_events.new(p, prefix, list, weights)
    find_surroundings(p, list, hoisted)
    local columns = fields.columns(p, lasting)
    events:add_columns(columns)
    fields.derived(columns, hoisted.derived)
    fields.observed(columns, list.observe.roots, p)
    for _, weight in ipairs(weights) do
        weight.name, weight.variable = weight.field or weight.name, weight.name
    end
    fields.others(p, columns, weights)
    for _, field in ipairs(columns) do -- instances that are merged cannot be connected one by one
        is_linear = is_linear and field.role ~= "HK_PORT"
    end

    local body = {}
    local function out(format, ...)
        body[#body + 1] = select("#", ...) > 0 and format:format(...) or format
    end
    local has_columns = write_struct(out, prefix, columns)
    if not has_columns then
        out("struct %s {", prefix)
        out "    hk_col unused;"
        out "};"
        out ""
        table.insert(columns, 1, { name = "unused", role = "HK_ASSIGNED", unit = "", value = 0,
            doc = "" })
    end
    out("static const struct hk_field %s_fields[] = {", prefix)
    for _, field in ipairs(columns) do
        out(field_line(field))
    end
    out "};"
    out ""
    local n_ion = write_ions(out, p, prefix)
    local text = {}
    local function later(format, ...)
        text[#text + 1] = select("#", ...) > 0 and format:format(...) or format
    end
    local hooks = c_kernel.write(later, p, prefix, list, hoisted, columns, events)
    events:write(later, columns, hoisted, hooks)
    write_setup(out, p, prefix, hoisted, columns) -- the kernels have said what is common
    table.move(text, 1, #text, #body + 1, body)

    if #hooks == 0 then -- a mechanism that only has fields
        out("HK_KERNEL(%s, init) {", prefix)
        out "}"
        out ""
        hooks[1] = "init"
    end

    local flags = {}
    flags[#flags + 1] = is_linear and "HK_LINEAR" or nil
    flags[#flags + 1] = p.is_electrode and "HK_ELECTRODE" or nil
    flags[#flags + 1] = p.reads_celsius and "HK_CELSIUS" or nil
    for _, flag in ipairs(events.flags) do
        flags[#flags + 1] = flag
    end
    out("HK_PLUGIN(%s) = {", prefix)
    out("    HK_HEADER(%s, %s, %s, %s),", prefix, kind_of[p.what], quote(p.name),
        quote(title_of(p)))
    out("    HK_FIELDS(%s, %s_fields),", prefix, prefix)
    if #flags > 0 then
        out("    .flags = %s,", table.concat(flags, " | "))
    end
    if #hoisted.common > 0 then
        out("    .n_common = %d,", #hoisted.common)
        out("    .setup = %s_setup,", prefix)
    end
    if p.carries and not p.is_electrode then
        out("    .carries = %s,", quote(p.carries))
    end
    if n_ion > 0 then
        out("    .ion = %s_ions,", prefix)
        out("    .n_ion = %d,", n_ion)
    end
    for _, hook in ipairs(hooks) do
        out("    .%s = %s_%s_hook,", hook, prefix, hook)
    end
    out "};"

    local head = { ("/* %s: generated from %s by hillock's NMODL compiler. */"):format(p.name,
        p.tree.source and p.tree.source.name:match "[^/]+$" or "a MOD file"),
        '#include "hillock/plugin.h"', '#include "hillock/math.h"' }
    local includes = {}
    for name in pairs(p.includes or {}) do
        includes[#includes + 1] = name
    end
    table.sort(includes)
    for _, name in ipairs(includes) do
        head[#head + 1] = ('#include "%s"'):format(name)
    end
    if p.libm then
        head[#head + 1] = "#include <math.h>"
    end
    head[#head + 1] = ""
    local modes = {}
    for kind, kernel in pairs(list) do
        modes[kind] = kernel.mode
    end
    return table.concat(head, "\n") .. "\n" .. table.concat(body, "\n") .. "\n",
        { linear = is_linear, kernels = modes, derived = #hoisted.derived,
            common = #hoisted.common }
end

return emit
