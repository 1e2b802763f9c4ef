-- SPDX-License-Identifier: BSD-3-Clause
-- place: where on a cell things are put: segments, and how probable each one is.

local keys = require "hillock.keys"
local object = require "hillock.object"
local region = require "hillock.region"

local place = {}

local Place = object.class {
    name = "place",
    meta = {
        __tostring = function(self) return object.test(object.classes.place, self).text end,
    },
}

--- Any segment, all alike.
place.anywhere = object.new(Place, { text = "anywhere" })

local function shared(text, at, share)
    return object.new(Place, { text = text, at = at, share = share })
end

--- A part of the cell; segments are drawn in proportion to what share(segment) says.
---@param at any
---@param share function
function place.on(at, share)
    keys.value("on: share", share, "function")
    return shared("on", at, share)
end

--- A part of the cell; segments are drawn in proportion to their length.
---@param at? any anywhere
function place.by_length(at)
    return shared("by length", at == nil and place.anywhere or at, function(s) return s.length end)
end

--- A part of the cell; segments are drawn in proportion to their area.
---@param at? any anywhere
function place.by_area(at)
    return shared("by area", at == nil and place.anywhere or at, function(s) return s.area end)
end

-- The segments that `at` means on the cell type, and their shares or nil.
function place.resolve(cell, at, what)
    local state = object.test(Place, at)
    if at == nil then
        keys.fail("%s is missing: say hk.anywhere, a region, or a place like 'dend(0.5)'", what)
    elseif not state then
        local part = region.resolve(cell, at, what)
        if #part == 0 then
            keys.fail("%s: region %s of cell %s has no segment", what, part.name, cell.name)
        end
        return part:indices()
    elseif not state.share then
        return region.all(cell):indices()
    end
    local segments = place.resolve(cell, state.at, what)
    local shares = {}
    for i, index in ipairs(segments) do
        shares[i] = state.share(cell.segment(cell, index))
        if type(shares[i]) ~= "number" or not (shares[i] >= 0 and shares[i] < math.huge) then
            keys.fail("%s: the share of %s is %s, not a number from 0", what,
                cell.segment(cell, index).name, keys.describe(shares[i]))
        end
    end
    return segments, shares
end

-- The one segment that `at` means; a region of one will do.
function place.one(cell, at, what)
    local segments = place.resolve(cell, at, what)
    if #segments ~= 1 then
        keys.fail("%s: one segment is wanted, such as 'soma(0.5)', but this means %d of them", what,
            #segments)
    end
    return segments[1]
end

return place
