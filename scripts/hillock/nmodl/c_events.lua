-- SPDX-License-Identifier: BSD-3-Clause
-- c_events: what a point process does with events, as C: NET_RECEIVE, what INITIAL sends, WATCH;
-- and kernels of statements, which work on the same struct of an instance's variables.

local c = require "hillock.nmodl.c"
local c_random = require "hillock.nmodl.c_random"
local c_statements = require "hillock.nmodl.c_statements"
local program = require "hillock.nmodl.program"
local mentions = require "hillock.nmodl.mentions"
local graph = require "hillock.nmodl.graph"

local c_events = {}

local member = c_statements.member

local Events = {}
Events.__index = Events

-- Is there a call that `is` says yes to, in the bodies or in any function?
local function find_call(p, bodies, is)
    local found = false
    local function go(x)
        if type(x) ~= "table" or found then
            return
        elseif x.kind == "call" and is(x.name) or x.idiom == "random" then
            found = true
            return
        end
        for key, value in pairs(x) do
            if key ~= "source" and type(value) == "table" then
                go(value)
            end
        end
    end
    go(bodies)
    for _, node in pairs(p.functions) do
        go(node.body)
    end
    return found
end

local function mentions_call(p, bodies, name)
    return find_call(p, bodies, function(called)
        return called == name
    end)
end

