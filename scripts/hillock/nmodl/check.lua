-- SPDX-License-Identifier: BSD-3-Clause
-- check: from the tree of a mechanism to its symbols, and what is wrong with it:
--
--     symbols     what is declared, by NEURON's rules
--     idiom       the C code that is understood
--     names       what the names in statements stand for
--     rules       what has its place where, and the methods of SOLVE
--     usage       what is not used, not set, or set too late
--     dimension   units
--
-- The errors are all that would keep NEURON from making a mechanism of the file, and what hillock
-- does not have; warnings are likely mistakes.

local dimension = require "hillock.nmodl.dimension"
local functions = require "hillock.nmodl.functions"
local idiom = require "hillock.nmodl.idiom"
local names = require "hillock.nmodl.names"
local rules = require "hillock.nmodl.rules"
local symbols = require "hillock.nmodl.symbols"
local usage = require "hillock.nmodl.usage"

local check = {}

check.functions = functions

--- The symbols of a tree. Errors and warnings are added to messages.
---@param tree table of parse.text
---@param messages table of messages.new
---@param options? { strict: boolean } strict: what is wrong with units is an error
---@return table? symbols nil where there is nothing to go on with
function check.tree(tree, messages, options)
    local found = symbols.of_tree(tree, messages)
    if not rules.file(tree, found, messages) then
        return nil
    end
    idiom.annotate(tree, found, messages)
    dimension.constants(tree, found, messages)
    local facts = names.resolve(tree, found, messages, usage.observer(messages))
    rules.check(tree, found, messages, facts)
    usage.check(tree, found, messages, facts)
    if messages.errors == 0 then
        dimension.check(tree, found, messages, options)
    end
    return found
end

return check
