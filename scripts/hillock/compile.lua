-- SPDX-License-Identifier: BSD-3-Clause
-- compile: plugins from C, kept in a cache. An entry's key is the hash of all that the result
-- depends on: the source, the headers, the files that it includes, flags, compiler and processor.
-- So what is unchanged is not built again, and what changed is never stale. The cache is a folder
-- of the user's:
--
--     KEY/NAME.so    a plugin, or a unit (unit.so: the plugins of a cell type as one kernel)
--     KEY/NAME.c     a plugin's source, where that includes nothing of the user's: units are made
--                    of it
--     KEY/failed     why the unit of this key does not compile
--     KEY/includes   the source of this key includes these files of the user's, a path a line, and
--                    its plugin has another key, which is of them too
--     KEY/flags      those of the build's flags that the compiler of this key takes
--
-- Entries are made elsewhere and renamed, so that processes can share it.

local host = require "hillock.host"

local compile = {}

-- ---- files

local function read(path)
    local file, message = io.open(path, "rb")
    if not file then
        return nil, message
    end
    local text, why = file:read "a"
    file:close()
    return text, why and ("%s: %s"):format(path, why)
end

-- Writes a file under another name first.
local function write(path, text)
    local part = ("%s.%s"):format(path, host.hash(text .. host.seconds() .. tostring {}):sub(1, 12))
    local file, message = io.open(part, "wb")
    if not file then
        return nil, message
    end
    local written = file:write(text)
    local fine, why = file:close()
    if not written or not fine then
        os.remove(part)
        return nil, ("%s: %s"):format(path, why or "it cannot be written")
    end
    return os.rename(part, path)
end

-- lfs, by which folders are made and compilers are told apart.
local function file_system()
    local found, lfs = pcall(require, "lfs")
    if not found then
        error("the Lua module 'lfs' is missing (on Debian and Ubuntu: apt-get install "
            .. "lua-filesystem)", 0)
    end
    return lfs
end

-- Makes a folder and those above it.
local function make_folder(path)
    local lfs = file_system()
    if lfs.attributes(path, "mode") == "directory" then
        return true
    end
    local above = path:match "^(.+)/[^/]+/*$"
    if above and above ~= "" then
        local made, message = make_folder(above)
        if not made then
            return nil, message
        end
    end
    local made, message = lfs.mkdir(path)
    if not made and lfs.attributes(path, "mode") ~= "directory" then
        return nil, ("%s: %s"):format(path, message)
    end
    return true
end

-- Removes a folder of plain files when the variable that holds it goes.
local function passing(folder)
    return setmetatable({}, { __close = function()
        local lfs = file_system()
        for name in lfs.dir(folder) do
            os.remove(folder .. "/" .. name)
        end
        lfs.rmdir(folder)
    end })
end

local function cache_folder()
    local cache = os.getenv "XDG_CACHE_HOME"
    if not cache or cache:sub(1, 1) ~= "/" then
        local home = os.getenv "HOME"
        if not home or home == "" then
            return nil, "there is no folder for compiled plugins: set XDG_CACHE_HOME, or HOME"
        end
        cache = home .. "/.cache"
    end
    cache = cache .. "/hillock"
    local made, message = make_folder(cache)
    if not made then
        return nil, ("the folder for compiled plugins cannot be made: %s; XDG_CACHE_HOME names "
            .. "another"):format(message)
    end
    return cache
end

-- ---- the compiler

