-- SPDX-License-Identifier: BSD-3-Clause
-- text: words for gnuplot: quoted, with what means something to its "enhanced" text escaped; how
-- wide they are; units and numbers as a person writes them.

local text = {}

--- The words as a gnuplot string that shows just them.
function text.quote(words)
    words = tostring(words):gsub("%c+", " ")
    words = words:gsub("[\\{}^_@&~]", "\\%0")
    return "'" .. words:gsub("'", "''") .. "'"
end

--- The same in bold.
function text.bold(words)
    return "'{/:Bold " .. text.quote(words):sub(2, -2) .. "}'"
end

--- The same as the label of a tick, where gnuplot looks for formats.
function text.tick(words)
    return (text.quote(words):gsub("%%", "%%%%"))
end

--- A path as a gnuplot string.
function text.path(path)
    return "'" .. path:gsub("'", "''") .. "'"
end

-- Widths in em of DejaVu Sans, which is a wide one: what fits with it fits with others.
local narrow = { i = 0.28, j = 0.28, l = 0.28, I = 0.3, f = 0.36, t = 0.4, r = 0.42, [" "] = 0.32,
    ["."] = 0.32, [","] = 0.32, ["("] = 0.4, [")"] = 0.4, ["-"] = 0.37, ["/"] = 0.34,
    ["["] = 0.4, ["]"] = 0.4 }
local wide = { m = 0.98, w = 0.82, M = 0.87, W = 1, ["−"] = 0.84, ["="] = 0.84, ["+"] = 0.84,
    ["%"] = 0.95 }

--- About how wide the words are in letters of `size` pt.
function text.width(words, size)
    local em = 0
    for character in tostring(words):gmatch(utf8.charpattern) do
        em = em + (narrow[character] or wide[character] or character:match "%u" and 0.72 or 0.63)
    end
    return em * size
end

local upper = { ["0"] = "⁰", ["1"] = "¹", ["2"] = "²", ["3"] = "³", ["4"] = "⁴", ["5"] = "⁵",
    ["6"] = "⁶", ["7"] = "⁷", ["8"] = "⁸", ["9"] = "⁹", ["-"] = "⁻" }

--- "10⁻⁵"
function text.power(exponent)
    return "10" .. tostring(exponent):gsub(".", upper)
end

--- A unit of NEURON's as it is printed: "um" is "µm", "S/cm2" is "S/cm²".
function text.unit(unit)
    unit = unit:gsub("^u(%a)", "µ%1"):gsub("/u(%a)", "/µ%1"):gsub("degC", "°C")
    return (unit:gsub("(%a)([23])", function(letter, power) return letter .. upper[power] end))
end

--- A number with so many decimals, with a minus sign.
function text.number(x, decimals)
    local shown = ("%%.%df"):format(decimals or 0):format(x)
    if tonumber(shown) == 0 then
        shown = shown:gsub("^-", "")
    end
    return (shown:gsub("^-", "−"))
end

--- The words, cut where they are wider than `room` pt.
function text.cut(words, size, room)
    if text.width(words, size) <= room then
        return words
    end
    local kept = ""
    for character in words:gmatch(utf8.charpattern) do
        if text.width(kept .. character .. "…", size) > room then
            break
        end
        kept = kept .. character
    end
    return kept .. "…"
end

return text
