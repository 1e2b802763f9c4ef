-- SPDX-License-Identifier: BSD-3-Clause
-- compile: plugins from C and from MOD files, several compilers at once, each plugin kept in the
-- cache. A MOD file becomes C first (translate.lua), which is compiled as a source is.

local cache = require "hillock.cache"
local compiler = require "hillock.compiler"
local files = require "hillock.files"
local host = require "hillock.host"
local translate = require "hillock.translate"

local compile = {}

-- What every job of one call needs: the cache and the compiler; nil and why not.
local function find_tools()
    local folder, message = cache.folder()
    if not folder then
        return nil, message
    end
    return { cache = folder }
end

-- The compiler, found when the first job asks; nil and why there is none.
local function find_compiler(tools, source)
    local message
    if not tools.compiler then
        tools.compiler, message = compiler.find()
    end
    if not tools.compiler then
        return nil, ("%s: %s"):format(source, message)
    end
    return tools.compiler
end

-- ---- a job: one file on its way to a plugin

-- Removes what a job has that is not ready.
local function clear(job)
    if job.folder then
        files.remove_folder(job.folder)
        job.folder = nil
    end
end

local function fail(job, message)
    job.failure = message
    clear(job)
end

-- Makes the job's command of what is to be compiled.
local function prepare(job, tools, source)
    job.compiled = source
    job.argv = tools.compiler:command(tools.cache, job.folder, source)
end

-- A C source is compiled where it is, so that what it includes is found beside it.
local function begin_c(job, tools)
    prepare(job, tools, job.source)
end

-- The C of a MOD file is written first.
local function begin_mod(job, tools, options)
    local made, message = translate.text(job.source, job.text, options)
    if not made then
        return fail(job, message)
    end
    local path = ("%s/%s.c"):format(job.folder, job.name)
    local written
    written, message = files.write(path, made.c)
    if not written then
        return fail(job, message)
    end
    job.translated = made
    prepare(job, tools, path)
end

-- The messages of a MOD file that is in the cache.
local function read_messages(job)
    job.messages = {}
    if job.kind == "mod" then
        job.messages, job.warnings = translate.unpack(job.entry:read(job.name .. ".messages") or "",
            job.entry)
    end
end

-- Looks a file up. Without an entry the job gets a command for the compiler.
local function begin(source, tools, options)
    local name, kind = source:match "([^/]+)%.(%l+)$"
    local job = { source = source, name = name, kind = kind }
    if kind ~= "c" and kind ~= "mod" then
        fail(job, ("%s: a plugin's source is called NAME.c or NAME.mod"):format(source))
        return job
    end
    local text, message = files.read(source)
    if not text then
        fail(job, ("cannot read %s"):format(message))
        return job
    end
    local found
    found, message = find_compiler(tools, source)
    if not found then
        fail(job, message)
        return job
    end
    local facts = { found.identity, text }
    if kind == "mod" then
        text = options.suffix and translate.renamed(text, name) or text
        facts[2] = text
        table.insert(facts, 2, translate.identity() .. (options.strict and " strict" or ""))
    end
    job.text = text
    job.entry = cache.entry(tools.cache, kind == "c" and "plugin" or "mod", name, source, facts)
    if job.entry.path and not options.force then
        read_messages(job)
        job.path, job.changed = job.entry.path, false
        return job
    end
    job.folder, message = cache.new_folder(tools.cache)
    if not job.folder then
        fail(job, message)
        return job
    end
    job.began = host.seconds()
    local start = kind == "c" and begin_c or begin_mod
    start(job, tools, options)
    return job
end

-- What is wrong where the compiler ended with another status than 0.
local function failure(job, output)
    if job.kind == "c" then
        return compiler.first_error(output, job.source, job.text)
    elseif compiler.refuses(output) then
        return ("%s: hillock's compiler made C that does not compile: please report this file")
            :format(job.source)
    end
    return compiler.failure(output, job.source)
end

-- Puts what the compiler made into the cache.
local function finish(job, output, status, verbose)
    if verbose then
        io.stderr:write(table.concat(job.argv, " "), "\n", output)
    end
    if status ~= 0 then
        return fail(job, failure(job, output))
    end
    local entry, texts = job.entry, {}
    local includes = job.kind == "mod" and job.translated.includes
        or compiler.includes(job.folder, job.source)
    if job.kind == "c" then
        texts[".c"] = #includes == 0 and job.text or nil
        job.warnings, job.messages = compiler.warnings(output), {}
    else
        local made = job.translated
        texts[".c"], texts[".messages"] = made.c, translate.pack(made.messages, entry)
        job.warnings, job.messages = made.warnings, made.messages
    end
    local path, message = entry:include(includes)
    if path then
        path, message = entry:keep(job.folder .. "/plugin.so", texts)
    end
    if not path then
        return fail(job, message)
    end
    job.path, job.changed, job.seconds = path, true, host.seconds() - job.began
    clear(job)
end

-- Puts a copy of the plugin in a folder.
local function put(job, folder)
    local made, message = files.make_folder(folder)
    local there, new = ("%s/%s.so"):format(folder:gsub("(.)/+$", "%1"), job.name), nil
    if made then
        new, message = files.update(there, files.read(job.path))
    end
    if new == nil then
        job.failure = ("%s: its plugin cannot be put there: %s"):format(job.source, message)
        return
    end
    job.path, job.changed = there, job.changed or new