local function words(text)
    local list = {}
    for word in text:gmatch "%S+" do
        list[#list + 1] = word
    end
    return list
end

local function executable(name)
    local lfs = file_system()
    if name:find("/", 1, true) then
        return lfs.attributes(name, "mode") == "file" and name or nil
    end
    for folder in (os.getenv "PATH" or "/usr/bin:/bin"):gmatch "[^:]+" do
        local path = folder .. "/" .. name
        if lfs.attributes(path, "mode") == "file" then
            return path
        end
    end
end

-- What -march=native stands for: a cache may be in a home folder that machines share.
local function processor()
    local file = io.open "/proc/cpuinfo"
    local text = file and file:read(8192) or ""
    if file then
        file:close()
    end
    local facts = {}
    for line in (text:match "^(.-)\n\n" or text):gmatch "[^\n]+" do
        local key = line:match "^([%w ]-)%s*:"
        if key == "vendor_id" or key == "model name" or key == "flags" or key == "Features"
            or key == "CPU part" then
            facts[#facts + 1] = line
        end
    end
    return table.concat(facts, "\n")
end

-- The command's words, and a text that changes when another compiler is behind them. CC; or else
-- that which built hillock; or else cc.
local function find_compiler()
    local lfs = file_system()
    local named = os.getenv "CC"
    local command = named and named:find "%S" and named
        or executable(host.compiler) and host.compiler or "cc"
    local list = words(command)
    local native = host.flags:find("native", 1, true)
    local identity = { command, host.flags, native and processor() or "" }
    for i, word in ipairs(list) do
        local path = executable(word)
        if path then
            local at = lfs.attributes(path)
            identity[#identity + 1] = ("%s %d %d"):format(path, at.size, at.modification)
        elseif i == 1 then
            return nil, ("there is no C compiler '%s': install one (on Debian and Ubuntu: apt-get "
                .. "install gcc libc6-dev), or name one in CC"):format(word)
        end
    end
    return { words = list, identity = table.concat(identity, "\n"), own = command == host.compiler }
end

local function append(list, more)
    return table.move(more, 1, #more, #list + 1, list)
end

-- Does the compiler take the flags without a word?
local function takes(compiler, flags, folder)
    local argv = append(append({}, compiler.words), flags)
    append(argv, { "-Werror", "-x", "c", "-o", folder .. "/probe", "/dev/null" })
    local said, status = host.spawn(argv)
    return status == 0 and not said:find "%S"
end

-- The build's flags, but those that a compiler which is not the build's does not know.
local function flags_for(compiler, cache, folder)
    local flags = words(host.flags)
    if compiler.own then
        return flags
    end
    local entry = cache .. "/" .. host.hash("flags\n" .. compiler.identity)
    local kept = read(entry .. "/flags")
    if kept then
        return words(kept)
    end
    if not takes(compiler, flags, folder) then
        local known = { "-shared" }
        for _, flag in ipairs(flags) do
            if flag ~= "-shared" and takes(compiler, { "-shared", "-fPIC", flag }, folder) then
                known[#known + 1] = flag
            end
        end
        flags = known
    end
    if make_folder(entry) then
        write(entry .. "/flags", table.concat(flags, " "))
    end
    return flags
end

-- ---- what a compiler says

-- The line `number` of a text, with a caret under `column`, both indented.
local function show_line(text, number, column)
    local n = 0
    for line in (text .. "\n"):gmatch "(.-)\r?\n" do
        n = n + 1
        if n == number then
            local before = line:sub(1, math.max(column - 1, 0)):gsub("[^\t]", " ")
            return ("\n    %s%s"):format(line, column > 0 and "\n    " .. before .. "^" or "")
        end
    end
    return ""
end

-- The places "FILE:LINE:COLUMN: what: text" in the output, in order.
local function places(output)
    local list = {}
    for line in output:gmatch "[^\n]+" do
        local file, number, column, kind, text = line:match "^(.-):(%d+):(%d+): (%a[%a ]-): (.*)$"
        if file then
            list[#list + 1] = { file = file, line = tonumber(number), column = tonumber(column),
                kind = kind, text = text }
        end
    end
    return list
end

-- What is wrong where the linker misses a name: at the last line that has it, which is hardly its
-- declaration.
local function undefined(name, source, text)
    local number, line_at, column_at = 0, nil, nil
    for line in (text .. "\n"):gmatch "(.-)\n" do
        number = number + 1
        local column = line:find("%f[%w_]" .. name .. "%f[^%w_]")
        if column then
            line_at, column_at = number, column
        end
    end
    local place = line_at and (":%d:%d"):format(line_at, column_at) or ""
    return ("%s%s: '%s' is defined nowhere: a plugin can use the C library and libm%s")
        :format(source, place, name, line_at and show_line(text, line_at, column_at) or "")
end

-- The first error, at a line of the user's: an error in a macro of hillock's headers is at its
-- use.
local function first_error(output, source, text)
    local list = places(output)
    for i, at in ipairs(list) do
        if at.kind:find "error" then
            local what = at.text:gsub(" %[%-W.-%]$", "")
            local j = i
            while at.file:sub(1, #host.include) == host.include and list[j + 1]
                and not list[j + 1].kind:find "error" do
                j = j + 1
                at = list[j]
            end
            local content = at.file == source and text or read(at.file) or ""
            return ("%s:%d:%d: %s%s"):format(at.file, at.line, at.column, what,
                show_line(content, at.line, at.column))
        end
    end
    local name = output:match "undefined reference to [`']([^'`]+)'"
        or output:match "undefined symbol: (%S+)"
    if name then
        return undefined(name, source, text)
    end
    return ("%s: the compiler failed: %s"):format(source,
        output:match "[^\n]*error[^\n]*" or output:match "[^\n]+" or "it said nothing")
end

-- The files of the user's that the source includes, by a rule that make would read. Those beside
-- the source are relative to its folder.
local function read_includes(rule, source)
    local folder = source:match "^(.*/)[^/]*$" or ""
    local list = {}
    local names = rule:gsub("^.-:%s", "", 1):gsub("\\\n", " "):gsub("\\ ", "\0")
    for name in names:gmatch "[^%s]+" do
        name = name:gsub("%z", " ")
        if name ~= source and name:sub(1, #host.include + 1) ~= host.include .. "/" then
            list[#list + 1] = name:sub(1, #folder) == folder and name:sub(#folder + 1) or name
        end
    end
    return list
end

-- ---- the cache

-- The key of a source with these includes.
local function key_with(key, includes, source)
    local folder = source:match "^(.*/)[^/]*$" or ""
    local parts = { key }
    for _, name in ipairs(includes) do
        local text = read(name:sub(1, 1) == "/" and name or folder .. name)
        parts[#parts + 1] = name .. " " .. host.hash(text or "gone")
    end
    return host.hash(table.concat(parts, "\n"))
end

local function exists(path)
    local file = io.open(path, "rb")
    return file and file:close()
end

-- The key of the source alone, and the path where its plugin is, or nil.
local function look_up(cache, compiler, source, text, name, kind)
    local parts = { kind .. " 1", name, compiler.identity }
    for _, header in ipairs { "plugin.h", "math.h", "unit.h" } do
        parts[#parts + 1] = host.hash(read(host.include .. "/hillock/" .. header) or "")
    end
    parts[#parts + 1] = text
    local key = host.hash(table.concat(parts, "\n"))
    local path = ("%s/%s/%s.so"):format(cache, key, name)
    local includes = read(("%s/%s/includes"):format(cache, key))
    if includes then
        local list = {}
        for line in includes:gmatch "[^\n]+" do
            list[#list + 1] = line
        end
        path = ("%s/%s/%s.so"):format(cache, key_with(key, list, source), name)
    end
    return key, exists(path) and path or nil
end

-- Runs the compiler. Returns its output and the warnings' number, or nil and the first error.
local function run_compiler(compiler, flags, source, text, folder, verbose)
    local argv = { "env", "LC_ALL=C" }
    append(append(argv, compiler.words), flags)
    append(argv, { "-Wall", "-Wextra", "-ftabstop=1", "-I", host.include, "-MMD", "-MF",
        folder .. "/rule", "-o", folder .. "/plugin.so", source, "-Wl,--as-needed", "-Wl,-z,defs",
        "-lm" })
    local output, status = host.spawn(argv)
    if verbose then
        io.stderr:write(table.concat(argv, " "), "\n", output or "")
    end
    if not output then
        return nil, ("%s: the compiler cannot be started: %s"):format(source, status)
    elseif status ~= 0 then
        return nil, first_error(output, source, text)
    end
    local _, warnings = output:gsub(": warning: ", "")
    return warnings
end

-- Puts what the compiler made where the cache has it. Returns the path, or nil and why not.
local function keep(cache, key, made, name, text)
    local path = ("%s/%s/%s.so"):format(cache, key, name)
    local done, message = make_folder(cache .. "/" .. key)
    if done and text then
        done, message = write(("%s/%s/%s.c"):format(cache, key, name), text)
    end
    if done then
        done, message = os.rename(made, path)
    end
    if not done then
        return nil, ("the folder for compiled plugins cannot be written to: %s"):format(message)
    end
    return path
end

-- A folder for what is not ready, which goes with the variable that holds `passing` of it.
local function new_folder(cache)
    local folder, message = host.temporary(cache)
    if not folder then
        return nil, ("the folder for compiled plugins cannot be written to: %s"):format(message)
    end
    return folder
end

-- Builds into the cache. Returns the path, the warnings' number and the seconds, or nil and why
-- not.
local function build_entry(cache, compiler, source, text, name, key, verbose)
    local folder, message = new_folder(cache)
    if not folder then
        return nil, message
    end
    local _ <close> = passing(folder)
    local began = host.seconds()
    local flags = flags_for(compiler, cache, folder)
    local warnings, failure = run_compiler(compiler, flags, source, text, folder, verbose)
    if not warnings then
        return nil, failure
    end
    local includes = read_includes(read(folder .. "/rule") or "", source)
    if #includes > 0 then
        local made
        made, message = make_folder(cache .. "/" .. key)
        if made then
            made, message = write(("%s/%s/includes"):format(cache, key),
                table.concat(includes, "\n"))
        end
        if not made then
            return nil, message
        end
        key = key_with(key, includes, source)
    end
    local path
    path, message = keep(cache, key, folder .. "/plugin.so", name, #includes == 0 and text)
    if not path then
        return nil, message
    end
    return path, warnings, host.seconds() - began
end

-- Builds a unit into the cache. Its text has all that it is made of, so that a source which
-- includes more has none.
local function build_unit(cache, compiler, text, key)
    local folder, message = new_folder(cache)
    if not folder then
        return nil, message
    end
    local _ <close> = passing(folder)
    local source = folder .. "/unit.c"
    local written
    written, message = write(source, text)
    if not written then
        return nil, message
    end
    local flags = flags_for(compiler, cache, folder)
    local warnings, failure = run_compiler(compiler, flags, source, text, folder)
    local includes = warnings and read_includes(read(folder .. "/rule") or "", source) or {}
    if #includes > 0 then
        failure = ("a plugin's source includes %s: one that includes files has no part in a unit")
            :format(includes[1])
    end
    if failure then
        if failure:sub(1, #folder + 1) == folder .. "/" then
            failure = failure:sub(#folder + 2)
        end
        -- What a compiler says of a line it says again; a compiler that was killed may do better.
        if (#includes > 0 or failure:find "^[^\n]-:%d+:%d+: ") and make_folder(cache .. "/" .. key)
        then
            write(("%s/%s/failed"):format(cache, key), failure)
        end
        return nil, failure
    end
    return keep(cache, key, folder .. "/plugin.so", "unit")
end

-- Puts a copy of the plugin in a folder. Returns its path and whether it is new, or nil and why
-- not.
local function put(path, output, name)
    local made, message = make_folder(output)
    if not made then
        return nil, message
    end
    local there = ("%s/%s.so"):format(output:gsub("(.)/+$", "%1"), name)
    local bytes = read(path)
    if read(there) == bytes then
        return there, false
    end
    made, message = write(there, bytes)
    if not made then
        return nil, message
    end
    return there, true
end

--- Compiles a plugin, or finds it in the cache.
---@param source string NAME.c
---@param options? table { output =, force =, verbose = } output: a folder for a copy
---@return table? plugin { path =, name =, changed =, seconds =, warnings = }
---@return string? message what is wrong, with the file's name and line
--- path: of NAME.so; changed: it was built or copied; seconds, warnings: where it was built.
function compile.build(source, options)
    options = options or {}
    local name = source:match "([^/]+)%.c$"
    if not name then
        return nil, ("%s: a plugin's source is called NAME.c"):format(source)
    end
    local text, message = read(source)
    if not text then
        return nil, ("cannot read %s"):format(message)
    end
    local cache, compiler
    cache, message = cache_folder()
    if not cache then
        return nil, message
    end
    compiler, message = find_compiler()
    if not compiler then
        return nil, ("%s: %s"):format(source, message)
    end
    local key, path = look_up(cache, compiler, source, text, name, "plugin")
    local made = { path = path, name = name, changed = false }
    if not path or options.force then
        made.path, made.warnings, made.seconds = build_entry(cache, compiler, source, text, name,
            key, options.verbose)
        if not made.path then
            return nil, made.warnings
        end
        made.changed = true
    end
    if options.output then
        local there, new = put(made.path, options.output, name)
        if not there then
            return nil, ("%s: its plugin cannot be put there: %s"):format(source, new)
        end
        made.path, made.changed = there, made.changed or new
    end
    return made
end

--- Compiles a unit, or finds it in the cache.
---@param text string of core:unit_source
---@return string? path of a shared object
---@return string? message
function compile.unit(text)
    local cache, message = cache_folder()
    local compiler
    if cache then
        compiler, message = find_compiler()
    end
    if not compiler then
        return nil, message
    end
    local key, path = look_up(cache, compiler, "unit.c", text, "unit", "unit")
    if path then
        return path
    end
    local failed = read(("%s/%s/failed"):format(cache, key))
    if failed then
        return nil, failed
    end
    return build_unit(cache, compiler, text, key)
end

--- As compile.build, for a script: the path of NAME.so, or an error at the script's line.
---@param source string NAME.c
---@return string
function compile.file(source)
    local made, message = compile.build(source)
    if not made then
        require "hillock.keys".fail("%s", message)
    end
    return made.path
end

return compile