local function find_statements(body, kind, list)
    for _, s in ipairs(body or {}) do
        if s.kind == kind then
            list[#list + 1] = s
        end
        for _, key in ipairs { "body", "yes", "no" } do
            if type(s[key]) == "table" and s[key].kind == nil then
                find_statements(s[key], kind, list)
            end
        end
    end
    return list
end

--- What the program's events need.
function c_events.new(p, prefix, list, weights)
    local self = setmetatable({ p = p, prefix = prefix, list = list, weights = weights,
        flags = {} }, Events)
    for _, kernel in pairs(list) do
        if kernel.mode == "statements" then
            kernel.mentions = mentions.of(p, kernel.bodies)
            self.any = true
        end
    end
    local initial = p.initial and p.initial.body or {}
    self.starts = p.net_receive and (mentions_call(p, initial, "net_send")
        or mentions_call(p, initial, "net_event"))
    local receive = p.net_receive and p.net_receive.body or {}
    self.moves = p.net_receive and mentions_call(p, receive, "net_move")
    self.watches = {}
    for _, s in ipairs(find_statements(receive, "watch", {})) do
        for _, item in ipairs(s.list) do
            self.watches[#self.watches + 1] = item
            item.number = #self.watches
        end
    end
    self.net_initial = find_statements(receive, "net_initial", {})[1]
    self.visits = #find_statements(receive, "for_netcons", {}) > 0
    self.draws = false
    for _, kernel in pairs(list) do
        self.draws = self.draws or kernel.mode == "statements"
            and find_call(p, kernel.bodies, c_random.draws)
    end
    if self.draws and p.what == "channel" then
        self.flags[#self.flags + 1] = "HK_RANDOM"
    end
    if self.visits then
        self.flags[#self.flags + 1] = "HK_CONNECTIONS"
    end
    return self
end

local function hidden(columns, name, doc)
    local field = { name = name, role = "HK_ASSIGNED", unit = "", value = 0, doc = doc }
    columns[#columns + 1] = field
    columns.of[name] = field
end

--- The columns that events need beside the file's variables.
function Events:add_columns(columns)
    if self.moves then
        hidden(columns, "sent_number", "of the event that was sent last")
        hidden(columns, "sent_flag", "its flag")
        hidden(columns, "sent_marks", "which events were moved")
    end
    if self.draws then
        hidden(columns, "drawn", "how many random numbers")
    end
    for i in ipairs(self.watches) do
        hidden(columns, "watch_" .. i, "-1: off; else whether its condition was true")
    end
    if #self.watches > 0 then
        hidden(columns, "watch_sent", "which of them is on its way")
    end
end

--- What init stores in these columns: a list of { name, number }.
function Events:first()
    local list = {}
    if self.moves then
        list = { { "sent_number", 0 }, { "sent_flag", 0 }, { "sent_marks", 0 } }
    end
    if self.draws then
        list[#list + 1] = { "drawn", 0 }
    end
    for i in ipairs(self.watches) do
        list[#list + 1] = { "watch_" .. i, -1 }
    end
    if #self.watches > 0 then
        list[#list + 1] = { "watch_sent", 0 }
    end
    return list
end

-- ---- the struct

-- The symbols that the statements mention, and arrays of C for arrays.
local function members(self)
    local found = {}
    for _, kernel in pairs(self.list) do
        for name in pairs(kernel.mentions or {}) do
            found[name] = true
        end
    end
    if self.starts then
        for name in pairs(mentions.of(self.p, self.list.init.bodies)) do
            found[name] = true
        end
    end
    local list = {}
    for _, symbol in ipairs(self.p.symbols.list) do
        local class = symbol.class
        if found[symbol.name] and (class == "parameter" or class == "assigned" or class == "state"
            or class == "ion" or class == "builtin") then
            list[#list + 1] = symbol
            list[symbol.name] = true
        end
    end
    return list
end

local function write_struct(self, out)
    out("struct %s_now {", self.prefix)
    out(self.draws and "    double v, t, dt, drawn;" or "    double v, t, dt;")
    if self.draws then
        out "    uint32_t at;"
    end
    for _, symbol in ipairs(self.members) do
        local name = symbol.name
        if name ~= "v" and name ~= "t" and name ~= "dt" then
            out(symbol.size and "    double %s[%d];" or "    double %s;", member(name), symbol.size)
        end
    end
    out "};"
    out ""
end

-- The column's text of a variable, or nil where it has none.
local function column(self, columns, variable, writes)
    local p, field, symbol = self.p, program.field(variable), self.p:symbol(variable)
    if symbol.ion and symbol.ion.what == "current" and not writes
        and columns.of["total_" .. field] then
        return ("c->%s[k]"):format(member("total_" .. field))
    elseif columns.of[field .. "_now"] then
        return ("c->%s[k]"):format(member(field .. "_now"))
    end
    local known = columns.of[field]
    local role = known and known.role
    if role and role ~= "HK_OBSERVED" and role ~= "HK_GLOBAL" and role ~= "HK_WEIGHT"
        and not (writes and (role == "HK_PARAMETER" or role == "HK_ION_CURRENT")) and p then
        return ("c->%s[k]"):format(member(field))
    end
    return nil
end

local function load_text(self, columns, hoisted, variable, symbol)
    if symbol.class == "builtin" then
        local own = { v = "b->v[k]", t = "b->t", dt = "b->dt", celsius = "b->celsius" }
        return own[variable] or ("c->%s[k]"):format(variable)
    elseif program.is_parameter(symbol) and program.is_global(symbol)
        and not self.p.globals_are_columns then
        local node = self.p.g:symbol(variable, graph.COMMON,
            { symbol = symbol, variable = variable })
        return ("b->common[%d]"):format(hoisted:node(node, true).of.common)
    end
    return column(self, columns, variable, false)
end

local function each_variable(symbol, visit)
    if not symbol.size then
        visit(symbol.name, "m->" .. member(symbol.name))
        return
    end
    for k = 0, symbol.size - 1 do
        visit(("%s[%d]"):format(symbol.name, k), ("m->%s[%d]"):format(member(symbol.name), k))
    end
end

local function load(self, out, columns, hoisted, indent, moment)
    out("%sstruct %s_now now = {0}, *m = &now;", indent, self.prefix)
    out("%sm->v = b->v[k], m->t = %s, m->dt = b->dt;", indent, moment)
    if self.draws then
        out("%sm->at = k, m->drawn = c->drawn[k];", indent)
    end
    for _, symbol in ipairs(self.members) do
        each_variable(symbol, function(variable, text)
            local from = load_text(self, columns, hoisted, variable, symbol)
            if from and variable ~= "v" and variable ~= "t" and variable ~= "dt" then
                out("%s%s = %s;", indent, text, from)
            end
        end)
    end
end

local function store(self, out, columns, bodies, indent, skip)
    local found = mentions.of(self.p, bodies)
    if self.draws then
        out("%sc->drawn[k] = m->drawn;", indent)
    end
    for _, symbol in ipairs(self.members) do
        if found[symbol.name] == "written" and symbol.class ~= "builtin" then
            each_variable(symbol, function(variable, text)
                local to = column(self, columns, variable, true)
                if to and not (skip and skip(symbol)) then
                    out("%s%s = %s;", indent, to, text)
                end
            end)
        end
    end
end

-- ---- kernels of statements

local function writer_for(self)
    if not self.writer then
        self.writer = c_statements.new(self.p, self.prefix)
        self.writer.includes = self.p.includes or {}
        self.p.includes = self.writer.includes
        self.p.includes["hillock/nmodl.h"] = true
        self.members = members(self)
    end
    return self.writer
end

-- Writes bodies as the function PREFIX_run_NAME(b, m).
local function write_body(self, name, bodies, result)
    local writer = writer_for(self)
    writer.lines, writer.depth, writer.frames = {}, 1, { {} }
    for _, body in ipairs(bodies) do
        writer.frames[1] = {}
        writer:line "{"
        writer.depth = 2
        writer:body(body)
        writer.depth = 1
        writer:line "}"
    end
    local lines = writer.lines
    self.text = self.text or {}
    local function out(format, ...)
        self.text[#self.text + 1] = select("#", ...) > 0 and format:format(...) or format
    end
    out("HK_ALWAYS double %s_run_%s(const struct hk_block *b, struct %s_now *m) {", self.prefix,
        name, self.prefix)
    out "    (void)b, (void)m;"
    for _, line in ipairs(lines) do
        out(line)
    end
    out("    return %s;", result or "0")
    out "}"
    out ""
end

-- The sum of the currents.
local function current_sum(p)
    local parts = {}
    for _, current in ipairs(p.currents) do
        local sign = (p.is_electrode or current.sign > 0) and " + " or " - "
        parts[#parts + 1] = sign .. "m->" .. member(current.name)
    end
    return (table.concat(parts):gsub("^ %+ ", ""):gsub("^ %- ", "-"))
end

-- In init the variables that nothing has written are what they are at first.
local function write_first(self, out, columns, hoisted)
    for _, symbol in ipairs(self.members) do
        if program.is_start(symbol) then
            each_variable(symbol, function(variable, text)
                local start = self.p:start(variable)
                local common = not start.of.column and hoisted:node(start, true).of.common
                out("        %s = %s;", text, common and ("b->common[%d]"):format(common)
                    or ("c->%s[k]"):format(member(start.of.column)))
            end)
        elseif symbol.class == "state" and not symbol.ion or symbol.class == "assigned"
            and not symbol.never_written and not symbol.ion and not symbol.pointer then
            each_variable(symbol, function(_, text)
                out("        %s = %s;", text, c.number(symbol.start or 0))
            end)
        end
    end
    for _, field in ipairs(columns) do
        if field.role == "HK_STATE" and not self.members[field.name] then
            out("        c->%s[k] = 0;", member(field.name))
        end
    end
end

--- Writes a kernel of statements into a text of its own. Returns whether there is one.
function Events:write_kernel(out, kernel, columns, hoisted, derived)
    local writer = writer_for(self)
    local kind, bodies = kernel.kind, kernel.bodies
    if kind == "observe" then
        return false -- what it would compute is not recorded
    end
    local is_current = kind == "current"
    writer.solve = (kind == "advance" or kind == "init") and c_statements.solve or nil
    writer.events = kind == "init" and { net_send = function() end, net_event = function() end }
        or nil
    local _ = derived
    write_body(self, kind, bodies, is_current and current_sum(self.p) or nil)
    writer.solve, writer.events = nil, nil
    local lines = {}
    local function say(format, ...)
        lines[#lines + 1] = select("#", ...) > 0 and format:format(...) or format
    end
    say("HK_KERNEL(%s, %s) {", self.prefix, kind)
    say "    HK_EACH(k, b) {"
    load(self, say, columns, hoisted, "        ", "b->t")
    if kind == "init" then
        write_first(self, say, columns, hoisted)
        for _, item in ipairs(self:first()) do
            say("        c->%s[k] = %d;", item[1], item[2])
        end
        if self.draws then
            say "        m->drawn = 0;"
        end
    end
    if is_current then
        say("        struct %s_now above = now;", self.prefix)
        say "        above.v += 0.001;"
        say("        double more = %s_run_current(b, &above);", self.prefix)
        say("        double i = %s_run_current(b, m);", self.prefix)
        say "        b->i[k] += i;"
        say "        b->g[k] += (more - i) / 0.001;"
    else
        say("        (void)%s_run_%s(b, m);", self.prefix, kind)
    end
    store(self, say, columns, bodies, "        ", function(symbol)
        local ion = symbol.ion
        return ion and (is_current ~= (ion.what == "current"))
    end)
    say "    }"
    say "}"
    say ""
    self.kernels = self.kernels or {}
    table.move(lines, 1, #lines, #self.kernels + 1, self.kernels)
    local _ = out
    return true
end

-- ---- NET_RECEIVE

local function net_send(self, moves)
    return function(writer, s)
        local delay, flag = writer:value(s.args[1], 6), writer:value(s.args[2])
        writer.sends = true
        if moves then
            writer:line("c->sent_number[k] = hk_sent_next(c->sent_number[k]);")
            writer:line("c->sent_flag[k] = %s;", flag)
            writer:line("e->host->send(e, m->t + %s, hk_sent_flag(%s, c->sent_number[k]));", delay,
                "c->sent_flag[k]")
        else
            writer:line("e->host->send(e, m->t + %s, %s);", delay, flag)
        end
        local _ = self
    end
end

local function net_move(writer, s)
    writer:line "c->sent_marks[k] = hk_sent_mark(c->sent_marks[k], c->sent_number[k], 1);"
    writer:line "c->sent_number[k] = hk_sent_next(c->sent_number[k]);"
    writer:line("e->host->send(e, %s, hk_sent_flag(c->sent_flag[k], c->sent_number[k]));",
        writer:value(s.args[1]))
end

local function for_netcons(writer, s)
    writer:line "for (uint32_t other = 0;; other++) {"
    writer.depth = writer.depth + 1
    writer:line "double *to = e->host->connection(e, other);"
    writer:line "if (!to)"
    writer:line "    break;"
    local frame = {}
    for i, id in ipairs(s.args) do
        frame[id.name] = { text = ("to[%d]"):format(i - 1) }
    end
    writer.frames[#writer.frames + 1] = frame
    writer:body(s.body)
    writer.frames[#writer.frames] = nil
    writer.depth = writer.depth - 1
    writer:line "}"
end

-- A condition as a number that is above 0 where it holds.
local function condition_text(writer, e)
    local left, right = writer:value(e.left, 5), writer:value(e.right, 6)
    if e.op == "<" or e.op == "<=" then
        left, right = writer:value(e.right, 5), writer:value(e.left, 6)
    end
    return ("%s - %s"):format(left, right)
end

-- WATCH begins to look; the first one of an event ends those of others. NEURON takes what is
-- nearly true as true at first.
local function watch(self)
    return function(writer, s)
        writer:line "if (!watching) {"
        for i in ipairs(self.watches) do
            writer:line("    c->watch_%d[k] = -1;", i)
        end
        writer:line "    c->watch_sent[k] = 0;"
        writer:line "}"
        writer:line "watching = 1;"
        for _, item in ipairs(s.list) do
            writer:line("c->watch_%d[k] = %s >= -1e-11;", item.number,
                condition_text(writer, item.condition))
        end
    end
end

-- The frame in which the weights and the flag have their names.
local function weight_frame(self)
    local frame = { flag = { text = "flag" } }
    for i, weight in ipairs(self.weights) do
        frame[weight.variable or weight.name] = { text = ("w[%d]"):format(i - 1) }
    end
    return frame
end

-- The flags of WATCH, which NET_RECEIVE sees.
local function watch_flags(self, writer)
    local lines = {}
    writer.frames = { {} }
    for i, item in ipairs(self.watches) do
        lines[i] = ("    flag = e->flag == hk_watched(%d) ? %s : flag;"):format(i,
            writer:value(item.flag))
    end
    return lines
end

-- Looks at what is watched, once a step.
local function write_watch(self, columns, hoisted)
    local writer = writer_for(self)
    local lines = self.hooks_text
    local function say(format, ...)
        lines[#lines + 1] = select("#", ...) > 0 and format:format(...) or format
    end
    say("HK_ON(%s, watch) {", self.prefix)
    say "    for (uint32_t k = 0; k < b->n; k++) {"
    local on = {}
    for i in ipairs(self.watches) do
        on[i] = ("c->watch_%d[k] < 0"):format(i)
    end
    say("        if (%s)", table.concat(on, " && "))
    say "            continue;"
    load(self, say, columns, hoisted, "        ", "e->t")
    say "        (void)m;"
    say "        struct hk_event mine = *e;"
    say "        mine.instance = k;"
    for i, item in ipairs(self.watches) do
        writer.frames = { {} }
        say("        if (c->watch_%d[k] >= 0) {", i)
        say("            const double value = %s;", condition_text(writer, item.condition))
        say("            if (value > 0 && c->watch_%d[k] == 0) {", i)
        say("                c->watch_sent[k] = hk_sent_mark(c->watch_sent[k], %d, 1);", i)
        say("                e->host->send(&mine, e->t, hk_watched(%d));", i)
        say "            }"
        say("            c->watch_%d[k] = value > 0;", i)
        say "        }"
    end
    say "    }"
    say "}"
    say ""
end

-- What goes out does so now.
local function net_event(w, s)
    local when = s.args[1]
    if not when or when.kind ~= "name" or when.name ~= "t" then
        error({ unsupported = "an event goes out at the time of the event that sends it, "
            .. "net_event(t): for a later one send an event to itself with net_send, and call "
            .. "net_event(t) when it arrives", at = s.at }, 0)
    end
    w:line "e->host->emit(e);"
end

local function write_on(self, hook, body, frame, before, columns, hoisted)
    local writer, lists = writer_for(self), { body }
    local flags
    if hook == "receive" and #self.watches > 0 then
        flags = watch_flags(self, writer)
    end
    writer.lines, writer.depth, writer.frames = {}, 1, { frame, {} }
    writer.events = { net_send = net_send(self, self.moves), net_move = net_move,
        net_event = net_event }
    writer.more = { for_netcons = for_netcons, watch = watch(self) }
    writer:body(body)
    writer.events, writer.more = nil, nil
    local lines = {}
    local function say(format, ...)
        lines[#lines + 1] = select("#", ...) > 0 and format:format(...) or format
    end
    say("HK_ON(%s, %s) {", self.prefix, hook)
    say "    const uint32_t k = e->instance;"
    for _, line in ipairs(before) do
        say(line)
    end
    local at_start = hook == "start" or hook == "connect"
    load(self, say, columns, hoisted, "    ", at_start and "0" or "e->t")
    say "    (void)m;"
    for _, line in ipairs(flags or {}) do
        say(line)
    end
    for _, line in ipairs(writer.lines) do
        say(line)
    end
    store(self, say, columns, lists, "    ")
    say "}"
    say ""
    table.move(lines, 1, #lines, #self.hooks_text + 1, self.hooks_text)
end

local function receive_head(self)
    local before = {}
    if #self.weights > 0 then
        before[#before + 1] = ("    double none[%d] = {0};"):format(#self.weights)
        before[#before + 1] = "    double *w = e->weight ? e->weight : none;"
        before[#before + 1] = "    (void)w;"
    end
    if #self.watches > 0 then
        before[#before + 1] = "    int watching = 0;"
        before[#before + 1] = "    (void)watching;"
    end
    if self.moves then
        before[#before + 1] = "    double flag = e->flag;"
        before[#before + 1] = "    if (flag != 0 && flag < hk_watched(1)) {"
        before[#before + 1] = "        double number = hk_sent_number(flag);"
        before[#before + 1] = "        if (hk_sent_is(c->sent_marks[k], number)) {"
        before[#before + 1] = "            c->sent_marks[k] = hk_sent_mark(c->sent_marks[k], "
            .. "number, 0);"
        before[#before + 1] = "            return;"
        before[#before + 1] = "        }"
        before[#before + 1] = "        flag = (flag - number - 1) / 64;"
        before[#before + 1] = "    }"
    else
        before[#before + 1] = "    double flag = e->flag;"
    end
    for i, item in ipairs(self.watches) do
        local _ = item
        before[#before + 1] = ("    if (e->flag == hk_watched(%d)) {"):format(i)
        before[#before + 1] = ("        if (!hk_sent_is(c->watch_sent[k], %d))"):format(i)
        before[#before + 1] = "            return;"
        before[#before + 1] = ("        c->watch_sent[k] = hk_sent_mark(c->watch_sent[k], %d, 0);")
            :format(i)
        before[#before + 1] = "    }"
    end
    before[#before + 1] = "    (void)flag;"
    return before
end

--- Writes what the statements need, then the hooks of events; adds these to the list of hooks.
function Events:write(out, columns, hoisted, hooks)
    self.hooks_text = {}
    local p = self.p
    if p.net_receive then
        writer_for(self)
        write_on(self, "receive", p.net_receive.body, weight_frame(self), receive_head(self),
            columns, hoisted)
        hooks[#hooks + 1] = "receive"
        if self.starts then
            write_on(self, "start", p.initial.body, {}, {}, columns, hoisted)
            hooks[#hooks + 1] = "start"
        end
        if #self.watches > 0 then
            write_watch(self, columns, hoisted)
            hooks[#hooks + 1] = "watch"
        end
        if self.net_initial then
            write_on(self, "connect", self.net_initial.body, weight_frame(self),
                { "    double *w = e->weight;", "    const double flag = 0;",
                    "    (void)w, (void)flag;" }, columns, hoisted)
            hooks[#hooks + 1] = "connect"
        end
    end
    if not self.writer then
        return
    end
    p.libm = p.libm or self.writer.libm
    write_struct(self, out)
    for _, list in ipairs { self.writer.written or {}, self.text or {}, self.kernels or {},
        self.hooks_text } do
        for _, line in ipairs(list) do
            out(line)
        end
    end
end

return c_events
