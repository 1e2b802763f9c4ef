#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Installs Debian's NEURON for the tests that compare with it, and mends it: its nrnivmodl looks for a makefile in /usr/bin and
# for libnrniv in /usr/lib, where the packages of 8.2.2 do not put them. As root. Quick when run again.
set -u

works() {
    command -v nrnivmodl && /usr/bin/python3 -c 'import neuron' && [ -e /usr/bin/nrnmech_makefile ] && [ -e /usr/lib/libnrniv.so ]
} >/dev/null 2>&1

works && exit 0
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
{
    apt-get -q update
    apt-get -q install -y --no-install-recommends neuron python3-neuron neuron-dev lua-cjson lua5.4 &&
        { [ -e /usr/bin/nrnmech_makefile ] || ln -s ../lib/nrn/nrnmech_makefile /usr/bin/nrnmech_makefile; } &&
        { [ -e /usr/lib/libnrniv.so ] || ln -s nrn/libnrniv.so /usr/lib/libnrniv.so; } &&
        ldconfig
} >"$log" 2>&1 </dev/null && works || {
    cat "$log" >&2
    echo "neuron.sh: NEURON cannot be installed" >&2
    exit 1
}
