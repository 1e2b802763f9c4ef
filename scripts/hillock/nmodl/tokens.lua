-- SPDX-License-Identifier: BSD-3-Clause
-- tokens: the row of tokens that the parser goes along, with what all of its parts need: the token
-- at hand, small pieces (names, numbers, units, lists), errors, and going on after an error.
--
-- An error is said by fail(), which throws; attempt() catches it, and one of the skip functions
-- goes to where the parser can go on.

local lexer = require "hillock.nmodl.lexer"
local words = require "hillock.nmodl.words"

local tokens = {}
tokens.__index = tokens

local most_errors = 50
local most_nested = 150

-- What fail() throws; and where the whole file is given up.
local failure, too_many = {}, {}

--- The tokens of source.text from `first` on.
---@param source table
---@param messages table
---@param defines table<string, integer> shared by a file and those that it includes
function tokens.new(source, messages, defines, first)
    local made = lexer.tokens(source.text, first)
    local self = setmetatable({
        source = source, messages = messages, defines = defines, text = source.text,
        kinds = made.kinds, ats = made.ats, stops = made.stops,
        i = 1, kind = made.kinds[1], at = made.ats[1], depth = 0,
    }, tokens)
    return self
end

--- Goes on to the next token.
function tokens:next()
    if self.kind ~= "end" then
        local i = self.i + 1
        self.i, self.kind, self.at = i, self.kinds[i], self.ats[i]
    end
end

