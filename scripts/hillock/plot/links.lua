-- SPDX-License-Identifier: BSD-3-Clause
-- links: connections between cells, as the matrix and the graph of them read them.

local keys = require "hillock.keys"
local object = require "hillock.object"
local results = require "hillock.results"
local source = require "hillock.plot.source"

local links = {}

local function is_plain(value)
    return type(value) == "table" and getmetatable(value) == nil
end

-- The connections { pre, post, weight } of what net:connect gave, cells by their number there.
local function of_network(what, value)
    local made = value
    if not (type(made) == "table" or type(made) == "userdata") then
        keys.fail("%s: expected connections, got %s", what, keys.describe(value))
    end
    local has, inner = pcall(function() return made.connections end)
    made = has and inner or made
    local list = { pre = {}, post = {}, weight = {} }
    local counted, n = pcall(function() return #made end)
    local first = counted and n > 0 and made[1]
    if not counted or n > 0 and not (type(first) == "table" and first.post) then
        keys.fail("%s: expected what net:connect gave, or { pre =, post = }, got %s", what,
            keys.describe(value))
    end
    for i = 1, n do
        local one = made[i]
        if one.pre then
            list.pre[#list.pre + 1], list.post[#list.post + 1] = one.pre, one.post
            list.weight[#list.weight + 1] = one.weight or 0
        end
    end
    return list
end

-- The connections of a run that a folder has.
local function of_folder(value)
    local list = { pre = {}, post = {}, weight = {} }
    for i, row in ipairs(value.network.connections) do
        list.pre[i], list.post[i], list.weight[i] = row[1], row[2], row[4] or 0
    end
    return list
end

local function of_lists(what, value)
    keys.check(what, value, { pre = "list!", post = "list!", weight = "list" })
    local list = {
        pre = keys.numbers(what .. ": pre", value.pre),
        post = keys.numbers(what .. ": post", value.post),
        weight = value.weight and keys.numbers(what .. ": weight", value.weight),
    }
    if #list.pre ~= #list.post or list.weight and #list.weight ~= #list.pre then
        keys.fail("%s: %d pre, %d post%s", what, #list.pre, #list.post,
            list.weight and (", %d weights"):format(#list.weight) or "")
    end
    return list
end

-- Where each cell stands: those of the groups, in order, or all up to n.
local function order_of(what, list, options, value)
    if options.groups ~= nil then
        local place, n, of = {}, 0, source.groups(what, options.groups, value)
        for g, group in ipairs(of) do
            for i = 1, #group.numbers do
                n = n + 1
                place[group.numbers[i]] = { n, g }
            end
        end
        return place, n, of
    end
    local n = options.n or 1
    for i = 1, #list.pre do
        local pre, post = list.pre[i], list.post[i]
        if pre < 1 or post < 1 or pre % 1 ~= 0 or post % 1 ~= 0 then
            keys.fail("%s: connection %d: from %s to %s: cells count from 1", what, i,
                tostring(pre), tostring(post))
        elseif options.n and (pre > n or post > n) then
            keys.fail("%s: connection %d is from cell %d to %d, and there are %d", what, i, pre,
                post, n)
        end
        n = math.max(n, pre // 1, post // 1)
    end
    local place = {}
    for i = 1, n do
        place[i] = { i, 1 }
    end
    return place, n
end

--- Connections { pre =, post =, weight =, n =, group = of each cell, groups = } with cells by their
--- place in the picture; those of cells that are not in it are left out.
function links.read(what, value, options)
    local all = is_plain(value) and value.pre and of_lists(what, value)
        or object.test(results.Results, value) and of_folder(value) or of_network(what, value)
    local place, n, of = order_of(what, all, options, value)
    local list = { pre = {}, post = {}, weight = all.weight and {}, n = math.tointeger(n),
        group = {}, groups = of }
    for _, at in pairs(place) do
        list.group[at[1]] = at[2]
    end
    for i = 1, #all.pre do
        local pre, post = place[all.pre[i]], place[all.post[i]]
        if pre and post then
            list.pre[#list.pre + 1], list.post[#list.post + 1] = pre[1], post[1]
            if all.weight then
                list.weight[#list.weight + 1] = all.weight[i]
            end
        end
    end
    if #list.pre == 0 then
        keys.fail("%s: there is nothing to draw: no connections", what)
    end
    return list
end

--- What squares and edges show: "weight" or "count"; weights where they differ, if nothing is said.
function links.value(what, said, list, block)
    if said and said ~= "weight" and said ~= "count" then
        keys.fail("%s: value: \"weight\" or \"count\" is wanted, not '%s'", what, said)
    elseif said == "weight" and not list.weight then
        keys.fail("%s: the connections have no weights", what)
    elseif said or not list.weight or block > 1 then
        return said or "count"
    end
    for i = 2, #list.weight do
        if list.weight[i] ~= list.weight[1] then
            return "weight"
        end
    end
    return "count"
end

function links.columns(list)
    local columns = { { "pre", list.pre }, { "post", list.post } }
    columns[3] = list.weight and { "weight", list.weight }
    return columns
end

return links
