#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Neurolucida files in NEURON and in hillock:
#
#     sh tests/peer/asc.sh [--store] [FILE...]
#
# Reads tests/asc/*.asc (or those files) with NEURON's importer, and compares with that the stored results (tests/asc/expected; not
# of files that are named) and hillock's. --store replaces the stored ones instead. Fails where anything differs. Uses hillock of
# $HILLOCK_BUILD (build/) and $PYTHON (/usr/bin/python3) with NEURON's module.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
hillock=${HILLOCK_BUILD:-$root/build}/hillock
python=${PYTHON:-/usr/bin/python3}
stored=$root/tests/asc/expected
store=false
if [ "${1-}" = --store ]; then
    store=true
    shift
fi

fail() {
    echo "asc.sh: $1" >&2
    exit 1
}
"$python" -c 'import neuron' >/dev/null 2>&1 || fail "$python has no module neuron: set PYTHON"

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' INT TERM
mkdir "$tmp/fresh"
named=$#
[ $# -gt 0 ] || set -- "$root"/tests/asc/*.asc
"$python" "$root/tests/peer/asc.py" "$tmp/fresh" "$@" >"$tmp/log" 2>&1 || {
    cat "$tmp/log" >&2
    fail "NEURON failed"
}

if $store; then
    mkdir -p "$stored"
    [ "$named" -gt 0 ] || rm -f "$stored"/*.csv
    cp "$tmp"/fresh/*.csv "$stored"
    exit
fi

# Lengths, areas and resistances of another version of NEURON may differ in their last bits.
status=0
if [ "$named" -eq 0 ]; then
    for file in "$tmp"/fresh/*.csv; do
        name=$(basename "$file" .csv)
        awk -F, -v name="$name" '
            function apart(a, b) { a = a / b - 1; return a < 0 ? -a : a }
            function differs() { print name ": stored line " FNR " is not what NEURON gives: " $0; bad = 1 }
            FNR == NR { want[FNR] = $0; rows = FNR; next }
            $0 == want[FNR] { next }
            { n = split(want[FNR], w, ",") }
            n != NF || w[1] != $1 || $1 == "point" || $1 == "error" { differs(); next }
            $1 == "segment" { if (apart($2, w[2]) > 1e-9 || apart($3, w[3]) > 1e-9) differs(); next }
            $2 != w[2] || $3 != w[3] || $4 != w[4] || $6 != w[6] || apart($5, w[5]) > 1e-9 { differs() }
            END {
                if (FNR != rows) { print name ": stored has " rows " lines, NEURON gives " FNR; bad = 1 }
                exit bad }' "$stored/$name.csv" "$file" || status=1
    done
    [ $status -ne 0 ] || echo "# stored results agree with NEURON"
fi
HILLOCK_SOURCE=$root "$hillock" run "$root/tests/peer/asc.lua" "$tmp/fresh" "$@" || status=1
exit $status
