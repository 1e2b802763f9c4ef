#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# nmodl_corpus.sh counts what compiles, and says why the others do not.
. "$HILLOCK_SOURCE/tests/tap.sh"

[ -f "$HILLOCK_SOURCE/scripts/hillock/nmodl/init.lua" ] || skip_all "there is no compiler of MOD files"

mkdir -p "$tmp/corpus/deep"
cp "$HILLOCK_SOURCE/examples/l23/mod/Leak.mod" "$HILLOCK_SOURCE/tests/nmodl/include_file.mod" "$HILLOCK_SOURCE"/tests/nmodl/*.inc "$tmp/corpus"
printf 'NEURON { SUFFIX wrong }\nBREAKPOINT { i = }\n' >"$tmp/corpus/deep/wrong.mod"

said=$(sh "$HILLOCK_SOURCE/tests/peer/nmodl_corpus.sh" "$tmp/corpus")
is "it went well" $? 0
has "what compiles is said" "$(echo "$said" | grep Leak)" " compiled"
has "INCLUDE finds the file beside" "$(echo "$said" | grep include_file)" " compiled"
has "the first error is said" "$(echo "$said" | grep wrong.mod)" "wrong.mod:2:"
has "all are counted" "$said" "2 compiled, 1 refused, 0 broken, of 3"
is "no folder is an error" "$(sh "$HILLOCK_SOURCE/tests/peer/nmodl_corpus.sh" 2>&1)" "usage: nmodl_corpus.sh FOLDER..."

finish
