-- SPDX-License-Identifier: BSD-3-Clause
-- idiom: the C code of VERBATIM that is understood. hillock takes no C: all else is an error. Each
-- VERBATIM that is understood gets an `idiom`:
--
--     ignored   it has no effect on a simulation: prototypes, printing, who owns a generator, what
--               CoreNEURON writes and reads
--     random    it draws a number: `variable` is what is set, `distribution` is "uniform" (0 to 1),
--               "negexp" (mean 1) or "normal" (0, 1)
--     ion       it gives `variable` the value of the ion's
--     vecstim, netstim
--               a part of NEURON's VecStim or NetStim: the tree has this idiom, too
--
-- What is understood is what has one meaning only.

local c_text = require "hillock.nmodl.c_text"
local generators = require "hillock.nmodl.generators"
local stimuli = require "hillock.nmodl.stimuli"
local walk = require "hillock.nmodl.walk"

local each, mentions, no_effect, set = c_text.each, c_text.mentions, c_text.no_effect, c_text.set

local idiom = {}

-- ---- what has no effect

local prints = set "printf fprintf fflush puts prterr"

local function is_print(words)
    return prints[words[1]] and words[2] == "(" and no_effect {
        table.unpack(words, 3, #words - 1),
    }
end

local function only_prints(code)
    return code.statements and not code.unknown and each(code.statements, {
        test = no_effect, simple = is_print,
    })
end

-- extern double f(double); and void* g(int); and struct S;
local function is_prototype(words)
    local first = words[1]
    if first == "extern" or first == "struct" and #words == 2 then
        return true
    end
    local open
    for i, word in ipairs(words) do
        if word == "=" then
            return false
        end
        open = open or word == "(" and i
    end
    return open and open > 2 and words[#words] == ")" and not prints[first]
        and first ~= "return" and first ~= "else" and first ~= "goto"
        and first:match "^[%a_]" and words[2] ~= "(" and true or false
end

local exchange = set "bbcore_write bbcore_read"   -- with CoreNEURON

local function exchanges(head)
    for _, word in ipairs(head) do
        if exchange[word] then
            return true
        end
    end
end

-- Outside of blocks: prototypes, includes, what CoreNEURON needs.
local function only_declares(code)
    for _, directive in ipairs(code.directives) do
        if not directive:match "^include" and not directive:match "^pragma"
            and not directive:match "^define" and not directive:match "^undef" then
            return false
        end
    end
    for _, node in ipairs(code.statements or {}) do
        local fine = node.kind == "simple" and (#node == 0 or is_prototype(node))
            or node.kind == "function" and exchanges(node.head)
        if not fine then
            return false
        end
    end
    return code.statements ~= nil
end

-- ---- the value of an ion

local function ion_value(code, symbols)
    local words = code.words
    if #words == 4 and words[2] == "=" and words[4] == ";" and words[3] == "_ion_" .. words[1] then
        local symbol = symbols.of[words[1]]
        return symbol and symbol.ion and words[1] or nil
    end
end

-- ---- all

-- Every VERBATIM of a tree, with the block that it is in.
local function collect(tree)
    local all = {}
    for _, block in ipairs(tree.blocks) do
        if block.kind == "verbatim" then
            all[#all + 1] = { node = block, block = block, top = true }
        end
        walk.statements(block.body, function(node)
            if node.kind == "verbatim" then
                local last = node == block.body[#block.body]
                all[#all + 1] = { node = node, block = block, last = last }
            end
        end)
    end
    for _, one in ipairs(all) do
        one.code = c_text.read(one.node.text or "")
    end
    return all
end

local function called(tree, name)
    local found = false
    for _, block in ipairs(tree.blocks) do
        walk.statements(block.body, function(node)
            walk.expression(node, function(part)
                found = found or part.kind == "call" and part.name == name
            end)
        end)
    end
    return found
end

-- Is it what ends a block that ends here, anyway?
local function ends(one)
    local text = table.concat(one.code.words, " ")
    return one.last and one.block.kind ~= "func" and (text == "return ;" or text == "return 0 ;")
end

-- What the code is; nil where it is not understood.
local function recognize(one, tree, symbols)
    local code, block, node = one.code, one.block, one.node
    if #code.words == 0 then
        if code.dropping or code.unknown and not one.top then
            return nil
        end
        return (#code.directives == 0 or one.top and only_declares(code)) and "ignored"
    elseif one.top then
        return only_declares(code) and "ignored"
    elseif block.kind == "destructor" or ends(one) or only_prints(code) then
        return "ignored"
    elseif #code.directives == 0 and code.statements and only_declares(code) then
        return "ignored"
    end
    local variable, distribution = generators.draw(code, block,
        tree.source.text:sub(block.at, node.at + #node.text))
    if variable and variable ~= "" and (one.last or not mentions(code, { ["return"] = true })) then
        node.variable, node.distribution = variable, distribution
        return "random"
    end
    variable = ion_value(code, symbols)
    if variable then
        node.variable = variable
        return "ion"
    end
    local alone = block.name and not called(tree, block.name.name)
    if (alone or block.kind == "initial") and generators.only_owns(code, tree, symbols)
        or alone and block.name.name == "bbsavestate" then
        return "ignored"
    end
end

local said_distribution = {
    uniform = "a uniform distribution, 0 to 1", negexp = "an exponential distribution of mean 1",
    normal = "a normal distribution of mean 0 and deviation 1",
}

local vectors = set "vector_vec vector_capacity vector_arg vector_instance_px vector_new1"

local function advice(one)
    if mentions(one.code, vectors) then
        return "give what is in the vector as parameters, or spike times by VecStim"
    elseif mentions(one.code, { nrn_random_pick = true }) then
        return "draw with random_uniform, random_normal or random_negexp of a RANDOM variable; or "
            .. "say what is drawn by the name of a FUNCTION that does nothing else: urand, nrand, "
            .. "erand"
    elseif mentions(one.code, generators.owners)
        or mentions(one.code, generators.picks) then
        return "draw with random_uniform, random_normal or random_negexp of a RANDOM variable"
    elseif mentions(one.code, { ["return"] = true }) then
        return "put what comes after it in an ELSE"
    end
    return "write it in NMODL, or as a plugin in C"
end

--- Annotates what is understood; all other C code is an error.
---@param tree table
---@param symbols table of symbols.of_tree
---@param messages table
function idiom.annotate(tree, symbols, messages)
    local all = collect(tree)
    tree.idiom = stimuli.which(tree, symbols, all)
    local known = {}
    for _, block in ipairs(tree.blocks) do
        local open, close = generators.around(block)
        if open then
            known[open], known[close] = "ignored", "ignored"
        end
    end
    for _, one in ipairs(all) do
        one.node.idiom = tree.idiom or known[one.node]
            or recognize(one, tree, symbols) or nil
        if not one.node.idiom then
            messages:error(one.node.at, "VERBATIM is C code, and hillock takes none: %s",
                advice(one)).code = "verbatim"
        elseif one.node.idiom == "random" and mentions(one.code, { nrn_random_pick = true }) then
            messages:note(one.node.at, "%s is drawn from %s: in NEURON, who gives the generator "
                .. "says from what", one.node.variable, said_distribution[one.node.distribution])
                .code = "random"
        end
    end
end

return idiom
