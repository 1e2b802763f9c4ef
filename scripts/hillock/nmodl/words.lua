-- SPDX-License-Identifier: BSD-3-Clause
-- words: the keywords of NMODL, where each of them belongs, and the nearest one to a word that is
-- none.

local keys = require "hillock.keys"

local words = {}

local function list(text)
    local names = {}
    for name in text:gmatch "%S+" do
        names[#names + 1] = name
    end
    return names
end

--- What a block outside of all others begins with.
words.top = list [[
    NEURON UNITS CONSTANT PARAMETER INDEPENDENT ASSIGNED STATE INITIAL BREAKPOINT DERIVATIVE KINETIC
    LINEAR NONLINEAR DISCRETE FUNCTION FUNCTION_TABLE PROCEDURE NET_RECEIVE BEFORE AFTER CONSTRUCTOR
    DESTRUCTOR TITLE COMMENT VERBATIM DEFINE INCLUDE LOCAL UNITSON UNITSOFF MODEL_LEVEL
]]

--- What a line in NEURON { } begins with.
words.neuron = list [[
    SUFFIX POINT_PROCESS ARTIFICIAL_CELL USEION NONSPECIFIC_CURRENT ELECTRODE_CURRENT RANGE GLOBAL
    POINTER BBCOREPOINTER EXTERNAL RANDOM THREADSAFE REPRESENTS
]]

--- What a statement begins with.
words.statement = list [[
    LOCAL IF ELSE WHILE FROM SOLVE TABLE CONDUCTANCE COMPARTMENT LONGITUDINAL_DIFFUSION CONSERVE LAG
    WATCH FOR_NETCONS INITIAL PROTECT MUTEXLOCK MUTEXUNLOCK UNITSON UNITSOFF VERBATIM COMMENT
]]

local inner = list [[
    READ WRITE VALENCE CHARGE METHOD USING STEADYSTATE IFERROR TO BY WITH DEPEND START STEP SWEEP
    SOLVEFOR DEL DEL2 INT VS EQUATION if else while
]]

-- Parts of older versions of the language.
local gone = list [[
    PARTIAL TERMINAL PLOT STEPPED SENS FORALL PUTQ GETQ MATCH RESET SECTION
]]

local keywords = {}
for _, names in ipairs { words.top, words.neuron, words.statement, inner } do
    for _, name in ipairs(names) do
        keywords[name] = name
    end
end
-- NEURON takes these in small letters, too, and only these.
keywords["if"], keywords["else"], keywords["while"] = "IF", "ELSE", "WHILE"
-- Words of meaning at one place, which may be names elsewhere.
keywords.USING, keywords.IFERROR, keywords.MODEL_LEVEL, keywords.EQUATION = nil, nil, nil, nil

local blocks, statements, was = {}, {}, {}
for _, name in ipairs(words.top) do
    blocks[name] = true
end
for _, name in ipairs(words.statement) do
    statements[name] = true
end
for _, name in ipairs(gone) do
    was[name] = true
end

--- The keyword that a word is, or nil.
function words.keyword(text)
    return keywords[text]
end

--- Does a keyword begin a block, and never a statement or a part of one?
function words.is_block(keyword)
    return blocks[keyword] and not statements[keyword] or false
end

--- Does a keyword begin something outside of all blocks?
function words.is_top(keyword)
    return blocks[keyword] or false
end

--- Does a keyword begin a statement?
function words.is_statement(keyword)
    return statements[keyword] or false
end

-- What other languages have.
local meant = {
    ["for"] = "FROM", ["elseif"] = "ELSE IF", elif = "ELSE IF", endif = "'}'",
}

--- ": did you mean 'x'?" for a word at a place where one of `names` is wanted, or "".
function words.hint(text, names)
    if was[text] then
        return (": %s belongs to an older version of the language, and is not taken"):format(text)
    end
    local other = meant[text:lower()]
    if other and names == words.statement then
        return (": did you mean %s?"):format(other)
    end
    if keywords[text:upper()] then
        return (": did you mean %s?"):format(text:upper())
    end
    -- To one letter, anything is near.
    local near = #text > 1 and #text <= 40 and keys.nearest(text, names)
    return near and (": did you mean %s?"):format(near) or ""
end

return words
