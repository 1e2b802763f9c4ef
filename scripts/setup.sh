#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Installs what is missing from Debian's or Ubuntu's packages, then builds hillock into build/. Quick when run again.
set -u

usage() {
    cat <<END
usage: sh scripts/setup.sh [--tests] [--ci]
Installs what is missing (with apt-get), configures and builds build/hillock for this machine.
  --tests   also what the tests need (sh tests/run)
  --ci      that, and what .ci/run needs: clang, clang-format, luacheck, and a browser for the pages of hillock view
On a system without apt-get it lists what is missing and stops. CC names another C compiler.
END
}

tests=false
ci=false
for option; do
    case $option in
    --tests) tests=true ;;
    --ci) tests=true ci=true ;;
    --help | -h) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
    esac
done

say() { echo "setup: $*"; }
die() { say "$*" >&2; exit 1; }

cd "$(dirname "$0")/.." || exit 1
log=build/setup.log
mkdir -p build && : >"$log" || exit 1

has() { command -v "$1" >/dev/null 2>&1; }
includes() { # can the compiler see a header?  includes HEADER [FLAG...]
    header=$1
    shift
    echo "#include <$header>" | ${CC:-cc} "$@" -E -x c - >/dev/null 2>&1
}
has_lua() { pkg-config --exists lua5.4 || pkg-config --exists lua-5.4 || pkg-config --exists 'lua >= 5.4'; } 2>/dev/null
# Is there a Lua 5.4 module of that name where Debian puts them, or where the installed interpreter looks?
has_module() {
    if has lua5.4; then
        lua5.4 -e "require '$1'"
    else
        ls /usr/share/lua/5.4/"$1".lua /usr/lib/*/lua/5.4/"$1".so /usr/local/share/lua/5.4/"$1".lua /usr/local/lib/lua/5.4/"$1".so |
            grep -q .
    fi
} >/dev/null 2>&1
has_cxx() { echo 'int a;' | c++ -fsyntax-only -x c++ - >/dev/null 2>&1; }

# need PACKAGE "UPSTREAM'S NAME" "WHY" COMMAND... : the package is missing if the command fails.
missing=
wanting=
need() {
    package=$1 upstream=$2 why=$3
    shift 3
    if ! "$@"; then
        missing="$missing $package"
        wanting="$wanting  $package ($upstream): $why
"
    fi
}
# want does the same with what hillock can do without.
wished=
wishing=
want() {
    package=$1 why=$3
    shift 3
    if ! "$@"; then
        wished="$wished $package"
        wishing="$wishing  $package: $why
"
    fi
}
look() {
    missing=
    wanting=
    wished=
    wishing=
    need gcc GCC "compiles the simulator, and plugins when you write some" has "${CC:-cc}"
    need libc6-dev "the C library's headers" "what any C program includes" includes stdio.h
    need cmake CMake "configures the build" has cmake
    need make "GNU make" "runs the build" has make
    need pkg-config pkgconf "tells the build where Lua is" has pkg-config
    need liblua5.4-dev "Lua 5.4" "the language of model scripts" has_lua
    need lua-argparse argparse "the command line of hillock" has_module argparse
    need lua-filesystem LuaFileSystem "hillock compile looks at files and folders" has_module lfs
    need lua-lpeg LPeg "hillock compile reads MOD files" has_module lpeg
    need lua-cjson Lua-CJSON "manifests and other JSON are read" has_module cjson
    want gnuplot-nox gnuplot "hk.plot draws pictures" has gnuplot
    if $tests; then
        need libcmocka-dev cmocka "the tests in C" pkg-config --exists cmocka
        need perl "Perl's prove" "runs the tests" has prove
        need lua5.4 "Lua 5.4" "tests the test helper" has lua5.4
        need valgrind Valgrind "counts a run's instructions" has valgrind
        need g++ "GCC for C++" "tests that the headers are C++ too" has_cxx
    fi
    if $ci; then
        need clang Clang "the second compiler that must take the code" has clang
        need lua-check luacheck "checks the Lua code" has luacheck
        need clang-format "Clang's formatter" "checks that C stands as .clang-format says" has clang-format
        need chromium Chromium "opens the pages of hillock view" has chromium
        need nodejs Node.js "tells the browser what to do" has node
    fi
}

quietly() { # runs a command with its output in the log, which is shown if it fails
    "$@" >>"$log" 2>&1 </dev/null && return
    tail -n 30 "$log" >&2
    die "failed: $* (all of its output: $log)"
}

look
root=
[ "$(id -u)" -eq 0 ] || root=sudo
apt="$root env DEBIAN_FRONTEND=noninteractive apt-get -q"
update() { # it fails where one source of many is out of reach; install will tell
    $apt update >>"$log" 2>&1 </dev/null
}
if [ -n "$missing" ]; then
    say "missing:"
    printf '%s' "$wanting$wishing"
    has apt-get || die "install these by the names your system has for them, then run this again"
    [ -z "$root" ] || has sudo || die "run as root: apt-get install$missing$wished"
    say "installing with $root${root:+ }apt-get"
    update
    # shellcheck disable=SC2086 # a command and a list of names
    quietly $apt install -y --no-install-recommends $missing
    look
    [ -z "$missing" ] || { printf '%s' "$wanting" >&2; die "installed, and still not found"; }
fi
if [ -n "$wished" ]; then
    say "not needed, but good to have:"
    printf '%s' "$wishing"
    if has apt-get && { [ -z "$root" ] || has sudo; } && update; then
        # shellcheck disable=SC2086 # a command and a list of names
        $apt install -y --no-install-recommends $wished >>"$log" 2>&1 </dev/null
        look
    fi
    [ -z "$wished" ] || say "goes on without$wished"
fi

[ -x build/hillock ] || say "building (build/setup.log says how it goes)"
quietly cmake --preset release
quietly cmake --build build --parallel "$(nproc 2>/dev/null || echo 2)"
say "ready: build/hillock"
