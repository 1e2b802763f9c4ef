-- SPDX-License-Identifier: BSD-3-Clause
-- translate: a MOD file to C, by hillock's compiler of NMODL, which is loaded when it is wanted
-- first: where nothing changed it is not.

local files = require "hillock.files"
local host = require "hillock.host"

local translate = {}

local identity

--- A text that changes with the compiler; read once a process.
function translate.identity()
    if not identity then
        local folder, names = host.modules .. "/hillock/nmodl", {}
        for name in files.system().dir(folder) do
            if name:find "%.lua$" then
                names[#names + 1] = name
            end
        end
        table.sort(names)
        for i, name in ipairs(names) do
            names[i] = files.read(folder .. "/" .. name) or ""
        end
        identity = host.hash(table.concat(names, "\0"))
    end
    return identity
end

-- Why the compiler of NMODL cannot be loaded, or nil.
local function missing()
    if not pcall(require, "lpeg") then
        return "MOD files need the Lua module 'lpeg' (on Debian and Ubuntu: apt-get install "
            .. "lua-lpeg)"
    end
end

--- A MOD file's text with another name for its mechanism.
function translate.renamed(text, name)
    return (text:gsub("(SUFFIX%s+)[%w_]+", "%1" .. name))
end

--- Translates.
---@param source string path
---@param text string
---@param options table { strict = boolean }
---@return table? made { name =, c =, includes = paths, messages = string[], warnings = number }
---@return string? message all that is wrong
function translate.text(source, text, options)
    local why = missing()
    if why then
        return nil, ("%s: %s"):format(source, why)
    end
    local nmodl = require "hillock.nmodl"
    local fine, made, messages = xpcall(nmodl.compile_text, debug.traceback, source, text,
        { strict = options.strict })
    if not fine then
        if options.verbose then
            io.stderr:write(made, "\n")
        end
        return nil, ("%s: hillock's compiler failed: please report this file"):format(source)
    end
    local said = messages:sort():render()
    if not made then
        return nil, table.concat(said, "\n")
    end
    made.messages, made.warnings = said, messages.warnings
    return made
end

-- ---- messages in the cache: of paths from the source's folder, since an entry is of any copy

local mark = "\0\n"

--- As one text.
function translate.pack(messages, entry)
    local list = {}
    for i, message in ipairs(messages) do
        list[i] = entry:relative(message)
    end
    return table.concat(list, mark)
end

--- The contrary; and the number of warnings.
function translate.unpack(text, entry)
    local list, warnings = {}, 0
    for message in (text .. mark):gmatch("(.-)" .. "%z\n") do
        if message ~= "" then
            list[#list + 1] = entry:absolute(message)
            warnings = warnings + (message:find "^[^\n]-:%d+:%d+: warning: " and 1 or 0)
        end
    end
    return list, warnings
end

return translate