--- The kind of the token after the one at hand.
function tokens:ahead(n)
    return self.kinds[math.min(self.i + (n or 1), #self.kinds)]
end

--- The text of the token at hand, as it is written.
function tokens:word()
    return self.text:sub(self.at, self.stops[self.i] - 1)
end

-- Is the token the first one of its line?
local function begins_line(self, i)
    return i == 1 or self.text:sub(self.stops[i - 1], self.ats[i] - 1):find "[\r\n]" ~= nil
end

-- ---- errors

local bad = {
    [";"] = "a ';' has no meaning in NMODL: a statement ends where it ends",
    ["%"] = "there is no operator '%': fmod(a, b) is the remainder",
    ["&"] = "there is no operator '&': 'and' is '&&'",
    ["|"] = "there is no operator '|': 'or' is '||'",
    ["#"] = "a '#' has no meaning in NMODL: comments begin with ':', constants with DEFINE",
    ["'"] = "a \"'\" follows its name directly: x', x'[i]",
}

-- What is wrong with a token that is in no place of the language; nil for others.
local function wrong_in_itself(self)
    local text = self:word()
    if self.kind == "bad" then
        if bad[text] then
            return bad[text]
        elseif text:find "^[\x80-\xff]" then
            return "characters outside of ASCII may stand in comments only"
        elseif text:find "^%c" then
            return ("a byte 0x%02x has no meaning in NMODL"):format(text:byte())
        end
        return ("a '%s' has no meaning in NMODL"):format(text)
    elseif self.kind == "open" then
        local keyword = text:match "^%u+"
        if keyword then
            return ("this %s has no END%s at the beginning of a line"):format(keyword, keyword)
        end
        return "this string has no '\"' at its end"
    end
end

local said = { ["end"] = "the end of the file", TITLE = "TITLE", VERBATIM = "VERBATIM",
    REPRESENTS = "REPRESENTS" }

--- What the token at hand is, for a message.
function tokens:got()
    local kind, text = self.kind, self:word()
    if said[kind] then
        return said[kind]
    elseif kind == "number" then
        return "the number " .. (#text > 40 and text:sub(1, 37) .. "..." or text)
    elseif kind == "string" then
        return "a string"
    elseif kind ~= "name" and kind:find "^%u" then
        return text
    end
    return ("'%s'"):format(#text > 40 and text:sub(1, 37) .. "..." or text)
end

--- Says an error without giving up what is being parsed. Of one position, only the first.
function tokens:complain(at, text, ...)
    if at == self.said_at then
        return
    end
    self.said_at = at
    if self.messages.errors >= most_errors then
        self.messages:note(at, "there are more errors after these")
        error(too_many, 0)
    end
    self.messages:error(at, text, ...)
end

--- Says an error at a position and leaves what is being parsed.
function tokens:fail_at(at, text, ...)
    self:complain(at, text, ...)
    error(failure, 0)
end

--- "expected ..., got ..." at the token at hand; `hint` goes at the end. Where a line ends too
--- early, the message is about its end and not about the next one.
function tokens:fail(expected, hint)
    local own = wrong_in_itself(self)
    if own then
        self.unended = self.unended or self.kind == "open" and self:ahead() == "end"
        self:fail_at(self.at, "%s", own)
    elseif self.i ~= self.begun and self.kind ~= "end" and begins_line(self, self.i) then
        self:fail_at(self.stops[self.i - 1], "expected %s, got the end of the line", expected)
    end
    self:fail_at(self.at, "expected %s, got %s%s", expected, self:got(), hint or "")
end

--- Remembers that a statement or an entry begins with the token at hand.
function tokens:begin()
    self.begun, self.comparing = self.i, false
end

--- Says that the "{" at a position has no "}", unless what hides it is said already.
function tokens:unclosed(open, what)
    if not self.unended then
        self:complain(open, "the '{' of %s has no '}': expected one before %s", what, self:got())
    end
end

local continues = { ["="] = true, [","] = true, ["["] = true, ["("] = true }

--- Does a new block begin here? (And not: is a keyword used as a name?)
function tokens:at_block()
    return (words.is_block(self.kind) or self.kind == "INITIAL" and self.block ~= "net_receive")
        and (self.kind == "NET_RECEIVE" or not continues[self:ahead()])
end

--- Calls fn(...). False where it has failed with an error that is said.
function tokens:attempt(fn, ...)
    local depth = self.depth
    local fine, what = pcall(fn, ...)
    if fine then
        return true
    elseif what ~= failure then
        error(what, 0)
    end
    self.depth = depth
    return false
end

--- Calls fn(...), catching the end of a file with too many errors, too.
function tokens.guard(fn, ...)
    local fine, what = pcall(fn, ...)
    if not fine and what ~= too_many and what ~= failure then
        error(what, 0)
    end
    return fine
end

--- Goes one level of nesting down; every call has its leave().
function tokens:enter(what)
    self.depth = self.depth + 1
    if self.depth > most_nested then
        self:fail_at(self.at, "%s nested too deeply: more than %d levels", what, most_nested)
    end
end

function tokens:leave()
    self.depth = self.depth - 1
end

-- ---- going on after an error

-- Goes past the token at hand. What has no end hides all that follows: it is said even here.
local function skip(self)
    if self.kind == "open" then
        self.unended = self.unended or self:ahead() == "end"
        self:complain(self.at, "%s", wrong_in_itself(self))
    end
    self:next()
end

-- Skips what is in braces, the token at hand being a "{".
local function skip_braces(self)
    local open = 0
    repeat
        if self.kind == "{" then
            open = open + 1
        elseif self.kind == "}" then
            open = open - 1
        elseif self:at_block() and begins_line(self, self.i) then
            return
        end
        skip(self)
    until open == 0 or self.kind == "end"
end

--- Goes to the next line in a block { }, its "}", or a new block. Goes forward if `from` is the
--- token at hand.
function tokens:skip_line(from)
    if self.i == from and self.kind ~= "{" and self.kind ~= "}" and not self:at_block() then
        skip(self)
    end
    while self.kind ~= "end" and self.kind ~= "}" do
        if self.kind == "{" then
            skip_braces(self)
        elseif begins_line(self, self.i) or self:at_block() then
            return
        else
            skip(self)
        end
    end
end

--- Goes to the next block that begins a line.
function tokens:skip_block(from)
    if self.i == from then
        skip(self)
    end
    while self.kind ~= "end" do
        if self.kind == "{" then
            skip_braces(self)
        elseif words.is_top(self.kind) and begins_line(self, self.i) then
            return
        else
            skip(self)
        end
    end
end

-- ---- pieces

--- Goes past a token of this kind; where there is another, an error that expects `what`.
function tokens:expect(kind, what, hint)
    if self.kind ~= kind then
        self:fail(what or ("'%s'"):format(kind), hint)
    end
    local at = self.at
    self:next()
    return at
end

--- Goes past a token of this kind, if it is at hand. Returns its position.
function tokens:accept(kind)
    if self.kind == kind then
        local at = self.at
        self:next()
        return at
    end
end

-- Says that a keyword stands where a name is wanted, if one does.
local function no_keyword(self, what)
    local here = self.i == self.begun or not begins_line(self, self.i)
    if here and self.kind:find "^%u" and self.kind ~= "TITLE" and self.kind ~= "VERBATIM" then
        self:fail_at(self.at, "expected %s, got %s, which is a keyword", what, self:word())
    end
    self:fail(what)
end

--- The name at hand, as a node.
---@param what string "the name of a parameter"
function tokens:id(what)
    if self.kind ~= "name" then
        no_keyword(self, what)
    end
    local name = self:word()
    if self.defines[name] then
        self:fail_at(self.at, "expected %s, got '%s', which is DEFINEd as %d", what, name,
            self.defines[name])
    end
    local node = { kind = "id", name = name, at = self.at }
    self:next()
    return node
end

--- A name or a name with primes, as a node with `prime`.
function tokens:primed_id(what)
    if self.kind ~= "prime" then
        return self:id(what)
    end
    local name, primes = self:word():match "^([^']*)('*)$"
    local node = { kind = "id", name = name, prime = #primes, at = self.at }
    self:next()
    return node
end

--- Names with commas between them.
function tokens:ids(what)
    local list = { self:id(what) }
    while true do
        if self.kind == "," then
            self:next()
        elseif self.kind == "name" and not begins_line(self, self.i) then
            self:complain(self.at, "a comma is missing before '%s'", self:word())
        else
            return list
        end
        list[#list + 1] = self:id(what)
    end
end

--- Is a number at hand, or a name that is DEFINEd?
function tokens:is_number()
    return self.kind == "number" or self.kind == "name" and self.defines[self:word()] ~= nil
end

--- The number at hand, without a sign. Returns it, and whether it is whole as it is written.
function tokens:unsigned(what)
    local word = self:word()
    local value, whole
    if self.kind == "number" then
        value, whole = tonumber(word) + 0.0, not word:find "%D"
        if value == math.huge then
            self:fail_at(self.at, "%s is too large", self:got())
        end
    elseif self.kind == "name" and self.defines[word] then
        value, whole = self.defines[word] + 0.0, true
    elseif self.kind == "name" then
        self:fail(what, ", which is not DEFINEd before")
    else
        self:fail(what)
    end
    self:next()
    return value, whole
end

--- A number with its sign.
function tokens:signed(what)
    if self:accept "-" then
        return -self:unsigned(what)
    end
    self:accept "+"
    return (self:unsigned(what))
end

--- A whole number from `least` on: a size, a count.
function tokens:integer(what, least)
    local at = self.at
    local value, whole = self:unsigned(what)
    if not whole or value < least or value > 2147483647 then
        self:fail_at(at, "expected %s, a whole number from %d, got %s", what, least,
            self.text:sub(at, self.stops[self.i - 1] - 1))
    end
    return math.tointeger(value)
end

--- [size], or nil.
function tokens:size()
    if self:accept "[" then
        local size = self:integer("the size of the array", 1)
        self:expect("]", "']' after the size of the array")
        return size
    end
end

--- "(unit)", or nil: the text in the parentheses and the position of the first of them.
function tokens:unit()
    if self.kind ~= "(" then
        return nil
    end
    local at = self.at
    local stop = self.text:find("[)\r\n]", at) or #self.text
    local closed = self.text:byte(stop) == 41
    while closed and self.at < stop and self.kind ~= "end" do
        self:next()
    end
    if not closed or self.at ~= stop or self.kind ~= ")" then
        self:fail_at(at, "the '(' of this unit has no ')' on its line")
    end
    self:next()
    return (self.text:sub(at + 1, stop - 1):gsub("^%s+", ""):gsub("%s+$", "")), at
end

--- (name (unit), ...) of a function, as a list of names with `unit`.
function tokens:arguments(of)
    self:expect("(", ("'(' and the arguments after %s"):format(of))
    local list = {}
    while self.kind ~= ")" do
        if #list > 0 then
            self:expect(",", "',' or ')' after an argument")
        end
        local id = self:primed_id "the name of an argument"
        id.unit, id.unit_at = self:unit()
        list[#list + 1] = id
    end
    self:next()
    return list
end

return tokens
