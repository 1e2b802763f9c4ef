-- SPDX-License-Identifier: BSD-3-Clause
-- scratch: an empty folder for a test's files, and commands run in it.
--
--     local place <close> = require "scratch".new()
--     local status, out, err = place:run { "hillock", "run", "a.lua" }

local scratch = {}
scratch.__index = scratch

local function quote(text)
    return "'" .. text:gsub("'", "'\\''") .. "'"
end

local function read(path)
    local file = io.open(path, "rb")
    if not file then
        return nil
    end
    local text = file:read "a"
    file:close()
    return text
end

-- A folder with an empty folder `work` for the commands and an empty home; it goes at the end.
function scratch.new()
    local pipe <close> = io.popen "mktemp -d"
    local folder = pipe:read "l"
    assert(folder and os.execute(("mkdir %s/work %s/home"):format(folder, folder)))
    return setmetatable({ folder = folder, work = folder .. "/work" }, scratch)
end

function scratch:__close()
    os.execute("rm -rf " .. quote(self.folder))
end

-- Runs a command in `work`: its exit status (or "signal N"), what it printed, and its errors. Only
-- the home and the cache are its own: what HILLOCK_* says stays.
function scratch:run(words)
    local list = {}
    for i, word in ipairs(words) do
        list[i] = quote(word)
    end
    local folder = self.folder
    local _, how, status = os.execute(("cd %s && HOME=%s XDG_CACHE_HOME= %s >%s 2>%s </dev/null")
        :format(quote(self.work), quote(folder .. "/home"), table.concat(list, " "),
            quote(folder .. "/out"), quote(folder .. "/err")))
    if how ~= "exit" or status > 128 then
        status = "signal " .. status % 128
    end
    return status, read(folder .. "/out"), read(folder .. "/err")
end

function scratch:write(name, text)
    local file = assert(io.open(self.work .. "/" .. name, "wb"))
    assert(file:write(text))
    file:close()
end

function scratch:read(name)
    return read(self.work .. "/" .. name)
end

-- The command.
function scratch.hillock()
    return (os.getenv "HILLOCK_BUILD" or "build") .. "/hillock"
end

return scratch
