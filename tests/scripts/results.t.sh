# SPDX-License-Identifier: BSD-3-Clause
# What a run leaves: the results folder, the manifest, and that neither depends on threads.
. "$HILLOCK_SOURCE/tests/tap.sh"

h=$HILLOCK_BUILD/hillock
cd "$tmp" || exit 1
run() {
    "$@" >out 2>err
    status=$?
    out=$(cat out)
    err=$(cat err)
}

cat >shape.lua <<'END_LUA'
local hk = require "hillock"
local cell = hk.cell { name = "one", morphology = hk.swc "shape.swc" }
cell:insert "hh"
return cell
END_LUA
printf '1 1 0 0 0 10 -1\n2 1 20 0 0 10 1\n3 3 20 0 0 1 2\n4 3 60 0 0 1 3\n' >shape.swc
cat >model.lua <<'END_LUA'
local hk = require "hillock"
local net = hk.network { celsius = 6.3, seed = 7 }
local cells = net:population("P", 3, (require "shape"))
net:add(cells "soma(0.5)", { "IClamp", amp = { 0.1, 0.2, 0.3 }, dur = 100 })
net:connect(cells, cells, { rule = hk.all(), from = "soma(0.5)", threshold = 0, at = "dend(0.5)",
    synapse = { "ExpSyn", tau = 2, e = 0 }, weight = 0.001, delay = 1 })
net:record("v", { cells, at = "soma(0.5)", every = 0.5 })
net:record("spikes", { cells, threshold = 0 })
net:record("hh.m", { cells[1], at = "soma(0.5)", path = "m.csv", name = "gate" })
net:run(20)
net:continue(5)
net:run(10)
if arg[1] then
    error "on purpose"
end
END_LUA

# ---- a results folder

run "$h" run --results r model.lua
is "a run with --results" "$status $out$err" "0 "
is "has its recordings, those of the second run apart" "$(echo r/*)" \
    "r/gate.csv r/manifest.json r/network.json r/run2.gate.csv r/run2.spikes.csv r/run2.v.csv r/spikes.csv r/v.csv"
is "rows and names as the csv recorder has them" "$(head -n 1 r/v.csv)" \
    "t_ms,cell0.soma[0](0.5).v,cell1.soma[0](0.5).v,cell2.soma[0](0.5).v"
