-- SPDX-License-Identifier: BSD-3-Clause
-- solve: what SOLVE does to a block, with expressions: a step of dt by the named method.
--
--     cnexp          each equation by itself: exact where it is linear in its state, the other
--                    variables as they are when it is met (NEURON's; Hines 1984)
--     euler, runge   explicit, of first and fourth order, all equations together
--     derivimplicit  backward Euler, all equations together, by Newton's method
--     sparse         the same of a KINETIC block
--
-- Where the equations are linear, an implicit step is elimination into expressions; else it is a
-- loop, which stands in the run's `steps`:
--
--     { newton = {symbol...}, start = {node...}, change = {node...}, matrix = {{node}...},
--       right = {node...} }   until the changes are small: matrix * change = right; x = x - change
--
-- whose symbols then stand for the solution. `sparse` of a step: it ends as NEURON's sparse does,
-- where the changes' sum is at most 1e-6, whatever the states' size, and no state falls below 0.

local execute = require "hillock.nmodl.execute"
local graph = require "hillock.nmodl.graph"
local linear = require "hillock.nmodl.linear"

local solve = {}

local ELIMINATED = 12 -- the most unknowns of a system that is solved by expressions
local STEADY = 1e9 -- the dt of a steady state, ms (NEURON's)

-- A symbol that nothing else has.
local function fresh(run, name)
    local program = run.program
    program.fresh = (program.fresh or 0) + 1
    return run.g:symbol(("%s`%d"):format(name, program.fresh), graph.DYNAMIC, { unknown = true })
end

-- ---- cnexp

-- Raised where an equation is not linear in its state.
local NONLINEAR = {}

local function is_linear(g, slope, state)
    return slope and not graph.depends(slope, state) and g
end

-- The new value of a state x of which x' = a x + b.
local function exact(g, x, a, b, dt)
    if a.op == "const" and a.value == 0 then
        return g:add(x, g:mul(dt, b))
    end
    local rise = g:sub(g:const(1), g:call("exp", g:mul(dt, a)))
    return g:add(x, g:mul(rise, g:sub(g:neg(g:div(b, a)), x)))
end

local function run_cnexp(run, block, dt)
    local g = run.g
    local hooks = run.hooks
    run.hooks = setmetatable({
        prime = function(_, s, variable)
            local x = run:get(variable)
            local state = fresh(run, variable)
            run.values[variable] = state
            local rate = run:value(s.value)
            run.values[variable] = x
            local a = g:derivative(rate, state)
            if not is_linear(g, a, state) then
                error(NONLINEAR, 0)
            end
            local b = g:substitute(rate, { [state] = g:const(0) })
            run:set(variable, exact(g, x, a, b, dt))
            run.at[variable] = s.at
        end,
    }, { __index = hooks })
    run:block(block.body)
    run.hooks = hooks
end

-- ---- explicit methods

-- Runs the block with the states at these values; gives the rates by variable, in order.
local function rates(run, block, at)
    local hooks, list, seen = run.hooks, {}, {}
    for variable, value in pairs(at or {}) do
        run:set(variable, value)
    end
    run.hooks = setmetatable({
        prime = function(_, s, variable)
            if not seen[variable] then
                seen[variable] = #list + 1
                list[#list + 1] = { variable = variable, at = s.at }
            end
            run.at[variable] = s.at
            local rate = run:value(s.value)
            local item = list[seen[variable]]
            -- under an IF: 0 where nothing is said
            if run.condition then
                rate = run.g:select(run.condition, rate, item.rate or run.g:const(0))
            end
            item.rate = rate
            run.values[variable .. "'"] = rate
        end,
    }, { __index = hooks })
    run:block(block.body)
    run.hooks = hooks
    return list
end

-- The variables whose equations a block has, and what they are now.
local function states_of(run, block)
    local kept, written, order = run.values, {}, #run.order
    for name in pairs(run.written) do
        written[name] = true
    end
    run.values = setmetatable({}, { __index = kept })
    local list = rates(run, block)
    run.values, run.written = kept, written
    for i = #run.order, order + 1, -1 do
        run.order[i] = nil
    end
    local states = {}
    for i, item in ipairs(list) do
        states[i] = { variable = item.variable, value = run:get(item.variable), at = item.at }
    end
    return states
end

local function run_euler(run, block, dt)
    local g = run.g
    local list = rates(run, block)
    for _, item in ipairs(list) do
        item.value = g:add(run:get(item.variable), g:mul(dt, item.rate))
    end
    for _, item in ipairs(list) do
        run:set(item.variable, item.value)
    end
end

local function run_runge(run, block, dt)
    local g = run.g
    local states = states_of(run, block)
    local sum, k = {}, nil
    local step = { 0, 0.5, 0.5, 1 }
    local share = { 1 / 6, 1 / 3, 1 / 3, 1 / 6 }
    for stage = 1, 4 do
        local at = {}
        for i, state in ipairs(states) do
            at[state.variable] = stage == 1 and state.value
                or g:add(state.value, g:mul(g:mul(g:const(step[stage]), dt), k[i].rate))
        end
        k = rates(run, block, at)
        for i in ipairs(states) do
            local part = g:mul(g:mul(g:const(share[stage]), dt), k[i].rate)
            sum[i] = sum[i] and g:add(sum[i], part) or part
        end
    end
    for i, state in ipairs(states) do
        run:set(state.variable, g:add(state.value, sum[i]))
    end
end

-- ---- systems of equations

-- Two linear equations by Cramer's rule, which takes zeros on the diagonal.
local function two(g, matrix, residual, unknown)
    local zero, b, a = {}, {}, {}
    for i = 1, 2 do
        zero[unknown[i]] = g:const(0)
    end
    for i = 1, 2 do
        b[i] = g:neg(g:substitute(residual[i], zero))
        a[i] = { matrix[i][1] or g:const(0), matrix[i][2] or g:const(0) }
    end
    local function determinant(p, q, r, s)
        return g:sub(g:mul(p, s), g:mul(q, r))
    end
    local whole = determinant(a[1][1], a[1][2], a[2][1], a[2][2])
    return { g:div(determinant(b[1], a[1][2], b[2], a[2][2]), whole),
        g:div(determinant(a[1][1], b[1], a[2][1], b[2]), whole) }
end

-- Solves residual(x) = 0 from `start` on, x the symbols `unknown`; sets the variables to the
-- solution, in all that the run holds. how: late (see linear.solve), pivots (rows may have to be
-- exchanged), sparse, held (symbols that are the unknowns, and that the matrix does not know as
-- such).
local function run_system(run, unknown, variables, start, residual, how)
    local g = run.g
    local n = #unknown
    local matrix, is_constant = {}, true
    how = how or {}
    local same, renamed = {}, {}
    for i, symbol in ipairs(how.held or {}) do
        same[symbol] = unknown[i]
    end
    local seen = {} -- by unknown: which expressions have it in them
    for j = 1, n do
        seen[j] = {}
    end
    for i = 1, n do
        matrix[i] = {}
        for j = 1, n do
            local slope, missing = g:derivative(residual[i], unknown[j], seen[j])
            if not slope then
                execute.unable(nil, "the derivative of %s", missing)
            end
            if not (slope.op == "const" and slope.value == 0) then
                slope = g:substitute(slope, same, renamed)
                matrix[i][j] = slope
                for k = 1, n do
                    is_constant = is_constant and not graph.depends(slope, unknown[k], seen[k])
                end
            end
        end
    end
    local solution
    for i = 1, n do
        residual[i] = g:substitute(residual[i], same, renamed)
    end
    for i = 1, n do -- a rate may have a state that is no reactant's neighbour
        for k = 1, n do
            local slope = is_constant and how.held
                and g:derivative(residual[i], unknown[k], seen[k])
            is_constant = is_constant
                and (not how.held or slope == (matrix[i][k] or g:const(0)))
        end
    end
    if is_constant and not how.pivots and n <= ELIMINATED then
        local zero, right = {}, {}
        for j = 1, n do
            zero[unknown[j]] = g:const(0)
        end
        for i = 1, n do
            right[i] = g:neg(g:substitute(residual[i], zero))
        end
        solution = linear.solve(g, matrix, right, how.late)
    end
    if not solution and is_constant and n == 2 and run.program.phase == "current" then
        solution = two(g, matrix, residual, unknown) -- a current has a slope
    end
    if not solution then
        run.steps = run.steps or {}
        run.steps[#run.steps + 1] = { newton = unknown, start = start, matrix = matrix,
            right = residual, once = is_constant, sparse = how.sparse }
        solution = unknown
    end
    local with, done = {}, {}
    for i = 1, n do
        with[unknown[i]] = solution[i]
        if how.held then
            with[how.held[i]] = solution[i]
        end
    end
    for name, value in pairs(run.values) do
        if solution ~= unknown or how.held then
            run.values[name] = g:substitute(value, with, done)
        end
    end
    for i = 1, n do
        run:set(variables[i], solution[i])
    end
end

local function run_implicit(run, block, dt)
    local g = run.g
    local states = states_of(run, block)
    local unknown, variables, start, at, residual = {}, {}, {}, {}, {}
    for i, state in ipairs(states) do
        unknown[i] = fresh(run, state.variable)
        variables[i], start[i] = state.variable, state.value
        at[state.variable] = unknown[i]
    end
    for i, item in ipairs(rates(run, block, at)) do
        residual[i] = g:sub(g:sub(unknown[i], start[i]), g:mul(dt, item.rate))
    end
    run_system(run, unknown, variables, start, residual)
end

-- ---- KINETIC

-- What a KINETIC block says: for each state, in the order in which they are met, the sum of fluxes;
-- the volumes; what is conserved. unknown: what a state is as a reactant, by variable; in the rates
-- it is what the run has.
local function read_kinetic(run, block, is_state, unknown)
    local g = run.g
    local kinetic = { flux = {}, list = {}, volume = {}, conserve = {}, is_linear = true }
    local function meet(variable)
        if is_state(variable) and not kinetic.flux[variable] then
            kinetic.flux[variable] = g:const(0)
            kinetic.list[#kinetic.list + 1] = variable
        end
        return unknown and unknown[variable] or run:get(variable)
    end
    local function side(list)
        local product, reactants = g:const(1), 0
        for _, r in ipairs(list) do
            r.variable = run:variable(r.name, r.index, r.at)
            reactants = reactants + r.n
            kinetic.is_linear = kinetic.is_linear and reactants < 2
            product = g:mul(product, g:pow(meet(r.variable), g:const(r.n)))
        end
        return product
    end
    local function pour(list, rate, sign)
        for _, r in ipairs(list) do
            if kinetic.flux[r.variable] then
                kinetic.flux[r.variable] = g:add(kinetic.flux[r.variable],
                    g:mul(g:const(sign * r.n), rate))
            end
        end
    end
    local hooks = run.hooks
    run.hooks = setmetatable({
        reaction = function(_, s)
            local forward = g:mul(side(s.left), run:value(s.forward))
            local backward = g:mul(side(s.right), run:value(s.backward))
            run.values.f_flux, run.values.b_flux = forward, backward
            local net = g:sub(forward, backward)
            pour(s.left, net, -1)
            pour(s.right, net, 1)
        end,
        flux = function(_, s)
            local amount = side(s.left)
            local rate = run:value(s.rate)
            if s.op == "<<" then
                run.values.f_flux, run.values.b_flux = rate, g:const(0)
                pour(s.left, rate, 1)
            else
                rate = g:mul(amount, rate)
                run.values.f_flux, run.values.b_flux = rate, g:const(0)
                pour(s.left, rate, -1)
                if s.right then
                    side(s.right)
                    pour(s.right, rate, 1)
                end
            end
        end,
        conserve = function(_, s)
            local sum, last = g:const(0), nil
            for _, r in ipairs(s.left) do
                r.variable = run:variable(r.name, r.index, r.at)
                local x = meet(r.variable)
                local volume = kinetic.volume[r.variable]
                x = volume and g:mul(volume, x) or x
                sum = g:add(sum, g:mul(g:const(r.n), x))
                last = is_state(r.variable) and r.variable or last
            end
            kinetic.conserve[#kinetic.conserve + 1] = { of = last,
                residual = g:sub(sum, run:value(s.value)), at = s.at }
        end,
        compartment = function(_, s)
            for _, id in ipairs(s.list) do
                local size = run.program.sizes[id.name]
                for k = 0, (s.index and size or 1) - 1 do
                    local variable = size and ("%s[%d]"):format(id.name, k) or id.name
                    local held = run.values
                    if s.index then
                        run.values = setmetatable({}, { __index = held })
                        run.frame.names[s.index.name] = { variable = s.index.name .. "`i" }
                        run.values[s.index.name .. "`i"] = g:const(k)
                    end
                    kinetic.volume[variable] = run:value(s.volume)
                    run.values = held
                end
                if size and not s.index then
                    for k = 0, size - 1 do
                        kinetic.volume[("%s[%d]"):format(id.name, k)] = run:value(s.volume)
                    end
                end
            end
        end,
    }, { __index = hooks })
    run:block(block.body)
    run.hooks = hooks
    return kinetic
end

local function run_kinetic(run, block, dt)
    local g = run.g
    local is_state = function(variable)
        return run.program.is_state(variable)
    end
    -- once to see what the states are, once with unknowns for them
    local kept, written, order = run.values, run.written, #run.order
    run.values = setmetatable({}, { __index = kept })
    run.written = setmetatable({}, { __index = written })
    local states = read_kinetic(run, block, is_state).list
    run.values, run.written = kept, written
    for i = #run.order, order + 1, -1 do
        run.order[i] = nil
    end
    -- As NEURON's, the matrix has the reactants' slopes alone: rates that have states in them are
    -- those of the round before.
    local at, unknown, start, place, held = {}, {}, {}, {}, {}
    for i, variable in ipairs(states) do
        start[i] = run:get(variable)
        unknown[i] = fresh(run, variable)
        at[variable], place[variable] = unknown[i], i
        held[i] = fresh(run, variable)
    end
    for i, variable in ipairs(states) do
        run:set(variable, held[i])
    end
    local kinetic = read_kinetic(run, block, is_state, at)
    local residual, late = {}, {}
    for i, variable in ipairs(states) do
        local rate = kinetic.flux[variable]
        if kinetic.volume[variable] then
            rate = g:div(rate, kinetic.volume[variable])
        end
        residual[i] = g:sub(g:sub(unknown[i], start[i]), g:mul(dt, rate))
    end
    for _, conserve in ipairs(kinetic.conserve) do
        local i = place[conserve.of]
        if not i then
            execute.unable(conserve.at, "CONSERVE without a state")
        end
        residual[i], late[i] = conserve.residual, true
    end
    if kinetic.is_linear then -- one round is all, whatever the rates have in them
        local begin = {}
        for i in ipairs(states) do
            begin[held[i]] = start[i]
        end
        for i in ipairs(states) do
            residual[i] = g:substitute(residual[i], begin)
        end
    end
    run_system(run, unknown, states, start, residual, { late = late, sparse = true, held = held })
end

-- ---- LINEAR and NONLINEAR

local function run_equations(run, block)
    local g = run.g
    local list = {}
    local hooks = run.hooks
    local function collect()
        list = {}
        run.hooks = setmetatable({
            equation = function(_, s)
                list[#list + 1] = g:sub(run:value(s.left), run:value(s.right))
            end,
        }, { __index = hooks })
        run:block(block.body)
        run.hooks = hooks
    end
    -- the unknowns are the states that the equations have
    local seen, states = {}, {}
    local kept, written, order = run.values, run.written, #run.order
    run.values = setmetatable({}, {
        __index = function(_, name)
            if run.program.is_state(name) and not seen[name] then
                seen[name] = true
                states[#states + 1] = name
            end
            return kept[name]
        end,
    })
    run.written = setmetatable({}, { __index = written })
    collect()
    run.values, run.written = kept, written
    for i = #run.order, order + 1, -1 do
        run.order[i] = nil
    end
    if block.solvefor and #block.solvefor > 0 then
        states = {}
        for i, id in ipairs(block.solvefor) do
            states[i] = id.name
        end
    end
    if #states ~= #list then
        execute.unable(block.at, "%d equations for %d states", #list, #states)
    end
    local unknown, start = {}, {}
    for i, name in ipairs(states) do
        start[i] = run:get(name)
        unknown[i] = fresh(run, name)
    end
    for i, name in ipairs(states) do
        run:set(name, unknown[i])
    end
    collect()
    run_system(run, unknown, states, start, list, { pivots = true })
end

-- ---- SOLVE

-- Runs `go`; where it raises NONLINEAR, leaves all as it was and says false.
local function attempt(run, go)
    local values, written, order = {}, {}, #run.order
    for name, value in pairs(run.values) do
        values[name] = value
    end
    for name, value in pairs(run.written) do
        written[name] = value
    end
    local hooks, frame, depth = run.hooks, run.frame, run.depth
    local fine, why = pcall(go)
    if fine then
        return true
    elseif why ~= NONLINEAR then
        error(why, 0)
    end
    run.values, run.written, run.hooks, run.frame, run.depth = values, written, hooks, frame, depth
    for i = #run.order, order + 1, -1 do
        run.order[i] = nil
    end
    return false
end

local explicit = { euler = run_euler, adeuler = run_euler, runge = run_runge, adrunge = run_runge,
    heun = run_runge }

local function run_derivative(run, block, method, dt, s)
    if method == "cnexp" or method == "after_cvode" then
        if attempt(run, function() run_cnexp(run, block, dt) end) then
            return
        end
        run.program.note(s.at, "nonlinear", "%s is not linear in its states, as cnexp wants it: "
            .. "derivimplicit solves it", block.name.name)
    elseif explicit[method] then
        explicit[method](run, block, dt)
        return
    end
    run_implicit(run, block, dt)
end

--- Solves the block that a SOLVE statement names.
function solve.statement(run, s)
    local block = run.program.blocks[s.name] or execute.unable(s.at, "the block %s", s.name)
    local method = s.steadystate or s.method
    local dt = s.steadystate and run.g:const(STEADY) or run:get "dt"
    if block.kind == "derivative" then
        run_derivative(run, block, s.steadystate and "derivimplicit" or method, dt, s)
    elseif block.kind == "kinetic" then
        run_kinetic(run, block, dt)
    elseif block.kind == "linear" or block.kind == "nonlinear" then
        run_equations(run, block)
    else -- PROCEDURE, DISCRETE
        run:block(block.body)
    end
end

--- Runs what a solved block assigns, but leaves its states alone.
function solve.observe(run, s)
    local block = run.program.blocks[s.name] or execute.unable(s.at, "the block %s", s.name)
    local hooks, t = run.hooks, run.values.t
    run.values.t = nil -- states are of the step's end
    if block.kind == "derivative" then
        run.hooks = setmetatable({ prime = function() end }, { __index = hooks })
        run:block(block.body)
        run.hooks = hooks
    elseif block.kind == "kinetic" then
        read_kinetic(run, block, function() return false end)
    end
    run.values.t = t
end

return solve
