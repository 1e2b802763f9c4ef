-- SPDX-License-Identifier: BSD-3-Clause
-- host: programs that run one at a time, and several at once.

local tap = require "tap"
local host = require "hillock.host"

local function sh(text)
    return { "sh", "-c", text }
end

local said, status = host.spawn(sh "echo out; echo err >&2; exit 3")
tap.is(said, "out\nerr\n", "spawn gives what is printed, on both streams")
tap.is(status, 3, "and the exit status")
said, status = host.spawn(sh "kill -9 $$")
tap.is(said .. status, "137", "a signal counts from 128")
local nothing, why = host.spawn { "/no/such/program" }
tap.is(nothing, nil, "what is no program does not start")
tap.is(why, "No such file or directory", "and says why")
nothing, why = host.start { "/no/such/program" }
tap.is(tostring(nothing) .. " " .. why, "nil No such file or directory", "nor with start")
said = host.spawn(sh "cat; head -c 300000 /dev/zero | tr '\\0' x")
tap.is(#said, 300000, "a lot of output, and no input")

-- The second one ends first, since the first waits for it.
local folder = host.temporary "/tmp"
local list = {
    host.start(sh(("until [ -e %s/go ]; do sleep 0.01; done; echo first; exit 1"):format(folder))),
    host.start(sh "head -c 200000 /dev/zero; echo second"),
}
local place
place, said, status = host.wait(list)
tap.is(place .. " " .. #said .. " " .. status, "2 200007 0", "wait gives what ends first")
io.open(folder .. "/go", "w"):close()
place, said, status = host.wait(list)
tap.is(place .. " " .. said .. status, "1 first\n1", "then the other one, of the same list")
local fine, message = pcall(host.wait, list)
tap.ok(not fine and message:find "no process is left to wait for", "then there is none")
fine, message = pcall(host.wait, { 1 })
tap.ok(not fine and message:find "hillock process", "what is no process is refused")
fine = pcall(host.start, { {} })
tap.ok(not fine, "so is what is no argument")

-- One that nobody waits for goes.
local pid = host.spawn(sh "echo $$")
tap.ok(tonumber(pid), "a process has a number")
do
    local process = host.start(sh(("echo $$ >%s/pid; exec sleep 100"):format(folder)))
    local number
    repeat
        local file = io.open(folder .. "/pid")
        number = file and file:read "n"
        if file then
            file:close()
        end
    until number
    local _, there = host.spawn(sh(("kill -0 %d 2>/dev/null"):format(number)))
    tap.ok(process and there == 0, "one that runs is there")
    process = nil
    collectgarbage()
    collectgarbage()
    _, there = host.spawn(sh(("kill -0 %d 2>/dev/null"):format(number)))
    tap.ok(process == nil and there ~= 0, "one that is collected is ended")
end
os.remove(folder .. "/go")
os.remove(folder .. "/pid")
os.remove(folder)
tap.ok(host.processors() >= 1, "there is a processor")
tap.done()
