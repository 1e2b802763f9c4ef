-- SPDX-License-Identifier: BSD-3-Clause
-- checked: what the checker of the NMODL compiler says of a text, for tests.

local check = require "hillock.nmodl.check"
local messages = require "hillock.nmodl.messages"
local parse = require "hillock.nmodl.parse"
local source = require "hillock.nmodl.source"
local tap = require "tap"

local checked = {}

--- The result of a text: { symbols =, tree =, list = messages, said = all of them as lines
--- "LINE: KIND: TEXT" }. Notes and warnings about units only where they are asked for by `all`.
function checked.text(text, options, all)
    local from = source.new("test.mod", text)
    local list = messages.new(from)
    local tree = parse.text(from, list)
    local symbols = tree and check.tree(tree, list, options)
    list:sort()
    local said = {}
    for _, message in ipairs(list) do
        local unit = message.code == "unit" and message.kind ~= "error"
        if all or message.kind ~= "note" and not unit then
            said[#said + 1] = ("%d: %s: %s"):format(from:place(message.at).line, message.kind,
                message.text)
        end
    end
    return { symbols = symbols, tree = tree, list = list, said = table.concat(said, "\n") }
end

--- A mechanism around some blocks: `neuron` stands in NEURON, `blocks` follow.
function checked.channel(neuron, blocks)
    return "NEURON { SUFFIX test " .. neuron .. " }\n" .. blocks
end

--- Tests that exactly this is said: a list of lines, or none.
function checked.says(text, wanted, name, options, all)
    tap.is(checked.text(text, options, all).said, table.concat(wanted, "\n"), name)
end

return checked
