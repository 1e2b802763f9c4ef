-- SPDX-License-Identifier: BSD-3-Clause
-- statements: what stands in the braces of a block. A statement with an error is left out, and the
-- parser goes on with the next line.

local expressions = require "hillock.nmodl.expressions"
local kinetics = require "hillock.nmodl.kinetics"
local words = require "hillock.nmodl.words"

local statements = {}

local most_blocks = 40   -- blocks in blocks; each takes a level of C's stack
local most_else = 100    -- else if: each is one level deeper in the tree

local statement

-- Statements up to the "}" of their block.
local function run(p, list)
    while p.kind ~= "}" do
        p:begin()
        if p.kind == "end" or p:at_block() then
            return
        elseif p.kind == "bad" and p:word() == ";" then
            if not p.semicolon then
                p.semicolon = true
                p:fail()
            end
            p:next()
        else
            list[#list + 1] = statement(p)
        end
    end
end

--- { statements }
---@param what string whose block it is, for messages: "BREAKPOINT"
function statements.body(p, what)
    local open = p:expect("{", ("'{' and the statements of %s"):format(what))
    if p.blocks >= most_blocks then
        p:fail_at(open, "blocks are nested too deeply: more than %d levels", most_blocks)
    end
    p.blocks = p.blocks + 1
    local list = {}
    while true do
        local from = p.i
        if p:attempt(run, p, list) then
            break
        end
        p:skip_line(from)
    end
    p.blocks = p.blocks - 1
    if p.kind ~= "}" then
        -- The blocks around this one have no end, either: one message is enough.
        if not p.said_unclosed then
            p.said_unclosed = true
            p:unclosed(open, what)
        end
        return list
    end
    p:next()
    return list
end

local body = statements.body

-- (condition) after IF and WHILE.
local function condition(p, keyword)
    p:expect("(", ("'(' and a condition after %s"):format(keyword))
    p.comparing = true
    local node = expressions.parse(p)
    p:expect(")", "an operator or ')' after the condition", p.kind == "=" and ": '==' compares"
        or nil)
    return node
end

local parsers = {}

function parsers.LOCAL(p)
    local node = { kind = "local", at = p.at, list = {} }
    p:next()
    repeat
        local id = p:id "the name of a local variable"
        id.size = p:size()
        node.list[#node.list + 1] = id
    until not p:accept ","
    if p.kind == "name" and p:ahead() ~= "=" and p:ahead() ~= "(" and p:ahead() ~= "[" then
        p:fail_at(p.at, "a comma is missing before '%s'", p:word())
    end
    return node
end

statements.locals = parsers.LOCAL

function parsers.IF(p)
    local first = { kind = "if", at = p.at }
    p:next()
    local node, chained = first, 0
    node.test = condition(p, "IF")
    node.yes = body(p, "IF")
    while p.kind == "ELSE" do
        p:next()
        if p.kind ~= "IF" then
            node.no = body(p, "ELSE")
            break
        end
        chained = chained + 1
        if chained > most_else then
            p:fail_at(p.at, "more than %d ELSE IF in a row", most_else)
        end
        local inner = { kind = "if", at = p.at }
        p:next()
        inner.test = condition(p, "IF")
        inner.yes = body(p, "IF")
        node.no = { inner }
        node = inner
    end
    return first
end

function parsers.ELSE(p)
    p:fail_at(p.at, "this ELSE has no IF { } before it")
end

function parsers.WHILE(p)
    local node = { kind = "while", at = p.at }
    p:next()
    node.test = condition(p, "WHILE")
    node.body = body(p, "WHILE")
    return node
end

function parsers.FROM(p)
    local node = { kind = "from", at = p.at }
    p:next()
    node.name = p:id("the variable that FROM counts in: FROM i = 0 TO 9 { }").name
    p:expect("=", "'=' and the first number that FROM counts")
    node.first = expressions.parse(p)
    p:expect("TO", "an operator or TO: FROM i = 0 TO 9 { }")
    node.last = expressions.parse(p)
    if p:accept "BY" then
        node.by = expressions.parse(p)
    end
    node.body = body(p, "FROM")
    return node
end

function parsers.SOLVE(p)
    local node = { kind = "solve", at = p.at, after_cvode = false }
    p:next()
    node.name = p:id("the name of a block: SOLVE states METHOD cnexp").name
    local using = p.kind == "name" and p:word() == "USING"
    if p.kind == "METHOD" or p.kind == "STEADYSTATE" or using then
        local steady = p.kind == "STEADYSTATE"
        p:next()
        node.method_at = p.at
        local method = p:id("the name of a method, as cnexp").name
        node[steady and "steadystate" or "method"] = method
        node.after_cvode = method == "after_cvode"
    end
    if p.kind == "name" and p:word() == "IFERROR" then
        p:next()
        node.iferror = body(p, "IFERROR")
    end
    return node
end

function parsers.TABLE(p)
    local node = { kind = "table", at = p.at, list = {}, depend = {} }
    p:next()
    if p.kind == "name" then
        node.list = p:ids "the name of a variable of the table"
    end
    if p:accept "DEPEND" then
        node.depend = p:ids "the name of a variable that the table depends on"
    end
    p:expect("FROM", "FROM: TABLE a, b DEPEND c FROM -100 TO 100 WITH 200")
    node.from = expressions.parse(p)
    p:expect("TO", "an operator or TO: TABLE ... FROM -100 TO 100 WITH 200")
    node.to = expressions.parse(p)
    p:expect("WITH", "an operator or WITH: TABLE ... FROM -100 TO 100 WITH 200")
    local at = p.at
    node.with = { kind = "number", at = at, whole = true,
        value = p:integer("the number of intervals of the table", 1) + 0.0 }
    return node
end

function parsers.CONDUCTANCE(p)
    local node = { kind = "conductance", at = p.at }
    p:next()
    node.name = p:id("the name of a conductance").name
    if p:accept "USEION" then
        node.ion = p:id "the name of an ion"
    end
    return node
end

function parsers.LAG(p)
    local node = { kind = "lag", at = p.at }
    p:next()
    node.name = p:primed_id("the name of a variable: LAG x BY tau").name
    p:expect("BY", "BY: LAG x BY tau")
    node.by = p:is_number() and expressions.number(p)
        or p:id "the name of a constant: LAG x BY tau"
    return node
end

function parsers.WATCH(p)
    local node = { kind = "watch", at = p.at, list = {} }
    p:next()
    repeat
        p:expect("(", "'(': WATCH (v > 10) 2")
        local left = expressions.arithmetic(p)
        local op, at = p.kind, p.at
        if op ~= "<" and op ~= ">" then
            p:fail("an operator, '<' or '>': WATCH (v > 10) 2")
        end
        p:next()
        local right = expressions.arithmetic(p)
        p:expect(")", "an operator or ')': WATCH (v > 10) 2")
        local flag = { kind = "number", at = p.at }
        flag.value, flag.whole = p:unsigned("the flag, a number: WATCH (v > 10) 2")
        node.list[#node.list + 1] = { kind = "watch_entry", at = at, flag = flag,
            condition = { kind = "binary", op = op, left = left, right = right, at = at } }
    until not p:accept ","
    return node
end

function parsers.FOR_NETCONS(p)
    local node = { kind = "for_netcons", at = p.at }
    p:next()
    node.args = p:arguments "FOR_NETCONS"
    node.body = body(p, "FOR_NETCONS")
    return node
end

function parsers.INITIAL(p)
    if p.block ~= "net_receive" then
        return nil
    end
    local node = { kind = "net_initial", at = p.at }
    p:next()
    node.body = body(p, "INITIAL")
    return node
end

-- x = e, x' = e, x[i] = e
local function assignment(p)
    local node = expressions.variable(p, "assign")
    p:expect("=", ("'=' after '%s'"):format(node.name), node.hint)
    node.value = expressions.parse(p)
    return node
end

function parsers.PROTECT(p)
    local node = { kind = "protect", at = p.at }
    p:next()
    if p.kind ~= "name" and p.kind ~= "prime" then
        p:fail "an assignment after PROTECT"
    end
    node.statement = assignment(p)
    return node
end

for keyword, kind in pairs {
    MUTEXLOCK = "mutexlock", MUTEXUNLOCK = "mutexunlock", UNITSON = "units_on",
    UNITSOFF = "units_off",
} do
    parsers[keyword] = function(p)
        local node = { kind = kind, at = p.at }
        p:next()
        return node
    end
end

--- VERBATIM ... ENDVERBATIM, at hand.
function parsers.VERBATIM(p)
    local node = { kind = "verbatim", at = p.at,
        text = p:word():match "^VERBATIM(.*)ENDVERBATIM[^\r\n]*$" }
    p:next()
    return node
end

statements.verbatim = parsers.VERBATIM
statements.unitson, statements.unitsoff = parsers.UNITSON, parsers.UNITSOFF

parsers["{"] = function(p)
    local node = { kind = "block", at = p.at }
    node.body = body(p, "the block")
    return node
end

for keyword, parse in pairs(kinetics.statements) do
    parsers[keyword] = parse
end

local function named(p)
    local word, after = p:word(), p:ahead()
    if p.kind == "name" and p.defines[word] then
        p:fail_at(p.at, "'%s' is DEFINEd as %d: it cannot be assigned", word, p.defines[word])
    elseif p.kind == "name" and after == "(" then
        local at, node = p.at, expressions.call(p)
        local meant = p.kind == "{" and words.hint(word, words.statement) or ""
        if meant ~= "" then
            p:fail_at(at, "'%s' begins no statement%s", word, meant)
        end
        return node
    elseif after == "=" or after == "[" or after == "@" then
        return assignment(p)
    end
    local at, hint = p.at, words.hint(word, words.statement)
    if hint ~= "" then
        p:fail_at(at, "'%s' begins no statement%s", word, hint)
    end
    p:next()
    p:fail(("'=' or '(' after '%s'"):format(word))
end

--- The statement at hand.
function statement(p)
    if p.kind == "name" or p.kind == "prime" then
        return named(p)
    end
    local parse = parsers[p.kind]
    local node = parse and parse(p)
    if not node then
        if p.kind:find "^%u" then
            p:fail_at(p.at, "%s has no place here: expected a statement or '}'", p:word())
        end
        p:fail "a statement or '}'"
    end
    return node
end

return statements
