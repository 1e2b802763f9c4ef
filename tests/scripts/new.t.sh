# SPDX-License-Identifier: BSD-3-Clause
# hillock new: each template compiles without a warning, loads, says what it has, and does what it says in a run.
. "$HILLOCK_SOURCE/tests/tap.sh"

h=$HILLOCK_BUILD/hillock
unset HILLOCK_LUA HILLOCK_PLUGINS
export XDG_CACHE_HOME="$tmp/cache"
mkdir "$tmp/work" && cd "$tmp/work" || exit 1

run() {
    "$@" >../out 2>../err
    status=$?
    out=$(cat ../out)
    err=$(cat ../err)
}

echo 'require("hillock").network {}' >try.lua
if "$h" run try.lua >/dev/null 2>&1; then whole=true; else whole=false; fi

for kind in channel synapse input recorder; do
    name=My$kind
    run "$h" new "$kind" "$name"
    has "new $kind" "$status $out" "0 wrote $name.c ($kind)"
    for cc in gcc clang; do
        if ! command -v $cc >/dev/null; then
            skip "there is no $cc"
            continue
        fi
        ok "$cc takes the $kind without a warning" $cc -std=c11 -O2 -Wall -Wextra -Wconversion -Wshadow \
            -Wdouble-promotion -Wstrict-prototypes -Wmissing-prototypes -Werror -shared -fPIC \
            -fvisibility=hidden -I "$HILLOCK_SOURCE/include" -o plain.so $name.c -lm
    done
    run "$h" compile $name.c
    has "it compiles" "$status $out" "0 compiled $name.c -> "
    ok "in one line, without warnings" test "$(echo "$out" | grep -c ' s)$') $(echo "$out" | wc -l)" = "1 1"
    ok "it has lines of 100 columns at most" awk 'length > 100 { bad = 1 } END { exit bad }' $name.c
    if ! $whole; then
        skip "this build cannot load plugins"
        continue
    fi
    run "$h" info $name.c
    has "info knows the $kind" "$status $out" "0 $name: "
    is "and all its fields are explained" "$(echo "$out" | awk '/^    / && NF < 3')" ""
done

# ---- a MOD file

run "$h" new mod Mymod
has "new mod" "$status $out" "0 wrote Mymod.mod (mod)"
run "$h" compile --strict Mymod.mod
has "it compiles, with no word about units" "$status$err $out" "0 compiled Mymod.mod -> "
ok "it has lines of 100 columns at most" awk 'length > 100 { bad = 1 } END { exit bad }' Mymod.mod
if $whole; then
    run "$h" info Mymod.mod
    has "info knows it" "$status $out" "0 Mymod: a voltage-gated potassium channel"
else
    skip "this build cannot load plugins"
fi
run "$h" new mod STATE
has "a word of NMODL is no name" "$status $err" "2 hillock: 'STATE' cannot be a mechanism's name"
run "$h" new mod sub/x.mod
has "a MOD file is no name" "$status $err" "2 hillock: give the plugin's name, not a file: hillock new ... x"

# ---- names

run "$h" new channel Mychannel
has "what exists is kept" "$status $err" "1 hillock: Mychannel.c exists already: --force overwrites it"
echo >Mychannel.c
run "$h" new channel Mychannel --force
ok "--force overwrites it" test "$status" = 0 -a -s Mychannel.c
for name in 3d a-b _x Na+ naïve ""; do
    run "$h" new channel "$name"
    has "'$name' is no name" "$status $err" "2 hillock: '$name' cannot be a plugin's name"
done
run "$h" new channel sub/x.c
has "a file is no name" "$status $err" "2 hillock: give the plugin's name, not a file: hillock new ... x"
run "$h" new channel "$(printf '%064d' 0 | tr 0 x)"
has "a long name" "$status $err" "2 hillock: a plugin's name has at most 63 letters, this one has 64"
run "$h" new chanel X
has "an unknown kind" "$status $err" "2 hillock: argument 'kind' must be one of 'channel', 'synapse',"
mkdir Dir.c
run "$h" new input Dir --force
has "a file that cannot be written" "$status $err" "1 hillock: cannot write Dir.c: "
for name in int Double hk HK exp; do
    "$h" new synapse $name >/dev/null
    run "$h" compile $name.c
    has "'$name' is a name that compiles" "$status $out" "0 compiled $name.c"
done

# ---- what they do

cat >use.lua <<'END'
local hk = require "hillock"
for _, kind in ipairs { "channel", "synapse", "input", "recorder" } do
    hk.load("My" .. kind .. ".c")
end
hk.load "Mymod.mod"

local function network(mechanism, values)
    local cell = hk.cell { morphology = hk.compartment { L = 20, diam = 20 } }
    cell:insert("pas", { g = 1e-4, e = -65 })
    if mechanism then
        cell:insert(mechanism, values)
    end
    local net = hk.network { celsius = 33, v_init = -65, dt = 0.025, seed = 3 }
    return net, net:population("one", 1, cell)
end

local function near(got, want, within, what)
    assert(math.abs(got - want) <= within, ("%s is %.17g, not %.17g"):format(what, got, want))
