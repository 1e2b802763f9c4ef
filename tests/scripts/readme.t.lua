-- SPDX-License-Identifier: BSD-3-Clause
-- What the manuals show works. A block of Lua, C or NMODL in README.md, plugins/README.md,
-- scripts/README.md and the pages beside it has a mark on the line before it:
--
--     <!-- test: script -->        is run with hillock, in a folder with the plugins above it
--     <!-- test: plugin NAME -->   is compiled as NAME.c without a warning, and used in a model
--     <!-- test: mod NAME -->      is compiled as NAME.mod without a warning, and used in a model
--     <!-- test: protocol -->      is run as a protocol; its checks pass
--     <!-- test: file PATH -->     becomes a file, for the scripts below it
--     <!-- fragment -->            is not whole
--
-- Links from one file of the repository to another lead somewhere, and the table of plugins is that
-- of the plugins.

local tap = require "tap"
local scratch = require "scratch"
local hk = require "hillock"

local source = os.getenv "HILLOCK_SOURCE" or "."
local manuals = { "README.md", "plugins/README.md", "scripts/README.md", "scripts/dendrotweaks.md",
    "scripts/plot.md", "scripts/protocols.md", "scripts/results.md" }

local function lines_of(path)
    local list = {}
    for line in io.lines(source .. "/" .. path) do
        list[#list + 1] = line
    end
    return list
end

-- The fenced blocks of a file: { path, line, language, mark, text }.
local function blocks_of(path)
    local blocks, block, before = {}, nil, ""
    for number, line in ipairs(lines_of(path)) do
        local language = line:match "^```(.*)$"
        if block and language then
            block.text = table.concat(block.text, "\n") .. "\n"
            blocks[#blocks + 1] = block
            block = nil
        elseif block then
            table.insert(block.text, line)
        elseif language then
            local mark = before:match "^<!%-%- (.-) %-%->$"
            block = { path = path, line = number, language = language, mark = mark, text = {} }
        end
        before = line
    end
    return blocks, block
end

local function has_command(name)
    return os.execute(("command -v %s >/dev/null"):format(name))
end

local hillock = scratch.hillock()
local strict = { "-std=c17", "-O2", "-Wall", "-Wextra", "-Wconversion", "-Wshadow",
    "-Wdouble-promotion", "-Wstrict-prototypes", "-Wmissing-prototypes", "-Werror", "-shared",
    "-fPIC", "-fvisibility=hidden", "-I", source .. "/include", "-o", "plain.so" }

-- A model of one compartment that has what the file makes, in its place, for 20 ms.
local user = [[
local hk = require "hillock"
local plugin = hk.load(arg[1])
local cell = hk.cell { morphology = hk.compartment { L = 20, diam = 20 } }
cell:insert("pas", { g = 1e-4, e = -65 })
if plugin.kind == "channel" then
    cell:insert(plugin.name)
end
local net

-- What must be set, and has no default; and what is to be seen moving.
local usual = { ms = 10, Hz = 200 }
local spec, weights, watched = { plugin.name }, {}, { "v" }
for _, field in ipairs(plugin.fields) do
    if field.role == "weight" then
        weights[#weights + 1] = field.default or 0.5
    elseif field.role == "parameter" and not field.default then
        spec[field.name] = usual[field.unit] or 0.01
    elseif field.role == "state" and plugin.kind == "channel" then
        watched[#watched + 1] = plugin.name .. "." .. field.name
    elseif field.role == "writes inside" then
        watched[#watched + 1] = field.name
    elseif field.role == "ion current" then
        cell:insert "CaHVA"
    end
end

net = hk.network { celsius = 30, v_init = -65, dt = 0.025, seed = 1 }
local cells = net:population("one", 1, cell)
if plugin.kind == "point" then
    local points = net:add(cells "soma(0.5)", spec)
    if #weights > 0 then
        local input = net:input { "SpikeArray", times = { 2, 3, 4 } }
        net:connect_one(input, points, { weight = { weights }, delay = 1 })
    end
    for _, field in ipairs(plugin.fields) do
        if field.role == "state" then
            net:record(field.name, { points })
            watched[#watched + 1] = field.name
        end
    end
elseif plugin.kind == "input" then
    local synapse = net:add(cells "soma(0.5)", { "ExpSyn", tau = 2, e = 0 })
    net:connect_one(net:input(spec), synapse, { weight = 0.001, delay = 1 })
elseif plugin.kind == "recorder" then
    local path = "recorded"
    net:record("v", { cells, at = "soma(0.5)", name = "it", to = plugin.name, path = path })
end
net:record("v", { cells, at = "soma(0.5)" })
for i = 2, plugin.kind == "channel" and #watched or 1 do
    net:record(watched[i], { cells, at = "soma(0.5)" })
end

local result = net:run(20)
local v, moved = result:trace "v", false
assert(#v == 801 and v:min() > -200 and v:max() < 200, "v is sane")
for _, name in ipairs(watched) do
    local trace = result:trace(name, 1)
    moved = moved or trace:max() > trace:min()
end
net:close()
if plugin.kind == "recorder" then
    local file = assert(io.open("recorded", "rb"))
    moved = #file:read "a" > 800
end
assert(moved, "it does something")
]]

-- It is compiled, without a warning, and does something in a model.
local function test_use(place, where, file)
    local status, out, err = place:run { hillock, "compile", "--strict", file }
    local fine = status == 0 and err == "" and not out:find "warning"
    tap.ok(fine and out:find(("compiled %s -> "):format(file), 1, true), where .. " is compiled")
    if not fine then
        tap.note("%s", out .. err)
    end
    place:write("use.lua", user)
    status, out, err = place:run { hillock, "run", "use.lua", file }
    tap.is(status .. out .. err, "0", where .. " works in a model")
end

local function test_plugin(place, block, name)
    local where = ("%s:%d: plugin %s"):format(block.path, block.line, name)
    place:write(name .. ".c", block.text)
    for _, cc in ipairs { "gcc", "clang" } do
        if has_command(cc) then
            local command = { cc, table.unpack(strict) }
            table.move({ name .. ".c", "-lm" }, 1, 2, #command + 1, command)
            local status, _, said = place:run(command)
            tap.is(status .. said, "0", where .. " gives no warning of " .. cc)
        else
            tap.skip(1, "there is no " .. cc)
        end
    end
    test_use(place, where, name .. ".c")
end

local checked = { lua = true, c = true, nmodl = true }

local function test_block(place, block)
    local where = ("%s:%d"):format(block.path, block.line)
    local kind, name = (block.mark or ""):match "^test: (%l+) ?(.*)$"
    if block.language == "lua" and kind == "script" then
        place:write("script.lua", block.text)
        local status, _, err = place:run { hillock, "run", "script.lua" }
        tap.is(status .. err, "0", where .. ": the script runs")
    elseif (block.language == "lua" or block.language == "json") and kind == "protocol" then
        local file = "manual." .. (block.language == "json" and "json" or "protocol.lua")
        place:write(file, block.text)
        local status, _, err = place:run { hillock, "run", file }
        tap.is(status .. err, "0", where .. ": the protocol runs, and its checks pass")
    elseif kind == "file" then
        place:run { "mkdir", "-p", name:match "^(.*)/" or "." }
        place:write(name, block.text)
    elseif block.language == "c" and kind == "plugin" then
        test_plugin(place, block, name)
    elseif block.language == "nmodl" and kind == "mod" then
        place:write(name .. ".mod", block.text)
        test_use(place, where, name .. ".mod")
    else
        tap.ok(block.mark == "fragment" or not checked[block.language],
            where .. ": the block has a mark that fits it")
    end
end

local smallest = math.huge
for _, path in ipairs(manuals) do
    local blocks, open = blocks_of(path)
    tap.is(open and open.line, nil, path .. ": every block ends")
    local place <close> = scratch.new()
    for _, block in ipairs(blocks) do
        test_block(place, block)
        if block.language == "c" and block.text:find "HK_PLUGIN" then
            local _, count = block.text:gsub("\n", "\n")
            smallest = math.min(smallest, count)
        end
    end
end
tap.ok(smallest < 40, ("the smallest plugin has under 40 lines: %d"):format(smallest))

-- ---- links

-- GitHub's name for a heading.
local function anchor(heading)
    return heading:lower():gsub("`", ""):gsub("[^%w%s_-]", ""):gsub(" ", "-")
end

local function anchors_of(path)
    local set, inside = {}, false
    for _, line in ipairs(lines_of(path)) do
        inside = inside ~= (line:find "^```" ~= nil)
        local heading = not inside and line:match "^#+ (.*)$"
        if heading then
            set[anchor(heading)] = true
        end
    end
    return set
end

local function exists(path)
    local file = io.open(source .. "/" .. path)
    return file and file:close()
end

-- What is wrong with the links of a file, one a line.
local function broken_links(path)
    local wrong, inside = {}, false
    local folder = path:match "^(.*/)" or ""
    for number, line in ipairs(lines_of(path)) do
        inside = inside ~= (line:find "^```" ~= nil)
        for link in (inside and "" or line:gsub("`[^`]*`", "")):gmatch "%]%(([^)%s]+)%)" do
            local target, fragment = link:match "^([^#]*)#?(.*)$"
            local there = target == "" and path or folder .. target
            local fine = link:find "^%a+:"
                or exists(there) and (fragment == "" or anchors_of(there)[fragment])
            if not fine then
                wrong[#wrong + 1] = ("%d: %s"):format(number, link)
            end
        end
    end
    return table.concat(wrong, "\n")
end

local pipe = assert(io.popen(
    ("cd '%s' && find . -name '*.md' -not -path './build*' -not -path './.git/*'"):format(source)))
local found = 0
for path in pipe:lines() do
    found = found + 1
    tap.is(broken_links(path:sub(3)), "", path:sub(3) .. ": its links lead somewhere")
end
pipe:close()
tap.ok(found >= #manuals, "the manuals are among the files whose links were looked at")

-- ---- the table of plugins

local listed, own = {}, {}
local here = false
for _, line in ipairs(lines_of "plugins/README.md") do
    here = here or line == "## Those that come with hillock"
    local name, kind, doc = line:match "^| `([%w_]+)` | (%l+) | (.*) |$"
    if here and name then
        listed[#listed + 1] = ("%s, %s: %s"):format(name, kind, doc)
    end
end
for _, plugin in ipairs(hk.plugins()) do
    own[#own + 1] = ("%s, %s: %s"):format(plugin.name, plugin.kind, plugin.doc)
end
table.sort(listed)
table.sort(own)
tap.ok(#own > 0, "there are plugins")
tap.is(table.concat(listed, "\n"), table.concat(own, "\n"), "plugins/README.md lists them all")

-- ---- files that are all to be told of

-- The names of the files in a folder, that have this ending, without it.
local function files_of(folder, ending)
    local list = {}
    local files = assert(io.popen(("ls '%s/%s'"):format(source, folder)))
    for name in files:lines() do
        local stem = name:match("^(.*)%." .. ending .. "$")
        list[#list + 1] = stem
    end
    files:close()
    return list
end

local words, untold = {}, {}
for _, line in ipairs(lines_of "core/README.md") do
    for word in (line:match "^|[^|]*|([^|]*)|" or line):gmatch "`([%l_*]+)`" do
        words[#words + 1] = "^" .. word:gsub("%*", ".*") .. "$"
    end
end
for _, name in ipairs(files_of("core", "c")) do
    local is_told = false
    for _, word in ipairs(words) do
        is_told = is_told or name:find(word) ~= nil
    end
    untold[#untold + 1] = not is_told and name or nil
end
tap.is(table.concat(untold, " "), "", "core/README.md tells of every file")

-- ---- the compiler of NMODL

local modules = table.concat(lines_of "scripts/hillock/nmodl/README.md", "\n")
untold = {}
for file in io.popen(("ls '%s/scripts/hillock/nmodl'"):format(source)):lines() do
    local module = file:match "^(.+)%.lua$"
    if module and module ~= "init" and not modules:find("`" .. module .. "`", 1, true) then
        untold[#untold + 1] = module
    end
end
tap.is(table.concat(untold, " "), "", "scripts/hillock/nmodl/README.md tells of every module")

local text, missing = table.concat(lines_of "examples/README.md", "\n"), {}
for _, ending in ipairs { "lua", "swc", "json" } do
    for _, name in ipairs(files_of("examples", ending)) do
        if not text:find(("[%s.%s]("):format(name, ending), 1, true) then
            missing[#missing + 1] = name
        end
    end
end
tap.is(table.concat(missing, " "), "", "examples/README.md tells of every example")

-- ---- figures that stand in two places

local bounds, told = {}, 0
for _, line in ipairs(lines_of "include/hillock/math.h") do
    local name, bound = line:match "^ %* +(hk_%w[%w_]*)%([xy, ]*%) +([%d.]+) "
    if name then
        bounds[name] = bound
    end
end
for _, line in ipairs(lines_of "plugins/README.md") do
    local name, bound = line:match "^| `(hk_%w+[%w_]*)%([xy, ]*%)` | .* | ([%d.]+) |$"
    if name then
        told = told + 1
        tap.is(bound, bounds[name], name .. "'s error is that of math.h")
        bounds[name] = nil
    end
end
tap.ok(told > 5 and not next(bounds), "all of math.h's errors are told")
tap.done()
