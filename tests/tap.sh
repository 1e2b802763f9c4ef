# SPDX-License-Identifier: BSD-3-Clause
# tap: tests in shell speak TAP. A script sources this file as `. "$HILLOCK_SOURCE/tests/tap.sh"`, tests with ok and has,
# and ends with finish. $tmp is a folder of its own that goes when the script ends.
tap_count=0
tap_failed=0
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM HUP

# ok NAME COMMAND... : the command succeeds; what it printed is shown if not.
ok() {
    tap_name=$1
    shift
    tap_count=$((tap_count + 1))
    if "$@" >"$tmp/.said" 2>&1; then
        echo "ok $tap_count - $tap_name"
    else
        echo "not ok $tap_count - $tap_name"
        echo "# failed: $*"
        sed 's/^/# /' "$tmp/.said"
        tap_failed=$((tap_failed + 1))
    fi
}

# is NAME GOT WANT : the texts are equal.
is() {
    tap_got=$2
    tap_want=$3
    ok "$1" tap_same
}
tap_same() {
    [ "$tap_got" = "$tap_want" ] || { printf 'got:  %s\nwant: %s\n' "$tap_got" "$tap_want"; false; }
}

# has NAME GOT TEXT : the text is somewhere in what was got.
has() {
    tap_got=$2
    tap_want=$3
    ok "$1" tap_holds
}
tap_holds() {
    case $tap_got in *"$tap_want"*) true ;; *) printf 'got:   %s\nlacks: %s\n' "$tap_got" "$tap_want"; false ;; esac
}

# skip REASON : one test that is not run.
skip() {
    tap_count=$((tap_count + 1))
    echo "ok $tap_count # SKIP $1"
}

# skip_all REASON : nothing to test here.
skip_all() {
    echo "1..0 # SKIP $1"
    exit 0
}

finish() {
    echo "1..$tap_count"
    [ "$tap_failed" -eq 0 ] && [ "$tap_count" -gt 0 ]
    exit
}
