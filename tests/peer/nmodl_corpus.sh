#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Mechanisms of other people in NEURON and in hillock:
#
#     sh tests/peer/nmodl_corpus.sh WORK FOLDER...
#
# Compiles each .mod file below the folders with nrnivmodl in a folder of its own below WORK (with the .inc files beside it), puts
# what NEURON compiles on one compartment (tests/peer/nmodl_corpus.py), does the same in hillock (tests/peer/nmodl_corpus.lua), and
# prints a line a file: agree, differ, refused (by hillock), fails (when it runs), neuron (NEURON has no results), broken; then the
# counts. WORK keeps NEURON's results for the next time. Fails only where hillock itself went wrong. The files stay where they are.
# Uses hillock of $HILLOCK_BUILD (build/) and $PYTHON (/usr/bin/python3) with NEURON's module.
set -u

root=$(cd "$(dirname "$0")/../.." && pwd)
hillock=${HILLOCK_BUILD:-$root/build}/hillock
python=${PYTHON:-/usr/bin/python3}
[ $# -gt 1 ] || { echo "usage: nmodl_corpus.sh WORK FOLDER..." >&2; exit 2; }
[ -x "$hillock" ] || { echo "nmodl_corpus.sh: no $hillock: build first, or set HILLOCK_BUILD" >&2; exit 2; }
command -v nrnivmodl >/dev/null || { echo "nmodl_corpus.sh: no nrnivmodl: install NEURON" >&2; exit 2; }
mkdir -p "$1"
work=$(cd "$1" && pwd)
shift
find "$@" -name '*.mod' | LC_ALL=C sort >"$work/list"

# A file's folder: its path with the separators replaced.
place() {
    printf '%s/%s' "$work" "$(printf '%s' "${1%.mod}" | sed 's|^[./]*||; s|/|__|g')"
}

while IFS= read -r file; do
    at=$(place "$file")
    [ ! -d "$at" ] || continue
    mkdir "$at"
    cp "$file" "$at"
    find "$(dirname "$file")" -maxdepth 1 -name '*.inc' -exec cp {} "$at" \;
    (cd "$at" && nrnivmodl .) >"$at/log" 2>&1 </dev/null
    [ -z "$(find "$at" -name libnrnmech.so)" ] || : >"$at/built"
done <"$work/list"
"$python" "$root/tests/peer/nmodl_corpus.py" "$work" 2>/dev/null

while IFS= read -r file; do
    at=$(place "$file")
    if [ -f "$at/case.lua" ]; then
        said=$(timeout 60 "$hillock" run "$root/tests/peer/nmodl_corpus.lua" "$file" "$at/case.lua" 2>"$at/hillock.log" </dev/null) ||
            said="broken	$(tail -n 1 "$at/hillock.log")"
    else
        said="neuron	$(cat "$at/failed" 2>/dev/null || echo "nrnivmodl refuses it")"
    fi
    printf '%s\t%s\n' "$file" "$said"
done <"$work/list" | tee "$work/results"
cut -f 2 "$work/results" | sort | uniq -c
! grep -q "	broken	" "$work/results"
