-- SPDX-License-Identifier: BSD-3-Clause
-- Every case of this folder in one table:
--
--     build/hillock run tests/bench/run.lua [--quick] [--large] [--markdown] [--rounds N] [WORD...]
--
-- runs those whose name holds one of the words, or all, in turn, three rounds of it (--rounds), and
-- prints the best of each: the processor's time of the build, script included, the clock's time of
-- a compartment and step, its ratios to the first line and to the ruler's (below), the model's
-- memory and the most that the process had. All but the second line's have one kernel a cell type.
-- --quick: one round, without the cases of seconds. --large: 10 000 cells, too, which takes
-- minutes. --markdown: for README.md.
--
-- The reference network is that of $HILLOCK_REFERENCE (../shared/reference beside the
-- repository), or, where that is missing, one like it that is drawn. The ruler, where it is there,
-- is the program in $HILLOCK_RULER (../shared/limit) that does the reference network and nothing
-- else, with one kernel for all mechanisms ("fused") and with one for each ("split").

local here = arg[0]:match("^(.*)/[^/]*$") or "."
local shared = here .. "/../../../shared"

local function exists(path)
    local file = io.open(path)
    return file and file:close()
end

local reference = (os.getenv "HILLOCK_REFERENCE" or shared .. "/reference") .. "/park2019"
local has_reference = exists(reference .. "/network/background.csv")
local ruler = os.getenv "HILLOCK_RULER" or shared .. "/limit"
local has_ruler = exists(ruler .. "/run.sh")
local instance = has_reference and reference or "drawn"

-- What is run: a name, the script, WHAT, cells, ms of a run; with one thread and with two. slow: in
-- seconds; large: in minutes.
local network = "reference kind"
local cases = {
    { network, "network", instance, 10, 500, both = true },
    { "the same, plugin by plugin", "network", instance, 10, 100, apart = true },
    { network, "network", instance, 100, 100, both = true },
    { network, "network", instance, 1000, 20, both = true, slow = true },
    { network, "network", instance, 10000, 10, both = true, large = true },
    { "v of all segments recorded", "dense", instance, 10, 100 },
    { "128 unlike synapses a compartment", "synapses", "unlike", 10, 50 },
    { "128 like synapses a compartment", "synapses", "alike", 10, 50 },
    { "each cell a shape of its own", "shapes", "varied", 100, 50, both = true },
    { "one full cell", "shapes", reference .. "/l23_full.swc", 1, 200, reference = true },
    { "one tree", "shapes", "tree", 1, 20 },
    { "rings, hh, one compartment", "ring", "point", 1000, 100, both = true },
    { "rings, hh, soma and dendrite", "ring", "stick", 1000, 50 },
}

-- ---- arguments

local function read_arguments(words)
    local options, i = { words = {}, rounds = 3 }, 1
    local flags = { ["--quick"] = "quick", ["--large"] = "large", ["--markdown"] = "markdown" }
    while i <= #words do
        local word = words[i]
        if flags[word] then
            options[flags[word]] = true
        elseif word == "--rounds" then
            i = i + 1
            options.rounds = math.tointeger(tonumber(words[i] or ""))
                or error("--rounds: a whole number must follow", 0)
        elseif word:find "^%-" then
            error(word .. ": one of --quick, --large, --markdown, --rounds N", 0)
        else
            table.insert(options.words, word)
        end
        i = i + 1
    end
    options.rounds = options.quick and 1 or math.max(1, options.rounds)
    return options
end

local function wanted(case, options)
    if case.slow and options.quick or case.large and not options.large
        or case.reference and not has_reference then
        return false
    end
    for _, word in ipairs(options.words) do
        if case[1]:find(word, 1, true) then
            return true
        end
    end
    return #options.words == 0
end

-- The lines of the table: { case =, threads =, best = }.
local function lines_of(options)
    local lines = {}
    for _, case in ipairs(cases) do
        for threads = 1, wanted(case, options) and (case.both and 2 or 1) or 0 do
            table.insert(lines, { case = case, threads = threads, best = {} })
        end
    end
    return lines
end

-- ---- measuring

local function quote(text)
    return "'" .. text:gsub("'", "'\\''") .. "'"
end

local function output_of(command)
    local pipe = assert(io.popen(command))
    local text = pipe:read "a"
    if not pipe:close() then
        error("failed: " .. command, 0)
    end
    return text
end

