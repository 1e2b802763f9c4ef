# SPDX-License-Identifier: BSD-3-Clause
# hillock compile: what is built when, and what is said of what cannot be.
. "$HILLOCK_SOURCE/tests/tap.sh"

h=$HILLOCK_BUILD/hillock
unset HILLOCK_LUA HILLOCK_PLUGINS CC
export XDG_CACHE_HOME="$tmp/cache"
mkdir "$tmp/work" && cd "$tmp/work" || exit 1

run() {
    "$@" >../out 2>../err
    status=$?
    out=$(cat ../out)
    err=$(cat ../err)
}
entries() { # plugins in the cache
    find "$tmp/cache/hillock" -name '*.so' | wc -l | tr -d ' '
}

cat >leaky.c <<'END'
#include "hillock/plugin.h"

struct leaky {
    hk_col g, e;
};

static const struct hk_field leaky_fields[] = {
    {"g", HK_PARAMETER, "S/cm2", 0.001, 0, HK_INF, "conductance density", NULL, 0},
    {"e", HK_PARAMETER, "mV", -70, 0, 0, "reversal potential", NULL, 0},
};

HK_KERNEL(leaky, current) {
    HK_EACH(k, b) {
        b->i[k] += c->g[k] * (b->v[k] - c->e[k]);
        b->g[k] += c->g[k];
    }
}

HK_PLUGIN(leaky) = {
    HK_HEADER(leaky, HK_CHANNEL, "leaky", "passive membrane"),
    HK_FIELDS(leaky, leaky_fields),
    .current = leaky_current_hook,
};
END

# ---- what is built, and when

run "$h" compile leaky.c
has "a plugin is built: one line" "$status $(echo "$out" | wc -l | tr -d ' ') $out" \
    "0 1 compiled leaky.c -> $tmp/cache/hillock/"
