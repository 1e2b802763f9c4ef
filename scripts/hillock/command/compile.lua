-- SPDX-License-Identifier: BSD-3-Clause
-- hillock compile FILE|DIR...: builds plugins, a line each. A file is built where it, the headers,
-- the compiler or the flags changed, and checked to be a plugin that this hillock takes.

local compile = {
    summary = "Build plugins from C and from MOD files.",
    description = "Build plugins from C and from MOD files (NMODL), each file one, where something "
        .. "changed since it was last built. A script loads one by hk.load \"FILE\", and those of "
        .. "a folder by hk.load \"DIR\". CC names another compiler.",
}

function compile.describe(command)
    command:argument("files", "NAME.c, NAME.mod, or a folder of them."):args "+":argname "FILE"
    command:option("--output", "Put NAME.so of each file there (with --emit-c, NAME.c).")
        :argname "DIR"
    command:flag("--emit-c", "Print the C that is made of MOD files, and build nothing.")
    command:flag("--strict", "Take a MOD file's warnings about units as errors.")
    command:flag("--force", "Build also what is unchanged.")
    command:flag("--verbose", "Show the compiler's command and all that it says, and the warnings "
        .. "of what is unchanged.")
end

local function say(...)
    io.stdout:flush()
    io.stderr:write(...)
    io.stderr:write "\n"
end

-- ---- which files

-- The files of a list of files and folders, and of each its folder in the list.
local function find(list)
    local files = require "hillock.files"
    local found, folders = {}, {}
    for _, path in ipairs(list) do
        if files.is_folder(path) then
            local names = {}
            for name in files.system().dir(path) do
                names[#names + 1] = name
            end
            names = require "hillock.compile".sources(names)
            if #names == 0 then
                say(path, ": no C or MOD file is in this folder")
            end
            for _, name in ipairs(names) do
                found[#found + 1] = path:gsub("(.)/+$", "%1") .. "/" .. name
                folders[#found] = path
            end
        else
            found[#found + 1], folders[#found + 1] = path, nil
        end
    end
    return found, folders
end

-- ---- building

-- The plugin's name, where this build can load it; nil and why it is none.
local function load(file, path)
    local loaded, core = pcall(require, "hillock.core")
    if not loaded then
        return ""
    end
    -- Which lines messages do not name: hillock's own.
    core.home(("@%s/hillock/"):format(require "hillock.host".modules))
    local fine, plugin = pcall(core.plugin_load, path)
    if not fine then
        return nil, ("%s: it compiles, but is no plugin: %s"):format(file, plugin)
    end
    return plugin.name
end

-- The line about a plugin that is well.
local function report(file, made)
    if not made.changed then
        return ("%s unchanged"):format(file)
    elseif made.seconds then
        local warned = made.warnings == 0 and ""
            or (", %d warning%s"):format(made.warnings, made.warnings == 1 and "" or "s")
        return ("compiled %s -> %s (%.1f s%s)"):format(file, made.path, made.seconds, warned)
    end
    return ("compiled %s -> %s (from the cache)"):format(file, made.path)
end

-- Says what became of a file. `names`: the files of its folder by their plugins' names.
local function finish(file, made, message, names, options)
    local name
    if made then
        if made.seconds or options.verbose then
            for _, text in ipairs(made.messages) do
                say(text)
            end
        end
        name, message = load(file, made.path)
    end
    if name and names and name ~= "" then
        if names[name] then
            name, message = nil, ("%s: its mechanism is called '%s', as that of %s is: each needs "
                .. "a name of its own"):format(file, name, names[name])
        else
            names[name] = file
        end
    end
    if not name then
        say(message)
        return false
    end
    print(report(file, made))
    io.stdout:flush()
    return true
end

local function build(files, folders, options)
    local status, i, names = 0, 0, {}
    require "hillock.compile".all(files, options, function(file, made, message)
        i = i + 1
        local folder = folders[i]
        if folder then
            names[folder] = names[folder] or {}
        end
        if not finish(file, made, message, folder and names[folder], options) then
            status = 1
        end
    end)
    return status
end

-- ---- C to read

-- Where the C of a file goes: nil and why where it cannot.
local function put(name, text, output)
    if not output then
        io.stdout:write(text)
        return true
    end
    local files = require "hillock.files"
    local made, message = files.make_folder(output)
    local path, new = ("%s/%s.c"):format(output:gsub("(.)/+$", "%1"), name), nil
    if made then
        new, message = files.update(path, text)
    end
    if new == nil then
        return nil, message
    end
    print(("wrote %s"):format(path))
    return true
end

local function emit_one(file, options)
    local name = file:match "([^/]+)%.mod$"
    if not name then
        return nil, ("%s: --emit-c is for MOD files, which are called NAME.mod"):format(file)
    end
    local text, message = require "hillock.files".read(file)
    if not text then
        return nil, ("cannot read %s"):format(message)
    end
    local made
    made, message = require "hillock.translate".text(file, text, options)
    if not made then
        return nil, message
    end
    for _, warning in ipairs(made.messages) do
        say(warning)
    end
    local done, why = put(name, made.c, options.output)
    if not done then
        return nil, ("%s: its C cannot be put there: %s"):format(file, why)
    end
    return true
end

-- Of a folder, the MOD files.
local function emit(files, folders, options)
    local status = 0
    for i, file in ipairs(files) do
        if not folders[i] or file:find "%.mod$" then
            local done, message = emit_one(file, options)
            if not done then
                say(message)
                status = 1
            end
        end
    end
    return status
end

function compile.run(options)
    local files, folders = find(options.files)
    return (options.emit_c and emit or build)(files, folders, options)
end

return compile
