# SPDX-License-Identifier: BSD-3-Clause
# hillock run --profile: what the table tells, when it comes, and that it changes nothing.
. "$HILLOCK_SOURCE/tests/tap.sh"

h=$HILLOCK_BUILD/hillock
cd "$tmp" || exit 1
unset HILLOCK_LUA HILLOCK_PLUGINS

run() {
    "$@" >out 2>err
    status=$?
    out=$(cat out)
    err=$(cat err)
}

cat >model.lua <<'END'
local hk = require "hillock"
local shape = hk.ball_and_stick { soma = { L = 20, diam = 20 }, dend = { L = 300, diam = 2 } }
local type = hk.cell { name = "P", morphology = shape, nseg = 5, Ra = 100, cm = 1 }
type:insert("pas", { g = 1e-4, e = -65 })
type:region "soma":insert "hh"
type:insert "CaHVA"
type:insert "CaDyn"

return function(options)
    options.celsius = 6.3
    local net = hk.network(options)
    local cells = net:population("P", 6, type)
    net:stimulate(cells, { count = 30, synapse = { "ExpSyn", tau = 2 }, at = hk.anywhere, weight = 0.003, delay = 1,
        input = { "Poisson", rate = { { 0, 200, 40 } } } })
    net:connect(cells, cells, { rule = hk.all(), from = "soma(0.5)", synapse = { "Exp2Syn", tau1 = 1, tau2 = 5 },
        at = "dend", weight = 0.001, delay = 2 })
    net:add(cells "soma(0.5)", { "IClamp", delay = 10, dur = 5, amp = 0.2 })
    net:record("v", { cells, at = "soma(0.5)", every = 0.1 })
    net:record("spikes", { cells })
    return net
end
END
cat >run.lua <<'END'
local make = require "model"
local net = make { group = 2, threads = tonumber(arg[1]) }
local result = net:run(100)
for i, t in ipairs(result:spikes().t) do
    print(t, result:spikes().cell[i])
end
for i = 1, 6 do
    for k = 1, #result.v[i], 50 do
        print(("%a"):format(result.v[i][k]))
    end
end
END

# ---- the table

for threads in 1 2; do
    run "$h" run run.lua $threads
    is "$threads threads, no profile: nothing on standard error" "$status $err" "0 "
    plain=$out
    run "$h" run --profile run.lua $threads
    is "$threads threads: the same bits with and without a profile" "$status $out" "0 $plain"
    ok "which are some" test "$(wc -l <out)" -gt 50
    has "the whole time" "$err" "profile: "
    has "the network" "$err" "network 1: 6 cells, 60 compartments, "
    has "its steps and spikes" "$err" "1 run, 4000 steps of 0.025 ms, "
    for phase in "channels: currents" "channels: states" "synapses and clamps: currents" \
        "synapses and clamps: states" "synapses and clamps: events" "ion pools and Nernst" \
        "v at synapses and clamps" "clearing and adding up currents" "matrix assembly" "matrix solution" "test of v" \
        "detection of spikes" "sampling" "delivery of events" "events of inputs" "exchange of spikes" "recorders" \
        "initialisation" "other" "sum"; do
        ok "phase: $phase" grep -Eq "^  $phase +[0-9.]+ +[0-9.]+ +[0-9.]+\$" err
    done
    for mechanism in pas hh CaHVA CaDyn ExpSyn Exp2Syn IClamp; do
        ok "mechanism: $mechanism" grep -Eq "^  $mechanism +(channel|point)( +[0-9.]+){8}\$" err
    done
    ok "no other mechanism" test "$(grep -Ec '^  [A-Za-z0-9]+ +(channel|point)( +[0-9.]+){8}$' err)" -eq 7
    # Each line is rounded to 0.00005 s and 0.05 %.
    ok "the sum is that of the lines, and all" awk '
        /^  phase / { on = 1; next }
        on && $1 == "sum" { seen = 1; differs = s - $(NF - 2)
            if (differs > 0.002 || differs < -0.002 || $(NF - 1) < 90 || $(NF - 1) > 110) bad = 1
            exit }
        on { s += $(NF - 2) }
        END { exit bad || !seen }' err
    has "groups" "$err" "  3 groups of 2 cells; a step touches "
    ok "their bytes, against the caches where they are known" \
        grep -Eq 'touches [0-9]+ KB of the greatest(; caches: L1 [0-9.]+ [KM]B.*)?$' err
    case $threads in
    1) is "one thread has nobody to wait for" "$(grep -c 'waiting of threads' err)" 0 ;;
    2) ok "two threads wait" grep -Eq '^  waiting of threads +[0-9.]+ ' err
        ok "and are told how busy they are" grep -Eq '^  2 threads busy: [0-9.]+, [0-9.]+ %$' err ;;
    esac
done

# ---- when it comes

cat >fail.lua <<'END'
local net = require "model" {}
net:run(5)
error "no more"
END
run "$h" run --profile fail.lua
has "a script that fails has its table" "$status $err" "1 profile: "
has "with what has run" "$err" "1 run, 200 steps"
is "before the error" "$(tail -n 1 err)" "hillock: fail.lua:3: no more"

cat >exit.lua <<'END'
local net = require "model" {}
net:run(5)
os.exit(3)
END
run "$h" run --profile exit.lua
has "one that leaves by os.exit too" "$status $err" "3 profile: "
is "once" "$(grep -c '^profile: ' err)" 1

