-- SPDX-License-Identifier: BSD-3-Clause
-- hillock info NAME: what a plugin is, its fields and its file.

local columns = require "hillock.command.columns"

local info = {
    summary = "Describe a plugin: its fields with unit, default and range.",
}

function info.describe(command)
    command:argument("name", "The plugin's name in scripts; or its file, NAME.so, NAME.c or "
        .. "NAME.mod.")
        :argname "NAME"
end

-- The order in which fields are of interest: what a script sets first.
local groups = {
    { title = "scripts set", "parameter", "list", "table", "global",
        "weight" },
    { title = "scripts can record", "state", "assigned", "derived", "observed" },
    { title = "it reads", "reversal", "inside", "outside", "ion current", "diameter", "area" },
    { title = "it writes", "writes inside", "writes outside", "writes current",
        "writes reversal" },
}

local roles = {
    parameter = "",
    list = "a list",
    global = "one for the model",
    weight = "of each connection",
    reversal = "reversal potential",
    inside = "concentration inside",
    outside = "concentration outside",
    ["writes inside"] = "concentration inside",
    ["writes outside"] = "concentration outside",
    ["writes current"] = "ion current",
    ["writes reversal"] = "reversal potential",
    table = "one table for the model",
    observed = "computed where it is recorded",
}

local function range(field)
    local low, high = field.low, field.high
    if not low then
        return "any"
    elseif low == -math.huge then
        return ("to %g"):format(high)
    elseif high == math.huge then
        return ("from %g"):format(low)
    end
    return ("%g to %g"):format(low, high)
end

local function role(field)
    if field.width and field.width > 1 then
        return ("%s of rows of %d"):format(roles[field.role], field.width)
    end
    local text = roles[field.role] or field.role
    return field.ion and ("%s of %s"):format(text, field.ion) or text
end

-- A field's row; a default and a range are of interest where a script can set it.
local function row(field, settable)
    local unit = (field.unit or "") ~= "" and field.unit or "-"
    if not settable then
        return { field.name, unit, role(field), field.doc or "" }
    end
    local default = field.default and ("%.9g"):format(field.default) or "must be set"
    if field.role == "list" or field.role == "table" and field.default then
        default = "-"
    end
    local of = role(field)
    local doc = (field.doc or "") .. (of ~= "" and (" (%s)"):format(of) or "")
    return { field.name, unit, default, range(field), doc }
end

local function print_group(plugin, group, settable)
    local rows = {}
    for _, wanted in ipairs(group) do
        for _, field in ipairs(plugin.fields) do
            if field.role == wanted then
                rows[#rows + 1] = row(field, settable)
            end
        end
    end
    if #rows == 0 then
        return
    end
    local head = settable and { "FIELD", "UNIT", "DEFAULT", "RANGE", "WHAT IT IS" }
        or { "FIELD", "UNIT", "ROLE", "WHAT IT IS" }
    table.insert(rows, 1, head)
    print(("\n%s\n%s"):format(group.title, columns(rows, "    ")))
end

local function facts(plugin)
    local rows = { { "kind", plugin.kind } }
    if plugin.carries then
        rows[#rows + 1] = { "ion", ("its current is %s's"):format(plugin.carries) }
    end
    local flags = {}
    for _, flag in ipairs {
        { "linear", "linear: those with equal parameters in one place are computed as one" },
        { "electrode", "an electrode: positive current depolarises" },
        { "celsius", "depends on celsius, which the model must set" },
        { "random", "draws random numbers" },
    } do
        if plugin[flag[1]] then
            flags[#flags + 1] = flag[2]
        end
    end
    for i, text in ipairs(flags) do
        rows[#rows + 1] = { i == 1 and "flags" or "", text }
    end
    rows[#rows + 1] = { "file", plugin.path or "?" }
    rows[#rows + 1] = { "hash", plugin.hash or "?" }
    return columns(rows)
end

-- The plugin's description, or nil and why not.
local function find(name)
    require "hillock" -- tells the core which files are hillock's own, which messages do not name
    local core = require "hillock.core"
    if name:find "%.c$" or name:find "%.mod$" then
        local made, message = require "hillock.compile".build(name)
        if not made then
            return nil, message
        end
        for _, text in ipairs(made.changed and made.messages or {}) do
            io.stderr:write(text, "\n")
        end
        name = made.path
    end
    local load = name:find "[./]" and core.plugin_load or core.plugin_find
    local found, plugin = pcall(load, name)
    if not found then
        return nil, plugin
    end
    return plugin
end

function info.run(options)
    local plugin, message = find(options.name)
    if not plugin then
        return 1, message
    end
    print(("%s: %s\n"):format(plugin.name, plugin.doc or ""))
    print(facts(plugin))
    for i, group in ipairs(groups) do
        print_group(plugin, group, i == 1)
    end
    return 0
end

return info
