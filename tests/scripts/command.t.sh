# SPDX-License-Identifier: BSD-3-Clause
# The command itself: what it says, what it returns, and how a script sees its arguments.
. "$HILLOCK_SOURCE/tests/tap.sh"

h=$HILLOCK_BUILD/hillock
cd "$tmp" || exit 1
mkdir folder
unset HILLOCK_LUA HILLOCK_PLUGINS

# run COMMAND... : $status, $out and $err.
run() {
    "$@" >out 2>err
    status=$?
    out=$(cat out)
    err=$(cat err)
}

# ---- the command line

version=$(sed -n 's/^#define HK_VERSION "\(.*\)"/\1/p' "$HILLOCK_SOURCE"/include/hillock/context.h)
run "$h" --version
is "--version" "$status $out" "0 hillock $version"
run "$h"
is "no command: status 2" "$status" 2
has "no command: the help" "$err" "Commands:"
for command in "" run check sweep protocol replay diff view plugins info new compile dendrotweaks; do
    # shellcheck disable=SC2086 # no word or one
    run "$h" $command --help
    has "hillock $command --help" "$status $out" "0 Usage: hillock${command:+ $command}"
done
run "$h" rum
is "an unknown command: status 2" "$status" 2
has "an unknown command names the nearest" "$err" "unknown command 'rum': did you mean 'run'?"
run "$h" frobnicate
has "or all that there are" "$err" "unknown command 'frobnicate': there is run, check, sweep, protocol, replay, diff, view, plugins, info, new, compile, dendrotweaks"
echo 'print "here"' >model.lua
run "$h" model.lua
has "a script without run" "$err" "did you mean 'hillock run model.lua'?"
run "$h" run --thread 2 model.lua
is "an unknown option: status 2" "$status" 2
has "an unknown option names the nearest" "$err" "unknown option '--thread': did you mean '--threads'?"
for n in 0 1.5 two 1025; do
    run "$h" run --threads "$n" model.lua
    has "--threads $n" "$status $err" "2 hillock: --threads: expected a whole number from 1 to 1024, got '$n'"
done
run "$h" run
has "run without a script" "$status $err" "2 hillock: missing argument 'script'"
HILLOCK_LUA=$tmp/folder run "$h" --version
has "HILLOCK_LUA without modules" "$status $err" "1 hillock: its Lua modules are not in $tmp/folder: set HILLOCK_LUA"
ln -s "$HILLOCK_SOURCE/scripts/hillock" folder/hillock
HILLOCK_LUA=folder run "$h" --version
is "HILLOCK_LUA with modules" "$status $out" "0 hillock $version"
if [ -w /dev/full ]; then
    "$h" --version >/dev/full 2>err
    is "standard output that cannot be written: status 1" $? 1
else
    skip "there is no /dev/full"
fi

# ---- a script

