#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# nmodl_corpus.sh says of each file what became of it, and counts.
. "$HILLOCK_SOURCE/tests/tap.sh"

command -v nrnivmodl >/dev/null && "${PYTHON:-/usr/bin/python3}" -c 'import neuron' >/dev/null 2>&1 ||
    skip_all "there is no NEURON"
[ "${HILLOCK_QUICK-}" != 1 ] || skip_all "it is done where the tests are quick"

mkdir -p "$tmp/corpus/deep"
cp "$HILLOCK_SOURCE/examples/l23/biophys/mod/Leak.mod" "$HILLOCK_SOURCE/tests/nmodl/include_file.mod" "$HILLOCK_SOURCE"/tests/nmodl/*.inc "$tmp/corpus"
printf 'NEURON { SUFFIX wrong NONSPECIFIC_CURRENT i }\nASSIGNED { i }\nBREAKPOINT {\nVERBATIM\ni = 1;\nENDVERBATIM\n}\n' >"$tmp/corpus/deep/wrong.mod"
printf 'NEURON { SUFFIX lost }\nBREAKPOINT { i = }\n' >"$tmp/corpus/deep/lost.mod"

said=$(sh "$HILLOCK_SOURCE/tests/peer/nmodl_corpus.sh" "$tmp/work" "$tmp/corpus")
is "it went well" $? 0
has "what agrees is said" "$(echo "$said" | grep Leak)" "agree"
has "INCLUDE finds the file beside" "$(echo "$said" | grep include_file)" "agree"
has "what hillock refuses is said, and why" "$(echo "$said" | grep wrong.mod)" "VERBATIM"
has "what NEURON refuses, too" "$(echo "$said" | grep lost.mod)" "neuron"
has "all are counted" "$said" "2 agree"
is "no folder is an error" "$(sh "$HILLOCK_SOURCE/tests/peer/nmodl_corpus.sh" 2>&1)" "usage: nmodl_corpus.sh WORK FOLDER..."

finish
