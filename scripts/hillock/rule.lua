-- SPDX-License-Identifier: BSD-3-Clause
-- rule: which pairs of cells are connected.

local csv = require "hillock.csv"
local keys = require "hillock.keys"
local object = require "hillock.object"

local rule = {}

local Rule = object.class {
    name = "rule",
    meta = {
        __tostring = function(self) return object.test(object.classes.rule, self).text end,
    },
}

local function make(text, fields)
    fields.text = text
    return object.new(Rule, fields)
end

--- Each pair with a probability.
---@param probability number 0 to 1
function rule.pairwise(probability)
    keys.value("pairwise: probability", probability, "number")
    if probability < 0 or probability > 1 then
        keys.fail("pairwise: the probability %g is not within 0 and 1", probability)
    end
    return make(("pairwise(%g)"):format(probability),
        { rule = "pairwise", probability = probability })
end

--- Each pair.
function rule.all()
    return make("all()", { rule = "all" })
end

--- The i-th with the i-th.
function rule.one_to_one()
    return make("one_to_one()", { rule = "one_to_one" })
end

--- Each target from this many different sources, drawn.
---@param degree integer
function rule.in_degree(degree)
    keys.value("in_degree", degree, "count from 1")
    return make(("in_degree(%d)"):format(degree), { rule = "in_degree", degree = degree })
end

--- The pairs listed, by the cells' places in the two populations, from 1: { { pre, post }, ... },
--- or { pre = list, post = list }, or a CSV file with columns pre and post, which counts from 0.
---@param list table|string
function rule.pairs(list)
    local pre, post = {}, {}
    if type(list) == "string" then
        local columns = csv.read(list)
        for _, key in ipairs { "pre", "post" } do
            if not columns[key] then
                keys.fail("pairs: %s has no column '%s'", list, key)
            end
        end
        for i = 1, #columns.pre do
            pre[i], post[i] = columns.pre[i] + 1, columns.post[i] + 1
        end
    elseif type(list) == "table" and list.pre ~= nil then
        keys.check("pairs", list, { pre = "list!", post = "list!" })
        pre, post = list.pre, list.post
    else
        for i, pair in ipairs(keys.value("pairs", list, "table")) do
            if type(pair) ~= "table" or #pair ~= 2 then
                keys.fail("pairs: element %d is not a pair { pre, post }", i)
            end
            pre[i], post[i] = pair[1], pair[2]
        end
    end
    if #pre ~= #post then
        keys.fail("pairs: %d on the one side, %d on the other", #pre, #post)
    end
    return make(("pairs of %d"):format(#pre), { rule = "pairs", pair_pre = pre, pair_post = post })
end

-- The rule's fields for the core.
function rule.fields(value, what)
    if value == nil then
        keys.fail("%s is missing: say hk.pairwise(p), hk.all(), hk.one_to_one(), "
            .. "hk.in_degree(k) or hk.pairs(list)", what)
    end
    return object.state(Rule, value, what)
end

return rule
