-- SPDX-License-Identifier: BSD-3-Clause
-- nmodl: from a MOD file to the C source of a plugin. README.md beside it has the parts, in the
-- order in which a file goes through them.

local nmodl = {}

local function read(path)
    local file, message = io.open(path, "rb")
    if not file then
        return nil, message
    end
    local text, why = file:read "a"
    file:close()
    return text, why and ("%s: %s"):format(path, why)
end

-- What emit cannot do is an error at its place.
local function failure(messages, why)
    if type(why) == "table" and (why.unsupported or why.unable) then
        messages:error(why.at or 1, "%s", why.unsupported
            or ("hillock cannot compile %s"):format(why.unable))
        return
    end
    error(why, 0)
end

--- Compiles a text.
---@param name string what messages call it, a path
---@param text string
---@param options? table { folders = list for INCLUDE, strict = boolean }
---@return table? made { name =, kind = "channel" | "point" | "artificial" | "input", c =, facts =,
--- includes = }
--- includes: the paths of the files that INCLUDE brought in, and of others that the C is made of
---@return table messages of hillock.nmodl.messages; made is nil where there are errors
function nmodl.compile_text(name, text, options)
    options = options or {}
    local source = require "hillock.nmodl.source".new(name, text)
    local messages = require "hillock.nmodl.messages".new(source)
    local tree = require "hillock.nmodl.parse".text(source, messages, options)
    if not tree or messages.errors > 0 then
        return nil, messages
    end
    local symbols = require "hillock.nmodl.check".tree(tree, messages, options)
    if not symbols or messages.errors > 0 then
        return nil, messages
    end
    local fine, c, facts = xpcall(require "hillock.nmodl.emit".plugin, function(e)
        return type(e) == "table" and e or debug.traceback(e)
    end, tree, symbols, function(at, code, ...)
        messages[code == "slope" and "note" or "warning"](messages, at, ...).code = code
    end)
    if not fine then
        failure(messages, c)
        return nil, messages
    end
    local includes = {}
    for i = 2, #source.files do
        includes[i - 1] = source.files[i].name
    end
    includes[#includes + 1] = facts.input
    return { name = symbols.name, kind = facts.input and "input" or symbols.what, c = c,
        facts = facts, includes = includes }, messages
end

--- Compiles a file; as compile_text. Where the file cannot be read, made and messages are nil, and
--- the third result says why.
function nmodl.compile(path, options)
    local text, why = read(path)
    if not text then
        return nil, nil, ("cannot read %s"):format(why)
    end
    return nmodl.compile_text(path, text, options)
end

return nmodl
