# SPDX-License-Identifier: BSD-3-Clause
# hillock view as a command: what it writes, what it refuses, what it says of damaged folders. What the page does is
# view_page.t.sh's.
. "$HILLOCK_SOURCE/tests/tap.sh"

h=$HILLOCK_BUILD/hillock
lua5.4 -e 'require "cjson"' 2>/dev/null || skip_all "the Lua module cjson is not installed"
cd "$tmp" || exit 1

# run COMMAND... : $status, $out and $err.
run() {
    "$@" >out 2>err
    status=$?
    out=$(cat out)
    err=$(cat err)
}
make() { # DIR KIND
    mkdir -p "$1" && "$h" run "$HILLOCK_SOURCE/tests/view/folder.lua" "$@"
}

make small small
run "$h" view small
is "a folder: no word of warning" "$status $err" "0 "
has "it says where the page is" "$out" "wrote small/view.html ("
is "nothing else is left beside it" "$(cd small && echo *)" \
    "inputs.csv manifest.json network.json spikes.csv v.csv v_all.csv view.html"
ok "the page names no other place" sh -c '! grep -aoE "(src|href)=\"?[a-z]+:|@import|url\(http" small/view.html'
ok "uPlot's licence is in it" grep -q "The MIT License" small/view.html
ok "words that look like HTML are none" sh -c '! grep -q "made <by> hand" small/view.html'
cp small/view.html first.html
run "$h" view small/manifest.json
is "its manifest does as well, and a page of ours is written over" "$status $err" "0 "
ok "with the same bytes" cmp small/view.html first.html
run "$h" view small/ -o page.html
is "-o names the file" "$status $out" "0 wrote page.html ($(wc -c <page.html | awk '{ printf "%.1f", $1 / 1e6 }') MB)"

cat >numbers.lua <<'END'
local core, csv = require "hillock.core", require "hillock.csv"
local base64 = require "hillock.view.base64"
print(base64 "", base64 "a", base64 "ab", base64 "abc", base64 "\255\0\128")
local names, lists = csv.numbers('t_ms,"a ""b"", c",d\n0,-65.5,nan\n0.1,1e-3,inf\n', "v.csv")
print(#names, names[2], lists[1][2], lists[2][1], lists[3][1] ~= lists[3][1], lists[3][2])
local list = {}
for i = 1, 1000 do
    list[i] = i / 3
end
local bytes = core.bytes(list)
print(#bytes, string.unpack("<d", bytes, 8 * 999 + 1) == 1000 / 3)
for _, text in ipairs { "", "t_ms,v\n0,1\n1\n", "t_ms,v\n0,1\n1,2,3\n", "t_ms,v\n0,1\n1,two\n" } do
    print(select(2, csv.numbers(text, "v.csv")))
end
END
run "$h" run numbers.lua
is "base64, CSV, bytes, and what is wrong in which line" "$out$err" "	YQ==	YWI=	YWJj	/wCA
3	a \"b\", c	0.1	-65.5	true	inf
8000	true
v.csv is empty: a first line of names is needed
v.csv:3: 1 fields, but the first line has 2
v.csv:3: 3 fields, but the first line has 2
v.csv:3: 'two' is no number"

# ---- what it refuses

run "$h" view nowhere
is "no folder" "$status $err" "1 hillock: nowhere: there is no such folder"
mkdir empty
run "$h" view empty
is "no manifest" "$status $err" "1 hillock: empty: no manifest.json is in this folder: it is no results folder"
ok "and no page" test ! -e empty/view.html
echo '{ "hillock_manifest": 1,' >empty/manifest.json
run "$h" view empty
has "a damaged manifest" "$status $err" "1 hillock: empty/manifest.json is damaged: line "
echo '{ "versions": {} }' >empty/manifest.json
run "$h" view empty
has "another file of that name" "$status $err" "1 hillock: empty/manifest.json is no manifest of hillock's"
echo '{ "hillock_manifest": 2 }' >empty/manifest.json
run "$h" view empty
has "a manifest of a later version" "$status $err" "is a manifest of version 2; this hillock reads version 1"
echo "my notes" >notes.html
run "$h" view small -o notes.html
is "a file of somebody else's" "$status $err" "1 hillock: notes.html is there, and is none of hillock view's: --force writes over it"
is "is kept" "$(cat notes.html)" "my notes"
run "$h" view small -o notes.html --force
is "--force" "$status $err" "0 "
ok "writes over it" cmp -s notes.html first.html
run "$h" view small -o empty
is "a folder as the file" "$status $err" "1 hillock: empty is a folder: -o names the file"
run "$h" view small -o nowhere/page.html
has "a folder that is not there" "$status $err" "1 hillock: cannot write nowhere/page.html"

# ---- what it shows all the same, and says so

make sick sick
run "$h" view sick
is "a file that the run did not write" "$status $err" \
    "0 hillock: v.csv is not what the run wrote: its hash is not the manifest's"
rm sick/v.csv sick/network.json
echo "0,1,2" >>sick/spikes.csv
run "$h" view sick
has "a file that is gone" "$err" "hillock: v is left out: sick/v.csv: No such file"
has "a damaged file" "$err" "hillock: spikes is left out: spikes.csv:62: 3 fields, but the first line has 2"
has "no structure" "$err" "hillock: no cells are shown of network: sick/network.json: No such file"
is "and there is a page" "$status" 0
echo '{ "populations": [' >sick/network.json
run "$h" view sick
has "a damaged structure" "$err" "hillock: no cells are shown of network: sick/network.json is damaged: line "

# ---- what is kept from others

cd "$HILLOCK_SOURCE/scripts/hillock/view/vendor" || exit 1
ok "uPlot's files are those of its release" sha256sum -c --quiet SHA256SUMS
has "its version is said" "$(cat README.md)" "uPlot 1."

finish
