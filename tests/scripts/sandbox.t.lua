-- SPDX-License-Identifier: BSD-3-Clause
-- The sandbox of protocols: what a text gives, and each way out of it or to make it hang.

local tap = require "tap"
local core = require "hillock.core"

local function value(text)
    local got, why = core.sandbox(text, "p.lua")
    return got, why
end

local function gives(text, want, name)
    local got, why = value("return " .. text)
    tap.is(got == nil and why or got, want, name or text)
end

-- The text is refused, and the message has all of these.
local function refuses(text, texts, name)
    texts = type(texts) == "table" and texts or { texts }
    local got, why = value(text)
    local lacks
    for _, part in ipairs(texts) do
        lacks = lacks or not (why or ""):find(part, 1, true) and part or nil
    end
    tap.ok(got == nil and not lacks and why:find("^p%.lua:"), name or text)
    if got ~= nil or lacks then
        tap.note("got %s, %s", tostring(got), tostring(why))
    end
end

-- ---- what it gives

gives("1 + 1", 2)
gives("math.type(3)", "integer")
gives("2 ^ 0.5", 2 ^ 0.5, "numbers to the bit")
gives("('%5.2f'):format(math.pi)", " 3.14", "a method of a text")
gives("('ab'):rep(2, '-')", "ab-ab")
gives("table.concat({ 1, 2 }, ',')", "1,2")
gives("select('#', table.unpack({ 1, 2, 3 }))", 3)
gives("tostring(1.5) .. tostring(nil) .. tostring(true)", "1.5niltrue")
gives("next({}) == nil and next({ b = 1, a = 2 })", "a", "next goes by sorted keys")
local list = value [[
    local keys = {}
    for key in pairs { c = 1, a = 1, [2] = 1, b = 1, [1] = 1 } do keys[#keys + 1] = key end
    return keys
]]
tap.is(table.concat(list, " "), "1 2 a b c", "so does pairs")
local deep = value "return { a = { { x = -0.1, y = 'text', z = true } }, [7] = 1 }"
tap.is(deep.a[1].x, -0.1, "tables in tables")
tap.is(deep.a[1].y, "text", "texts")
tap.is(deep.a[1].z, true, "booleans")
tap.is(deep[7], 1, "and gaps")
tap.is(getmetatable(deep), nil, "plain tables")
tap.is(value "return 'a\\0b'", "a\0b", "texts with zeros")
tap.is(value "local t = { 1 } return { t, t }" [2][1], 1, "a table may be there twice")
tap.is(value "x = 1" , nil, "no value is nil")
tap.is(value "y = (y == nil) return 1", nil, "a global that is not there is an error")
tap.is(value "z = 1 return z", 1, "globals of its own are its own")
tap.ok(rawget(_G, "z") == nil and _G.string.find, "and change nothing here")
tap.is(value "string.len = nil return 1", 1, "nor does what it does to its libraries")
tap.is(("abc"):len(), 3, "which are not ours")

-- ---- what it has not

for _, name in ipairs { "io", "os", "require", "load", "loadfile", "loadstring", "dofile", "debug",
    "package", "coroutine", "setmetatable", "getmetatable", "rawget", "rawset", "rawequal",
    "rawlen",
    "collectgarbage", "pcall", "xpcall", "print", "warn", "utf8", "hk", "arg", "_G", "_VERSION" } do
    refuses("return " .. name, { "p.lua:1: there is no '" .. name .. "' in a protocol" },
        "there is no " .. name)
end
refuses("return _ENV", "_ENV", "nor _ENV")
for _, name in ipairs { "find", "match", "gmatch", "gsub", "dump", "pack", "unpack",
    "packsize" } do
    refuses(("return ('x').%s('x', 'x')"):format(name), "p.lua:1: ", "no string." .. name)
end
refuses("return table.move({}, 1, 1e18, 2)", "field 'move'", "no table.move")
refuses("return math.random()", "field 'random'", "no random numbers")
refuses("math.randomseed(1)", "field 'randomseed'")
local binary = string.dump(load "return 1", true)
refuses(binary, "binary chunk", "no compiled code")

-- ---- what would hang

local slow = "this takes too long"
refuses("while true do end", { "p.lua:1", slow })
refuses("\n\nfor i = 1, 1e18 do end", { "p.lua:3", slow }, "with its line")
refuses("::again:: goto again", slow)
refuses("table.sort({ 3, 2, 1 }, function() while true do end end)", slow)
refuses("return (''):rep(1e18)", "rep: more than")
refuses("return ('x'):rep(1e6, ('y'):rep(1e6))", "p.lua", "a separator that is long")
refuses("local s = ('x'):rep(1e6) while true do s = s:upper() end", slow)
refuses([[
    local s = ('x'):rep(1e6) s = s .. s s = s .. s s = s .. s
    local r = s .. 'x' s = s .. 'x'
    while r == s do end
]], slow, "long texts that are compared")
refuses("local t = {} for i = 1, 2e5 do t[i] = 1 end while true do table.insert(t, 1, 1) end",
    "p.lua", "a long list that is shifted")
refuses("return table.concat({}, '', 1, 1e18)", "invalid value")
refuses("return table.unpack({}, 1, 1e9)", "too many results")

-- ---- what would eat memory

local memory = "more memory than a protocol may"
refuses("local t = {} while true do t[#t + 1] = {} end", memory)
refuses("local s = ('x'):rep(1e6) while true do s = s .. s end", memory)
refuses("local function f() return 1 + f() end return f()", memory, "deep recursion")
refuses("return " .. ("{"):rep(1000), "p.lua", "deep nesting")
refuses("return " .. ("("):rep(1000), "p.lua")
refuses("return string.format('%99999d', 1)", { "p.lua:1", "invalid conversion" })
refuses("return string.format('%p', {})", { "p.lua:1", "not the same in each run" })
refuses("return tostring({})", { "p.lua:1", "a table has no text" })
refuses("return ('%s'):format({})", "a table has no text")
refuses("--" .. ("x"):rep(17 << 20), "too long", "a file of 17 MB")

-- ---- what cannot come out

local hold = "which a protocol cannot hold"
refuses("return { f = function() end }", { "f is a function", hold })
refuses("return { a = { math.sin } }", { "a[1] is a function", hold })
refuses("local t = {} t.t = t return t", { "in itself", hold })
refuses("local t = {} for i = 1, 40 do t = { t } end return t", hold, "deep tables")
refuses("local t = {} for i = 1, 25 do t = { t, t } end return t", { "too many", hold },
    "tables that are many when they are written out")
refuses("local s, t = ('x'):rep(1e6), {} for i = 1, 100 do t[i] = s end return t",
    { "too long", hold }, "texts that are long when they are written out")
refuses("return { x = 0 / 0 }", { "x is not a number (nan)", hold })
refuses("return { 1e999 }", { "[1] is infinite", hold }, "a constant that is too large")
refuses("return { [1.5] = 1 }", { "keys", hold })
refuses("return { [true] = 1 }", { "keys", hold })
refuses("for key in pairs { [true] = 1, [false] = 2 } do end", "keys that are no numbers", "pairs")

-- ---- errors

refuses("return {\n  a = = 1\n}", { "p.lua:2", "unexpected symbol" }, "a mistake in the text")
refuses("error 'mine'", "p.lua:1: mine")
refuses("error({})", "the error is a table, not a text", "an error that is a table")
refuses("error()", "the error is a nil", "or nothing")
refuses("error(setmetatable)", "there is no 'setmetatable'")
refuses("assert(false, function() end)", "the error is a function")
refuses("local x = nil; return x.y", "p.lua:1: attempt to index a nil value")

-- The state is the sandbox's own: it goes, whatever comes of it.
local before = collectgarbage "count"
for _ = 1, 50 do
    value "return ('x'):rep(1e6)"
    value "error 'x'"
end
collectgarbage()
tap.ok(collectgarbage "count" < before + 1000, "nothing stays")
tap.throws(function() core.sandbox(nil, "x") end, "string expected", "a text is wanted")
tap.done()