end

local function result(job, options)
    if not job.failure and options.output then
        put(job, options.output)
    end
    if job.failure then
        return nil, job.failure
    end
    return { path = job.path, name = job.name, changed = job.changed, seconds = job.seconds,
        warnings = job.warnings or 0, messages = job.messages, includes = job.entry:included() }
end

-- ---- many jobs

-- Starts the compiler of a job; nil where that does not work, which is the job's failure.
local function start(job)
    local process, why = host.start(job.argv)
    if not process then
        fail(job, ("%s: the compiler cannot be started: %s"):format(job.source, why))
    end
    return process
end

-- Waits for one of those that run, and takes it out of both lists.
local function wait(running, processes, verbose)
    local i, output, status = host.wait(processes)
    local job = table.remove(running, i)
    table.remove(processes, i)
    finish(job, output, status, verbose)
    job.done = true
end

--- Compiles plugins, or finds them in the cache, as many at once as there are processors.
---@param sources string[] NAME.c and NAME.mod
---@param options table as of compile.build; and suffix = true: mechanisms of MOD files are called
--- as the files, whatever their SUFFIX
---@param done function done(source, plugin, message), in the order of the sources, early
function compile.all(sources, options, done)
    local tools, message = find_tools()
    local jobs, running, processes, said = {}, {}, {}, 0
    local _ <close> = setmetatable({}, { __close = function()
        for _, job in ipairs(jobs) do
            clear(job)
        end
    end })
    local function say()
        while said < #jobs and jobs[said + 1].done do
            said = said + 1
            done(jobs[said].source, result(jobs[said], options))
        end
    end
    for i, source in ipairs(sources) do
        local job = tools and begin(source, tools, options)
            or { source = source, failure = message }
        jobs[i] = job
        while job.argv and not job.failure and #running >= host.processors() do
            wait(running, processes, options.verbose)
        end
        local process = job.argv and not job.failure and start(job)
        if process then
            running[#running + 1], processes[#processes + 1] = job, process
        end
        job.done = not process
        say()
    end
    while #running > 0 do
        wait(running, processes, options.verbose)
        say()
    end
end

--- Compiles a plugin, or finds it in the cache.
---@param source string NAME.c or NAME.mod
---@param options? table { output =, force =, verbose =, strict = } output: a folder for a copy;
--- strict: a MOD file's warnings about units are errors
---@return table? plugin { path =, name =, changed =, seconds =, warnings =, messages =,
--- includes = }
---@return string? message what is wrong, with the file's name and line
--- path: of NAME.so; changed: it was built or copied; seconds: where it was built; warnings: their
--- number, of C only where it was built; messages: the texts, of a MOD file alone; includes: the
--- paths of the user's files that the source includes.
function compile.build(source, options)
    local made, message
    compile.all({ source }, options or {}, function(_, ...)
        made, message = ...
    end)
    return made, message
end

--- The names that a plugin's source may have, sorted, of all in a folder.
---@param names string[]
function compile.sources(names)
    local list = {}
    for _, name in ipairs(names) do
        if name:find "^[^.].*%.c$" or name:find "^[^.].*%.mod$" then
            list[#list + 1] = name
        end
    end
    table.sort(list)
    return list
end

-- ---- units

-- Compiles a unit's text in a folder. True; nil and why not, and whether that will always be so.
local function try_unit(tools, folder, text)
    local source = folder .. "/unit.c"
    local written, message = files.write(source, text)
    if not written then
        return nil, message
    end
    local output, status = host.spawn(tools.compiler:command(tools.cache, folder, source))
    if not output then
        return nil, ("the compiler cannot be started: %s"):format(status)
    elseif status ~= 0 then
        local why = compiler.first_error(output, source, text)
        if why:sub(1, #folder + 1) == folder .. "/" then
            why = why:sub(#folder + 2)
        end
        -- What a compiler says of a line it says again; a compiler that was killed may do better.
        return nil, why, why:find "^[^\n]-:%d+:%d+: "
    end
    local includes = compiler.includes(folder, source)
    if #includes > 0 then
        return nil, ("a plugin's source includes %s: one that includes files has no part in a unit")
            :format(includes[1]), true
    end
    return true
end

--- Compiles a unit, or finds it in the cache. Its text has all that it is made of, so that a source
--- which includes more has none.
---@param text string of core:unit_source
---@return string? path of a shared object
---@return string? message
function compile.unit(text)
    local tools, message = find_tools()
    if not tools then
        return nil, message
    end
    tools.compiler, message = compiler.find()
    if not tools.compiler then
        return nil, message
    end
    local entry = cache.entry(tools.cache, "unit", "unit", "unit.c",
        { tools.compiler.identity, text })
    if entry.path then
        return entry.path
    end
    local failed = entry:read "failed"
    if failed then
        return nil, failed
    end
    local job <close> = setmetatable({}, { __close = clear })
    job.folder, message = cache.new_folder(tools.cache)
    if not job.folder then
        return nil, message
    end
    local fine, why, always = try_unit(tools, job.folder, text)
    if not fine then
        if always then
            entry:write("failed", why)
        end
        return nil, why
    end
    return entry:keep(job.folder .. "/plugin.so", {})
end

return compile