cat >folder/args.lua <<'END'
local out = { arg[-1], arg[0], select("#", ...), ... }
for i = 1, #arg do
    out[#out + 1] = i .. "=" .. arg[i]
end
print(table.concat(out, " "))
END
run "$h" run --threads 2 folder/args.lua --threads 5 -x --help ""
is "arguments are the script's from its name on" "$status $out" \
    "0 2 folder/args.lua 5 --threads 5 -x --help  1=--threads 2=5 3=-x 4=--help 5="
run "$h" run --threads=2 folder/args.lua
is "--threads=N" "$status $out" "0 --threads=2 folder/args.lua 0"
echo 'print("input", ...)' | "$h" run - a >out
is "a script from standard input" "$(cat out)" "input	a"

echo 'return "beside"' >folder/mine.lua
echo 'return "wrong"' >folder/hillock.lua
echo 'print(require "mine", (package.searchpath("hillock.keys", package.path)))' >folder/modules.lua
run "$h" run folder/modules.lua
has "modules beside the script are found, wherever it is called from" "$out" "beside"
rm folder/hillock.lua

echo 'os.exit(7)' >exit.lua
run "$h" run exit.lua
is "os.exit" "$status" 7
echo 'os.exit(true)' >exit.lua
run "$h" run exit.lua
is "os.exit(true)" "$status" 0
echo 'setmetatable({}, { __gc = function() print "closed" end }) os.exit(3)' >exit.lua
run "$h" run exit.lua
is "os.exit closes what is open" "$status $out" "3 closed"

run "$h" run nosuch.lua
is "no such script" "$status $err" "1 hillock: cannot read the script nosuch.lua: No such file or directory"
run "$h" run folder
is "a folder as script" "$status $err" "1 hillock: cannot read the script folder: it is no file"
printf 'local x\nx = = 2\n' >bad.lua
run "$h" run bad.lua
is "a syntax error" "$status $err" "1 hillock: bad.lua:2: unexpected symbol near '='"

cat >fail.lua <<'END'
local function inner(t)
    local x = t.a.b
    return x
end
local function outer()
    local x = inner {}
    return x
end
if arg[1] == "plain" then
    local x = arg.a.b
    return x
elseif arg[1] == "table" then
    error {}
elseif arg[1] == "text" then
    error(setmetatable({}, { __tostring = function() return "my own" end }))
end
outer()
END
run "$h" run fail.lua plain
is "an error in the script's own lines is one line" "$status $err" \
    "1 hillock: fail.lua:10: attempt to index a nil value (field 'a')"
run "$h" run fail.lua
is "an error in functions says where they were called" "$status $err" \
    "1 hillock: fail.lua:2: attempt to index a nil value (field 'a')
    at fail.lua:2 in function 'inner'
    at fail.lua:6 in function 'outer'
    at fail.lua:17 in the script"
run "$h" run --traceback fail.lua
has "--traceback shows all calls" "$err" "hillock/command/run.lua"
has "and the first one" "$err" "fail.lua:2: in upvalue 'inner'"
run "$h" run fail.lua table
has "an error that is no text" "$err" "hillock: the error is a table without a message"
run "$h" run fail.lua text
has "an error with a text of its own" "$err" "hillock: my own"

# ---- interrupts: $1 is the signal, then the script and its arguments. It comes when the file $sign
# (ready) holds something.

interrupt() {
    signal=$1
    shift
    rm -f "${sign-ready}"
    "$h" run "$@" >out 2>err &
    pid=$!
    i=0
    while ! [ -s "${sign-ready}" ] && [ $i -lt 200 ]; do
        sleep 0.05
        i=$((i + 1))
    done
    kill "-$signal" "$pid"
    (sleep 60 && kill -KILL "$pid") >/dev/null 2>&1 &
    watchdog=$!
    wait "$pid"
    status=$?
    kill "$watchdog" 2>/dev/null
    out=$(cat out)
    err=$(cat err)
}
cat >busy.lua <<'END'
local function busy()
    io.open("ready", "w"):write("busy"):close()
    while true do end
end
if arg[1] == "catch" then
    print(pcall(busy))
    print "saved"
else
    busy()
end
END
if grep -q __tsan_init "$h"; then
    held="the thread sanitizer holds signals back until a system call"
else
    held=
fi
if [ -n "$held" ]; then
    for i in 1 2 3 4 5; do skip "$held"; done
else
    interrupt INT busy.lua
    has "Ctrl-C ends a busy script" "$status $err" "130 hillock: "
    has "with its place" "$err" "interrupted
    at busy.lua:3 in function 'busy'"
    interrupt TERM busy.lua
    has "so does SIGTERM" "$status $err" "143 hillock: "
    interrupt INT busy.lua catch
    has "a script can catch it, and ends in order" "$status $out" "130 false	"
    has "with what it had to do" "$out" "saved"
fi

cat >long.lua <<'END'
local hk = require "hillock"
local cell = hk.cell { morphology = hk.compartment { L = 20, diam = 20 } }
local net = hk.network { units = false } -- or the signal would come while they are compiled
local cells = net:population("one", 1, cell)
net:record("v", { cells, at = "soma(0.5)", to = "csv", path = "v.csv" })
if arg[1] == "catch" then
    print(pcall(net.run, net, 1e9))
    for _ = 1, 1000 do end
    print "saved"
else
    net:run(1e9)
end
END
if [ -n "$held" ]; then
    for i in 1 2 3 4 5 6; do skip "$held"; done
elif echo 'require("hillock").network {}' | "$h" run - >/dev/null 2>&1; then
    sign=v.csv.part # it runs
    interrupt INT long.lua
    has "Ctrl-C ends a run" "$status $err" "130 hillock: long.lua:11: interrupted at t = "
    ok "what was recorded is on disk" test -s v.csv
    ok "in whole lines" awk -F, 'NF != 2 { bad = 1 } END { exit bad || NR < 10 }' v.csv
    is "to its end" "$(tail -c 1 v.csv | od -An -c | tr -d ' ')" '\n'
    rm -f v.csv
    interrupt INT long.lua catch
    has "a script can catch that too" "$status $out" "130 false	long.lua:7: interrupted at t = "
    has "and is not interrupted again" "$out" "saved"
else
    for i in 1 2 3 4 5 6; do skip "this build cannot make a network"; done
fi

# ---- plugins and info

run "$h" plugins
if [ "$status" -eq 0 ]; then
    has "plugins: a table" "$out" "NAME "
    has "with kinds and what they are" "$(echo "$out" | tr -s ' ')" "hh channel "
    has "and files" "$out" "/hh.so"
    run "$h" plugins recorder
    has "plugins of a kind" "$out" "csv"
    is "and no others" "$(echo "$out" | grep -c channel)" 0
    run "$h" plugins channels
    has "plugins of no kind" "$status $err" "2 hillock: argument 'kind' must be one of 'channel'"

    run "$h" info Kv
    is "info" "$status" 0
    for text in "Kv: " "kind   channel" "its current is k's" "depends on celsius" "/kv.so" \
        "scripts set" "scripts can record"; do
        has "info says '$text'" "$(echo "$out" | sed 's/kind  */kind   /')" "$text"
    done
    has "info: a field" "$(echo "$out" | tr -s ' ')" " gbar S/cm2 0.005 from 0 greatest conductance density"
    has "info: an ion" "$(echo "$out" | tr -s ' ')" " ek mV reversal potential of k potassium's reversal potential"
    ok "info: the hash is the file's" test "$(echo "$out" | awk '$1 == "hash" { print $2 }')" = \
        "$(sha256sum "$(echo "$out" | awk '$1 == "file" { print $2 }')" | cut -d ' ' -f 1)"
    run "$h" info ExpSyn
    has "info: a weight" "$(echo "$out" | tr -s ' ')" " weight uS must be set from 0 "
    run "$h" info expsym
    has "info of an unknown plugin" "$status $err" "1 hillock: "
    has "names the nearest" "$err" "ExpSyn"
    has "names no file of hillock's own" "${err%%plugin*}" "hillock: there is no "
    run "$h" info ./nosuch.so
    has "info of a file that is not there" "$status $err" "1 hillock: "
    has "names the file" "$err" "nosuch.so"
else
    skip "this build has no plugins: $err"
fi

finish
