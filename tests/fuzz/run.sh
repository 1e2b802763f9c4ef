#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Fuzzes the SWC reader for some time:  sh tests/fuzz/run.sh SECONDS [OPTIONS OF LIBFUZZER...]
# Builds with clang, address and undefined-behaviour sanitizers, in build/fuzz, and keeps what it has learnt there in
# build/fuzz/corpus. What fails is written to build/fuzz/crash-*; give its path instead of SECONDS to see it again.
set -eu

source=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
[ $# -ge 1 ] || { echo "usage: sh tests/fuzz/run.sh SECONDS [OPTIONS OF LIBFUZZER...]" >&2; exit 2; }
what=$1
shift
[ -e "$what" ] && what=$(realpath "$what")
command -v clang >/dev/null || { echo "tests/fuzz/run.sh: clang is needed, with its compiler-rt" >&2; exit 2; }
mkdir -p "$source/build/fuzz/corpus"
cd "$source/build/fuzz"
clang -std=c17 -D_GNU_SOURCE -g -O1 -fno-omit-frame-pointer -ffp-contract=off \
    -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined \
    -I "$source/include" -iquote "$source/core" -iquote "$source/tests/fuzz" \
    "$source/tests/fuzz/swc.c" "$source"/core/*.c -lm -ldl -lpthread -o swc
if [ -e "$what" ]; then
    exec ./swc "$@" "$what"
fi
exec ./swc -max_total_time="$what" -max_len=2000 -timeout=10 -dict="$source/tests/fuzz/swc.dict" \
    -print_final_stats=1 "$@" corpus "$source/tests/fuzz/swc"