-- The command that runs this script.
local function hillock()
    local i = 0
    while arg[i - 1] do
        i = i - 1
    end
    return arg[i]
end

-- Keeps the least of each figure, which is the best, and what does not change.
local function measure(line)
    local case = line.case
    local words = {
        hillock(), "run", ("%s/%s.lua"):format(here, case[2]), case[3], case[4], line.threads,
        case.large and 1 or 2, case[5],
    }
    for i, word in ipairs(words) do
        words[i] = quote(tostring(word))
    end
    local units = case.apart and "HILLOCK_UNITS=0 " or "HILLOCK_UNITS=1 "
    for name, value in output_of(units .. table.concat(words, " ")):gmatch "(%a[%w_]*) (%S+)" do
        line.best[name] = math.min(line.best[name] or math.huge, tonumber(value))
    end
end

local function build_ruler(folder)
    if has_ruler then
        output_of(("sh %s %s"):format(quote(ruler .. "/run.sh"), folder))
        return { fused = math.huge, split = math.huge }
    end
end

local function measure_ruler(figures, folder)
    for name, least in pairs(figures) do
        local said = output_of(("cd %s && %s/%s reps=2"):format(quote(ruler), folder, name))
        local ns = tonumber(said:match "([%d.]+) ns/comp%-step")
        figures[name] = math.min(least, ns or error("the ruler's output is not as it was", 0))
    end
end

-- ---- the table

local columns = {
    { "cells", "%d", function(best) return best.cells end },
    { "compartments", "%d", function(best) return best.compartments end },
    { "threads", "%d", function(best) return best.threads end },
    { "build, ms", "%.1f", function(best) return best.build_s * 1e3 end },
    { "ns", "%.2f", function(best) return best.ns end },
    { "/ first", "%.2f", function(best, first) return best.ns / first end },
    { "/ ruler", "%.2f", function(best, _, ruled) return ruled and best.ns / ruled.fused end },
    { "B a compartment", "%.0f", function(best) return best.bytes end },
    { "peak, MB", "%.0f", function(best) return best.peak_mb end },
}

local function rows_of(lines, figures)
    local rows = { { "case" } }
    for _, column in ipairs(columns) do
        table.insert(rows[1], column[1])
    end
    for _, line in ipairs(lines) do
        local row = { line.case[1] }
        for _, column in ipairs(columns) do
            local value = column[3](line.best, lines[1].best.ns, figures)
            table.insert(row, value and column[2]:format(value) or "-")
        end
        table.insert(rows, row)
    end
    return rows
end

local function print_markdown(rows)
    for i, row in ipairs(rows) do
        print("| " .. table.concat(row, " | ") .. " |")
        if i == 1 then
            print("| --- |" .. (" ---: |"):rep(#row - 1))
        end
    end
end

local function print_plain(rows)
    local width = {}
    for _, row in ipairs(rows) do
        for j, text in ipairs(row) do
            width[j] = math.max(width[j] or 0, #text)
        end
    end
    for _, row in ipairs(rows) do
        local padded = {}
        for j, text in ipairs(row) do
            padded[j] = j == 1 and text .. (" "):rep(width[j] - #text)
                or (" "):rep(width[j] - #text) .. text
        end
        print(table.concat(padded, "  "))
    end
end

local function processor()
    local file = io.open "/proc/cpuinfo"
    local name = file and file:read "a":match "model name%s*: ([^\n]*)"
    if file then
        file:close()
    end
    return name or "an unknown processor"
end

local options = read_arguments { ... }
local lines = lines_of(options)
if #lines == 0 then
    error("no case has such a name", 0)
end
local folder = output_of "mktemp -d":gsub("\n$", "")
local figures = build_ruler(folder)
for _ = 1, options.rounds do
    for _, line in ipairs(lines) do
        measure(line)
    end
    if figures then
        measure_ruler(figures, folder)
    end
end
os.execute("rm -r " .. quote(folder))

local rows = rows_of(lines, figures);
(options.markdown and print_markdown or print_plain)(rows)
print()
print(("%s, %s, best of %d"):format(processor(), os.date "%Y-%m-%d", options.rounds))
if figures then
    print(("ruler: %.2f ns fused, %.2f ns split"):format(figures.fused, figures.split))
else
    print("no ruler in " .. ruler)
end
if not has_reference then
    print("no reference in " .. reference .. ": the network is drawn")
end
