-- SPDX-License-Identifier: BSD-3-Clause
-- c_text: C code of VERBATIM, read as far as idiom.lua needs it: without comments, without what
-- CoreNEURON alone compiles, as a list of words, and as statements.

local lpeg = require "lpeg"

local c_text = {}

-- ---- comments and the preprocessor

local function without_comments(text)
    local P, S = lpeg.P, lpeg.S
    local long = P "/*" * (1 - P "*/") ^ 0 * (P "*/" + -P(1))
    local line = P "//" * (1 - S "\r\n") ^ 0
    local quoted = P '"' * (P "\\" * 1 + (1 - S '"\\\n')) ^ 0 * P '"' ^ -1
    local char = P "'" * (P "\\" * 1 + (1 - S "'\\\n")) ^ 0 * P "'" ^ -1
    local any = lpeg.Cs(((long + line) / " " + quoted + char + 1) ^ 0)
    return any:match(text)
end

-- What a condition of the preprocessor says in NEURON: true, false, or nil where nobody knows.
local function condition(text)
    text = text:gsub("%s+", "")
    if text == "if!NRNBBCORE" or text == "ifndefNRNBBCORE" or text == "ifndefCORENEURON_BUILD"
        or text == "if!defined(CORENEURON_BUILD)" or text == "if1"
        or text == "if!defined(NRNBBCORE)" then
        return true
    elseif text == "ifNRNBBCORE" or text == "ifdefNRNBBCORE" or text == "ifdefCORENEURON_BUILD"
        or text == "ifdefined(CORENEURON_BUILD)" or text == "if0" then
        return false
    end
end

-- The text without what NEURON does not compile. `unknown`: there is a condition that nobody can
-- say; `open`: one that ends outside.
local function preprocessed(text)
    local lines, stack, facts = {}, {}, {}
    for line in (text:gsub("\\\r?\n", " ") .. "\n"):gmatch "([^\n]*)\n" do
        local directive = line:match "^%s*#%s*(.-)%s*$"
        local word = directive and directive:match "^%a+"
        if word == "if" or word == "ifdef" or word == "ifndef" then
            local value = condition(directive)
            facts.unknown = facts.unknown or value == nil
            stack[#stack + 1] = { value ~= false, known = value ~= nil }
        elseif word == "else" and stack[#stack] then
            local top = stack[#stack]
            top[1] = not top.known or not top[1]
        elseif word == "elif" or word == "else" then
            facts.unknown = true
        elseif word == "endif" then
            if #stack == 0 then
                facts.closes = true
            end
            stack[#stack] = nil
        elseif directive then
            facts.directives = facts.directives or {}
            facts.directives[#facts.directives + 1] = directive
        else
            local on = true
            for _, level in ipairs(stack) do
                on = on and level[1]
            end
            lines[#lines + 1] = on and line or nil
        end
    end
    for _, level in ipairs(stack) do
        facts.dropping = facts.dropping or not level[1]
    end
    return table.concat(lines, "\n"), facts
end

-- ---- words

local function tokenizer()
    local P, R, S, C = lpeg.P, lpeg.R, lpeg.S, lpeg.C
    local letter = R("az", "AZ", "__")
    local name = letter * (letter + R "09") ^ 0
    local digits = R "09" ^ 1
    local exponent = S "eE" * S "+-" ^ -1 * digits
    local number = (digits * (P "." * R "09" ^ 0) ^ -1 + P "." * digits) * exponent ^ -1
        * S "fFlLuU" ^ 0
    local quoted = P '"' * (P "\\" * 1 + (1 - S '"\\')) ^ 0 * P '"' ^ -1
    local operator = P "->" + "==" + "!=" + "<=" + ">=" + "&&" + "||" + "++" + "--" + "+=" + "-="
        + "*=" + "/=" + 1
    return lpeg.Ct((S " \t\r\n\f\v" ^ 1 + C(name) + C(number) + C(quoted) + C(operator)) ^ 0)
end

local tokens_of = tokenizer()

-- ---- statements

-- { kind = "if", test = words, yes =, no = }, { kind = "block", list = }, { kind = "simple",
-- words... } or { kind = "function", head = words }; nil where it is no C that is understood.
local parse

local function closing(words, i, open, close)
    local depth = 0
    for j = i, #words do
        if words[j] == open then
            depth = depth + 1
        elseif words[j] == close then
            depth = depth - 1
            if depth == 0 then
                return j
            end
        end
    end
end

local function one(words, i, deep)
    if deep > 30 then
        return nil
    elseif words[i] == "if" and words[i + 1] == "(" then
        local stop = closing(words, i + 1, "(", ")")
        if not stop then
            return nil
        end
        local yes, after = one(words, stop + 1, deep + 1)
        local no
        if yes and words[after] == "else" then
            no, after = one(words, after + 1, deep + 1)
            if not no then
                return nil
            end
        end
        return yes and { kind = "if", test = table.move(words, i + 2, stop - 1, 1, {}), yes = yes,
            no = no }, after
    elseif words[i] == "{" then
        local stop = closing(words, i, "{", "}")
        local list = stop and parse(table.move(words, i + 1, stop - 1, 1, {}), deep + 1)
        return list and { kind = "block", list = list }, stop and stop + 1
    end
    local list = { kind = "simple" }
    local depth = 0
    for j = i, #words do
        local word = words[j]
        if word == ";" and depth == 0 then
            return list, j + 1
        elseif word == "{" and depth == 0 then
            local stop = closing(words, j, "{", "}")
            return stop and { kind = "function", head = list }, stop and stop + 1
        end
        depth = depth + ((word == "(" or word == "[") and 1 or 0)
            - ((word == ")" or word == "]") and 1 or 0)
        list[#list + 1] = word
    end
    return nil
end

function parse(words, deep)
    local list, i = {}, 1
    while i <= #words do
        local statement
        statement, i = one(words, i, deep or 0)
        if not statement then
            return nil
        end
        list[#list + 1] = statement
    end
    return list
end

--- What a text of C is: { words =, statements = or nil, directives =, unknown =, closes = }.
function c_text.read(text)
    local code, facts = preprocessed(without_comments(text))
    facts.words = tokens_of:match(code)
    facts.statements = parse(facts.words)
    facts.directives = facts.directives or {}
    return facts
end

-- ---- for who reads it

--- The words of a text, as a set.
function c_text.set(list)
    local names = {}
    for name in list:gmatch "%S+" do
        names[name] = true
    end
    return names
end

--- The first word of a code that is in a set, or nil.
function c_text.mentions(code, names)
    for _, word in ipairs(code.words) do
        if names[word] then
            return word
        end
    end
end

--- Are visit.test(words) of each condition and visit.simple(words) of each simple statement true?
--- Functions are none of both.
function c_text.each(list, visit)
    for _, node in ipairs(list) do
        local fine
        if node.kind == "if" then
            fine = visit.test(node.test) and c_text.each({ node.yes }, visit)
                and (not node.no or c_text.each({ node.no }, visit))
        elseif node.kind == "block" then
            fine = c_text.each(node.list, visit)
        elseif node.kind == "simple" then
            fine = #node == 0 or visit.simple(node)
        end
        if not fine then
            return false
        end
    end
    return true
end

--- Has an expression no effect?
function c_text.no_effect(words)
    for i, word in ipairs(words) do
        if word == "=" or word == "++" or word == "--" or word:match "^[-+*/]=$"
            or word == "(" and (words[i - 1] or ""):match "^[%a_]" then
            return false
        end
    end
    return true
end

return c_text
