# SPDX-License-Identifier: BSD-3-Clause
# The helpers that the tests are written with: a failing test must be seen.
. "$HILLOCK_SOURCE/tests/tap.sh"

command -v lua5.4 >/dev/null || skip_all "lua5.4 is not installed"

# Runs a Lua script that uses tap; its output and exit status end up in $said and $status.
lua() {
    said=$(printf 'local tap = require "tap"\n%s\n' "$1" | lua5.4 - 2>&1)
    status=$?
}

lua 'tap.ok(1, "a") tap.is(0/0, 0/0, "b") tap.near(1.05, 1, { rel = 0.1 }, "c") tap.near(2, 2.5, 0.5, "d")
tap.throws(function() error("so a, so b") end, { "so a", "so b" }, "e") tap.skip(1, "cold") tap.done()'
is "tests that pass: status" $status 0
is "tests that pass: output" "$said" "ok 1 - a
ok 2 - b
ok 3 - c
ok 4 - d
ok 5 - e
ok 6 # SKIP cold
1..6"

fails() { # NAME SCRIPT TEXT
    lua "$2 tap.done()"
    is "$1: status" $status 1
    has "$1: it is told" "$said" "not ok 1 - x"
    has "$1: why" "$said" "$3"
}
fails "ok of false" 'tap.ok(false, "x")' "failed at stdin:2"
fails "is" 'tap.is(1, "1", "x")' '# got:  1
# want: "1"'
fails "near, too far" 'tap.near(1.2, 1, { rel = 0.1 }, "x")' "want: 1 within 0.1, it is off by 0.2"
fails "near, NaN" 'tap.near(0/0, 1, 1, "x")' "got:  "
fails "near, no number" 'tap.near(nil, 1, 1, "x")' "got:  nil"
fails "throws without an error" 'tap.throws(function() end, "a", "x")' "no error was raised"
fails "throws with another error" 'tap.throws(function() error("b") end, { "b", "a" }, "x")' "lacks:   a"

lua 'tap.done()'
is "no test at all: status" $status 1
lua 'tap.ok(true) error("stop")'
is "an error in the script: status" $status 1
lua 'tap.skip_all("none here") tap.ok(false)'
is "skip_all: status" $status 0
is "skip_all: output" "$said" "1..0 # SKIP none here"
lua 'tap.near(1, 1, {}, "x")'
is "near without a tolerance: status" $status 1

shell() { # SCRIPT : the same for tap.sh
    said=$(sh -c '. "$HILLOCK_SOURCE/tests/tap.sh"; '"$1"'; finish' 2>&1)
    status=$?
}
shell 'ok a true; is b 1 1; has c abc b; skip cold'
is "shell tests that pass: status" $status 0
has "shell tests that pass: plan" "$said" "1..4"
shell 'ok a true; ok x sh -c "echo because; false"'
is "shell, a command that fails: status" $status 1
has "shell, a command that fails: what it said" "$said" "# because"
shell 'is x 1 2'
is "shell, is: status" $status 1
shell 'has x abc d'
is "shell, has: status" $status 1
shell :
is "shell, no test: status" $status 1

finish
