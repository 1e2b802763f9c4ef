#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Fuzzes a reader for some time:  sh tests/fuzz/run.sh swc|asc|save SECONDS [OPTIONS OF LIBFUZZER...]
# swc, asc: shapes; save: saved networks, with the plugins of build/plugins.
# Builds with clang, address and undefined-behaviour sanitizers, in build/fuzz, and keeps what it has learnt there in
# build/fuzz/corpus-swc, -asc or -save. What fails is written to build/fuzz/crash-*; give its path instead of SECONDS to see it again.
set -eu

source=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
usage() {
    echo "usage: sh tests/fuzz/run.sh swc|asc|save SECONDS [OPTIONS OF LIBFUZZER...]" >&2
    exit 2
}
[ $# -ge 2 ] || usage
reader=$1 what=$2
shift 2
length=2000
case $reader in
    swc) seeds=$source/tests/fuzz/swc ;;
    asc) seeds=$source/tests/asc ;;
    save) seeds= length=64 HILLOCK_PLUGINS=$source/build/plugins && export HILLOCK_PLUGINS ;;
    *) usage ;;
esac
[ -e "$what" ] && what=$(realpath "$what")
command -v clang >/dev/null || { echo "tests/fuzz/run.sh: clang is needed, with its compiler-rt" >&2; exit 2; }
mkdir -p "$source/build/fuzz/corpus-$reader"
cd "$source/build/fuzz"
clang -std=c17 -D_GNU_SOURCE -g -O1 -fno-omit-frame-pointer -ffp-contract=off \
    -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined \
    -I "$source/include" -iquote "$source/core" -iquote "$source/tests/fuzz" \
    "$source/tests/fuzz/$reader.c" "$source"/core/*.c -lm -ldl -lpthread -o "$reader"
if [ -e "$what" ]; then
    exec "./$reader" "$@" "$what"
fi
dict=$source/tests/fuzz/$reader.dict
[ -e "$dict" ] && set -- -dict="$dict" "$@"
exec "./$reader" -max_total_time="$what" -max_len=$length -timeout=10 -print_final_stats=1 "$@" "corpus-$reader" \
    ${seeds:+"$seeds"}