is "to the end of the run" "$(tail -n 1 r/v.csv | cut -d , -f 1) $(wc -l <r/v.csv)" "25 52"
is "what the script writes itself is there too" "$(wc -l <m.csv)" 402
ok "and with all digits in the folder" test "$(wc -c <r/run2.gate.csv)" -gt "$(wc -c <m.csv)"
cat >look.lua <<'END_LUA'
local json = require "hillock.json"
local file = assert(io.open(arg[1]))
local value = assert(json.parse(file:read "a"))
for i = 2, #arg do
    local at = value
    for key in arg[i]:gmatch "[^.]+" do
        at = at[math.tointeger(tonumber(key)) or key]
    end
    io.write(i > 2 and " " or "", type(at) == "table" and #at or tostring(at))
end
print()
END_LUA
look() { # look FILE KEY... : values of a JSON file; of a list, how many
    "$h" run --no-manifest look.lua "$@"
}
is "the manifest: what was run" "$(look r/manifest.json hillock_manifest command.kind command.file command.folder)" \
    "1 script model.lua .."
is "what was read" "$(look r/manifest.json files.1.path files.1.role files.2.path files.2.role files.3.path files.3.role files)" \
    "../model.lua script ../shape.lua module ../shape.swc morphology 3"
is "by its hash" "$(look r/manifest.json files.3.sha256)" "$(sha256sum <shape.swc | cut -d ' ' -f 1)"
is "options with their defaults" "$(look r/manifest.json networks.1.options.seed networks.1.options.dt networks.1.options.v_init)" \
    "7 0.025 -65"
is "counts" "$(look r/manifest.json networks.1.counts.cells networks.1.counts.connections networks.1.counts.points)" "3 6 9"
is "runs: until where, by which stops" "$(look r/manifest.json networks.1.runs networks.1.runs.1.until networks.1.runs.1.stops.1 networks.1.runs.2.until)" \
    "2 25 20 10"
is "results" "$(look r/manifest.json networks.1.runs.1.results networks.1.runs.1.results.1.name networks.1.runs.1.results.1.rows networks.1.runs.1.results.1.every)" \
    "3 v 51 0.5"
is "hashes of files" "$(look r/manifest.json networks.1.runs.1.results.1.file_sha256)" "$(sha256sum <r/v.csv | cut -d ' ' -f 1)"
hash=$(awk -F , 'NR > 1 { for (i = 1; i <= NF; i++) print $i }' r/spikes.csv |
    perl -ne 'print pack("d<", $_)' | sha256sum | cut -d ' ' -f 1)
is "hashes of rows: of little-endian doubles" "$(look r/manifest.json networks.1.runs.1.results.2.sha256)" "$hash"
is "plugins, sorted" "$(look r/manifest.json plugins.1.name plugins.2.name plugins.3.name plugins.4.name plugins.5.name)" \
    "ExpSyn IClamp csv hh memory"
is "with their sources" "$(look r/manifest.json plugins.4.source plugins.4.source_sha256)" \
    "hh.c $(sha256sum <"$HILLOCK_SOURCE"/plugins/channels/hh.c | cut -d ' ' -f 1)"
is "the network's structure" "$(look r/network.json populations.1.name populations.1.n types.one.sections types.one.segments connections inputs)" \
    "P 3 2 2 6 0"
is "its points" "$(look r/network.json types.one.sections.2.points types.one.sections.2.parent types.one.segments.2.parent)" "3 1 1"

mkdir two && cp ./*.lua shape.swc two
(cd two && "$h" run --threads 2 --results r model.lua)
ok "two threads give the same bytes" cmp two/r/manifest.json r/manifest.json
ok "in all files" diff -r two/r r

# ---- what stands in the folder already

"$h" view r >/dev/null
run "$h" run --results r --threads 2 model.lua
is "an earlier run's results are replaced, and its page goes" "$status $err$(diff -r two/r r)" "0 "
echo 'require("hillock").network {}' >none.lua
run "$h" run --results r none.lua
is "all of them" "$status $(echo r/*)" "0 r/manifest.json"
mkdir other && echo 1 >other/mine.txt
run "$h" run --results other model.lua
is "a folder with something else" "$status $err" \
    "1 hillock: --results: other has files that are not a run's results (mine.txt): name a new folder"
is "is left alone" "$(echo other/*)" "other/mine.txt"
"$h" run --results r none.lua && echo 5 >r/v.csv
run "$h" run --results r model.lua
is "a file that no run left" "$status $err" \
    "1 hillock: $tmp/r/v.csv is there, and of no earlier run: it is not replaced"
is "is left as it was" "$(cat r/v.csv) $(ls -A r)" "5 manifest.json
v.csv"
printf '{"hillock_manifest": 1,' >r/manifest.json
run "$h" run --results r model.lua
has "a manifest that is cut short" "$status $err" "1 hillock: --results: r cannot be replaced: r/manifest.json: line 1"
run "$h" run --results model.lua/x model.lua
has "a folder that cannot be" "$status $err" "1 hillock: model.lua: File exists"
run "$h" run --results r --no-manifest model.lua
has "--results without a manifest" "$status $err" "2 hillock: option '--no-manifest' can not be used together with"

# ---- a manifest beside files

rm -rf r other
run "$h" run model.lua
is "a script that writes files gets a manifest beside the first" "$status $(ls)" \
    "0 $(printf '%s\n' err look.lua m.csv manifest.json model.lua none.lua out shape.lua shape.swc two)"
is "which names it" "$(look manifest.json networks.1.runs.2.results.3.file networks.1.runs.2.results.3.file_sha256)" \
    "m.csv $(sha256sum <m.csv | cut -d ' ' -f 1)"
is "not as an earlier run's, whose it is not" "$(look manifest.json networks.1.runs.1.results.3.file)" nil
is "what was in memory has its hash" "$(look manifest.json networks.1.runs.1.results.2.sha256)" "$hash"
echo '{ "name": "an app" }' >manifest.json
run "$h" run model.lua
is "another program's manifest.json is not replaced" "$status $err $(cat manifest.json)" \
    "1 hillock: $tmp/manifest.json is there, and no manifest of hillock's: none is written (--no-manifest says so beforehand) { \"name\": \"an app\" }"
rm manifest.json
run "$h" run --no-manifest model.lua
ok "--no-manifest: none" test "$status" = 0 -a ! -e manifest.json
run "$h" run none.lua
ok "nor where no file is left" test "$status" = 0 -a ! -e manifest.json

# ---- failures

run "$h" run --results bad model.lua x
is "a script that fails" "$status" 1
is "says so in its manifest" "$(look bad/manifest.json failed)" "model.lua:14: on purpose"
is "with what there was" "$(look bad/manifest.json networks.1.runs.2.until)" 10
cat >leave.lua <<'END_LUA'
local hk = require "hillock"
local net = hk.network { celsius = 6.3 }
net:record("v", { net:population("P", 1, (require "shape")), at = "soma(0.5)" })
net:run(5)
os.exit(tonumber(arg[1]))
END_LUA
run "$h" run --results left leave.lua 0
is "os.exit" "$status $(look left/manifest.json failed networks)" "0 nil 1"
run "$h" run --results left leave.lua 3
is "os.exit with a status" "$status $(look left/manifest.json failed)" "3 os.exit(3)"
"$h" run --results from_input - <leave.lua
is "a script from standard input" "$(look from_input/manifest.json command.file files.1.sha256)" \
    "- $(sha256sum <leave.lua | cut -d ' ' -f 1)"

# ---- save and restore

cat >half.lua <<'END_LUA'
local hk = require "hillock"
local net = hk.network { celsius = 6.3 }
net:record("v", { net:population("P", 1, (require "shape")), at = "soma(0.5)", path = arg[2] })
if arg[1] == "save" then
    net:run(5)
    net:save "half.save"
else
    net:restore "half.save"
end
net:continue(5)
END_LUA
"$h" run --results half half.lua save whole.csv && cp half.save half.kept
"$h" run --no-manifest half.lua save whole.csv
ok "what a results folder records is no part of what is saved" cmp half.save half.kept
run "$h" run --results rest half.lua restore rest.csv
is "one that is restored" "$status$err $(look rest/manifest.json networks.1.runs.1.from networks.1.runs.1.until files.1.path)" \
    "0 5 10 ../half.lua"
is "is recorded there from where it was" "$(sed -n 2p rest/v.csv | cut -d , -f 1) $(wc -l <rest/v.csv)" "5 202"
is "with the same numbers" "$(tail -n 201 half/v.csv)" "$(sed 1d rest/v.csv)"
ok "the script's own file is whole" cmp whole.csv rest.csv
ok "what was saved is read, and what the run saved itself is not" test \
    "$(grep -c half.save rest/manifest.json) $(grep -c half.save half/manifest.json)" = "1 0"

# ---- many networks

cat >many.lua <<'END_LUA'
local hk = require "hillock"
local function one(amp)
    local net = hk.network { celsius = 6.3 }
    local cells = net:population("P", 1, (require "shape"))
    net:add(cells "soma(0.5)", { "IClamp", amp = amp, dur = 50 })
    net:record("v", { cells, at = "soma(0.5)", every = 1 })
    if amp > 0.35 then
        net:record("v", { cells, at = "soma(0.5)", name = "to file", path = "map.csv" })
    end
    net:run(10)
    if amp == 0.3 then
        net:close()
    end
end
one(0.05)
hk.map({ 0.1, 0.2, 0.3, 0.4 }, function(amp)
    local hk = require "hillock"
    local net = hk.network { celsius = 6.3 }
    local cells = net:population("P", 1, (require "shape"))
    net:add(cells "soma(0.5)", { "IClamp", amp = amp, dur = 50 })
    net:record("v", { cells, at = "soma(0.5)", every = 1 })
    if amp > 0.35 then
        net:record("v", { cells, at = "soma(0.5)", name = "to file", path = "map.csv" })
    end
    net:run(10)
    if amp == 0.3 then
        net:close()
    elseif amp == 0.2 and arg[1] then
        error "in an item"
    end
end)
one(0.5)
END_LUA
for n in 1 2; do
    mkdir m$n && cp many.lua shape.lua shape.swc m$n
    (cd m$n && "$h" run --threads $n --results r many.lua)
    cp m$n/r/manifest.json m$n.json
done
is "networks of hk.map are among the others, in the order of the items" \
    "$(look m1.json networks networks.4.runs.1.results networks.5.runs.1.results.2.name networks.6.name)" "6 1 to file network-6"
is "their files too" "$(cd m1/r && echo net*.csv)" \
    "net2.v.csv net3.v.csv net4.v.csv net5.to_file.csv net5.v.csv net6.to_file.csv net6.v.csv"
is "equal structures are one file" "$(cd m1/r && echo network*.json)" "network.json"
ok "for any number of threads" diff -r m1/r m2/r
for n in 1 2; do
    (cd m$n && "$h" run --threads $n --results r many.lua fail 2>/dev/null)
done
ok "also where an item fails" diff -r m1/r m2/r
is "up to that one" "$(look m1/r/manifest.json networks failed)" "3 many.lua:16: map: item 2: many.lua:29: in an item"
finish
