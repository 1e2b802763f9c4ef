-- SPDX-License-Identifier: BSD-3-Clause
-- The compiler of NMODL gets files that are damaged: bytes changed, tokens and lines lost, doubled
-- and exchanged, two files in one, files that stop in the middle. Whatever it gets, it ends, within
-- a number of instructions that is in proportion to the length; and it gives a tree, or else an
-- error that is somewhere in the file. HILLOCK_LONG=1 makes many more of them; with a number as its
-- argument, the test shows that file and what is said about it.

local messages = require "hillock.nmodl.messages"
local nmodl = require "hillock.nmodl"
local parse = require "hillock.nmodl.parse"
local source = require "hillock.nmodl.source"
local tap = require "tap"

local cases = os.getenv "HILLOCK_LONG" == "1" and 10000 or 300

-- What is tested: the result or nil, and the messages.
local function compile_text(name, text)
    local made = source.new(name, text)
    local said = messages.new(made)
    local tree = parse.text(made, said)
    return tree, said
end

-- ---- damage

local root = os.getenv "HILLOCK_SOURCE" or "."

local seeds = {}
for path in io.popen(("find %s/tests %s/examples -name '*.mod' | LC_ALL=C sort"):format(
    root, root)):lines() do
    local file <close> = assert(io.open(path, "rb"))
    seeds[#seeds + 1] = file:read "a"
end

local pieces = {
    "{", "}", "(", ")", "[", "]", "~", "=", "'", '"', ",", "<", ">", "<->", "<<", "->", "-", "+",
    "^", "!", "@", ":", "?", "\n", "\r", "\0", "\xff", "1e999", "0", "99999999999999999999", "0.5",
    "x", "if", "ELSE", "WHILE", "FROM", "TO", "SOLVE", "METHOD", "TABLE", "LOCAL", "INITIAL",
    "KINETIC", "NEURON", "STATE", "DEFINE x 5", "DEFINE", "INCLUDE \"x\"", "VERBATIM",
    "ENDVERBATIM", "COMMENT", "\nENDCOMMENT\n", "TITLE", "REPRESENTS", "REPRESENTS A:1", "WATCH",
    "COMPARTMENT", "UNITSOFF", "{{{{{{{{{{", "((((((((((", "- - - - -", "x^x^x^x^x",
}

local random = math.random

-- Where pieces of a text begin: tokens, more or less, or lines.
local function starts(text, pattern)
    local list = {}
    for at in text:gmatch("()" .. pattern) do
        list[#list + 1] = at
    end
    list[#list + 1] = #text + 1
    return list
end

-- A random piece of the text: where it begins and ends.
local function piece(text, pattern)
    local list = starts(text, pattern)
    if #list < 2 then
        return 1, #text
    end
    local i = random(#list - 1)
    return list[i], list[i + 1] - 1
end

local token, line = "[%w_]*[^%w_]?", "[^\n]*\n?"

local function dropped(pattern)
    return function(text)
        local from, to = piece(text, pattern)
        return text:sub(1, from - 1) .. text:sub(to + 1)
    end
end

local function doubled(pattern)
    return function(text)
        local from, to = piece(text, pattern)
        return text:sub(1, to) .. text:sub(from)
    end
end

local function exchanged(pattern)
    return function(text)
        local from, to = piece(text, pattern)
        local taken = text:sub(from, to)
        text = text:sub(1, from - 1) .. text:sub(to + 1)
        local at = piece(text, pattern)
        return text:sub(1, at - 1) .. taken .. text:sub(at)
    end
end

local ways = {
    function(text)   -- a bit
        local at = random(#text)
        return text:sub(1, at - 1) .. string.char(text:byte(at) ~ 1 << random(0, 7))
            .. text:sub(at + 1)
    end,
    function(text)   -- a byte
        local at = random(#text)
        return text:sub(1, at - 1) .. string.char(random(0, 255)) .. text:sub(at + 1)
    end,
    function(text)   -- some bytes less
        local from = random(#text)
        return text:sub(1, from - 1) .. text:sub(from + random(20))
    end,
    function(text)   -- a piece of the language more
        local at = piece(text, token)
        return ("%s %s %s"):format(text:sub(1, at - 1), pieces[random(#pieces)], text:sub(at))
    end,
    function(text)   -- a piece of the language instead of another
        local from, to = piece(text, token)
        return ("%s %s %s"):format(text:sub(1, from - 1), pieces[random(#pieces)], text:sub(to + 1))
    end,
    function(text)   -- the beginning of one and the end of another
        local other = seeds[random(#seeds)]
        return text:sub(1, random(#text)) .. other:sub(random(#other))
    end,
    function(text)   -- the end is missing
        return text:sub(1, random(#text))
    end,
    dropped(token), doubled(token), exchanged(token), dropped(line), doubled(line), exchanged(line),
}

-- Other words of the same kind, so that most files are still well-formed, but mean something else.
local numbers = { "0", "1", "2", "-1", "0.5", "1e-9", "1e9", "1e300", "4096", "100000" }
local operators = { "+", "-", "*", "/", "^", "<", ">", "==", "&&", "||" }
local methods = { "cnexp", "derivimplicit", "euler", "runge", "sparse" }
local words = { "v", "t", "dt", "celsius", "diam", "area", "exp(v)", "log(t)", "fabs(v)", "flag" }

local function one_of(list)
    return list[random(#list)]
end

local function replaced(pattern, with)
    return function(text)
        local places = {}
        for from, to in text:gmatch("()" .. pattern .. "()") do
            places[#places + 1] = { from, to - 1 }
        end
        if #places == 0 then
            return text
        end
        local at = one_of(places)
        return text:sub(1, at[1] - 1) .. with(text) .. text:sub(at[2] + 1)
    end
end

local function another_word(text)
    if random(4) == 1 then
        return one_of(words)
    end
    local list = {}
    for word in text:gmatch "%f[%w_][%a_][%w_]*%f[^%w_]" do
        list[#list + 1] = word
    end
    return one_of(list)
end

local gentle = {
    replaced("%f[%w_]%d+%.?%d*%f[^%w_]", function() return one_of(numbers) end),
    replaced(" [%+%-%*/%^<>] ", function() return " " .. one_of(operators) .. " " end),
    replaced("METHOD %w+", function() return "METHOD " .. one_of(methods) end),
    replaced("%f[%w_][%a_][%w_]*%f[^%w_]", another_word),
    replaced("= [^\n]+", function(text) return text:match("= [^\n]+", random(#text)) or "= 0" end),
    dropped(line), exchanged(line),
}

-- The file of a case, always the same: every other one is damaged gently.
local function damaged(case)
    math.randomseed(case, 20)
    local text = seeds[random(#seeds)]
    if case % 2 == 0 then
        for _ = 1, random(3) do
            text = one_of(gentle)(text)
        end
        return text
    end
    for _ = 1, random(6) do
        if #text > 0 then
            text = ways[random(#ways)](text)
        end
    end
    return text
end

-- ---- what must hold

-- Is every node of the tree a node, somewhere in the file, and is no branch too deep for those who
-- walk along it?
local function check_tree(node, last, depth)
    assert(depth < 2500, "the tree is too deep")
    if node.kind then
        assert(math.type(node.at) == "integer" and node.at >= 1 and node.at <= last,
            node.kind .. " is nowhere")
    end
    for key, value in pairs(node) do
        if type(value) == "table" and key ~= "source" then
            check_tree(value, last, depth + 1)
        end
    end
end

local function check(text)
    local tree, said = compile_text("case.mod", text)
    assert(tree or said.errors > 0, "neither a tree nor an error")
    if said.errors == 0 then -- it goes through all of the compiler
        local made
        made, said = nmodl.compile_text("case.mod", text)
        assert(made or said.errors > 0, "neither C nor an error")
    end
    for _, message in ipairs(said) do
        assert(message.at >= 1 and message.at <= #text + 1, "a message is outside of the file")
        assert(not message.text:find("attempt to", 1, true)
            and not message.text:find("%.lua:%d"), "a message of Lua's: " .. message.text)
    end
    assert(#said:sort():render() == #said, "messages are lost")
    if tree then
        check_tree(tree, #text + 1, 0)
    end
    return said
end

-- What is wrong with a file, or nil; then the messages about it and the thousands of instructions.
local function problem(text)
    local thousands, most = 0, 300000 + #text
    debug.sethook(function()
        thousands = thousands + 1
        if thousands > most then
            error(("no end after %d thousand instructions"):format(thousands), 0)
        end
    end, "", 1000)
    local fine, said = xpcall(check, debug.traceback, text)
    debug.sethook()
    return not fine and tostring(said) or nil, fine and said or {}, thousands
end

local one = math.tointeger(tonumber((...)))
if one then
    local text = damaged(one)
    local what, said = problem(text)
    print(text)
    print(what or table.concat(said:render(), "\n"))
    os.exit(what and 1 or 0)
end

local wrong, with_errors, slowest = 0, 0, 0
for case = 1, cases do
    local text = damaged(case)
    local what, said, thousands = problem(text)
    if what then
        wrong = wrong + 1
        if wrong <= 5 then
            tap.note("case %d: %s", case, what)
        end
    end
    with_errors = with_errors + (said.errors and said.errors > 0 and 1 or 0)
    slowest = math.max(slowest, thousands * 1000 / (#text + 1))
end
tap.is(wrong, 0, ("none of %d files is a problem"):format(cases))
tap.ok(with_errors > cases / 2 and with_errors < cases, "most, but not all, have mistakes")
tap.note("%d with errors; at most %.0f instructions a byte", with_errors, slowest)
tap.done()
