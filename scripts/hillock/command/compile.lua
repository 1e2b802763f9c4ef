-- SPDX-License-Identifier: BSD-3-Clause
-- hillock compile FILE.c...: builds plugins, a line each. A file is built where it, the headers,
-- the compiler or the flags changed, and checked to be a plugin that this hillock takes.

local compile = {
    summary = "Build plugins from C.",
    description = "Build plugins from C, each file one, where something changed since it was last "
        .. "built. A script loads one by hk.load \"FILE.c\". CC names another compiler.",
}

function compile.describe(command)
    command:argument("files", "The plugins' sources."):args "+":argname "FILE.c"
    command:option("--output", "Put NAME.so of each NAME.c there."):argname "DIR"
    command:flag("--force", "Build also what is unchanged.")
    command:flag("--verbose", "Show the compiler's command and all that it says.")
end

-- Builds one file. Returns true where it is well.
local function build(file, options)
    local made, message = require "hillock.compile".build(file, options)
    local loaded = made and pcall(require, "hillock.core")
    if loaded then
        local fine, why = pcall(require "hillock.core".plugin_load, made.path)
        if not fine then
            made, message = nil, ("%s: it compiles, but is no plugin: %s"):format(file, why)
        end
    end
    if not made then
        io.stderr:write(message, "\n")
        return false
    end
    if not made.changed then
        print(("%s unchanged"):format(file))
    elseif made.seconds then
        local warned = made.warnings == 0 and ""
            or (", %d warning%s"):format(made.warnings, made.warnings == 1 and "" or "s")
        print(("compiled %s -> %s (%.1f s%s)"):format(file, made.path, made.seconds, warned))
    else
        print(("compiled %s -> %s (from the cache)"):format(file, made.path))
    end
    return true
end

function compile.run(options)
    local status = 0
    for _, file in ipairs(options.files) do
        if not build(file, options) then
            status = 1
        end
        io.stdout:flush()
    end
    return status
end

return compile
