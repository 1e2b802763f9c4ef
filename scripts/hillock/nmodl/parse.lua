-- SPDX-License-Identifier: BSD-3-Clause
-- parse: from the text of a mechanism to a tree. The lexer finds the tokens; the modules beside
-- this one go along them, each of them for a part of the language:
--
--     words         keywords, and the nearest one
--     lexer         the tokens
--     tokens        going along them, errors, and going on after an error
--     expressions, kinetics, statements, declarations, interface
--
-- It takes what NEURON's own translator takes, and what is no part of the language any more is an
-- error with its name. It takes time in proportion to the length of the text, whatever the text
-- is, and a bounded stack: what is nested too deeply is an error.
--
-- A node has its `kind` and where it is, `at`; `unit_at` is where a unit is. An id is
-- { kind = "id", name = }. What is in [ ] is a list, and what has a ? may be nil.
--
-- file          title? blocks[] defines{name = number} source
-- neuron        what ("channel", "point", "artificial", "nothing") suffix represents? threadsafe
--               ions[ion: name read[id] write[id] valence? represents?]; lists of ids:
--               nonspecific electrode range global pointer bbcorepointer external random
-- units         list[unit_entry: name unit, or constant(id) and value unit, or constant unit to]
-- constant      list[constant_entry: name(id) value unit?]
-- parameter     list[parameter_entry: name(id) size? value? unit? low? high?]
-- assigned state  list[variable_entry: name(id) size? from? to? start? unit? abstol?]
-- initial breakpoint constructor destructor          body[]
-- derivative kinetic linear nonlinear discrete       name(id) solvefor[id] body[]
-- procedure func table_function     name(id) args[id with unit?] unit? body[] (but of the last)
-- net_receive   args[] body[]       before after     when body[]
-- local verbatim units_on units_off define(name(id) value) include(path) independent
--
-- local         list[id with size?]           assign   name index? prime back? (x@back) value
-- call          name args[]                   if       test yes[] no[]?
-- while         test body[]                   from     name first last by? body[]
-- solve         name method? steadystate? method_at? iferror[]? after_cvode
-- table         list[id] depend[id] from to with        conductance   name ion(id)?
-- reaction      left[] right[] forward backward   of reactant: n name index? prime back?
-- flux          left[reactant] op ("<<", "->") rate       conserve  left[reactant] value
-- equation      left right more (~+)    compartment longitudinal   index(id)? volume list[id]
-- watch         list[watch_entry: condition flag]       for_netcons   args[id] body[]
-- lag           name by                       protect  statement     block net_initial   body[]
-- verbatim      text                          units_on units_off mutexlock mutexunlock
--
-- number        value whole define? unit?     name     name index? prime back?
-- call          name args[]                   string   value
-- binary        op left right                 unary    op ("-", "!") value

local declarations = require "hillock.nmodl.declarations"
local interface = require "hillock.nmodl.interface"
local statements = require "hillock.nmodl.statements"
local tokens = require "hillock.nmodl.tokens"
local words = require "hillock.nmodl.words"

local parse = {}

local most_included = 100
local most_deep = 20   -- files in files; each takes some levels of C's stack

local blocks = {}   -- by keyword: a function(p, tree) that gives a block or nothing

-- KEYWORD { statements }
for keyword, kind in pairs {
    INITIAL = "initial", BREAKPOINT = "breakpoint", CONSTRUCTOR = "constructor",
    DESTRUCTOR = "destructor",
} do
    blocks[keyword] = function(p)
        local node = { kind = kind, at = p.at }
        p:next()
        node.body = statements.body(p, keyword)
        return node
    end
end

-- KEYWORD name [SOLVEFOR a, b] { statements }
for keyword, kind in pairs {
    DERIVATIVE = "derivative", KINETIC = "kinetic", LINEAR = "linear", NONLINEAR = "nonlinear",
    DISCRETE = "discrete",
} do
    blocks[keyword] = function(p)
        local node = { kind = kind, at = p.at, solvefor = {} }
        p:next()
        node.name = p:id(("the name of the block after %s"):format(keyword))
        if p.kind == "SOLVEFOR" and kind ~= "derivative" and kind ~= "discrete" then
            p:next()
            node.solvefor = p:ids "the name of a state after SOLVEFOR"
        end
        node.body = statements.body(p, ("%s %s"):format(keyword, node.name.name))
        return node
    end
end

-- KEYWORD name(arguments) (unit) { statements }
for keyword, kind in pairs {
    PROCEDURE = "procedure", FUNCTION = "func", FUNCTION_TABLE = "table_function",
} do
    blocks[keyword] = function(p)
        local node = { kind = kind, at = p.at }
        p:next()
        node.name = p:id(("the name of the %s"):format(keyword))
        local what = ("%s %s"):format(keyword, node.name.name)
        node.args = p:arguments(what)
        node.unit, node.unit_at = p:unit()
        if kind ~= "table_function" then
            node.body = statements.body(p, what)
        end
        return node
    end
end

function blocks.NET_RECEIVE(p)
    local node = { kind = "net_receive", at = p.at }
    p:next()
    node.args = p:arguments "NET_RECEIVE"
    node.body = statements.body(p, "NET_RECEIVE")
    return node
end

