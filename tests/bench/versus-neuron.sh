#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Speed and accuracy against NEURON on this machine, with the reference network's fixed instance:
#
#     tests/bench/versus-neuron.sh [--neuron RUNS] [--hillock RUNS] [--instances N] [--seed FIRST]
#
# Runs both programs in turn, ours with one thread and with two, and prints the best of each: NEURON's in the processor's time
# and ours in the clock's, so that other load on the machine can only speak for NEURON; run it on an idle machine. --instances also compares the results of N other
# random instances, from seed FIRST on (1). Fails where spikes differ. Uses hillock of $HILLOCK_BUILD (build/), the model in
# $HILLOCK_REFERENCE (../shared/reference), and $PYTHON (/usr/bin/python3) with NEURON's module; needs nrnivmodl.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
hillock=${HILLOCK_BUILD:-$root/build}/hillock
ref=${HILLOCK_REFERENCE:-$root/../shared/reference}/park2019
python=${PYTHON:-/usr/bin/python3}
neuron_runs=2 hillock_runs=5 instances=0 seed=1

fail() {
    echo "versus-neuron.sh: $1" >&2
    exit 1
}

while [ $# -gt 0 ]; do
    [ $# -gt 1 ] || fail "$1: a number must follow"
    case $2 in '' | *[!0-9]*) fail "$1: '$2' is not a number" ;; esac
    case $1 in
    --neuron) neuron_runs=$2 ;;
    --hillock) hillock_runs=$2 ;;
    --instances) instances=$2 ;;
    --seed) seed=$2 ;;
    *) fail "unknown option '$1': --neuron, --hillock, --instances or --seed" ;;
    esac
    shift 2
done
if [ "$neuron_runs" = 0 ] || [ "$hillock_runs" = 0 ]; then
    fail "each program must run once at least"
fi
[ -x "$hillock" ] || fail "no $hillock: build first, or set HILLOCK_BUILD"
[ -e "$ref/network/background.csv" ] || fail "no reference model in $ref: set HILLOCK_REFERENCE"
command -v nrnivmodl >/dev/null || fail "no nrnivmodl: install NEURON"
"$python" -c 'import neuron' 2>/dev/null || fail "$python has no module neuron: set PYTHON"

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' INT TERM

# Some packages of NEURON fail at nrnivmodl's last step, a program that Python does without: the library counts.
mkdir "$tmp/mechanisms"
(cd "$tmp/mechanisms" && nrnivmodl "$root/examples/l23/biophys/mod") >"$tmp/log" 2>&1 || :
if [ -z "$(find "$tmp/mechanisms" -name 'libnrnmech.so')" ]; then
    cat "$tmp/log" >&2
    fail "nrnivmodl compiled no library"
fi

# REF OUT: results in OUT, a line of names and figures on stdout
neuron() {
    mkdir -p "$2"
    "$python" "$root/tests/bench/versus_neuron.py" "$tmp/mechanisms" "$1" "$2" 2>"$tmp/log" || {
        cat "$tmp/log" >&2
        fail "NEURON failed"
    }
}

peer() {
    mkdir -p "$2"
    "$hillock" run "$root/tests/peer/network.lua" "$1" "$2"
}

compare() {
    "$python" "$root/tests/bench/instances.py" compare "$1" "$2"
}

i=0
while [ $i -lt "$neuron_runs" ] || [ $i -lt "$hillock_runs" ]; do
    i=$((i + 1))
    if [ $i -le "$neuron_runs" ]; then
        neuron "$ref" "$tmp/neuron" >>"$tmp/neuron.txt"
    fi
    if [ $i -le "$hillock_runs" ]; then
        for threads in 1 2; do
            "$hillock" run "$root/tests/bench/network.lua" "$ref" 10 $threads 1 >>"$tmp/hillock$threads.txt"
        done
    fi
done
peer "$ref" "$tmp/hillock"

version=$("$python" -c 'import neuron; print(neuron.__version__)' 2>/dev/null)
load=$(uptime | sed 's/.*average[s]*: *\([0-9.]*\).*/\1/')
awk -v version="$version" -v load="$load" '
    function least(name, value) { if (!(name in best) || value < best[name]) best[name] = value }
    function row(title, form, scale, key, ours) {
        printf "%-30s " form "  " form "  %8.1f\n", title, best["neuron " key] * scale, best[ours " " key] * scale,
            best["neuron " key] / best[ours " " key]
    }
    FNR == 1 { who = FILENAME; sub(/.*\//, "", who); sub(/\.txt$/, "", who) }
    / run_s / { runs[who]++ }
    { for (i = 1; i < NF; i += 2) least(who " " $i, $(i + 1) + 0) }
    END {
        split("neuron hillock1 hillock2", programs)
        for (i in programs) if (!(programs[i] " ns" in best)) { print "versus-neuron.sh: no figures of " programs[i]; exit 1 }
        printf "%-30s %10s  %10s  %8s\n", "best of " runs["neuron"] " and " runs["hillock1"] " runs", "NEURON", "hillock", "ratio"
        row("build, ms", "%10.0f", 1e3, "build_s", "hillock1")
        row("run of 500 ms, s", "%10.3f", 1, "run_s", "hillock1")
        row("ns a compartment and step", "%10.2f", 1, "ns", "hillock1")
        row("two threads: run, s", "%10.3f", 1, "run_s", "hillock2")
        row("two threads: ns", "%10.2f", 1, "ns", "hillock2")
        print "NEURON " version ", " best["neuron compartments"] " compartments, 20000 steps, on one thread; load average " load
    }' "$tmp/neuron.txt" "$tmp/hillock1.txt" "$tmp/hillock2.txt"

status=0
printf 'NEURON against the reference: '
compare "$ref/network" "$tmp/neuron" || status=1
printf 'hillock against NEURON: '
compare "$tmp/neuron" "$tmp/hillock" || status=1

i=0
while [ $i -lt "$instances" ]; do
    folder=$tmp/instance$((seed + i))
    "$python" "$root/tests/bench/instances.py" make $((seed + i)) "$ref/l23_reduced.swc" "$folder"
    neuron "$folder" "$folder/network" >/dev/null
    peer "$folder" "$folder/hillock"
    printf 'instance of seed %d: ' $((seed + i))
    compare "$folder/network" "$folder/hillock" || status=1
    i=$((i + 1))
done
exit $status
