# SPDX-License-Identifier: BSD-3-Clause
# Each function of math.h in a plain loop becomes vector code, for AVX2 and AVX-512, under gcc and clang: the loop's
# function holds packed multiply-adds of that width. Constant arguments too: a compiler may make branches of them.
. "$HILLOCK_SOURCE/tests/tap.sh"

case $(uname -m) in x86_64) ;; *) skip_all "the machine is not x86-64" ;; esac

calls='hk_exp_flush(x[k])|hk_expm1_rate(x[k])|hk_log_normal(x[k])|hk_exp(x[k])|hk_expm1(x[k])|hk_exprelr(x[k])|hk_log(x[k])|hk_pow(x[k], a)'
calls="$calls|hk_pow(x[k], x[k])|hk_pow(x[k], 2)|hk_pow(x[k], -1.3)|hk_pow(2.3, x[k])|1 - hk_exp(-0.025 * x[k])"
calls="$calls|hk_max(hk_exp(x[k]), hk_log(x[k]))"
flags="-std=c11 -O3 -fno-math-errno -fno-trapping-math -ffp-contract=off"

vectors() { # COMPILER FLAGS... : of $tmp/loop.c, with $register
    compiler=$1
    shift
    # shellcheck disable=SC2086 # flags are words
    "$compiler" $flags "$@" -I "$HILLOCK_SOURCE/include" -S -o "$tmp/loop.s" "$tmp/loop.c" || return 1
    grep "vfn*m.*pd.*%$register" "$tmp/loop.s" >/dev/null || { echo "no packed multiply-add of $register"; return 1; }
}

each() { # COMPILER ARCHITECTURE [FLAG]
    command -v "$1" >/dev/null || { skip "$1 is not installed"; return; }
    rest=$calls
    while [ -n "$rest" ]; do
        call=${rest%%|*}
        case $rest in *'|'*) rest=${rest#*|} ;; *) rest= ;; esac
        case $1 in
        clang) loop='_Pragma("clang loop vectorize(assume_safety)")' ;;
        *) loop='_Pragma("GCC ivdep")' ;;
        esac
        cat >"$tmp/loop.c" <<EOF
#include "hillock/math.h"
void loop(double *y, const double *x, double a, int n);
void loop(double *y, const double *x, double a, int n) {
    (void)a;
    $loop for (int k = 0; k < n; k++) y[k] = $call;
}
EOF
        ok "$call with $1 for $2" vectors "$1" "-march=$2" ${3:+"$3"}
    done
}

for compiler in gcc clang; do
    register=ymm
    each $compiler x86-64-v3
    register=zmm
    each $compiler x86-64-v4 -mprefer-vector-width=512
done

finish