-- BEFORE STEP { statements }
for keyword, kind in pairs { BEFORE = "before", AFTER = "after" } do
    blocks[keyword] = function(p)
        local node = { kind = kind, at = p.at }
        p:next()
        local when = p.kind
        if when ~= "BREAKPOINT" and when ~= "SOLVE" and when ~= "INITIAL" and when ~= "STEP" then
            p:fail("BREAKPOINT, SOLVE, INITIAL or STEP after " .. keyword)
        end
        node.when = when
        p:next()
        node.body = statements.body(p, ("%s %s"):format(keyword, when))
        return node
    end
end

blocks.LOCAL = statements.locals
blocks.VERBATIM = statements.verbatim
blocks.UNITSON, blocks.UNITSOFF = statements.unitson, statements.unitsoff
blocks.NEURON = interface.neuron
for keyword, block in pairs(declarations.blocks) do
    blocks[keyword] = block
end

function blocks.TITLE(p, tree)
    tree.title = tree.title or p:word():match "^TITLE%s*(.-)%s*$"
    p:next()
end

-- DEFINE name 5
function blocks.DEFINE(p)
    local node = { kind = "define", at = p.at }
    p:next()
    node.name = p:id "the name of a constant: DEFINE N 5"
    local minus = p:accept "-"
    local value = p:integer("a number: DEFINE N 5", 0)
    node.value = minus and -value or value
    p.defines[node.name.name] = node.value
    return node
end

-- ---- files in files

local parse_file

-- The text of a file. (What is no file, a pipe say, may have no end.)
local function read(path)
    local found, lfs = pcall(require, "lfs")
    if found and lfs.attributes(path, "mode") ~= "file" then
        return nil
    end
    local file <close> = io.open(path, "rb")
    return file and file:read "a"
end

-- A file and its path: beside the file that names it, or in one of the folders.
local function open(p, path, at)
    local folders = { p.source:place(at).file:match "^(.*/)" or "" }
    if path:sub(1, 1) == "/" then
        folders = { "" }
    else
        for _, folder in ipairs(p.folders) do
            folders[#folders + 1] = (folder:gsub("/*$", "/"))
        end
    end
    for _, folder in ipairs(folders) do
        local text = read(folder .. path)
        if text then
            return text, folder .. path
        end
    end
    return nil, folders
end

function blocks.INCLUDE(p, tree)
    local at = p.at
    p:next()
    local path_at, path = p.at, p:word():sub(2, -2)
    p:expect("string", "the path of a file: INCLUDE \"constants.inc\"")
    if p.included.n >= most_included then
        p:fail_at(at, "more than %d files are included", most_included)
    end
    local text, name
    if not path:find "%z" then
        text, name = open(p, path, at)
    end
    if not text then
        local where = name and #name > 1 and " here or in " .. table.concat(name, ", ", 2) or ""
        p:fail_at(path_at, "there is no file '%s'%s", path, where)
    elseif p.including[name] then
        p:fail_at(path_at, "'%s' includes itself", name)
    elseif p.included.depth >= most_deep then
        p:fail_at(path_at, "more than %d files are included in each other", most_deep)
    end
    p.included.n, p.included.depth = p.included.n + 1, p.included.depth + 1
    tree.blocks[#tree.blocks + 1] = { kind = "include", at = at, path = name }
    p.including[name] = true
    parse_file(p, tree, p.source:add(name, text))
    p.including[name] = nil
    p.included.depth = p.included.depth - 1
end

-- ---- a file

local function block(p, tree)
    p.block, p.blocks, p.said_unclosed = nil, 0, false
    p:begin()
    local make = blocks[p.kind]
    if make then
        p.block = p.kind:lower()
        local node = make(p, tree)
        tree.blocks[#tree.blocks + 1] = node
        return
    elseif p.kind == "name" then
        local word = p:word()
        if word == "MODEL_LEVEL" and p:ahead() == "number" then
            p:next()
            p:next()
            return
        end
        p:fail_at(p.at, "'%s' begins no block%s", word, words.hint(word, words.top))
    elseif p.kind == "}" then
        p:fail_at(p.at, "this '}' has no '{'")
    elseif p.kind:find "^%u" then
        p:fail_at(p.at, "%s has no place outside of blocks", p:word())
    end
    p:fail "a block as NEURON, PARAMETER, BREAKPOINT"
end

local function all(p, tree)
    while p.kind ~= "end" do
        block(p, tree)
    end
end

-- Parses what source has from `first` on, for the file that p reads or for the user.
function parse_file(outer, tree, first)
    local p = tokens.new(outer.source, outer.messages, outer.defines, first)
    p.folders, p.including, p.included = outer.folders, outer.including, outer.included
    while true do
        local from = p.i
        if p:attempt(all, p, tree) then
            return
        end
        p:skip_block(from)
    end
end

--- The tree of a source. Errors are in messages, and what they are about is left out of the tree.
---@param source table of source.new
---@param messages table of messages.new
---@param options? { folders: string[] } where to look for files that are included
---@return table? tree
function parse.text(source, messages, options)
    local tree = { kind = "file", at = 1, title = nil, blocks = {}, defines = {}, source = source }
    tokens.guard(parse_file, {
        source = source, messages = messages, defines = tree.defines,
        folders = options and options.folders or {},
        including = { [source.name] = true }, included = { n = 0, depth = 0 },
    }, tree, 1)
    return tree
end

return parse
