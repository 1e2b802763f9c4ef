-- SPDX-License-Identifier: BSD-3-Clause
-- lines: on which line of a file each entry of a protocol stands, by its path, "clamps[2].amp". It
-- reads the table that a Lua text returns, or that a JSON text is; of what is computed rather than
-- written out, no line is known.

local lines = {}

-- ---- tokens: { text =, line =, kind = "name", "string", "number" or "mark" }

local closing = { ["("] = ")", ["{"] = "}", ["["] = "]" }

local function skip_long(text, at)
    local equals = text:match("^%[(=*)%[", at)
    if not equals then
        return nil
    end
    local _, stop = text:find("]" .. equals .. "]", at, true)
    return (stop or #text) + 1
end

-- Behind the text in quotes that begins at `at`, and what it says where no escape is in it.
local function quoted(text, at)
    local quote, i = text:sub(at, at), at + 1
    while i <= #text do
        local c = text:sub(i, i)
        if c == "\\" then
            i = i + 2
        elseif c == quote then
            break
        else
            i = i + 1
        end
    end
    return i + 1, text:sub(at + 1, i - 1)
end

local function tokens_of(text)
    local list, at, line = {}, 1, 1
    local function add(kind, value, stop)
        list[#list + 1] = { kind = kind, text = value, line = line }
        local _, breaks = text:sub(at, stop - 1):gsub("\n", "")
        line, at = line + breaks, stop
    end
    while at <= #text do
        local c = text:sub(at, at)
        local name = text:match("^[%a_][%w_]*", at)
        local digits = text:match("^%d[%w_.]*", at)
        if c == "\n" then
            line, at = line + 1, at + 1
        elseif c:find "%s" then
            at = at + 1
        elseif text:find("^%-%-", at) then
            local stop = skip_long(text, at + 2) or text:find("\n", at, true) or #text + 1
            local _, breaks = text:sub(at, stop - 1):gsub("\n", "")
            line, at = line + breaks, stop
        elseif name then
            add("name", name, at + #name)
        elseif digits then
            add("number", digits, at + #digits)
        elseif c == '"' or c == "'" then
            local stop, value = quoted(text, at)
            add("string", value, stop)
        elseif skip_long(text, at) then
            add("string", "", skip_long(text, at))
        else
            add("mark", c, at + 1)
        end
    end
    return list
end

-- ---- tables

local function is(token, mark)
    return token and token.kind == "mark" and token.text == mark
end

-- Behind the value that begins at token i: at the comma or the end of the table that it is in.
local function skip_value(list, i)
    local depth = 0
    while list[i] do
        local token = list[i]
        if token.kind == "mark" then
            if closing[token.text] then
                depth = depth + 1
            elseif token.text == ")" or token.text == "}" or token.text == "]" then
                if depth == 0 then
                    return i
                end
                depth = depth - 1
            elseif depth == 0 and (token.text == "," or token.text == ";") then
                return i
            end
        end
        i = i + 1
    end
    return i
end

-- The key at token i, and where its value begins: of name = value, ["name"] = value, [2] = value,
-- and JSON's "name": value. nil of what has no key.
local function key_at(list, i)
    local a, b = list[i], list[i + 1]
    if a.kind == "name" and is(b, "=") and not is(list[i + 2], "=")
        or a.kind == "string" and is(b, ":") then
        return a.text, i + 2
    elseif is(a, "[") and is(list[i + 2], "]") and is(list[i + 3], "=") then
        return b.kind == "number" and math.tointeger(tonumber(b.text)) or b.text, i + 4
    end
end

local read_table

local function read_value(list, i, path, found)
    local token = list[i]
    local stop = skip_value(list, i)
    local last = list[stop - 1]
    if (is(token, "{") or is(token, "[")) and (is(last, "}") or is(last, "]")) then
        read_table(list, i + 1, path, found)
    end
    return stop
end

function read_table(list, i, path, found)
    local n = 0
    while list[i] and not is(list[i], "}") and not is(list[i], "]") do
        local line, before = list[i].line, i
        local key, at = key_at(list, i)
        if not key then
            n = n + 1
            key, at = n, i
        end
        local inner = math.type(key) and ("%s[%d]"):format(path, key)
            or path == "" and key or path .. "." .. key
        found[inner] = line
        i = list[at] and read_value(list, at, inner, found) or at
        if is(list[i], ",") or is(list[i], ";") then
            i = i + 1
        end
        if i == before then
            return
        end
    end
end

--- The line of each entry of the table that a text gives, by path.
---@param text string
---@return table<string, integer>
function lines.of(text)
    local list, found = tokens_of(text), {}
    local first
    if is(list[1], "{") then
        first = 2
    else
        for i = #list, 1, -1 do -- the last `return {`
            if list[i].text == "return" and list[i].kind == "name" and is(list[i + 1], "{") then
                first = i + 2
                break
            end
        end
    end
    if first then
        read_table(list, first, "", found)
    end
    return found
end

return lines
