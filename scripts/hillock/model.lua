-- SPDX-License-Identifier: BSD-3-Clause
-- model: a cell type or a network that a file makes, with parameters by name: what a protocol is
-- applied to. The forms that a file may have are in scripts/protocols.md.

local cell = require "hillock.cell"
local files = require "hillock.files"
local host = require "hillock.host"
local keys = require "hillock.keys"
local network = require "hillock.network"
local object = require "hillock.object"
local track = require "hillock.track"

local model = {}
local fail = keys.fail

local Model
local methods = {}

-- ---- what a file gives

local wanted = "a cell type, a function of parameters that gives one, or a table { cell = function "
    .. "or network = function, parameters = { ... } }"

-- { cell =, network =, parameters = } of what a file gave, in any of the forms.
local function parts_of(value, what)
    if object.test(cell.Cell, value) then
        return { cell = function() return value end, parameters = {} }
    elseif type(value) == "function" then
        return { cell = value, free = true }
    elseif type(value) ~= "table" or getmetatable(value) ~= nil then
        fail("%s: expected %s, got %s", what, wanted, keys.describe(value))
    end
    local parts = {
        cell = rawget(value, "cell"), network = rawget(value, "network"),
        parameters = rawget(value, "parameters") or {},
    }
    if (parts.cell == nil) == (parts.network == nil) then
        fail("%s: its table has %s of 'cell' and 'network', and one is wanted: %s", what,
            parts.cell == nil and "none" or "both", wanted)
    end
    keys.value(what .. ": cell", parts.cell or parts.network, "function")
    keys.value(what .. ": parameters", parts.parameters, "table")
    for key in next, parts.parameters do
        keys.value(what .. ": the name of a parameter", key, "string")
    end
    return parts
end

-- Modules beside the model are found, behind hillock's own.
local function look_beside(path)
    local folder = path:match "^(.*)/[^/]*$" or "."
    local beside = ("%s/?.lua;%s/?/init.lua;"):format(folder, folder)
    local ours = ("%s/?.lua;%s/?/init.lua;"):format(host.modules, host.modules)
    if not (";" .. package.path):find(";" .. beside, 1, true) then
        local rest = package.path:sub(1, #ours) == ours and package.path:sub(#ours + 1)
            or package.path
        package.path = ours .. beside .. rest
    end
end

-- What the file returns. It gets its name and its path, as a module does from require.
local function load_file(path)
    local text, why = files.read(track.file(path, "model"))
    if not text then
        fail("model: cannot read %s", why)
    end
    local chunk
    chunk, why = load(text, "@" .. path, "t")
    if not chunk then
        fail("model: %s", why)
    end
    look_beside(path)
    return chunk(path:match "([^/]*)%.[^./]*$" or path, path)
end

local function dendrotweaks(path, options)
    local found, module = pcall(require, "hillock.dendrotweaks")
    if not found then
        fail("model: %s is a DendroTweaks folder, which this hillock does not read", path)
    end
    return {
        cell = function() return (module.load(path, options)) end, parameters = {},
    }
end

local allowed = {
    parameters = "table", morphology = "string", biophys = "string", stimuli = "string",
}

-- Of a protocol in the folder the cell has d_lambda, which decides its segments.
local function folder_options(options)
    return {
        morphology = options.morphology, biophys = options.biophys,
        stimuli = options.stimuli or false,
    }
end

local function resolve(value, options)
    if type(value) ~= "string" then
        return parts_of(value, "model"), "the model"
    end
    local path = value:gsub("(.)/+$", "%1")
    if files.is_folder(path) then
        if not files.is_folder(path .. "/biophys") then
            fail("model: %s is no DendroTweaks folder: there is no folder biophys in it", path)
        end
        return dendrotweaks(path, folder_options(options)), path
    elseif options.morphology or options.biophys or options.stimuli then
        fail("model: morphology, biophys and stimuli choose what is in a DendroTweaks folder, and "
            .. "%s is none", path)
    end
    return parts_of(load_file(path), path), path
end

-- ---- parameters

-- What is wrong with values for the model's parameters: a list of { key, text }.
local function wrong_parameters(state, values)
    local list = {}
    for _, key in ipairs(keys.names(values or {})) do
        local default = state.parts.parameters and state.parts.parameters[key]
        if state.parts.free then
            goto next
        elseif default == nil then
            list[#list + 1] = { key, ("%s has no parameter '%s'%s"):format(state.name, key,
                keys.hint(key, keys.names(state.parts.parameters))) }
        elseif type(default) ~= type(values[key]) then
            list[#list + 1] = { key, ("expected a %s as in %s, got %s"):format(type(default),
                state.name, keys.describe(values[key])) }
        end
        ::next::
    end
    return list
