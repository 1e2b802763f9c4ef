-- SPDX-License-Identifier: BSD-3-Clause
-- tap: tests in Lua speak TAP.
--
--     local tap = require "tap"
--     tap.ok(cell, "a cell is made")
--     tap.near(v, -65, { abs = 1e-9 }, "it rests at e")
--     tap.throws(function() net:run(-1) end, { "run", "-1" }, "a negative duration is refused")
--     tap.done()
--
-- A script ends with done(), which prints the plan and leaves with status 1 where a test failed. A
-- script that ends without it has no plan, which the reader of the output takes as a failure.

local tap = {}

local count, failed = 0, 0

local function comment(text)
    io.write("# ", (text:gsub("\n", "\n# ")), "\n")
end

local function show(value)
    if type(value) == "string" then
        return string.format("%q", value)
    elseif math.type(value) == "float" then
        return string.format("%.17g", value)
    end
    return tostring(value)
end

-- Where the test that failed stands: the first level outside this file.
local function place()
    local here = debug.getinfo(1, "S").source
    for level = 2, 20 do
        local info = debug.getinfo(level, "Sl")
        if not info then
            break
        elseif info.source ~= here and info.currentline > 0 then
            return info.short_src .. ":" .. info.currentline
        end
    end
    return "?"
end

local function result(passed, name, ...)
    count = count + 1
    local title = tostring(name or ""):gsub("#", "\\#"):gsub("\n", " ")
    io.write(passed and "ok " or "not ok ", count, title ~= "" and " - " or "", title, "\n")
    if not passed then
        failed = failed + 1
        comment("failed at " .. place())
        for _, line in ipairs { ... } do
            comment(line)
        end
    end
    io.flush()
    return passed
end

-- Is `value` neither nil nor false?
function tap.ok(value, name)
    return result(value and true or false, name)
end

-- Are both equal, as == says (NaN equals NaN)?
function tap.is(got, want, name)
    local same = got == want or (got ~= got and want ~= want)
    return result(same, name, "got:  " .. show(got), "want: " .. show(want))
end

-- Is |got - want| at most tolerance.abs + tolerance.rel * |want|? One of them may be missing; a
-- number is `abs`.
function tap.near(got, want, tolerance, name)
    local abs, rel = tolerance, 0
    if type(tolerance) == "table" then
        assert(tolerance.abs or tolerance.rel, "near: give { abs = ..., rel = ... }")
        abs, rel = tolerance.abs or 0, tolerance.rel or 0
    end
    assert(type(abs) == "number" and type(want) == "number", "near: (got, want, tolerance, name)")
    if type(got) ~= "number" then
        return result(false, name, "got:  " .. show(got), "want: " .. show(want))
    end
    local bound = abs + rel * math.abs(want)
    local off = math.abs(got - want)
    return result(got == want or off <= bound, name, string.format("got:  %.17g", got),
        string.format("want: %.17g within %.3g, it is off by %.3g", want, bound, off))
end

-- Does fn raise an error whose message holds every one of the plain texts (a text or a list)?
function tap.throws(fn, texts, name)
    local went_well, message = pcall(fn)
    if went_well then
        return result(false, name, "no error was raised")
    end
    message = tostring(message)
    for _, text in ipairs(type(texts) == "table" and texts or { texts }) do
        if not message:find(text, 1, true) then
            return result(false, name, "message: " .. message, "lacks:   " .. text)
        end
    end
    return result(true, name)
end

-- n tests that are not run, and why.
function tap.skip(n, reason)
    for _ = 1, n do
        count = count + 1
        io.write("ok ", count, " # SKIP ", reason, "\n")
    end
end

-- A line for the reader.
function tap.note(...)
    comment(string.format(...))
end

-- Ends the script without a test: `reason` says what is missing. Only before the first test.
function tap.skip_all(reason)
    assert(count == 0, "skip_all: tests have run already")
    io.write("1..0 # SKIP ", reason, "\n")
    os.exit(0, true)
end

-- Ends the script: the plan, and the exit status.
function tap.done()
    io.write("1..", count, "\n")
    io.flush()
    if count == 0 then
        comment("no test was run")
    end
    os.exit(failed == 0 and count > 0 and 0 or 1, true)
end

return tap