cat >several.lua <<'END'
local make = require "model"
make { seed = 1 }:run(5)
for seed = 2, 3 do
    local net <close> = make { seed = seed }
    net:run(5)
    net:run(5)
    net:continue(5)
end
make {}:build()
make { profile = false }:run(5)
local net = make { seed = 4 }
net:run(5)
net:close()
collectgarbage()
collectgarbage()
print(net ~= nil)
END
run "$h" run --profile several.lua
is "each network that ran, and was not left out; also one that was collected" \
    "$status $(sed -n 's/^\(network [0-9]*\):.*/\1/p' err | tr '\n' ' ')" \
    "0 network 1 network 2 network 3 network 6 "
is "runs before a reset count" "$(grep -c '^  3 runs, 600 steps' err)" 2

cat >many.lua <<'END'
local make = require "model"
for seed = 1, 13 do
    make { seed = seed }:run(1):recording "v"
end
END
run "$h" run --profile many.lua
is "ten of many" "$status $(grep -c '^network' err)" "0 10"
has "and how many more" "$err" "and 3 networks more that ran for less"

cat >map.lua <<'END'
local hk = require "hillock"
local rest = hk.map({ 1, 2, 3 }, function(n)
    local net <close> = require "model" { seed = n }
    return net:run(5).v[1]:max() < 100 and net.profile == nil
end)
print(rest[1], rest[2], rest[3])
END
run "$h" run --profile map.lua
is "networks on the threads of hk.map are not measured" "$status $out" "0 true	true	true"
has "and the table says so" "$err" "no network ran (those in functions of hk.map are not shown)"

cat >interrupted.lua <<'END'
local net = require "model" {}
net:run(1)
io.open("ready", "w"):close()
net:continue(1e9)
END
if grep -q __tsan_init "$h"; then
    for i in 1 2; do skip "the thread sanitizer holds signals back until a system call"; done
else
    "$h" run --profile interrupted.lua >out 2>err &
    pid=$!
    i=0
    while ! [ -e ready ] && [ $i -lt 200 ]; do
        sleep 0.05
        i=$((i + 1))
    done
    kill -INT "$pid"
    (sleep 60 && kill -KILL "$pid") >/dev/null 2>&1 &
    watchdog=$!
    wait "$pid"
    status=$?
    kill "$watchdog" 2>/dev/null
    is "Ctrl-C: the table, then why it ended" "$status $(sed -n 's/^profile: .*/table/p' err) $(
        tail -n 1 err | grep -c 'interrupted')" "130 table 1"
    has "of what has run" "$(cat err)" "6 cells, 60 compartments"
fi

# ---- from a script

cat >field.lua <<'END'
local make = require "model"
local plain, net = make {}, make { profile = true }
plain:run(1)
print(plain.profile, net.profile)
net:run(10)
local p, sum, names = net.profile, 0, {}
for _, phase in ipairs(p.phases) do
    sum = sum + phase.s
end
for i, m in ipairs(p.mechanisms) do
    names[i] = m.name .. " " .. m.kind .. " " .. m.instances
    assert(math.type(m.events) == "integer" and m.current_s + m.advance_s + m.receive_s >= 0)
end
print(p.runs, p.steps, p.events == net.facts.events, p.spikes == net.facts.spikes, p.compartments)
print(math.abs(sum - p.total_s) < 0.1 * p.total_s, p.run_s >= net.facts.run_s, #p.busy_s, p.groups)
print(table.concat(names, ", "))
print(p.group_bytes > 60 * 8 * 20, p.least_cells, p.most_cells, p.overhead_s > 0, p.build_s > 0)
net:close()
print(pcall(function() return net.profile end))
END
run "$h" run field.lua
is "net.profile: nil without the option, and before the network is built" "$status $(sed -n 1p out)" "0 nil	nil"
is "its counts" "$(sed -n 2p out)" "1	400	true	true	60"
is "its sums" "$(sed -n 3p out)" "true	true	1	1"
has "its mechanisms" "$(sed -n 4p out)" "CaDyn channel 60, "
has "and points" "$(sed -n 4p out)" "IClamp point 6"
is "its groups" "$(sed -n 5p out)" "true	6	6	true	true"
has "of a closed network: an error" "$(sed -n 6p out)" "closed"

# ---- mistakes

echo 'require("hillock").network { profile = 1 }' >wrong.lua
run "$h" run wrong.lua
has "profile = 1" "$status $err" "1 hillock: wrong.lua:1: network: profile: expected true or false, got 1"
run "$h" run --profil model.lua
has "--profil names the nearest" "$status $err" "2 hillock: unknown option '--profil': did you mean '--profile'?"
run "$h" run --profile=all model.lua
has "--profile takes nothing" "$status $err" "2 hillock: option '--profile' does not take arguments"
run "$h" run --quite model.lua
has "--quite names the nearest" "$status $err" "2 hillock: unknown option '--quite': did you mean '--quiet'?"
run "$h" run --quiet=1 model.lua
has "--quiet takes nothing" "$status $err" "2 hillock: option '--quiet' does not take arguments"
run "$h" run --help
has "--help tells of --profile" "$out" "--profile"
has "and of --quiet" "$out" "--quiet"
echo 'print "here"' >nothing.lua
run "$h" run --profile nothing.lua
is "a script without networks" "$status $out" "0 here"
has "has the time of the script alone" "$err" "no network ran"
run "$h" run --profile nosuch.lua
is "a script that is not there has no table" "$status $err" \
    "1 hillock: cannot read the script nosuch.lua: No such file or directory"

finish