end

--- What is wrong with these values: { { name, text }, ... }.
---@param values? table<string, any>
function methods:wrong(values)
    return wrong_parameters(object.state(Model, self, "model:wrong"), values)
end

-- Defaults, what hk.model was told, and what is said now.
local function merged(state, values)
    local all = {}
    for _, from in ipairs { state.parts.parameters or {}, state.given, values or {} } do
        for key, value in pairs(from) do
            all[key] = value
        end
    end
    return all
end

local function checked(state, values)
    local wrong = wrong_parameters(state, values)
    if #wrong > 0 then
        fail("model: %s", wrong[1][2])
    end
    return merged(state, values)
end

-- ---- making

--- The model's cell type, with values for its parameters.
---@param parameters? table<string, any>
function methods:cell(parameters)
    local state = object.state(Model, self, "model:cell")
    if not state.parts.cell then
        fail("model: %s is a network, not a cell type", state.name)
    end
    local made = state.parts.cell(checked(state, parameters))
    if not object.test(cell.Cell, made) then
        fail("%s: its function 'cell' gave %s, not a cell type", state.name, keys.describe(made))
    end
    return made
end

--- Puts the model into a network: its populations and connections, or n cells of its type in a
--- population that is called as the type.
---@param net any
---@param parameters? table<string, any>
---@param n? integer of a cell type: how many
function methods:build(net, parameters, n)
    local state = object.state(Model, self, "model:build")
    object.state(network.Network, net, "model:build")
    if state.parts.cell then
        local type = self:cell(parameters)
        return net:population(type.name, n or 1, type)
    elseif n and n ~= 1 then
        fail("model: %s is a network, which says itself how many cells there are", state.name)
    end
    state.parts.network(net, checked(state, parameters))
end

--- What another Lua state needs to make it again, { path, options }; nil where it is none of a
--- file.
function model.pack(self)
    local state = object.state(Model, self, "model.pack")
    return state.path and { state.path, state.options }
end

Model = object.class {
    name = "model",
    methods = methods,
    fields = {
        name = function(state) return state.name end,
        kind = function(state) return state.parts.cell and "cell" or "network" end,
        path = function(state) return state.path end,
        parameters = function(state) return merged(state) end,
    },
    meta = {
        __tostring = function(self)
            local state = object.state(Model, self)
            return ("model %s, a %s"):format(state.name,
                state.parts.cell and "cell type" or "network")
        end,
    },
}
model.Model = Model

--- A model: the path of a Lua file or of a DendroTweaks folder, or what such a file returns.
---@param value any
--- stimuli: the protocol in the folder whose d_lambda the cell has.
---@param options? { parameters?: table, morphology?: string, biophys?: string, stimuli?: string }
function model.new(value, options)
    if object.test(Model, value) then
        return value
    end
    options = keys.check("model", options or {}, allowed)
    local parts, name = resolve(value, options)
    local state = {
        parts = parts, name = name, path = type(value) == "string" and name or nil,
        given = {}, options = options,
    }
    state.given = options.parameters and checked(state, options.parameters) or {}
    return object.new(Model, state)
end

return model
