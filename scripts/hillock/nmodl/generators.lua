-- SPDX-License-Identifier: BSD-3-Clause
-- generators: C code of VERBATIM that draws random numbers, or that hands over the generator from
-- which they are drawn. For idiom.lua.

local c_text = require "hillock.nmodl.c_text"
local walk = require "hillock.nmodl.walk"

local each, mentions, no_effect, set = c_text.each, c_text.mentions, c_text.no_effect, c_text.set

local generators = {}

--- Functions of generators that draw nothing.
generators.owners = set("nrn_random_arg nrnran123_newstream nrnran123_newstream3 "
    .. "nrnran123_setseq nrnran123_setids nrnran123_deletestream nrn_random_isran123 "
    .. "nrn_random123_setseq nrn_random123_getseq nrnran123_getseq nrnran123_set_globalindex "
    .. "nrn_random_reset")

-- Who may be called besides, where a generator is handed over.
local harmless = set("ifarg getarg hoc_pgetarg hoc_is_double_arg hoc_is_object_arg chkarg "
    .. "hoc_execerror hoc_execerr_ext assert sizeof if return fprintf printf")

-- Does a statement of NMODL read this variable?
local function is_read(tree, name)
    local found = false
    for _, block in ipairs(tree.blocks) do
        walk.statements(block.body, function(node)
            for _, part in ipairs(walk.parts(node)) do
                walk.expression(part, function(inner)
                    found = found or inner.kind == "name" and inner.name == name
                end)
            end
        end)
    end
    return found
end

--- Hands a generator over, or starts it anew: nothing of the mechanism is set but pointers, and
--- what C code alone reads.
function generators.only_owns(code, tree, symbols)
    if not mentions(code, generators.owners) then
        return false
    end
    for i, word in ipairs(code.words) do
        local after, before = code.words[i + 1], code.words[i - 1]
        local known = generators.owners[word] or harmless[word] or word:match "^nrnran123_"
            or word:match "^%u[%u%d_]*$"
        if after == "(" and word:match "^[%a_]" and not known then
            return false
        elseif after and (after == "=" or after:match "^[-+*/]=$") and symbols.of[word]
            and is_read(tree, word) and before ~= "." and before ~= "->" then
            return false
        elseif word:match "^_l" then
            return false
        end
    end
    return true
end

--- Functions that draw.
generators.picks = {
    scop_random = "uniform", nrnran123_dblpick = "uniform", nrnran123_negexp = "negexp",
    nrnran123_normal = "normal", exprand = "negexp", nrn_random_pick = "?",
}

-- What nrn_random_pick draws is said outside of the file. The name of the function says it, as in
-- NEURON's own files; the comment that came with the code does where the name says nothing.
local function said_of(text, name)
    name = name:lower()
    if name:match "^u_?rand" or name:match "unif" then
        return "uniform"
    elseif name:match "^e_?rand" or name:match "exp" then
        return "negexp"
    elseif name:match "^n_?rand" or name:match "^g_?rand" or name:match "norm"
        or name:match "gauss" then
        return "normal"
    end
    local found
    for _, kind in ipairs { "uniform", "negexp", "normal" } do
        if text:find("%W" .. kind .. "%s*%(") then
            if found then
                return nil
            end
            found = kind
        end
    end
    return found
end

-- The pointer to a generator, without casts: what is left of the arguments of a pick.
local function is_generator(words, from, to, own)
    for i = from, to do
        local word = words[i]
        if word:match "^[%a_]" and not word:match "^_p_" and word ~= "nrnran123_State"
            and word ~= "void" and word ~= "Rand" and word ~= "RANDCAST" and not own[word] then
            return false
        end
    end
    return true
end

