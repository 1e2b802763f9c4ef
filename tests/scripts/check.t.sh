# SPDX-License-Identifier: BSD-3-Clause
# The commands that apply a protocol to a model: run, check, protocol, sweep.
. "$HILLOCK_SOURCE/tests/tap.sh"

h=$HILLOCK_BUILD/hillock
cd "$tmp" || exit 1

# run COMMAND... : $status, $out and $err.
run() {
    "$@" >out 2>err
    status=$?
    out=$(cat out)
    err=$(cat err)
}
mkdir models
cat >models/ball.lua <<'END'
local hk = require "hillock"
return {
    parameters = { gnabar = 0.12, passive = false },
    cell = function(p)
        local cell = hk.cell { name = "ball", morphology = hk.compartment { L = 20, diam = 20 } }
        cell:insert("hh", { gnabar = p.passive and 0 or p.gnabar })
        return cell
    end,
}
END
cat >models/step.lua <<'END'
return {
    protocol = 1, name = "step", model = "ball.lua", celsius = 6.3, duration = 60,
    clamps = { { "IClamp", at = "soma(0.5)", delay = 5, dur = 50, amp = "0.2 nA" } },
    record = { { "v", at = "soma(0.5)", every = 1 }, { "spikes", threshold = 0 } },
    checks = { { "spike_count", min = 1, name = "it fires" } },
}
END

# ---- run

run "$h" run models/step.lua
has "a file that gives a table with the key protocol is one" "$status $out" "0 protocol step of 60 ms"
has "a line a check" "$out" "ok   it fires: "
is "its results are in a folder of its name" "$(echo step.results/*)" \
    "step.results/manifest.json step.results/network.json step.results/spikes.csv step.results/v.csv"
has "with a manifest that says what it was" "$(tr -d ' \n' <step.results/manifest.json)" '"kind":"protocol"'
has "and has the protocol with all defaults" "$(cat step.results/manifest.json)" '"threshold": 0'
run "$h" run models/step.lua --set 'clamps[1].amp=0 pA' --results other
has "options may come after it; a check that fails: status 1" "$status $out" "1 protocol step"
has "and its line" "$out" "FAIL it fires: 0 (expected at least 1)"
ok "--results" test -s other/v.csv
run "$h" run --parameter passive=true --no-manifest models/step.lua
has "--parameter" "$status $out" "1 protocol step"
has "the manifest of before was left alone" "$(cat step.results/manifest.json)" '"passed": true'
run "$h" protocol models/step.lua --output models/step.json
is "protocol --output" "$status $out$err" "0 "
run "$h" run models/step.json --no-manifest
has "JSON" "$status $out" "0 protocol step of 60 ms"
cp models/ball.lua models/other.lua
sed 's/model = "ball.lua",//' models/step.lua >free.protocol.lua
run "$h" run free.protocol.lua
has "no model" "$status $err" "1 hillock: free.protocol.lua: model: it names no model"
ok "leaves no folder" test ! -e free.results
run "$h" run free.protocol.lua --model models/other.lua
has "--model" "$status $out" "0 protocol step of 60 ms"
run "$h" run free.protocol.lua --model models/none.lua
has "no such model" "$status $err" "1 hillock: model: cannot read models/none.lua: No such file"
run "$h" run free.protocol.lua more
has "a protocol takes no arguments" "$status $err" "takes no arguments such as 'more'"
echo 'print("protocol", ...)' >script.lua
run "$h" run script.lua --model x
is "a script's arguments are its own" "$status $out" "0 protocol	--model	x"
run "$h" run --set a=1 script.lua
has "what is for protocols is not for scripts" "$status $err" "1 hillock: --set is for protocols, and script.lua is a script"
echo 'local hk = require "hillock" return { protocol = 1 }' >hard.lua
run "$h" run hard.lua
is "what requires modules is a script" "$status $out$err" "0 "
run "$h" run free.protocol.lua --set celsius
has "--set without a value" "$status $err" "expected NAME=VALUE, got 'celsius'"
run "$h" run models/step.lua --set clamp=3
has "--set of nothing" "$status $err" "1 hillock: --set: clamp: there is no 'clamp': did you mean 'clamps'?"
run "$h" run models/step.lua --biophys x
has "--biophys without --model" "$status $err" "are for a model that --model names"
rm -rf step.results other

# ---- check

run "$h" check models/step.lua
is "check: nothing is wrong" "$status $out" \
    "0 protocol step of 60 ms: 1 in clamps, 2 in record, 1 in checks: nothing is wrong"
