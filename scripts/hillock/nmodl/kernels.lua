-- SPDX-License-Identifier: BSD-3-Clause
-- kernels: what each kernel of a program computes. A kernel is
--
--     { mode = "graph", roots = { { to =, node =, at = } ... }, steps = }   as expressions
--     { mode = "statements", why =, at =, body = }                          as C statements
--
-- `to` is a variable's name, or "i" and "g" between < and >, which add to the membrane's. The
-- moments are NEURON's: INITIAL; BREAKPOINT without SOLVE for the currents; what SOLVE names for
-- the states, with v of the step's end; a mechanism without currents has all of BREAKPOINT there.

local execute = require "hillock.nmodl.execute"
local graph = require "hillock.nmodl.graph"
local program = require "hillock.nmodl.program"
local solve = require "hillock.nmodl.solve"
local mentions = require "hillock.nmodl.mentions"

local kernels = {}

-- Bodies in the order in which they run, as one.
local function join(...)
    local all = {}
    for _, list in ipairs { ... } do
        for _, block in ipairs(list) do
            all[#all + 1] = block.body
        end
    end
    return all
end

local function has_solve(body)
    for _, s in ipairs(body) do
        if s.kind == "solve" or s.kind == "if"
            and (has_solve(s.yes) or s.no and has_solve(s.no)) then
            return true
        end
    end
    return false
end

-- The statements of BREAKPOINT that run with the states: what solves.
local function solving(body)
    local list = {}
    for _, s in ipairs(body) do
        if s.kind == "local" or s.kind == "solve"
            or s.kind == "if" and (has_solve(s.yes) or s.no and has_solve(s.no)) then
            list[#list + 1] = s
        end
    end
    return list
end

--- The bodies of each kernel, in the order in which they run.
function kernels.bodies(p)
    local breakpoint = p.breakpoint and { p.breakpoint } or {}
    local bodies = { init = join(p.before.INITIAL or {}, p.initial and { p.initial } or {},
        p.after.INITIAL or {}, p.before.STEP or {}),
        observe = join(p.before.BREAKPOINT or {}, breakpoint) }
    if #p.currents > 0 then
        bodies.current = join(p.before.BREAKPOINT or {}, breakpoint)
        bodies.advance = { p.breakpoint and solving(p.breakpoint.body) or {} }
    else
        bodies.current = {}
        bodies.advance = join(p.before.BREAKPOINT or {}, breakpoint)
    end
    for _, block in ipairs(p.after.SOLVE or {}) do
        table.insert(bodies.advance, block.body)
    end
    for _, block in ipairs(p.before.STEP or {}) do
        table.insert(bodies.advance, block.body)
    end
    return bodies
end

-- The values of a FUNCTION_TABLE, which the host has.
local function table_value(p)
    return function(run, node, args)
        if #args > 2 then
            return nil
        end
        local texts = {}
        for i = 1, #args do
            texts[i] = "%" .. i
        end
        p.tables = p.tables or {}
        local index = p.tables[node.name.name]
        if not index then
            p.tables[#p.tables + 1] = node
            index = #p.tables - 1
            p.tables[node.name.name] = index
        end
        p.includes = p.includes or {}
        p.includes["hillock/nmodl.h"] = true
        return run.g:opaque(("hk_table%d(&b->table[%d], %s)"):format(#args, index,
            table.concat(texts, ", ")), graph.DYNAMIC, table.unpack(args))
    end
end

-- Events are sent by the hook start; random numbers are drawn in statements.
local function init_call(_, s)
    return s.name == "net_send" or s.name == "net_event"
end

-- BREAKPOINT's own SOLVE statements, with those inside of its IFs.
local function own_solves(p)
    local own = {}
    local function go(body)
        for _, s in ipairs(body or {}) do
            if s.kind == "solve" then
                own[s] = true
            elseif s.kind == "if" then
                go(s.yes)
                go(s.no)
            end
        end
    end
    go(p.breakpoint and p.breakpoint.body)
    return own
end

-- What SOLVE does in the kernels of currents: BREAKPOINT's own, what `mine` says; in a procedure
-- that BREAKPOINT calls, algebraic equations are solved in place, as in NEURON.
local function solve_in_place(p, mine)
    local own = own_solves(p)
    return function(run, s)
        if own[s] then
            return mine and mine(run, s)
        end
        local block = p.blocks[s.name]
        if not block or block.kind ~= "linear" and block.kind ~= "nonlinear" then
            error({ unsupported = ("SOLVE %s stands in a procedure that BREAKPOINT calls: it has "
                .. "its place in BREAKPOINT"):format(s.name), at = s.at }, 0)
        end
        return solve.statement(run, s)
    end
end

local function hooks_of(p, kind)
    local hooks = { table = table_value(p) }
    if kind == "init" then
        hooks.solve, hooks.call = solve.statement, init_call
    elseif kind == "advance" then
        hooks.solve = solve.statement
    elseif kind == "current" then
        hooks.solve = solve_in_place(p)
    elseif kind == "observe" then
        hooks.solve = solve_in_place(p, solve.observe)
    end
    return hooks
end

-- v in BEFORE BREAKPOINT: NEURON's slope of the current does not see that it is v.
local BEFORE = "v`before"

-- Runs a kernel's bodies. Returns the run, or nil and why it cannot be.
local function attempt(p, kind, bodies)
    local run = execute.new(p, hooks_of(p, kind))
    if kind == "observe" then -- BREAKPOINT is of the middle of the step that begins
        local g = p.g
        run.values.t = g:add(p.leaf "t", g:mul(g:const(0.5), p.leaf "dt"))
    end
    local fine, why = xpcall(function()
        for i, body in ipairs(bodies) do
            local is_before = kind == "current" and i <= #(p.before.BREAKPOINT or {})
            run.values.v = is_before and p.g:symbol(BEFORE, graph.DYNAMIC, { builtin = "v" }) or nil
            run:block(body)
        end
    end, function(e)
        return type(e) == "table" and e or debug.traceback(e)
    end)
    if fine then
        return run
    elseif type(why) == "table" and why.unable then
        return nil, why
    end
    error(why, 0)
end

-- The slope di/dv, numeric where no derivative is known.
local function slope_of(p, current)
    local g = p.g
    local v = g:symbol("v", graph.DYNAMIC, { builtin = "v" })
    local slope, missing = g:derivative(current, v)
    if slope then
        return slope
    end
    p.note(p.breakpoint.at, "slope", "the current's slope by v is a difference, since that of %s "
        .. "is not known", missing:match "^[%w_]+" or missing)
    local step = g:const(0.001)
    local above = g:substitute(current, { [v] = g:add(v, step) })
    return g:div(g:sub(above, current), step)
end

-- What `current` adds to the membrane's i and its slope.
local function membrane(p, run)
    local g = p.g
    local sum = g:const(0)
    for _, current in ipairs(p.currents) do
        local part = run:get(current.name)
        if part.op == "symbol" and part.of and part.of.variable == current.name then
            part = g:const(0) -- it is never computed
        end
        if p.is_electrode then
            sum = g:add(sum, part)
        else
            sum = current.sign > 0 and g:add(sum, part) or g:sub(sum, part)
        end
    end
    local slope = slope_of(p, sum)
    local before = { [g:symbol(BEFORE, graph.DYNAMIC, { builtin = "v" })] = p.leaf "v" }
    for name, value in pairs(run.values) do
        run.values[name] = g:substitute(value, before)
    end
    return g:substitute(sum, before), g:substitute(slope, before)
end

-- ---- which variables last from kernel to kernel

local function leaves(roots, visit)
    local seen = {}
    local function go(node)
        if not seen[node] then
            seen[node] = true
            if node.op == "symbol" then
                visit(node)
            end
            for i = 1, #node do
                go(node[i])
            end
        end
    end
    for _, root in ipairs(roots) do
        go(root)
    end
end

-- All nodes of a kernel's steps and of what it leaves in these variables.
local function nodes_of(kernel, lasting)
    local list = {}
    for _, step in ipairs(kernel.run.steps or {}) do
        for i = 1, #step.newton do
            list[#list + 1] = step.start[i]
            list[#list + 1] = step.right[i]
            for _, entry in pairs(step.matrix[i]) do
                list[#list + 1] = entry
            end
        end
    end
    for variable in pairs(kernel.run.written) do
        local symbol = kernel.p:symbol(variable)
        if symbol and (lasting[variable] or symbol.ion and symbol.ion.write) then
            list[#list + 1] = kernel.run.values[variable]
        end
    end
    for _, node in ipairs(kernel.more or {}) do
        list[#list + 1] = node
    end
    return list
end

local function is_kept(symbol)
    return symbol and (symbol.class == "assigned" or symbol.class == "state"
        or symbol.class == "parameter" and not program.is_parameter(symbol))
        and not symbol.ion and not symbol.pointer and not symbol.never_written
end

-- The variables that must be columns: states, what C statements use, what a kernel finds as another
-- left it.
local function find_lasting(p, list, lasting)
    for _, variable in ipairs(p.variables) do
        if variable.symbol.class == "state" and not variable.symbol.ion then
            lasting[variable.name] = true
        end
    end
    for _, kernel in pairs(list) do
        if kernel.mode == "statements" then
            for name in pairs(mentions.of(p, kernel.bodies)) do
                for _, variable in ipairs(p.variables) do
                    if variable.symbol.name == name and is_kept(variable.symbol) then
                        lasting[variable.name] = true
                    end
                end
            end
        end
    end
    local grows = true
    while grows do
        grows = false
        for kind, kernel in pairs(list) do
            if kernel.mode == "graph" and kind ~= "observe" then
                leaves(nodes_of(kernel, lasting), function(node)
                    local of = node.of
                    if of.variable and is_kept(of.symbol) and not lasting[of.variable] then
                        lasting[of.variable] = true
                        grows = true
                    end
                end)
            end
        end
    end
    return lasting
end

-- Does an expression have in it what a step leaves in a variable that is no state?
local function is_of_the_past(node, steps)
    local found = false
    leaves({ node }, function(leaf)
        local symbol = leaf.of and leaf.of.symbol
        found = found or is_kept(symbol) and symbol.class ~= "state" and steps[symbol.name]
    end)
    return found
end

-- RANGE variables last where `observe` cannot compute them from the present: of the past, or set by
-- a kernel that it does not run. Says whether there are new ones.
local function add_recorded(p, list, lasting)
    local grows, observe = false, list.observe
    local steps = mentions.written(p, list.current.bodies, list.advance.bodies)
    for _, variable in ipairs(p.variables) do
        local name, symbol = variable.name, variable.symbol
        if p.is_range[symbol.name] and is_kept(symbol) and not lasting[name]
            and not p.invariant[name] then
            local now = observe.mode == "graph" and observe.run.written[name]
            if now and is_of_the_past(observe.run.values[name], steps)
                or not now and (symbol.writes or 0) > 0 then
                lasting[name] = true
                grows = true
            end
        end
    end
    return grows
end

-- The roots of a kernel: what it writes that lasts, in the order of writing.
local function add_roots(p, kind, kernel, lasting)
    local run = kernel.run
    p.phase = kind
    local function add(to, node, at)
        kernel.roots[#kernel.roots + 1] = { to = to, node = node, at = at }
    end
    for _, variable in ipairs(p.variables) do
        local name, symbol = variable.name, variable.symbol
        local ion = symbol.ion
        local node = run.written[name] and run.values[name]
        if ion and ion.write then
            local is_current = ion.what == "current"
            if node and (is_current and kind == "current" and not p.carries
                or not is_current and kind ~= "current") then
                add(name, node, run.at[name])
            end
        elseif lasting[name] and not ion then
            if kind == "init" then
                add(name, node or p.leaf(name), run.at[name])
            elseif node then
                add(name, node, run.at[name])
            end
        end
    end
end

-- Runs INITIAL first: what it leaves in variables that nothing else writes, and that depends on
-- parameters alone, is that expression everywhere.
local function find_invariants(p, run, others)
    for name in pairs(run.written) do
        local symbol, node = p:symbol(name), run.values[name]
        if symbol and is_kept(symbol) and not others[symbol.name]
            and node.level <= graph.INSTANCE then
            p.invariant[name] = node
        end
    end
end

--- The kernels of a program: init, current, advance, observe; and the set of variables that last.
function kernels.build(p)
    local bodies = kernels.bodies(p)
    local receive = p.net_receive and { p.net_receive.body } or {}
    local others = mentions.written(p, bodies.current, bodies.advance, receive)
    local list = {}
    for _, kind in ipairs { "init", "current", "advance", "observe" } do
        p.phase = kind
        local kernel = { kind = kind, p = p, bodies = bodies[kind], roots = {} }
        local run, why = attempt(p, kind, bodies[kind])
        local steps = kind == "current" and run and run.steps or {}
        if #steps > 0 then -- what a loop solves has no slope
            error({ unsupported = "a procedure that BREAKPOINT calls solves equations that may "
                .. "have a zero on their diagonal: hillock has no slope of such a current",
                at = p.breakpoint.at }, 0)
        end
        if run then
            kernel.mode, kernel.run = "graph", run
            if kind == "init" then
                find_invariants(p, run, others)
            elseif kind == "current" and #p.currents > 0 then
                kernel.more = table.pack(membrane(p, run))
            end
        else
            kernel.mode, kernel.why = "statements", why
            if kind == "current" then
                p.note(why.at or p.breakpoint.at, "slope", "the current's slope by v is a "
                    .. "difference over 0.001 mV, because of %s", why.unable)
            end
        end
        list[kind] = kernel
    end
    p.phase = "receive"
    if p.net_receive then
        list.receive = { kind = "receive", p = p, mode = "statements", bodies = receive,
            roots = {} }
    end
    local lasting = find_lasting(p, list, {})
    while add_recorded(p, list, lasting) do
        find_lasting(p, list, lasting)
    end
    for _, kind in ipairs { "init", "current", "advance" } do
        local kernel = list[kind]
        if kernel.mode == "graph" then
            add_roots(p, kind, kernel, lasting)
            if kernel.more then
                table.insert(kernel.roots, { to = "<i>", node = kernel.more[1] })
                table.insert(kernel.roots, { to = "<g>", node = kernel.more[2] })
            end
        end
    end
    return list, lasting
end

--- The roots of `observe`: the RANGE variables that no kernel keeps.
function kernels.observed(p, list, lasting)
    local kernel, found = list.observe, {}
    if kernel.mode ~= "graph" then
        return found
    end
    for _, variable in ipairs(p.variables) do
        local symbol, name = variable.symbol, variable.name
        local node = kernel.run.written[name] and kernel.run.values[name] or p.invariant[name]
        local sole = #p.currents == 1 and p.currents[1]
        local is_whole = sole and sole.name == name and (name == "i" or p.carries)
            and (sole.sign > 0 or p.is_electrode)
        if node and p.is_range[symbol.name] and not lasting[name] and not is_whole
            and (not symbol.ion or symbol.current) and not program.is_parameter(symbol)
            and not p:has_start(name) then
            found[#found + 1] = { to = name, node = node, at = kernel.run.at[name] }
        end
    end
    kernel.roots = found
    return found
end

return kernels
