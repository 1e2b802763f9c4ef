#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The corpus of MOD files in NEURON and in hillock:
#
#     sh tests/peer/nmodl.sh [--store] [NAME...]
#
# Compiles tests/nmodl/*.mod and examples/l23/biophys/mod/*.mod with nrnivmodl in a folder of its own, runs the cases of tests/nmodl/cases.lua
# (or those named) in NEURON, and compares with that the stored results (tests/nmodl/expected) and hillock's. --store replaces the
# stored ones instead. Fails where anything differs. Uses hillock of $HILLOCK_BUILD (build/), $PYTHON (/usr/bin/python3) with
# NEURON's module, nrnivmodl, and lua5.4 with cjson.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
hillock=${HILLOCK_BUILD:-$root/build}/hillock
python=${PYTHON:-/usr/bin/python3}
stored=$root/tests/nmodl/expected
store=false
if [ "${1-}" = --store ]; then
    store=true
    shift
fi

fail() {
    echo "nmodl.sh: $1" >&2
    exit 1
}
command -v nrnivmodl >/dev/null || fail "no nrnivmodl: install NEURON"
"$python" -c 'import neuron' >/dev/null 2>&1 || fail "$python has no module neuron: set PYTHON"
lua5.4 -e 'require "cjson"' 2>/dev/null || fail "lua5.4 has no cjson: sh scripts/setup.sh --tests installs it"

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' INT TERM

# Some packages of NEURON fail at nrnivmodl's last step, a program that Python does without: the library counts.
mkdir "$tmp/mod" "$tmp/fresh"
cp "$root"/tests/nmodl/*.mod "$root"/tests/nmodl/*.inc "$root"/examples/l23/biophys/mod/*.mod "$tmp/mod"
cp "$root"/tests/nmodl/neuron/*.mod "$tmp/mod" # the same, where NEURON goes wrong
(cd "$tmp" && nrnivmodl mod) >"$tmp/log" 2>&1 || :
if [ -z "$(find "$tmp" -name 'libnrnmech.so')" ]; then
    cat "$tmp/log" >&2
    fail "nrnivmodl compiled no library"
fi
lua5.4 "$root/tests/peer/nmodl_json.lua" "$root/tests/nmodl" >"$tmp/cases.json"
"$python" "$root/tests/peer/nmodl.py" "$tmp" "$tmp/cases.json" "$tmp/fresh" "$@" 2>"$tmp/log" || {
    cat "$tmp/log" >&2
    fail "NEURON failed"
}

if $store; then
    mkdir -p "$stored"
    [ $# -gt 0 ] || rm -f "$stored"/*.csv
    cp "$tmp"/fresh/*.csv "$stored"
    exit
fi

# Another version of NEURON may differ in its last bits: stored and fresh ones agree within 1e-9 of a column's range.
status=0
for file in "$tmp"/fresh/*.csv; do
    name=$(basename "$file" .csv)
    awk -F, -v name="$name" '
        /^#/ { next }
        FNR == NR { for (i = 1; i <= NF; i++) want[FNR, i] = $i; rows = FNR; next }
        FNR == 2 { columns = NF }
        FNR == 2 { for (i = 1; i <= NF; i++) title[i] = $i; next }
        { for (i = 1; i <= NF; i++) {
            x = $i + 0; w = want[FNR, i] + 0
            d = x - w; if (d < 0) d = -d
            if (FNR == 3 || x < low[i]) low[i] = x
            if (FNR == 3 || x > high[i]) high[i] = x
            if (d > most[i]) most[i] = d } }
        END {
            if (FNR != rows) { print name ": stored has " rows " lines, NEURON gives " FNR; exit 1 }
            for (i = 1; i <= columns; i++) {
                range = high[i] - low[i]; if (range == 0) range = 1
                if (most[i] > 1e-9 * range) { print name ": stored " title[i] " differs from NEURON by " most[i]; bad = 1 } }
            exit bad }' "$stored/$name.csv" "$file" || status=1
done
[ $status -ne 0 ] || echo "# stored results agree with NEURON"
HILLOCK_SOURCE=$root "$hillock" run "$root/tests/peer/nmodl.lua" "$tmp/fresh" "$@" || status=1
exit $status