has "with its time" "$out" "/leaky.so (0."
is "and nothing else is said" "$err" ""
so=${out#*-> }
so=${so% (*}
is "it exports the descriptor alone" "$(nm -D --defined-only "$so" | awk '{ print $3 }')" hk_plugin
is "and needs the C library at the most" \
    "$(objdump -p "$so" | awk '$1 == "NEEDED" && $2 !~ /^lib[cm]\.so/')" ""
run "$h" compile leaky.c
is "unchanged" "$status $out" "0 leaky.c unchanged"
touch leaky.c
run "$h" compile leaky.c
is "a new date changes nothing" "$out" "leaky.c unchanged"
run "$h" compile --force leaky.c
has "--force builds it" "$out" "compiled leaky.c -> $so"
is "to the same place" "$(entries)" 1
sed 's/0\.001/0.002/' leaky.c >other.c && cp leaky.c kept.c && mv other.c leaky.c
run "$h" compile leaky.c
has "a changed source is built" "$out" "compiled leaky.c"
ok "elsewhere" test "$(entries)" = 2
mv kept.c leaky.c
run "$h" compile leaky.c
is "the first one is still there" "$out" "leaky.c unchanged"
mkdir away && cp leaky.c away
run "$h" compile "$PWD/away/leaky.c"
is "content, not path, is what counts" "$out" "$PWD/away/leaky.c unchanged"
if command -v clang >/dev/null && command -v gcc >/dev/null; then
    CC=gcc run "$h" compile leaky.c
    CC=clang run "$h" compile leaky.c
    has "another compiler builds anew" "$out" "compiled leaky.c"
    CC=gcc run "$h" compile leaky.c
    is "beside the other's" "$out" "leaky.c unchanged"
else
    skip "there are no two compilers"
    skip "likewise"
fi
best=1000
for i in 1 2 3 4 5; do
    began=$(date +%s%N)
    "$h" compile leaky.c >/dev/null
    took=$((($(date +%s%N) - began) / 1000000))
    [ "$took" -lt "$best" ] && best=$took
done
echo "# unchanged: $best ms"
if nm -D "$HILLOCK_BUILD/libhillock.so" 2>/dev/null | grep -q '_[atl]san_'; then
    skip "a sanitizer takes its time"
else
    ok "what is unchanged takes no time (200 ms on a busy machine)" test "$best" -lt 200
fi

# ---- files that a plugin includes

mkdir sub
echo '#define DEFAULT 1' >sub/value.h
sed 's/0\.001/DEFAULT/; s/^#include.*/&\n#include "value.h"/' leaky.c >sub/incl.c
run "$h" compile sub/incl.c
has "a plugin with a header of its own is built" "$out" "compiled sub/incl.c"
run "$h" compile sub/incl.c
is "and is unchanged while that is" "$out" "sub/incl.c unchanged"
echo '#define DEFAULT 2' >sub/value.h
run "$h" compile sub/incl.c
has "a changed header builds it anew" "$out" "compiled sub/incl.c"
echo '#define DEFAULT 1' >sub/value.h
run "$h" compile sub/incl.c
is "the first header's plugin is still there" "$out" "sub/incl.c unchanged"
mkdir sub2 && cp sub/incl.c sub2 && echo '#define DEFAULT 3' >sub2/value.h
run "$h" compile sub2/incl.c
has "the same source beside another header is another plugin" "$out" "compiled sub2/incl.c"
rm sub/value.h
run "$h" compile sub/incl.c
has "a header that is gone is missed" "$status $err" "1 sub/incl.c:2:10: "

# ---- --output

run "$h" compile --output lib/mine leaky.c
has "--output makes the folder and puts the plugin there" "$out" "leaky.c -> lib/mine/leaky.so"
ok "the same one" cmp lib/mine/leaky.so "$so"
run "$h" compile --output lib/mine leaky.c
is "where it is already, it is unchanged" "$out" "leaky.c unchanged"
echo >lib/mine/leaky.so
run "$h" compile --output lib/mine/ leaky.c
is "what is wrong there is replaced" "$out" "compiled leaky.c -> lib/mine/leaky.so (from the cache)"
run "$h" compile --output leaky.c leaky.c
has "--output that is no folder" "$status $err" "1 leaky.c: its plugin cannot be put there: leaky.c: "

# ---- what is wrong with a source: one message, the user's line

sed 's/c->g\[k\] \*/c->gg[k] */' leaky.c >field.c
run "$h" compile field.c
has "a compiler's error is at the user's line" "$status $err" "1 field.c:14:"
has "with what is wrong" "$err" "no member named 'gg'"
has "and the line" "$err" "
            b->i[k] += c->gg[k] * (b->v[k] - c->e[k]);
"
is "nothing else is said" "$out$(echo "$err" | wc -l | tr -d ' ')" 3
is "and nothing is left in the cache" "$(find "$tmp/cache/hillock" -name '.new*' | wc -l | tr -d ' ')" 0
sed 's/HK_KERNEL(leaky,/HK_KERNEL(leeky,/' leaky.c >macro.c
run "$h" compile macro.c
has "an error in a macro is at its use" "$status $err" "1 macro.c:12:1: "
sed 's/c->g\[k\] \*/frob(c->g[k]) */; s/^struct leaky {/double frob(double x);\n&/' leaky.c >link.c
run "$h" compile link.c
has "a function that is nowhere" "$status $err" "1 link.c:15:20: 'frob' is defined nowhere"
printf '#include "nosuch.h"\n' >header.c
run "$h" compile header.c
has "a header that is nowhere" "$status $err" "1 header.c:1:10: "
has "is named" "$err" "nosuch.h"
printf 'int x;\n' >none.c
run "$h" compile none.c
if echo 'require "hillock"' | "$h" run - 2>/dev/null && "$h" plugins >/dev/null 2>&1; then
    has "C that is no plugin" "$status $err" "1 none.c: it compiles, but is no plugin: "
    is "in hillock's own words" "$(echo "$err" | grep -c '\.lua:')" 0
    sed 's/0\.001, 0,/-1, 0,/' leaky.c >range.c
    run "$h" compile range.c
    has "a plugin with a wrong table" "$status $err" "1 range.c: it compiles, but is no plugin: "
    echo 'require("hillock").load "field.c"' >load.lua
    run "$h" run load.lua
    has "hk.load says the same at the script's line" "$status $err" "1 hillock: load.lua:1: field.c:14:"
    echo 'print(require("hillock").load("leaky.c").path)' >load.lua
    run "$h" run load.lua
    is "hk.load finds what is compiled" "$out" "$so"
else
    for i in 1 2 3 4 5; do skip "this build cannot load plugins"; done
fi
sed 's/^struct leaky {/static int unused;\n&/' leaky.c >warn.c
run "$h" compile warn.c
has "warnings are counted" "$status $out" "s, 1 warning)"
run "$h" compile --force --verbose warn.c
has "--verbose shows them" "$err" "-Wunused"
has "and the command" "$err" " -shared "
run "$h" compile field.c leaky.c macro.c
is "of several files all are tried" "$status $out" "1 leaky.c unchanged"
has "each failure is said" "$err" "macro.c:12:1"

# ---- what else can be wrong

run "$h" compile nosuch.c
is "no such file" "$status $err" "1 cannot read nosuch.c: No such file or directory"
run "$h" compile leaky.so
is "not a C file" "$status $err" "1 leaky.so: a plugin's source is called NAME.c or NAME.mod"
run "$h" compile
has "no file" "$status $err" "2 hillock: missing argument 'files'"
CC=nosuchcc run "$h" compile leaky.c
has "no compiler" "$status $err" "1 leaky.c: there is no C compiler 'nosuchcc': install one"
CC=false run "$h" compile leaky.c
has "a compiler that only fails" "$status $err" "1 leaky.c: the compiler failed: it said nothing"
XDG_CACHE_HOME=/proc/nowhere run "$h" compile leaky.c
has "no place for the cache" "$status $err" "1 the folder for compiled plugins cannot be made: /proc/nowhere"
HOME='' XDG_CACHE_HOME='' run "$h" compile leaky.c
is "no home" "$status $err" "1 there is no folder for compiled plugins: set XDG_CACHE_HOME, or HOME"
rm -rf "$tmp/cache"
for i in 1 2 3 4; do
    "$h" compile leaky.c >"../said$i" 2>&1 &
done
wait
is "four at once all succeed" "$(cat ../said? | grep -c -e '^compiled leaky.c' -e '^leaky.c unchanged')" 4
is "and make one plugin" "$(entries)" 1

finish