-- = pick(...): which distribution, or nil.
local function picked(words, from, name, text, own)
    local pick = words[from]
    if not generators.picks[pick] or words[from + 1] ~= "(" or words[#words] ~= ")" then
        return nil
    elseif pick == "exprand" then
        local argument = table.concat(words, "", from + 2, #words - 1)
        return tonumber(argument) == 1 and "negexp" or nil
    elseif not is_generator(words, from + 2, #words - 1, own) then
        return nil
    end
    return generators.picks[pick] ~= "?" and generators.picks[pick] or said_of(text, name)
end

-- A pointer, or what says which kind of generator it is.
local function asks_generator(words)
    return no_effect(words) and #words <= 5
end

local between = "__between"   -- stands for the statement of NMODL in the middle of C code

--- x = pick(generator), perhaps by way of a variable of C, with a message where there
--- is none. Gives what is set, and the distribution.
function generators.draw(code, block, text)
    local own = block.name and block.name.name or ""
    local carried, own_pointers, target, distribution = {}, {}, nil, nil
    local of_c, plain = {}, {}   -- variables of C, and what is set to a number

    local function assign(name, from)
        if from == "number" then
            plain[name] = true
            return true
        elseif distribution and distribution ~= from then
            return false
        end
        distribution = from
        carried[name] = true
        return true
    end

    local fine = code.statements and not code.unknown and each(code.statements, {
        test = asks_generator,
        simple = function(words)
            local first, second = words[1], words[2]
            if first == "double" and (#words == 2 or words[3] == "=") then
                of_c[second] = true
            end
            if first == "double" and #words == 2 then
                return true
            elseif words[2] == "*" and words[4] == "=" and is_generator(words, 5, #words,
                own_pointers) then
                own_pointers[words[3]] = true
                return true
            elseif first == "double" and words[3] == "=" then
                words = { table.unpack(words, 2) }
                first, second = words[1], words[2]
            end
            if second == "=" and first:match "^[%a_]" then
                local from = picked(words, 3, own, text, own_pointers)
                    or #words == 3 and tonumber(words[3]) and "number"
                if from then
                    return assign(first, from)
                elseif #words == 3 and carried[words[3]] then
                    carried[first] = true
                    return true
                end
                return false
            elseif first == "return" then
                local from = picked(words, 2, own, text, own_pointers)
                if from then
                    target = "_l" .. own
                    return assign(target, from)
                end
                target = #words == 2 and "_l" .. own or target
                return #words == 2 and (carried[second] or tonumber(second)) and true or false
            end
            return first == between or harmless[first] and second == "(" and first ~= "if"
        end,
    })
    if not fine or not distribution then
        return nil
    end
    -- One variable of the mechanism is set, and no other.
    for _, names in ipairs { carried, plain } do
        for name in pairs(names) do
            if not of_c[name] and name ~= (target or name) then
                return nil
            end
            target = target or not of_c[name] and name or nil
        end
    end
    if not target and next(carried) then
        return "", distribution   -- variables of C alone
    elseif not target or plain[target] and not carried[target] then
        return nil
    end
    return target:match "^_l(.*)$" or target, distribution
end

local fallbacks = { exprand = "negexp", normrand = "normal", scop_random = "uniform" }

-- Does C code declare this variable?
local function declares(code, name)
    for i, word in ipairs(code.words) do
        if word == "double" and code.words[i + 1] == name then
            return true
        end
    end
    return false
end

--- if (generator) { x = pick(generator); } else { ENDVERBATIM x = exprand(1) VERBATIM }: the
--- statement in the middle says all of it. Gives the two VERBATIMs. x may be a variable of C, which
--- the statement after that gives to the function: the tree then has one statement of both.
function generators.around(block)
    local list, body = {}, block.body or {}
    for i, node in ipairs(body) do
        if node.kind == "verbatim" then
            list[#list + 1] = i
        end
    end
    local first, last = list[1], list[2]
    local middle = #list == 2 and last == first + 2 and body[first + 1]
    local drawn = middle and middle.kind == "assign" and middle.value.kind == "call"
        and fallbacks[middle.value.name]
    if not drawn or block.kind ~= "func" then
        return nil
    end
    local open, close, after = body[first], body[last], body[last + 1]
    local code = c_text.read(("%s\n%s;\n%s"):format(open.text, between, close.text))
    local own = block.name.name
    local given = after and #body == last + 1 and after.kind == "assign" and after.name == own
        and after.value.kind == "name" and declares(code, after.value.name)
        and (middle.name == own or middle.name == after.value.name)
    if middle.name ~= own and not given then
        return nil
    end
    local variable, distribution = generators.draw(code, block, drawn .. "(")
    if distribution ~= drawn or variable ~= own and not given then
        return nil
    elseif given then
        middle.name = own
        body[last + 1] = nil
    end
    return open, close
end

return generators
