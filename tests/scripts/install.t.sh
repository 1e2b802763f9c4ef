# SPDX-License-Identifier: BSD-3-Clause
# The installed tree works from an empty folder, with nothing of the source or build tree in reach of a name, also when
# it was moved after the installation.
. "$HILLOCK_SOURCE/tests/tap.sh"

[ -x "$HILLOCK_BUILD/hillock" ] || skip_all "the command is not built"
unset LUA_PATH LUA_PATH_5_4 LUA_CPATH LUA_CPATH_5_4 HILLOCK_PLUGINS LD_LIBRARY_PATH
export HOME="$tmp/home" XDG_CACHE_HOME="$tmp/cache"
mkdir "$tmp/home" "$tmp/empty"
p=$tmp/moved

ok "it installs" cmake --install "$HILLOCK_BUILD" --prefix "$tmp/first"
mv "$tmp/first" "$p"
cd "$tmp/empty" || exit 1

for file in lib/libhillock.so lib/pkgconfig/hillock.pc include/hillock/plugin.h include/hillock/hillock.h \
    include/hillock/math.h include/hillock/unit.h include/hillock/nmodl.h bin/hillock share/hillock/lua/hillock/init.lua \
    share/hillock/lua/hillock/nmodl/init.lua share/hillock/examples/network.lua \
    share/hillock/lua/hillock/view/vendor/LICENSE.uPlot; do
    ok "$file is there" test -f "$p/$file"
done
for source in "$HILLOCK_SOURCE"/plugins/*/*.c; do
    [ -f "$source" ] || continue
    name=$(basename "$source" .c)
    ok "plugin $name is there" test -f "$p/lib/hillock/plugins/$name.so"
    ok "and its source beside it" cmp -s "$source" "$p/lib/hillock/plugins/$name.c"
done

version=$(sed -n 's/^#define HK_VERSION "\(.*\)"/\1/p' "$p"/include/hillock/*.h)
has "the command runs" "$("$p/bin/hillock" --version 2>&1)" "$version"
has "it loads its own library" "$(ldd "$p/bin/hillock" 2>&1)" "$p/bin/../lib/libhillock.so.0"
has "it lists installed plugins" "$("$p/bin/hillock" plugins 2>&1)" hh

cat >own.lua <<'END'
require "hillock"
io.write("module at ", package.searchpath("hillock", package.path), "\n")
END
has "a script finds the installed modules" "$("$p/bin/hillock" run own.lua 2>&1)" \
    "module at $p/share/hillock/lua/hillock/init.lua"
ok "an example runs from there" "$p/bin/hillock" run "$p/share/hillock/examples/first_steps.lua"

cat >units.lua <<'END'
local hk = require "hillock"
local function run(units)
    local type = hk.cell { name = "P", morphology = hk.compartment { L = 20, diam = 20 } }
    for _, name in ipairs { "hh", "CaHVA", "CaDyn", "KCa", "Km" } do
        type:insert(name)
    end
    local net = hk.network { celsius = 20, units = units }
    local cells = net:population("P", 3, type)
    net:record("v", { cells, at = "soma(0.5)" })
    return net:run(5).v[3]:sum(), net.facts.units
end
local sum, units = run(true)
print(units, sum == run(false))
END
is "a run there gets its units" "$("$p/bin/hillock" run units.lua 2>&1)" "1	true"

if lua5.4 -e 'require "cjson"' 2>/dev/null; then
    mkdir results
    ok "a results folder" "$p/bin/hillock" run "$HILLOCK_SOURCE/tests/view/folder.lua" results bare
    ok "has a page" "$p/bin/hillock" view results
else
    skip "the Lua module cjson is not installed"
    skip "likewise"
fi

ok "it writes a new plugin" "$p/bin/hillock" new channel Mine
mine=$(ls ./*.c 2>&1)
ok "it compiles it with the installed header" "$p/bin/hillock" compile "$mine"
ok "the plugin compiles with the header and a plain compiler" "${CC:-cc}" -std=c11 -Wall -Wextra -Werror -shared -fPIC \
    -fvisibility=hidden -I "$p/include" -o Mine.so "$mine" -lm
has "a script could load it" "$(nm -D --defined-only Mine.so 2>&1)" hk_plugin
has "the command finds it" "$(HILLOCK_PLUGINS=. "$p/bin/hillock" info Mine 2>&1)" Mine

if lua5.4 -e 'require "lpeg"' 2>/dev/null; then
    ok "it writes a MOD file" "$p/bin/hillock" new mod Gate
    has "and compiles it" "$("$p/bin/hillock" compile Gate.mod 2>&1)" "compiled Gate.mod -> $tmp/cache/hillock/"
    echo 'print(require("hillock").load("Gate.mod").name)' >gate.lua
    is "a script loads it" "$("$p/bin/hillock" run gate.lua 2>&1)" Gate
    for module in "$HILLOCK_SOURCE"/scripts/hillock/nmodl/*.lua; do
        name=$(basename "$module")
        ok "nmodl/$name is there" cmp -s "$module" "$p/share/hillock/lua/hillock/nmodl/$name"
    done
else
    skip "the Lua module lpeg is not installed"
fi

cat >client.c <<'END'
#include <hillock/hillock.h>
#include <stdio.h>
int main(void) {
    hk_context *ctx = hk_new();
    uint32_t count = 0;
    if (!ctx || hk_plugin_scan(ctx, &count) != HK_OK || count == 0) {
        printf("%u plugins: %s\n", count, ctx ? hk_message(ctx) : "no context");
        return 1;
    }
    hk_free(ctx);
    return 0;
}
END
flags=$(PKG_CONFIG_PATH="$p/lib/pkgconfig" pkg-config --cflags --libs hillock)
has "pkg-config names the moved tree" "$flags" "$p/"
if nm -D "$p/lib/libhillock.so" | grep -q '_[atl]san_'; then
    skip "a sanitizer's library serves sanitized programs alone"
    skip "likewise"
else
    ok "a C program compiles by pkg-config" ${CC:-cc} -std=c11 -o client client.c $flags -Wl,-rpath,"$p/lib"
    ok "it finds the installed plugins" ./client
fi

finish
