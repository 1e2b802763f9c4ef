-- SPDX-License-Identifier: BSD-3-Clause
-- hillock new KIND NAME: writes a plugin to begin with, from the template of that kind.

local new = {
    summary = "Write a new plugin to begin with.",
    description = "Write NAME.c, or NAME.mod of the kind mod, in the current folder: a small "
        .. "plugin that works, with comments.",
}

local kinds = { "channel", "synapse", "input", "recorder", "mod" }

-- Words that cannot begin the names in the source, and those that the header has.
local reserved = {}
for word in ([[auto break case char const continue default do double else enum extern float for
    goto if inline int long register restrict return short signed sizeof static struct switch
    typedef union unsigned void volatile while hk]]):gmatch "%S+" do
    reserved[word] = true
end

function new.describe(command)
    command:argument("kind", "What it is: channel, synapse, input or recorder, in C; or mod, a "
        .. "channel in NMODL.")
        :choices(kinds):argname "KIND"
    command:argument("name", "Its name in scripts: a letter, then letters, digits and _.")
        :argname "NAME"
    command:flag("--force", "Overwrite the file if it exists.")
end

-- What is wrong with the name; nil where it is fine.
local function fault(name)
    if name:find "%.c$" or name:find "%.mod$" or name:find "/" then
        local base = name:match "([^/]*)$":gsub("%.%l+$", "")
        return ("give the plugin's name, not a file: hillock new ... %s"):format(base)
    elseif not name:find "^%a[%w_]*$" then
        local bad = name:match "^%a[%w_]*(.)" or name:sub(1, 1)
        return ("'%s' cannot be a plugin's name because of '%s': a letter comes first, then "
            .. "letters, digits and _, as in Kv3_1"):format(name, bad)
    elseif #name > 63 then
        return ("a plugin's name has at most 63 letters, this one has %d"):format(#name)
    end
end

function new.run(options)
    local name, kind = options.name, options.kind
    local wrong = fault(name)
    if wrong then
        return 2, wrong
    end
    if kind == "mod" and require "hillock.nmodl.words".keyword(name) then
        return 2, ("'%s' cannot be a mechanism's name: it is a word of NMODL"):format(name)
    end
    local path = name .. (kind == "mod" and ".mod" or ".c")
    local there = io.open(path)
    if there then
        there:close()
        if not options.force then
            return 1, ("%s exists already: --force overwrites it"):format(path)
        end
    end
    local prefix = name:lower()
    if reserved[prefix] then
        prefix = prefix .. "_"
    end
    local text = require("hillock.new." .. kind):gsub("@(%a+)@", { NAME = name, P = prefix })
    local file, message = io.open(path, "w")
    local written = file and file:write(text)
    if not file or not (file:close() and written) then
        return 1, ("cannot write %s"):format(message or path)
    end
    print(("wrote %s (%s); 'hillock compile %s' builds it, hk.load \"%s\" in a script loads it")
        :format(path, kind, path, path))
    return 0
end

return new
