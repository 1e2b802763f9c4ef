# SPDX-License-Identifier: BSD-3-Clause
# hillock replay and hillock diff: the same is told from what differs, what has changed is found, and nothing of the
# user's is written over.
. "$HILLOCK_SOURCE/tests/tap.sh"

h=$HILLOCK_BUILD/hillock
cd "$tmp" || exit 1
TMPDIR=$tmp/scratch
mkdir "$TMPDIR"
export TMPDIR
run() {
    "$@" >"$tmp/.out" 2>"$tmp/.err"
    status=$?
    out=$(cat "$tmp/.out")
    err=$(cat "$tmp/.err")
}

# ---- every example, on one and on two threads; with HILLOCK_QUICK those with hk.map and the network

for script in "$HILLOCK_SOURCE"/examples/*.lua; do
    name=$(basename "$script" .lua)
    case ${HILLOCK_QUICK-}$name in 1fi_curve | 1network | 1sweep) ;; 1*) continue ;; esac
    mkdir -p "examples/$name"
    if ! (cd "examples/$name" && "$h" run --results r "$script" >/dev/null); then
        ok "examples/$name.lua runs" false
        continue
    fi
    results=$("$h" run --no-manifest - "examples/$name/r/manifest.json" <<'END_LUA'
local value = require "hillock.json".parse(io.open(arg[1]):read "a")
local n = 0
for _, network in ipairs(value.networks) do
    for _, run in ipairs(network.runs) do
        n = n + #run.results
    end
end
print(n == 1 and "1 result" or n .. " results")
END_LUA
    )
    for threads in 1 2; do
        run "$h" replay --threads $threads "examples/$name/r"
        is "examples/$name.lua gives the same on $threads" "$status $out$err" "0 the same, bit for bit: $results"
    done
done
is "nothing is left of the replays" "$(ls -A "$TMPDIR")" ""

# ---- a model with files in several folders

mkdir -p project/cells project/mods project/out project/bin
cat >project/cells/cell.swc <<'END_SWC'
1 1 0 0 0 10 -1
2 1 20 0 0 10 1
END_SWC
cat >project/mods/leak.mod <<'END_MOD'
NEURON { SUFFIX Drip NONSPECIFIC_CURRENT i RANGE g }
PARAMETER { g = 0.0001 (S/cm2) }
UNITS { (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) }
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT { i = g*(v + 60 (mV)) }
END_MOD
printf 'time\n2\n6\n' >project/times.csv
cat >project/bin/model.lua <<'END_LUA'
local hk = require "hillock"
local scale = require "scale"
hk.load "mods"
local cell = hk.cell { morphology = "cells/cell.swc" }
cell:insert "hh"
cell:insert "Drip"
local net = hk.network { celsius = 6.3, seed = 1 }
local cells = net:population("P", 2, cell)
local synapses = net:add(cells "soma(0.5)", { "ExpSyn", tau = 2, e = 0 })
local input = net:input { "SpikeArray", times = hk.read_csv("times.csv").time }
net:connect_one(input, synapses, { weight = 0.02 * scale, delay = 1 })
net:stimulate(cells, { count = 5, synapse = { "ExpSyn", tau = 2, e = 0 }, at = hk.anywhere, weight = 0.003,
    delay = 1, input = { "Poisson", rate = { { 0, 20, 50 } } } })
net:record("v", { cells, at = "soma(0.5)" })
net:record("spikes", { cells, threshold = 0 })
net:record("v", { cells, at = "soma(0.5)", path = arg[1], name = "file" })
net:run(20)
net:close()
print("printed", #hk.read_csv(arg[1]).t_ms)
END_LUA
echo 'return 1' >project/bin/scale.lua
cd project || exit 1
run "$h" run --results r bin/model.lua out/v.csv
is "a model with modules, shapes, MOD files and data runs" "$status $err" "0 "
run "$h" replay r
is "and gives the same again" "$status $out$err" "0 the same, bit for bit: 3 results"
run "$h" replay --verbose r/manifest.json
has "--verbose shows what it prints" "$status $out" "0 printed	801"
is "from anywhere" "$(cd .. && "$h" replay project/r 2>&1)" "the same, bit for bit: 3 results"
mv ../project ../moved && cd ../moved || exit 1
run "$h" replay r
is "also where all has been moved" "$status $out$err" "0 the same, bit for bit: 3 results"
run "$h" replay --keep again r
ok "--keep keeps the results" cmp again/v.csv r/v.csv
run "$h" run bin/model.lua out/v.csv
run "$h" replay out/manifest.json
is "without a results folder: files by their bytes, the rest by its hash" "$status $out$err" \
    "0 the same, bit for bit: 3 results"

# ---- what has changed

changed() { # changed NAME FILE ROLE : the file is another for a moment
    cp "$2" kept
    echo >>"$2"
    run "$h" replay r
    is "a changed $3 is told" "$status $out $err" \
        "2 changed: the $3 $PWD/$2 has changed hillock: what the run read is not as it was (--anyway runs it all the same)"
    run "$h" replay --anyway r
    has "--anyway replays it ($1)" "$status $(echo "$out" | tail -n 1)" "0 the same"
    mv kept "$2"
}
changed script bin/model.lua script
changed module bin/scale.lua module
changed shape cells/cell.swc morphology
changed MOD mods/leak.mod mechanism
changed data times.csv data
mv times.csv kept
run "$h" replay r
has "a file that is gone" "$status $out" "2 changed: the data $PWD/times.csv is not there"
mv kept times.csv

sed 's/seed = 1/seed = 2/' bin/model.lua >kept && mv bin/model.lua model.kept && mv kept bin/model.lua
run "$h" replay --anyway r
is "another seed" "$status $(echo "$out" | tail -n 1)" "1 different: seed was 1, is 2"
mv model.kept bin/model.lua
echo 'return 1.25' >bin/scale.lua
run "$h" replay --anyway r
# The event at 2 ms arrives at 3 and works from the step that begins there.
has "another weight: the first difference in time" "$status $(echo "$out" | tail -n 1)" \
    "1 different: v differs: cell0.soma[0](0.5).v at t = 3.025 ms: "
run "$h" replay --anyway out/manifest.json
has "of memory alone, no more can be said" "$status $(echo "$out" | tail -n 1)" \
    "1 different: v differs: only its hash was kept, so that where cannot be said (hillock run --results keeps the numbers)"
echo 'return 1' >bin/scale.lua
echo 'error "now"' >>bin/model.lua
run "$h" replay --anyway r
is "a run that fails now" "$status $(echo "$out" | tail -n 1)" \
    "1 different: the run fails: bin/model.lua:20: now"
sed -i '$d' bin/model.lua

cp r/v.csv kept
awk -F , -v OFS=, 'NR == 102 { $2 = -1 } { print }' kept >r/v.csv
run "$h" replay r
has "an altered result" "$status $out" "1 different: $PWD/r/v.csv has been altered since the run: cell0.soma[0](0.5).v at t = 2.5 ms: "
has "with both values" "$out" " and -1, "
mv kept r/v.csv
cp r/spikes.csv kept
awk -F , -v OFS=, 'NR == 3 { next } NR == 2 { $1 = $1 + 0.5 } { print }' kept >r/spikes.csv
run "$h" replay r
has "altered spikes" "$status $out" "1 different: $PWD/r/spikes.csv has been altered since the run: cell"
has "how far it has moved" "$out" " in the file, 0.5 ms later"
mv kept r/spikes.csv
sed 's/"hillock": "[^"]*"/"hillock": "0.0.9"/; s/"sha256": "\([0-9a-f]*\)",\n *"source": "hh.c"/x/' r/manifest.json >old.json
sed 's/"hillock": "[^"]*"/"hillock": "0.0.9"/' r/manifest.json >kept && cp kept r/old.json
run "$h" replay r/old.json
is "another version is noted" "$status $out$err" "0 note: versions: hillock was 0.0.9, is $("$h" --version | cut -d ' ' -f 2)
the same, bit for bit: 3 results"
rm -f kept old.json r/old.json

# ---- what is no manifest

run "$h" replay nosuch
has "no such file" "$status $err" "2 hillock: nosuch"
run "$h" replay cells
is "a folder without one" "$status $err" "2 hillock: cells: there is no manifest.json in this folder: it is no results folder"
head -c 300 r/manifest.json >cut.json
run "$h" replay cut.json
has "one that is cut short" "$status $err" "2 hillock: cut.json: line "
echo '[1]' >cut.json
run "$h" replay cut.json
is "other JSON" "$status $err" "2 hillock: cut.json: this is no manifest of hillock's: it has no key 'hillock_manifest'"
sed 's/"hillock_manifest": 1/"hillock_manifest": 2/' r/manifest.json >cut.json
run "$h" replay cut.json
is "another version's" "$status $err" "2 hillock: cut.json: a manifest of version 2, and this hillock reads version 1"
echo '{"hillock_manifest": 1, "versions": {}, "machine": {}, "command": {}, "files": [], "plugins": []}' >cut.json
run "$h" replay cut.json
is "one without all" "$status $err" "2 hillock: cut.json: the manifest has no 'networks', or none that it can have"
echo 'require("hillock").network {}' | "$h" run --results piped -
run "$h" replay piped
is "a script from standard input" "$status $err" \
    "2 hillock: the script came from standard input, and was not kept: nothing can be run again"

# ---- nothing of the user's is written over

mkdir -p abs && cat >writes.lua <<'END_LUA'
local hk = require "hillock"
local there = arg[1]
local function write(path)
    local file <close> = assert(io.open(path, "w"))
    assert(file:write(arg[0] == "never" or os.time() + os.clock(), "\n"))
end
write(there .. "/absolute.txt")
write "relative.txt"
os.rename(there .. "/absolute.txt", there .. "/renamed.txt")
assert(io.open(there .. "/renamed.txt")):close()
local net = hk.network {}
local cell = hk.cell { morphology = hk.compartment { L = 20, diam = 20 } }
net:record("v", { net:population("P", 1, cell), at = "soma(0.5)", path = there .. "/v.csv" })
net:run(5)
net:save(there .. "/net.save")
net:close()
assert(#hk.read_csv(there .. "/v.csv").t_ms == 201)
assert(hk.map({ there }, function(folder)
    local file <close> = assert(io.open(folder .. "/map.txt", "w"))
    return true
end)[1])
if arg[2] then
    os.execute "touch touched"
end
END_LUA
"$h" run writes.lua "$PWD/abs" || ok "the script runs" false
for file in abs/*.txt abs/net.save relative.txt; do
    echo mine >"$file"
done
cp abs/v.csv v.kept
run "$h" replay --verbose abs
has "a script that writes to absolute paths, and reads there" "$status $out" "0 "
ok "leaves them alone when it is replayed" test "$(cat abs/*.txt abs/net.save relative.txt | sort -u)" = mine
ok "its files too" cmp abs/v.csv v.kept
is "and makes none" "$(echo abs/*)" "abs/manifest.json abs/map.txt abs/net.save abs/renamed.txt abs/v.csv"
"$h" run writes.lua "$PWD/abs" programs && rm -f touched
run "$h" replay abs
has "no other programs are run" "$status $out" "1 different: the run fails: writes.lua:23: os.execute: a replay runs no other programs"
run "$h" replay --programs abs
is "but where that is allowed" "$status $out$err" "0 the same, bit for bit: 1 result"
is "nothing is left of all this" "$(ls -A "$TMPDIR")" ""

# ---- diff

run "$h" diff r r
is "diff: the same" "$status $err$(echo "$out" | tr -s ' ' | tr '\n' ';')" "0 v same;spikes same;file same;"
awk -F , -v OFS=, -v CONVFMT=%.17g 'NR == 102 { $2 = $2 + 0.001 } { print }' r/v.csv >v.csv
run "$h" diff r/v.csv v.csv
is "a file with another number" "$status $(echo "$out" | tr -s ' ')" \
    "1 v.csv different: at most 0.001, of cell0.soma[0](0.5).v at t = 2.5 ms"
run "$h" diff --tolerance 0.002 r/v.csv v.csv
has "within a tolerance" "$status $(echo "$out" | tr -s ' ')" "0 v.csv within: at most 0.001"
run "$h" diff --relative 1e-4 r/v.csv v.csv
has "or a relative one" "$status $(echo "$out" | tr -s ' ')" "0 v.csv within: at most 0.001"
printf 't_ms,cell\n1,0\n5,1\n9,0\n12,1\n' >a.csv
printf 't_ms,cell\n1.025,0\n5,1\n12,1\n15,0\n' >b.csv
run "$h" diff a.csv b.csv
is "spikes: moved, missing and extra" "$status $(echo "$out" | tr -s ' ')" \
    "1 a.csv different: of 4 spikes, 1 moved, 1 missing, 1 extra, at most 0.025 ms apart"
run "$h" diff --tolerance 0.03 a.csv b.csv
is "with a tolerance in time" "$status $(echo "$out" | tr -s ' ')" \
    "1 a.csv different: of 4 spikes, 1 missing, 1 extra, at most 0.025 ms apart"
sed '$d' b.csv >c.csv
sed 3d a.csv >d.csv && sed 3d c.csv >e.csv
printf 't_ms,cell\n1.025,0\n9,0\n12,1\n' >e.csv
run "$h" diff --tolerance 0.03 d.csv e.csv
has "spikes within the tolerance" "$status $(echo "$out" | tr -s ' ')" "0 d.csv within: of 3 spikes, at most 0.025 ms apart"
head -n 3 r/v.csv >short.csv
run "$h" diff r/v.csv short.csv
is "fewer rows" "$status $(echo "$out" | tr -s ' ')" "1 v.csv different: 801 rows and 2"
run "$h" diff r abs
has "other recordings" "$status $(echo "$out" | tr -s ' ')" "1 v different: 3 columns and 2"
has "all of them" "$(echo "$out" | tr -s ' ')" "spikes different: it is not in the second"
run "$h" diff out/manifest.json out/manifest.json
is "of hashes alone" "$status $(echo "$out" | tr -s ' ' | tr '\n' ';')" "0 v same;spikes same;file same;"
run "$h" diff r r/v.csv
is "a folder and a file" "$status $err" \
    "2 hillock: r/v.csv is a file of numbers and r is not: give two of a kind"
echo "a,b" >words.csv && echo "1,x" >>words.csv
run "$h" diff words.csv words.csv
has "words for numbers" "$status $(echo "$out" | tr -s ' ')" "2 words.csv not compared: words.csv: column b has words for numbers"
run "$h" diff r nosuch.csv
has "no such file" "$status $err" "2 hillock: nosuch.csv"
run "$h" diff --tolerance=-1 r r
is "a tolerance that is none" "$status $(echo "$err" | head -n 1)" \
    "2 hillock: --tolerance: expected a number from 0, got '-1'"
finish
