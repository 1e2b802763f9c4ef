-- SPDX-License-Identifier: BSD-3-Clause
-- theme: colours and the sizes of letters and lines (pt).
--
-- Categories have the eight colours of Okabe & Ito 2008 (Color Universal Design,
-- https://jfly.uni-koeln.de/color/), which readers who see no red or no green tell apart; each
-- theme begins with those that stand out on its ground. Values have viridis (Smith & van der Walt
-- 2015, SciPy conference), whose lightness grows evenly, from ten of its points, without the end
-- that the ground swallows.

local keys = require "hillock.keys"

local theme = {}

local named = {
    black = 0x000000, orange = 0xe69f00, ["sky blue"] = 0x56b4e9, green = 0x009e73,
    yellow = 0xf0e442, blue = 0x0072b2, vermillion = 0xd55e00, purple = 0xcc79a7,
    grey = 0x8a8a8a, white = 0xffffff,
}

local viridis = {
    0x440154, 0x482878, 0x3e4989, 0x31688e, 0x26828e, 0x1f9e89, 0x35b779, 0x6ece58, 0xb5de2b,
    0xfde725,
}

local themes = {
    light = {
        ground = 0xffffff, ink = 0x1a1a1a, muted = 0x6b6b6b, faint = 0xd9d9d9, marked = 0xf3ead2,
        values = { 0, 0.93 }, -- of viridis
        categories = { "blue", "vermillion", "green", "orange", "purple", "sky blue", "black" },
    },
    dark = {
        ground = 0x17191d, ink = 0xe8e8e8, muted = 0xa0a4ab, faint = 0x43474f, marked = 0x38321f,
        values = { 0.2, 1 },
        categories = { "sky blue", "orange", "green", "yellow", "purple", "vermillion", "white" },
    },
}

theme.size = { text = 8, small = 7, title = 8.5, line = 0.8, axis = 0.6 }

--- The theme of that name.
function theme.get(name)
    name = name == nil and "light" or name
    local found = themes[name]
    if not found then
        keys.fail("figure: no theme is called '%s'%s", tostring(name),
            keys.hint(name, keys.names(themes)))
    end
    return found
end

local function channels(rgb)
    return rgb >> 16, rgb >> 8 & 255, rgb & 255
end

local function mixed(a, b, share)
    local r, g, blue = channels(a)
    local R, G, B = channels(b)
    local function between(x, y)
        return math.floor(x + (y - x) * share + 0.5)
    end
    return between(r, R) << 16 | between(g, G) << 8 | between(blue, B)
end

-- Viridis at x from 0 to 1.
local function value_colour(x)
    x = math.max(0, math.min(1, x)) * (#viridis - 1)
    local i = math.min(#viridis - 2, math.floor(x))
    return mixed(viridis[i + 1], viridis[i + 2], x - i)
end

--- "#rrggbb" of a panel's colour: the number of a category, a name, "#rrggbb", { value = 0 to 1 };
--- `pale` (0 to 1) moves it towards the ground.
function theme.colour(chosen, colour, pale)
    local rgb
    if math.type(colour) then
        rgb = named[chosen.categories[(colour - 1) % #chosen.categories + 1]]
    elseif type(colour) == "table" then
        local from, to = chosen.values[1], chosen.values[2]
        rgb = value_colour(from + (to - from) * colour.value)
    elseif colour:match "^#%x%x%x%x%x%x$" then
        rgb = tonumber(colour:sub(2), 16)
    else
        rgb = chosen[colour] or named[colour]
    end
    return ("#%06x"):format(pale and mixed(rgb, chosen.ground, pale) or rgb)
end

--- A colour that a script gives: a name or "#rrggbb".
function theme.check(what, colour)
    keys.value(what, colour, "string")
    if not colour:match "^#%x%x%x%x%x%x$" and not named[colour] then
        keys.fail("%s: no colour is called '%s': \"#rrggbb\" is one, and there is %s", what, colour,
            table.concat(keys.names(named), ", "))
    end
    return colour
end

return theme
