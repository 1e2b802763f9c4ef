# SPDX-License-Identifier: BSD-3-Clause
# How many instructions a compartment and step costs, and the building of a cell, by valgrind's count: a loss of speed
# is seen without a timer. The library is built anew, in HILLOCK_BUILD/counted, for a processor that valgrind knows
# (AVX2 and FMA, no AVX-512); what is counted is the network of tests/bench/network.lua, drawn: of two lengths, and of
# two numbers of cells, so that the differences are stepping and building alone. HILLOCK_UNITS=0 is one kernel a
# mechanism, 1 is one for all of a cell type's.
. "$HILLOCK_SOURCE/tests/tap.sh"

# gcc 12 counts, of 2026-11-24:
#   a compartment and step, HILLOCK_UNITS=0   404      HILLOCK_UNITS=1   395
#   the building of a cell, 700 inputs       12.1 million
# A bound is 1.3 times that; for another compiler, 2 times.
step_0=404 step_1=395 cell=12100000

[ -z "${HILLOCK_QUICK-}" ] || skip_all "HILLOCK_QUICK: it makes a build of its own"
for tool in valgrind cmake; do
    command -v $tool >/dev/null || skip_all "there is no $tool"
done
command -v "${CC:-cc}" >/dev/null || skip_all "there is no compiler ${CC:-cc}"
grep -qw avx2 /proc/cpuinfo 2>/dev/null && grep -qw fma /proc/cpuinfo || skip_all "no x86-64 processor with AVX2 and FMA"

build=$HILLOCK_BUILD/counted
targets=hillock
for file in "$HILLOCK_SOURCE"/plugins/*/*.c; do
    targets="$targets plugins_$(basename "$file" .c)"
done
made() {
    cmake -S "$HILLOCK_SOURCE" -B "$build" -D CMAKE_BUILD_TYPE=Release -D HILLOCK_NATIVE=OFF \
        -D CMAKE_C_FLAGS=-march=haswell -D CMAKE_C_FLAGS_RELEASE="-O3 -DNDEBUG" &&
        cmake --build "$build" --parallel 2 --target $targets # the names hold no blanks
}
ok "it is built for AVX2" made
[ "$tap_failed" -eq 0 ] || finish

compiler=$(sed -n 's/^CMAKE_C_COMPILER:[^=]*=//p' "$build/CMakeCache.txt")
case $("$compiler" -dM -E - </dev/null | sed -n 's/^#define \(__clang__\|__GNUC__\) /\1/p' | sort | tr '\n' ' ') in
"__GNUC__12 ") percent=130 ;;
*) percent=200 ;;
esac

# count FUSE CELLS MS : the instructions of a run
export XDG_CACHE_HOME="$tmp/cache"
unset HILLOCK_LUA HILLOCK_PLUGINS CC
count() {
    HILLOCK_UNITS=$1 valgrind --tool=callgrind --callgrind-out-file=/dev/null "$build/hillock" run \
        "$HILLOCK_SOURCE/tests/bench/network.lua" drawn "$2" 1 1 "$3" >"$tmp/said.$1.$2.$3" 2>&1
    sed -n 's/.*Collected : *\([0-9]*\).*/\1/p' "$tmp/said.$1.$2.$3" |
        tail -n 1 >"$tmp/count.$1.$2.$3" # before it, those of forked children, if any
}
counted() { cat "$tmp/count.$1.$2.$3"; }
told() { [ -n "$(counted "$@")" ] || { cat "$tmp/said.$1.$2.$3"; false; }; }

# within NAME GOT TODAY
within() {
    echo "# $1: $2 instructions (gcc 12, 2026-11-24: $3)"
    ok "$1: at most $percent % of $3" [ "$2" -le $(($3 * percent / 100)) ]
}

said=$(cd "$tmp" && "$build/hillock" new channel leaky && "$build/hillock" compile --verbose leaky.c 2>&1)
has "hillock compile has the flags that the build was given" "$said" -march=haswell

short=0.025 long=4.025 steps=160 compartments=780 # of ten cells
for units in 0 1; do
    count $units 20 $short &
    count $units 10 $short
    count $units 10 $long
    wait
    ok "HILLOCK_UNITS=$units: valgrind counts the shorter run" told $units 10 $short
    ok "HILLOCK_UNITS=$units: the longer one" told $units 10 $long
    ok "HILLOCK_UNITS=$units: that of more cells" told $units 20 $short
    [ "$tap_failed" -eq 0 ] || finish
    eval "today=\$step_$units"
    within "HILLOCK_UNITS=$units: a compartment and step" \
        $((($(counted $units 10 $long) - $(counted $units 10 $short)) / (steps * compartments))) "$today"
    within "HILLOCK_UNITS=$units: the building of a cell" $((($(counted $units 20 $short) - $(counted $units 10 $short)) / 10)) $cell
done
finish
