-- SPDX-License-Identifier: BSD-3-Clause
-- lexer: the tokens of NMODL. A token is three numbers or strings at one index of three lists: its
-- kind, where it begins, and where it stops (the position after it). The kind is
--
--     a keyword (in capitals), or a sign: "{", "<->", "&&", ...
--     "name", "prime" (x', x''), "number", "string"
--     "VERBATIM", "TITLE", "REPRESENTS": these hold the text that follows and is no NMODL
--     "open": a comment, VERBATIM or string without its end; "bad": what is no part of the language
--     "end": of the file
--
-- Comments are left out. The lexer never fails; the parser says what is wrong with "open" and
-- "bad", as what is odd inside the parentheses of a unit is no mistake.

local found, lpeg = pcall(require, "lpeg")
if not found then
    error("the Lua module 'lpeg' is missing (on Debian and Ubuntu: apt-get install lua-lpeg)", 0)
end

local words = require "hillock.nmodl.words"

local P, R, S, C, Cc, Cp, Ct = lpeg.P, lpeg.R, lpeg.S, lpeg.C, lpeg.Cc, lpeg.Cp, lpeg.Ct

local lexer = {}

local digit = R "09"
local letter = R("az", "AZ")
local in_word = letter + digit + "_"
local blank = S " \t"
local newline = P "\r\n" + S "\r\n"   -- a lone "\r" ends the lines of some old files
local to_line_end = (1 - S "\r\n") ^ 0

-- KEYWORD to ENDKEYWORD, which is the first word of a line; what follows it on this line belongs to
-- it, as in NEURON. It goes line by line and never back, so that it is linear.
local function block(keyword)
    local stop = P("END" .. keyword) * -letter
    local body = (-stop * to_line_end * newline * blank ^ 0) ^ 0
    return P(keyword) * -in_word * blank ^ 0 * body * stop * to_line_end
end

local function unclosed(keyword)
    return P(keyword) * -in_word * P(1) ^ 0
end

local word = (letter + "_") * in_word ^ 0
local exponent = S "eE" * S "+-" ^ -1 * digit ^ 1
local number = digit ^ 1 * ("." * digit ^ 0) ^ -1 * exponent ^ -1 + "." * digit ^ 1 * exponent ^ -1
local ontology = letter * in_word ^ 0 * ":" * in_word ^ 0

local skipped = (S " \t\r\n\f\v" + S ":?" * to_line_end + block "COMMENT" + "\xef\xbb\xbf") ^ 0

-- Whatever is no keyword is a name. (lpeg looks a capture up in a table with its metamethods.)
local keyword_or_name = setmetatable({}, {
    __index = function(_, text)
        return words.keyword(text) or "name"
    end,
})

local sign = P "<->" + "<=" + ">=" + "==" + "!=" + "&&" + "||" + S "{}()[],=<>+-*/^~!@"

local kind = P "TITLE" * -in_word * to_line_end * Cc "TITLE"
    + block "VERBATIM" * Cc "VERBATIM"
    + (unclosed "VERBATIM" + unclosed "COMMENT") * Cc "open"
    + P "REPRESENTS" * blank ^ 1 * ("[" * ontology * "]" + ontology) * Cc "REPRESENTS"
    + word * P "'" ^ 1 * Cc "prime"
    + word / keyword_or_name
    + number * Cc "number"
    + P '"' * (1 - S '"\r\n') ^ 0 * (P '"' * Cc "string" + Cc "open")
    + P "~+" * Cc "~+"
    + C(sign)
    + R "\x80\xff" ^ 1 * Cc "bad"
    + 1 * Cc "bad"

local all = Ct((skipped * Cp() * kind * Cp()) ^ 0 * skipped * Cp())

--- The tokens of a text from a position on. The last is "end".
---@param text string
---@param first? integer
---@return { kinds: string[], ats: integer[], stops: integer[] }
function lexer.tokens(text, first)
    local flat = all:match(text, first)
    local kinds, ats, stops = {}, {}, {}
    local n = #flat // 3
    for i = 1, n do
        ats[i], kinds[i], stops[i] = flat[3 * i - 2], flat[3 * i - 1], flat[3 * i]
    end
    ats[n + 1], kinds[n + 1], stops[n + 1] = flat[3 * n + 1], "end", flat[3 * n + 1]
    return { kinds = kinds, ats = ats, stops = stops }
end

return lexer
