-- SPDX-License-Identifier: BSD-3-Clause
-- compiler: the C compiler: which one, with which flags, and what it says.

local files = require "hillock.files"
local host = require "hillock.host"

local compiler = {}

-- ---- which one

local function words(text)
    local list = {}
    for word in text:gmatch "%S+" do
        list[#list + 1] = word
    end
    return list
end

local function executable(name)
    local lfs = files.system()
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

local function append(list, more)
    return table.move(more, 1, #more, #list + 1, list)
end

local C = {}
C.__index = C

--- CC; or else the compiler that built hillock; or else cc. nil and why there is none.
---@return table? compiler its `identity` changes when another compiler is behind the name
function compiler.find()
    local lfs = files.system()
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
    return setmetatable({ words = list, identity = table.concat(identity, "\n"),
        own = command == host.compiler }, C)
end

-- Does the compiler take the flags without a word?
local function takes(self, flags, folder)
    local argv = append(append({}, self.words), flags)
    append(argv, { "-Werror", "-x", "c", "-o", folder .. "/probe", "/dev/null" })
    local said, status = host.spawn(argv)
    return status == 0 and not said:find "%S"
end

-- The build's flags, but those that a compiler which is not the build's does not know.
local function find_flags(self, cache, folder)
    local flags = words(host.flags)
    if self.own then
        return flags
    end
    local entry = cache .. "/" .. host.hash("flags\n" .. self.identity)
    local kept = files.read(entry .. "/flags")
    if kept then
        return words(kept)
    end
    if not takes(self, flags, folder) then
        local known = { "-shared" }
        for _, flag in ipairs(flags) do
            if flag ~= "-shared" and takes(self, { "-shared", "-fPIC", flag }, folder) then
                known[#known + 1] = flag
            end
        end
        flags = known
    end
    if files.make_folder(entry) then
        files.write(entry .. "/flags", table.concat(flags, " "))
    end
    return flags
end

--- The command that makes FOLDER/plugin.so of a source, and FOLDER/rule, which files it includes.
---@param cache string its folder, which has what is known of the compiler
---@return string[]
function C:command(cache, folder, source)
    self.flags = self.flags or find_flags(self, cache, folder)
    local argv = { "env", "LC_ALL=C" }
    append(append(argv, self.words), self.flags)
    return append(argv, { "-Wall", "-Wextra", "-ftabstop=1", "-I", host.include, "-MMD", "-MF",
        folder .. "/rule", "-o", folder .. "/plugin.so", source, "-Wl,--as-needed", "-Wl,-z,defs",
        "-lm" })
end

-- ---- what it says

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

-- The name that the linker misses.
local function missing_name(output)
    return output:match "undefined reference to [`']([^'`]+)'"
        or output:match "undefined symbol: (%S+)"
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

--- That the compiler failed, of a reason that is not in the source.
function compiler.failure(output, source)
    return ("%s: the compiler failed: %s"):format(source,
        output:match "[^\n]*error[^\n]*" or output:match "[^\n]+" or "it said nothing")
end

--- Whether an error is one of the source.
function compiler.refuses(output)
    for _, at in ipairs(places(output)) do
        if at.kind:find "error" then
            return true
        end
    end
    return missing_name(output) ~= nil
end

--- The first error, at a line of the user's: an error in a macro of hillock's headers is at its
--- use.
function compiler.first_error(output, source, text)
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
            local content = at.file == source and text or files.read(at.file) or ""
            return ("%s:%d:%d: %s%s"):format(at.file, at.line, at.column, what,
                show_line(content, at.line, at.column))
        end
    end
    local name = missing_name(output)
    return name and undefined(name, source, text) or compiler.failure(output, source)
end

--- The number of warnings.
function compiler.warnings(output)
    return select(2, output:gsub(": warning: ", ""))
end

--- The files of the user's that the source includes, by the rule in the folder.
---@return string[] paths
function compiler.includes(folder, source)
    local list = {}
    local rule = files.read(folder .. "/rule") or ""
    local names = rule:gsub("^.-:%s", "", 1):gsub("\\\n", " "):gsub("\\ ", "\0")
    for name in names:gmatch "[^%s]+" do
        name = name:gsub("%z", " ")
        if name ~= source and name:sub(1, #host.include + 1) ~= host.include .. "/" then
            list[#list + 1] = name
        end
    end
    return list
end

return compiler
