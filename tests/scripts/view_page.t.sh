# SPDX-License-Identifier: BSD-3-Clause
# The pages of hillock view in a headless browser, where there is one; tests/view/page.js has what is asked of them.
. "$HILLOCK_SOURCE/tests/tap.sh"

command -v node >/dev/null 2>&1 || skip_all "there is no Node.js, which tells the browser what to do"
browser=$(command -v chromium || command -v chromium-browser) || skip_all "there is no Chromium"
lua5.4 -e 'require "cjson"' 2>/dev/null || skip_all "the Lua module cjson is not installed"

kinds="small bare many still sick"
[ -n "${HILLOCK_QUICK-}" ] || kinds="$kinds large"
for kind in $kinds; do
    mkdir "$tmp/$kind"
    "$HILLOCK_BUILD/hillock" run "$HILLOCK_SOURCE/tests/view/folder.lua" "$tmp/$kind" "$kind" &&
        "$HILLOCK_BUILD/hillock" view "$tmp/$kind" >/dev/null 2>&1 || { echo "Bail out! no page of $kind"; exit 1; }
done
cat >"$tmp/real.lua" <<'END'
local hk = require "hillock"
local type = hk.cell {
    name = "stick", nseg = 5, Ra = 100,
    morphology = hk.ball_and_stick { soma = { L = 20, diam = 20 }, dend = { L = 300, diam = 2 } },
}
type:insert "hh"
local net <close> = hk.network { celsius = 6.3 }
local cells = net:population("P", 3, type, { ids = { 7, 8, 20 } })
net:add(cells[1] "soma(0.5)", { "IClamp", delay = 2, dur = 50, amp = 0.5 })
net:connect(cells, cells, { rule = hk.pairs { { 1, 2 }, { 2, 3 } }, from = "soma(0.5)", threshold = 0,
    synapse = { "ExpSyn", tau = 2, e = 0 }, at = "dend(0.9)", weight = 0.02, delay = 1 })
net:record("v", { cells[1], at = type:all(), every = 0.1, name = "v_all" })
net:record("spikes", { cells, threshold = 0 })
net:run(50)
END
"$HILLOCK_BUILD/hillock" run --results "$tmp/real" "$tmp/real.lua" && "$HILLOCK_BUILD/hillock" view "$tmp/real" >/dev/null ||
    { echo "Bail out! no page of a run"; exit 1; }
node "$HILLOCK_SOURCE/tests/view/page.js" "$browser" "$tmp"