ok "nothing ran" test ! -e step.results
sed 's/soma(0.5)/sona(0.5)/; s/every/evry/' models/step.lua >bad.protocol.lua
run "$h" check bad.protocol.lua --model models/ball.lua
is "check: status 1" "$status $out" "1 "
has "a problem a line" "$err" "bad.protocol.lua:3: clamps[1].at: cell \"ball\" has no section \"sona\"; nearest: \"soma[0]\""
has "all of them" "$err" "bad.protocol.lua:4: record[1]: unknown key 'evry': did you mean 'every'?"
has "and how many" "$err" "hillock: 2 problems"
run "$h" check models/step.lua --set celsius=10 --parameter gnabr=1
has "parameters are checked" "$err" "has no parameter 'gnabr': did you mean 'gnabar'?"
run "$h" check none.lua
has "no such protocol" "$status $err" "cannot read the protocol none.lua"
echo 'while true do end' >loop.protocol.lua
run "$h" check loop.protocol.lua
has "a protocol that would not end" "$status $err" "loop.protocol.lua:1: this takes too long"
echo 'return { protocol = 1, duration = os.time() }' >os.protocol.lua
run "$h" run os.protocol.lua
has "a protocol that does more than data" "$status $err" "os.protocol.lua:1: there is no 'os' in a protocol"

# ---- protocol

run "$h" protocol models/step.lua
has "protocol: JSON of Lua" "$status $out" '"kind": "IClamp"'
cp out a.json
run "$h" protocol a.json
has "protocol: Lua of JSON" "$status $out" '{ "IClamp", amp = "0.2 nA", at = "soma(0.5)"'
cp out a.lua
run "$h" protocol a.lua
ok "there and back" cmp out a.json
run "$h" protocol --resolved --lua models/step.lua
has "protocol --resolved" "$status $out" "parameters = { gnabar = 0.12, passive = false }"
has "with defaults" "$out" "v_init = -65"
run "$h" protocol bad.protocol.lua
has "protocol of what is wrong" "$status $err" "1 hillock: bad.protocol.lua:4: record[1]: unknown key 'evry'"
run "$h" protocol models/step.lua --output no/where.json
has "protocol to nowhere" "$status $err" "no/where.json"

# ---- sweep

run "$h" sweep models/step.lua --over 'clamps[1].amp=0:0.1:0.3' --over parameters.passive=false,true --csv s.csv
has "sweep --csv: status 1 where a check fails" "$status $out" "1 8 runs, 0 failed: s.csv"
is "the table" "$(cut -d, -f1-3 s.csv | tr '\n' ' ')" \
    "run,clamps[1].amp,parameters.passive 1,0,false 2,0,true 3,0.1,false 4,0.1,true 5,0.2,false 6,0.2,true 7,0.3,false 8,0.3,true "
run "$h" sweep models/step.lua --over 'clamps[1].amp=200,300 pA' --threads 1
has "a unit is that of all numbers" "$status $out" "1    200 pA         1     4"
run "$h" sweep models/step.lua --over 'clamps[1].amp=0.2,3 mV' --threads 1
has "a run that fails is told" "$status $out" "2    3 mV           1     -"
has "with its error" "$out" "models/step.lua:3: clamps[1].amp: '3 mV' is no quantity in nA"
for threads in 1 2; do
    run "$h" sweep models/step.lua --over 'clamps[1].amp=0.2,1e9' --parameter gnabar=0.1 \
        --threads $threads --results "swept$threads"
done
is "sweep --results: a folder for each run" "$(cd swept1 && echo *)" \
    "run1 run1.protocol.json run2 run2.protocol.json sweep.csv"
ok "each with a manifest, the same on any number of threads" \
    cmp "$(sed 's/swept2/swept1/g' swept2/run1/manifest.json >other.json && echo other.json)" swept1/run1/manifest.json
has "which has the run's values" "$(tr -d ' \n' <swept1/run1/manifest.json)" '"gnabar":0.1'
run "$h" replay swept1/run1
is "and replays as the same" "$status $out" "0 the same, bit for bit: 2 results"
run "$h" run swept1/run1.protocol.json --model models/ball.lua --results alone
run "$h" diff alone swept1/run1
has "each is what its protocol gives alone" "$status $out" "0 "
has "a run that failed says so" "$(cat swept1/run2/manifest.json)" '"failed": "v is '
run "$h" sweep models/step.lua --over 'clamps[1].amp=100:100:300 pA' --seeds 2 --measure max:of=v
has "sweep: status 0" "$status" "0"
has "with a range in a unit, and seeds" "$(echo "$out" | tr -s ' ')" "
6 300 pA 2 "
has "and a measure" "$out" "max of v"
run "$h" sweep models/step.lua --over 'clamps[1].amp=0:-1:3'
has "a range that leads nowhere" "$status $err" "0:-1:3 does not lead from 0 to 3 in steps of -1"
run "$h" sweep models/step.lua --over amp
has "no range" "$status $err" "--over: expected PATH=FIRST:STEP:LAST or PATH=VALUE,VALUE,..., got 'amp'"
run "$h" sweep models/step.lua --over clamp.amp=1
has "a path that leads nowhere" "$status $err" "clamp.amp: there is no 'clamp': did you mean 'clamps'?"
run "$h" sweep models/step.lua --measure spike_cont
has "a measure that is none" "$status $err" "did you mean 'spike_count'?"
run "$h" sweep models/step.lua --seeds 0
has "no seeds" "$status $err" "expected a whole number from 1, got '0'"

finish
