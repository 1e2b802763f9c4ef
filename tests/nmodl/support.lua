-- SPDX-License-Identifier: BSD-3-Clause
-- The table in scripts/README.md of what is taken of NMODL: a line a MOD file of this folder, of
-- the sentence "Tests ..." in its first comment, of what hillock's compiler says of it, and of how
-- near its results are to NEURON's (cases.lua; peer/nmodl.t.lua holds them to it).
--
--     build/hillock run tests/nmodl/support.lua            prints it
--     build/hillock run tests/nmodl/support.lua --write    puts it into scripts/README.md

local source = os.getenv "HILLOCK_SOURCE" or "."
local folder = source .. "/tests/nmodl"
local manual = source .. "/scripts/README.md"
local first, last = "<!-- support: begin -->", "<!-- support: end -->"

local function read(path)
    local file = assert(io.open(path, "rb"))
    local text = file:read "a"
    file:close()
    return text
end

-- The names of the folder's MOD files, sorted, without their ending.
local function names()
    local list = {}
    for _, name in ipairs(require "hillock.core".files(folder)) do
        list[#list + 1] = name:match "^(.+)%.mod$"
    end
    table.sort(list)
    return list
end

-- What a file says that it tests, in one line, without the full stop. nil of one that does not: it
-- is there for others.
local function subject(text)
    local comment = text:gsub("\n[ \t]*:[ \t]*", "\n"):match "%f[%a]Tests:?%s+(.-)%f[%u]ENDCOMMENT"
        or text:match "%f[%a]Tests:?%s+([^\n]+)"
    if not comment then
        return nil
    end
    comment = comment:gsub("%s+", " "):gsub("%.? ?$", "")
    local sentence = comment:match "^(.-)%. %u"
    return (sentence or comment):gsub("|", "\\|")
end

-- How near the results are, by the cases that have the file.
local function nearness(name)
    local cases = assert(loadfile(folder .. "/cases.lua"))()
    for _, case in ipairs(cases) do
        for _, file in ipairs(case.files) do
            if file == name .. ".mod" then
                local about = case.reason and ": " .. case.reason or ""
                return case.compile and "compiled" .. about
                    or ("within %g%s"):format(case.tolerance, about)
            end
        end
    end
    return "compiled"
end

-- What the compiler makes of it.
local function verdict(path, text, name)
    local made, messages = require "hillock.nmodl".compile_text(path, text)
    if made then
        return nearness(name)
    end
    for _, message in ipairs(messages) do
        if message.kind == "error" then
            return "no: " .. message.text:match "^[^\n]*":gsub("|", "\\|")
        end
    end
    return "no"
end

local function support()
    local lines = { "| file | what is in it | beside NEURON |", "| --- | --- | --- |" }
    for _, name in ipairs(names()) do
        local path = ("%s/%s.mod"):format(folder, name)
        local text = read(path)
        local what = subject(text)
        if what then
            lines[#lines + 1] = ("| [%s](../tests/nmodl/%s.mod) | %s | %s |")
                :format(name, name, what, verdict(path, text, name))
        end
    end
    return table.concat(lines, "\n") .. "\n"
end

-- Where the table is in the manual: the text before it, it, and the text after it.
local function parts()
    local text = read(manual)
    local _, from = text:find(first .. "\n", 1, true)
    local to = text:find(last, 1, true)
    assert(from and to, "scripts/README.md has no place for the table")
    return text:sub(1, from), text:sub(from + 1, to - 1), text:sub(to)
end

local command = arg and arg[0] and arg[0]:find "support%.lua$"
if command and arg[1] == "--write" then
    local before, _, after = parts()
    local text = before .. support() .. after -- all of it before the file is opened
    local file = assert(io.open(manual, "wb"))
    assert(file:write(text))
    assert(file:close())
elseif command then
    io.write(support())
end
return { table = support, parts = parts, subject = subject }
