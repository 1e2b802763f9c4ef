# SPDX-License-Identifier: BSD-3-Clause
# Every public header compiles alone, as C11 and as C++17, without a warning.
. "$HILLOCK_SOURCE/tests/tap.sh"

warnings="-Wall -Wextra -pedantic -Werror"

alone() { # COMPILER STANDARD LANGUAGE
    command -v "$1" >/dev/null || { skip "$1 is not installed"; return; }
    for header in "$HILLOCK_SOURCE"/include/hillock/*.h; do
        name=hillock/$(basename "$header")
        printf '#include "%s"\n#include "%s"\n' "$name" "$name" >"$tmp/alone"
        ok "$name as $2 with $1" "$1" -x "$3" "-std=$2" $warnings -fsyntax-only -I "$HILLOCK_SOURCE/include" "$tmp/alone"
    done
}
alone gcc c11 c
alone clang c11 c
alone g++ c++17 c++
alone clang++ c++17 c++

finish
