-- SPDX-License-Identifier: BSD-3-Clause
-- cache: what compilers made, in a folder of the user's. An entry's key is the hash of all that the
-- result depends on: the source, the headers, the files that it includes, flags, compiler and
-- processor, for a MOD file also hillock's own compiler. So what is unchanged is not built again,
-- and what changed is never stale.
--
--     KEY/NAME.so        a plugin, or a unit (unit.so: the plugins of a cell type as one kernel)
--     KEY/NAME.c         a plugin's source, where that includes nothing of the user's: units are
--                        made of it. Of a MOD file the C that was made of it
--     KEY/NAME.messages  what there is to say of a MOD file that compiles
--     KEY/failed         why the unit of this key does not compile
--     KEY/includes       the source of this key includes these files of the user's, a path a line,
--                        and its plugin has another key, which is of them too
--     KEY/flags          those of the build's flags that the compiler of this key takes
--
-- Entries are made elsewhere and renamed, the .so last, so that processes can share it.

local files = require "hillock.files"
local host = require "hillock.host"

local cache = {}

local unwritable = "the folder for compiled plugins cannot be written to: %s"

--- The cache's folder; nil and why there is none.
function cache.folder()
    local folder = os.getenv "XDG_CACHE_HOME"
    if not folder or folder:sub(1, 1) ~= "/" then
        local home = os.getenv "HOME"
        if not home or home == "" then
            return nil, "there is no folder for compiled plugins: set XDG_CACHE_HOME, or HOME"
        end
        folder = home .. "/.cache"
    end
    folder = folder .. "/hillock"
    local made, message = files.make_folder(folder)
    if not made then
        return nil, ("the folder for compiled plugins cannot be made: %s; XDG_CACHE_HOME names "
            .. "another"):format(message)
    end
    return folder
end

--- A folder for what is not ready; nil and why not. files.remove_folder takes it away.
function cache.new_folder(folder)
    local new, message = host.temporary(folder)
    if not new then
        return nil, unwritable:format(message)
    end
    return new
end

-- ---- keys

local headers

-- The hashes of the headers that plugins and units include, once a process.
local function header_hashes()
    if not headers then
        local list = {}
        for i, name in ipairs { "plugin.h", "math.h", "unit.h", "nmodl.h" } do
            list[i] = host.hash(files.read(host.include .. "/hillock/" .. name) or "")
        end
        headers = table.concat(list, "\n")
    end
    return headers
end

-- A key of this one and the files that the source includes, which are relative to its folder.
local function key_with(key, includes, folder)
    local parts = { key }
    for _, name in ipairs(includes) do
        local text = files.read(name:sub(1, 1) == "/" and name or folder .. name)
        parts[#parts + 1] = name .. " " .. host.hash(text or "gone")
    end
    return host.hash(table.concat(parts, "\n"))
end

local function lines(text)
    local list = {}
    for line in text:gmatch "[^\n]+" do
        list[#list + 1] = line
    end
    return list
end

-- ---- entries

local entry = {}
entry.__index = entry

--- The entry of a source.
---@param folder string of the cache
---@param kind string what is made of it how: "plugin", "unit", "mod"
---@param name string of what is made
---@param source string its path
---@param facts string[] what the result depends on, beside the headers; the source's text is one
---@return table entry { path = of NAME.so, nil where it is not there }
function cache.entry(folder, kind, name, source, facts)
    local key = host.hash(table.concat({ kind .. " 1", name, header_hashes(),
        table.unpack(facts) }, "\n"))
    local self = setmetatable({ cache = folder, name = name, key = key,
        source_folder = files.folder_of(source) }, entry)
    local includes = self:read "includes"
    self.includes = lines(includes or "")
    if includes then
        self.whole = key_with(key, self.includes, self.source_folder)
    end
    local path = self:file(name .. ".so")
    self.path = files.exists(path) and path or nil
    return self
end

--- The path of a file of the entry.
function entry:file(name)
    return ("%s/%s/%s"):format(self.cache, self.whole or self.key, name)
end

--- The text of a file of the entry, or nil.
function entry:read(name)
    return (files.read(self:file(name)))
end

--- Writes a file of the entry. True; nil and why not.
function entry:write(name, text)
    local done, message = files.make_folder(("%s/%s"):format(self.cache, self.whole or self.key))
    if done then
        done, message = files.write(self:file(name), text)
    end
    if not done then
        return nil, unwritable:format(message)
    end
    return true
end

--- Says which files the source includes. Those below its folder become relative to it.
---@param paths string[]
function entry:include(paths)
    self.whole, self.includes = nil, {}
    if #paths == 0 then
        return true
    end
    local list = self.includes
    for i, path in ipairs(paths) do
        list[i] = self:relative(path)
    end
    local done, message = self:write("includes", table.concat(list, "\n"))
    if not done then
        return nil, message
    end
    self.whole = key_with(self.key, list, self.source_folder)
    return true
end

--- The files that the source includes, as far as is known.
function entry:included()
    local list = {}
    for i, path in ipairs(self.includes) do
        list[i] = self:absolute(path)
    end
    return list
end

--- A path from the source's folder, or the path itself where it is elsewhere.
function entry:relative(path)
    local folder = self.source_folder
    return path:sub(1, #folder) == folder and path:sub(#folder + 1) or path
end

--- The contrary.
function entry:absolute(path)
    return path:sub(1, 1) == "/" and path or self.source_folder .. path
end

--- Puts what was made where others find it. The path; nil and why not.
---@param made string path of NAME.so
---@param texts table<string, string> by ending: what is beside it
function entry:keep(made, texts)
    local done, message = files.make_folder(("%s/%s"):format(self.cache, self.whole or self.key))
    for ending, text in pairs(texts) do
        if done then
            done, message = files.write(self:file(self.name .. ending), text)
        end
    end
    local path = self:file(self.name .. ".so")
    if done then
        done, message = os.rename(made, path)
    end
    if not done then
        return nil, unwritable:format(message)
    end
    self.path = path
    return path
end

return cache
