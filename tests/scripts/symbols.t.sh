# SPDX-License-Identifier: BSD-3-Clause
# What the library and the plugins show to the linker: a plugin one symbol, the library only names in hk_.
. "$HILLOCK_SOURCE/tests/tap.sh"

[ -x "$HILLOCK_BUILD/hillock" ] || skip_all "the command is not built"
sanitizer='^_*\(asan\|odr_asan\|ubsan\|tsan\|sanitizer\|lsan\)' # a sanitizer's own names are not ours
exported() { # the dynamic symbols that a file defines
    nm -D --defined-only "$1" | sed 's/.* //' | grep -v "$sanitizer" | sort
}
libraries() { # those it needs but libc, libm and a sanitizer's
    readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | grep -v '^lib\(c\|m\|asan\|ubsan\|tsan\)\.so'
}

library=$HILLOCK_BUILD/libhillock.so
is "the library exports nothing but hk_ names" "$(exported "$library" | grep -v '^hk_')" ""
ok "the library exports its interface" sh -c "nm -D --defined-only '$library' | grep -q ' T hk_new\$'"
is "the library needs the C library alone" "$(libraries "$library" | grep -v '^lib\(dl\|pthread\)\.so')" ""
is "the library lacks no symbol" "$(ldd -r "$library" 2>&1 | sed -n 's/.*undefined symbol: \([^[:space:]]*\).*/\1/p' |
    grep -v "$sanitizer")" ""
is "every function that a public header declares is in the library" "$(
    cat "$HILLOCK_SOURCE"/include/hillock/*.h | sed -n 's/^HK_API [^(]*[ *]\(hk_[a-z0-9_]*\)(.*/\1/p' | sort |
        while read -r name; do
            exported "$library" | grep -qx "$name" || echo "$name"
        done)" ""

for source in "$HILLOCK_SOURCE"/plugins/*/*.c; do
    [ -f "$source" ] || continue
    name=$(basename "$source" .c)
    is "$name exports hk_plugin alone" "$(exported "$HILLOCK_BUILD/plugins/$name.so")" hk_plugin
    is "$name needs libm at the most" "$(libraries "$HILLOCK_BUILD/plugins/$name.so")" ""
done

finish
