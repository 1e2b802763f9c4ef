-- SPDX-License-Identifier: BSD-3-Clause
-- json: JSON text to tables that remember the order of their keys and the lines that things stand
-- on. DendroTweaks gives a parameter its values group by group in the order of the file, which the
-- usual libraries do not keep.

local keys = require "hillock.keys"

local json = {}

--- The value of null, in objects and lists.
json.null = setmetatable({}, { __name = "null", __tostring = function() return "null" end })

local weak = { __mode = "k" }
local orders, lines = setmetatable({}, weak), setmetatable({}, weak)

--- The keys of an object in their order; nil for a list.
function json.order(object)
    return orders[object]
end

--- The line of an object's or a list's element, or with no key of its beginning.
function json.line(object, key)
    return lines[object][key == nil and json or key]
end

--- An object of these keys and values; its line is that of another one.
function json.object(like, order, values)
    local line = lines[like][json]
    orders[values] = order
    lines[values] = setmetatable({}, { __index = function() return line end })
    return values
end

local Reader = {}
Reader.__index = Reader

-- The line of a place, which is seldom before the last one asked for.
local function line_at(self, at)
    if at < self.counted then
        self.counted, self.line = 1, 1
    end
    local _, n = self.text:sub(self.counted, at - 1):gsub("\n", "")
    self.counted, self.line = at, self.line + n
    return self.line
end

local function fail(self, format, ...)
    keys.fail("%s:%d: %s", self.path, line_at(self, self.at), format:format(...))
end

local function shown(self)
    local token = self.text:match('^"[^"\n]*"?', self.at) or self.text:match("^[%w%.+-]+", self.at)
        or self.text:match("^" .. utf8.charpattern, self.at)
    return token and token ~= "" and ("'%s'"):format(token:sub(1, 40)) or "the end of the file"
end

local function skip(self)
    self.at = self.text:find("[^ \t\r\n]", self.at) or #self.text + 1
    return self.text:sub(self.at, self.at)
end

local escapes = {
    ['"'] = '"', ["\\"] = "\\", ["/"] = "/", b = "\b", f = "\f", n = "\n", r = "\r", t = "\t",
}

-- The character of \uXXXX, of which two may make one, and how many digits were taken.
local function unicode(self, at)
    local code = tonumber(self.text:match("^%x%x%x%x", at) or "", 16)
    if not code then
        fail(self, "\\u in a string is followed by four hexadecimal digits")
    end
    local low = code >= 0xd800 and code < 0xdc00 and self.text:match("^\\u(%x%x%x%x)", at + 4)
    if low then
        return utf8.char(0x10000 + ((code - 0xd800) << 10) + (tonumber(low, 16) - 0xdc00)), 10
    end
    return utf8.char(code), 4
end

local function string(self)
    local parts, at = {}, self.at + 1
    while true do
        local stop = self.text:find('["\\\n]', at)
        local char = stop and self.text:sub(stop, stop)
        if not stop or char == "\n" then
            fail(self, "the string has no end")
        end
        parts[#parts + 1] = self.text:sub(at, stop - 1)
        at = stop + 1
        if char == '"' then
            self.at = at
            return table.concat(parts)
        end
        local escape = self.text:sub(at, at)
        if escape == "u" then
            local n
            parts[#parts + 1], n = unicode(self, at + 1)
            at = at + 1 + n
        else
            parts[#parts + 1] = escapes[escape]
                or fail(self, "a string has no escape '\\%s'", escape)
            at = at + 1
        end
    end
end

local value

local function number(self)
    local text = self.text:match("^[%w%.+-]+", self.at)
    local whole, rest = text:match "^%-?(%d+)(.*)$"
    local plain = whole and (whole == "0" or whole:sub(1, 1) ~= "0")
        and (rest == "" or rest:find "^%.%d+$" or rest:find "^%.?%d*[eE][+-]?%d+$")
    if not plain then
        fail(self, "%s is no value", shown(self))
    end
    self.at = self.at + #text
    return tonumber(text)
end

-- After an element: true where another one follows.
local function goes_on(self, close, what)
    local char = skip(self)
    if char ~= "," and char ~= close then
        fail(self, "expected ',' or '%s' after an element of %s, got %s", close, what, shown(self))
    end
    self.at = self.at + 1
    return char == ","
end

local function list(self)
    local made, at = {}, { [json] = line_at(self, self.at) }
    lines[made] = at
    self.at = self.at + 1
    if skip(self) == "]" then
        self.at = self.at + 1
        return made
    end
    repeat
        skip(self)
        at[#made + 1] = line_at(self, self.at)
        made[#made + 1] = value(self)
    until not goes_on(self, "]", "a list")
    return made
end

local function object(self)
    local made, order, at = {}, {}, { [json] = line_at(self, self.at) }
    orders[made], lines[made] = order, at
    self.at = self.at + 1
    if skip(self) == "}" then
        self.at = self.at + 1
        return made
    end
    repeat
        if skip(self) ~= '"' then
            fail(self, "expected a key in quotes, got %s", shown(self))
        end
        local line, key = line_at(self, self.at), string(self)
        if skip(self) ~= ":" then
            fail(self, "expected ':' after the key '%s', got %s", key, shown(self))
        end
        self.at = self.at + 1
        if made[key] == nil then
            order[#order + 1] = key
        end
        at[key], made[key] = line, value(self)
    until not goes_on(self, "}", "an object")
    return made
end

local words = { ["true"] = true, ["false"] = false, null = json.null }

function value(self)
    local char = skip(self)
    if char == "{" then
        return object(self)
    elseif char == "[" then
        return list(self)
    elseif char == '"' then
        return string(self)
    end
    local word = self.text:match("^%a+", self.at)
    if word and words[word] ~= nil then
        self.at = self.at + #word
        return words[word]
    elseif not char:find "[%d-]" then
        fail(self, "expected a value, got %s", shown(self))
    end
    return number(self)
end

--- The value that a JSON text is. Of a key that an object has twice the last value counts, in the
--- first one's place.
---@param path string for messages, which begin with it and the line
---@param text string
function json.decode(path, text)
    local self = setmetatable({ path = path, text = text, at = 1, counted = 1, line = 1 }, Reader)
    local made = value(self)
    if skip(self) ~= "" then
        fail(self, "the file goes on after its end, with %s", shown(self))
    end
    return made
end

return json