end

local parts = {}

-- The gate begins at its steady state, the current is gbar n (v - ek), and towards ek.
function parts.channel(name)
    name = name or "Mychannel"
    local net, cells = network(name, { gbar = 0.01 })
    net:record(name .. ".n", { cells, at = "soma(0.5)" })
    net:record("ik", { cells, at = "soma(0.5)" })
    net:record("v", { cells, at = "soma(0.5)" })
    local result = net:run(200)
    local n, v = result:trace(name .. ".n", 1), result:trace("v", 1)
    local ik = result:trace("ik", 1)
    local function inf(at) return 1 / (1 + math.exp(-(at + 30) / 9)) end
    near(n[1], inf(-65), 1e-12, "n at the start")
    near(n[#n], inf(v[#v]), 1e-9, "n at the end")
    near(ik[1], 0.01 * n[1] * (-65 + 77), 1e-12, "ik at the start")
    assert(v[#v] < -65.5, "potassium's current hyperpolarises")
    -- One step of the gate at the new v: the time constant is that of the comment, 2.3 times faster.
    local tau = 1 + 16 * inf(v[2]) * (1 - inf(v[2]))
    near(n[2], inf(v[2]) + (n[1] - inf(v[2])) * math.exp(-0.025 * 2.3 / tau), 1e-12, "n after a step")
end

function parts.mod()
    parts.channel "Mymod"
end

-- The conductance jumps by the weight, twice, and decays with tau.
function parts.synapse()
    local net, cells = network()
    local points = net:add(cells:segment "soma(0.5)", { "Mysynapse", tau = 3 })
    local input = net:input { "SpikeArray", times = { 1, 4 } }
    net:connect_one(input, points, { weight = 0.002, delay = 1 })
    net:record("g", { points })
    net:record("v", { cells, at = "soma(0.5)" })
    local result = net:run(10)
    local g, v = result:trace("g", 1), result:trace("v", 1)
    local function at(t) return math.floor(t / 0.025 + 0.5) + 1 end
    assert(g[at(1.9)] == 0, "nothing before the event")
    near(g[at(4)], 0.002 * math.exp(-2 / 3), 1e-12, "g after 2 ms")
    near(g[at(8)], 0.002 * (math.exp(-6 / 3) + math.exp(-3 / 3)), 1e-12, "g after two events")
    assert(v[at(5)] > -64, "it depolarises")
end

-- One event in each interval, late by less than jitter of it, and not all by the same.
function parts.input()
    local net = network()
    local inputs = net:inputs(2, { "Myinput", start = 5, interval = 4, jitter = 0.5, number = 20 })
    net:record("inputs", { inputs, to = "csv", path = "events.csv" })
    net:run(100)
    net:close()
    local seen, lates = { 0, 0 }, {}
    for line in io.lines "events.csv" do
        local t, i = line:match "^([%d.]+),(%d+)$"
        if t then
            i = tonumber(i) == 0 and 1 or 2
            local late = (t - 5) / 4 - seen[i]
            assert(late >= -1e-6 and late <= 0.5 + 1e-6, ("an event at %s"):format(t))
            seen[i] = seen[i] + 1
            lates[("%.3f"):format(late)] = true
        end
    end
    assert(seen[1] == 20 and seen[2] == 20, "each makes its number of events")
    local n = 0
    for _ in pairs(lates) do n = n + 1 end
    assert(n > 20, "they differ")
end

-- A line of names, then a line a row.
function parts.recorder()
    local net, cells = network()
    net:record("v", { cells, at = "soma(0.5)", every = 0.5, to = { "Myrecorder", digits = 12 }, path = "v.txt" })
    net:run(2)
    net:close()
    local lines = {}
    for line in io.lines "v.txt" do
        lines[#lines + 1] = line
    end
    assert(lines[1]:find "^t_ms\t", "names: " .. lines[1])
    assert(#lines == 6 or #lines == 5, #lines .. " lines")
    assert(lines[3]:find "^0%.5\t%-65", "a row: " .. lines[3])
end

parts[arg[1]]()
END
for kind in channel synapse input recorder mod; do
    if $whole; then
        ok "the $kind does what it says" "$h" run use.lua $kind
    else
        skip "this build cannot make a network"
    fi
done
cat >fail.lua <<'END'
local hk = require "hillock"
hk.load "Myrecorder.c"
local cell = hk.cell { morphology = hk.compartment { L = 20, diam = 20 } }
local net = hk.network {}
net:record("v", { net:population("one", 1, cell), at = "soma(0.5)", to = "Myrecorder", path = arg[1] })
net:run(1000)
net:flush()
END
if $whole; then
    run "$h" run fail.lua nowhere/v.txt
    has "the recorder says what file it cannot open" "$status $err" "1 hillock: "
    has "and why" "$err" "nowhere/v.txt: No such file or directory"
    run "$h" run fail.lua /dev/full
    has "and that the disk is full" "$status $err" "/dev/full: No space left on device"
else
    for i in 1 2 3; do skip "this build cannot make a network"; done
fi

finish
