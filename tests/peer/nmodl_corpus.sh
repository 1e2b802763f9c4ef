#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# How much of other people's MOD files hillock compiles:
#
#     sh tests/peer/nmodl_corpus.sh FOLDER...
#
# Runs `hillock compile` on each .mod file below the folders, each in a folder of its own (with the other files beside it, for
# INCLUDE), and prints a line a file, "compiled" or the first error, and the counts. Fails only where hillock itself went wrong
# ("broken"): it made C that no compiler takes or that makes no plugin, said nothing, took a minute, or was ended by a signal. The files stay where they are. Uses hillock of $HILLOCK_BUILD (build/).
set -u

root=$(cd "$(dirname "$0")/../.." && pwd)
hillock=${HILLOCK_BUILD:-$root/build}/hillock
[ $# -gt 0 ] || { echo "usage: nmodl_corpus.sh FOLDER..." >&2; exit 2; }
[ -x "$hillock" ] || { echo "nmodl_corpus.sh: no $hillock: build first, or set HILLOCK_BUILD" >&2; exit 2; }

tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' INT TERM

find "$@" -name '*.mod' | LC_ALL=C sort >"$tmp/list"
compiled=0 refused=0 broken=0
while IFS= read -r file; do
    rm -rf "$tmp/one"
    mkdir "$tmp/one"
    cp "$file" "$tmp/one"
    find "$(dirname "$file")" -maxdepth 1 -name '*.inc' -exec cp {} "$tmp/one" \;
    XDG_CACHE_HOME="$tmp" timeout 60 "$hillock" compile "$tmp/one" >"$tmp/said" 2>&1 </dev/null
    status=$?
    if [ $status -eq 0 ]; then
        compiled=$((compiled + 1))
        said=compiled
    else
        said=$(grep -m 1 -E ': error: |is no plugin|does not compile' "$tmp/said" || grep -m 1 . "$tmp/said") || said=
        said=$(printf '%s' "$said" | sed "s|$tmp/one/||g; s|it compiles, but is no plugin: .*: plugin|it is no plugin:|")
        case $said in *'is no plugin'* | *'does not compile'*) wrong=true ;; *) wrong=false ;; esac
        if $wrong || [ $status -ge 124 ] || [ -z "$said" ]; then
            broken=$((broken + 1))
            said="BROKEN (status $status) $said"
        else
            refused=$((refused + 1))
        fi
    fi
    printf '%-60s %s\n' "$file" "$said"
done <"$tmp/list"
echo "$compiled compiled, $refused refused, $broken broken, of $((compiled + refused + broken))"
[ $broken -eq 0 ]
