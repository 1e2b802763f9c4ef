# SPDX-License-Identifier: BSD-3-Clause
# The line that tells on a terminal how far a run is: what it says, when there is none, and that nothing of it stays.
# The runs sleep (tests/fixtures/slow.c), and so all of them go on at once.
. "$HILLOCK_SOURCE/tests/tap.sh"

command -v script >/dev/null || skip_all "there is no script(1), which makes a terminal"
case $(script --version 2>/dev/null) in
*util-linux*) ;;
*) skip_all "script(1) is not that of util-linux" ;;
esac
h=$HILLOCK_BUILD/hillock
export HILLOCK_BUILD SHELL=/bin/sh
cd "$tmp" || exit 1
unset HILLOCK_LUA HILLOCK_PLUGINS

cat >slow.lua <<'END'
local hk = require "hillock"
hk.load(os.getenv "HILLOCK_BUILD" .. "/tests/fixtures/slow.so")
local function model(options)
    local cell = hk.cell { morphology = hk.compartment { L = 20, diam = 20 } }
    cell:insert "Slow"
    local net = hk.network(options)
    return net, net:population("P", 2, cell)
end
local way = arg[1]
if way == "short" then
    model {}:run(1)
elseif way == "map" then
    hk.map({ 1, 2 }, function()
        local hk = require "hillock"
        hk.load(os.getenv "HILLOCK_BUILD" .. "/tests/fixtures/slow.so")
        local cell = hk.cell { morphology = hk.compartment { L = 20, diam = 20 } }
        cell:insert "Slow"
        local net <close> = hk.network {}
        net:population("P", 1, cell)
        net:run(50)
    end, { threads = 2 })
else
    local net, cells = model { threads = 2, group = 1 }
    net:record("spikes", { cells })
    print "before"
    net:run(way == "long" and 1e6 or 50)
    net:run(1)
end
print "after"
END
# A call of several seconds, whatever the machine.
cat >make.lua <<'END'
local hk = require "hillock"
local cell = hk.cell { morphology = hk.compartment { L = 20, diam = 20 } }
local n, begin = 7000, os.clock()
repeat
    n, begin = n * 3 // 2, os.clock()
    local net <close> = hk.network {}
    local cells = net:population("P", n, cell)
    net:connect(cells, cells, { rule = hk.pairwise(1e-6), from = "soma(0.5)", at = "soma", weight = 1, delay = 1,
                                synapse = { "ExpSyn", tau = 1 } })
until os.clock() - begin > 2
print "made"
END
# A gnuplot that takes its time.
mkdir bin
cat >bin/gnuplot <<'END'
#!/bin/sh
sleep 2
echo '</svg>' >a.svg.part
END
chmod +x bin/gnuplot
cat >draw.lua <<'END'
local hk = require "hillock"
print(hk.plot.fi { { current = { 0, 1 }, rate = { 0, 1 } } }:save("a.svg").path)
END
# What a terminal shows after a text: a carriage return goes back to the line's beginning.
cat >render.lua <<'END'
local lines = {}
for text in (io.read "a" .. "\n"):gmatch "([^\n]*)\n" do
    local shown, at = {}, 1
    for c in text:gmatch "." do
        if c == "\r" then
            at = 1
        else
            shown[at], at = c, at + 1
        end
    end
    lines[#lines + 1] = (table.concat(shown):gsub(" +$", ""))
end
print((table.concat(lines, "\n"):gsub("\n+$", "")))
END

# terminal NAME COMMAND : runs it on a terminal of its own. NAME.all is what it wrote there, NAME.status its status.
terminal() {
    : >"$1.all"
    timeout 120 script -qefc "$2" "$1.all" >/dev/null 2>&1 </dev/null
    echo $? >"$1.status"
}
# interrupted NAME SIGNAL OPTIONS : one that is sent the signal once the line is there; the shell that becomes the
# command writes its number.
interrupted() {
    terminal "$1" "echo \$\$ >$1.pid; exec $h run $3 slow.lua long" &
    i=0
    until grep -aq ' %: ' "$1.all" 2>/dev/null || [ $i -ge 500 ]; do
        sleep 0.1
        i=$((i + 1))
    done
    kill "-$2" "$(cat "$1.pid")"
    wait
}
if grep -q __tsan_init "$h"; then
    held="the thread sanitizer holds signals back until a system call"
else
    held=
    interrupted int INT "" &
    interrupted term TERM --profile &
fi
terminal plain "$h run slow.lua" &
terminal narrow "stty cols 30; $h run slow.lua" &
terminal tiny "stty cols 2; $h run slow.lua" &
terminal quiet "$h run --quiet slow.lua" &
terminal err "$h run slow.lua 2>err.err" &
terminal out "$h run slow.lua >out.out" &
terminal short "$h run slow.lua short" &
terminal map "$h run slow.lua map" &
terminal make "$h run make.lua" &
terminal draw "PATH=$tmp/bin:$PATH $h run draw.lua" &
"$h" run slow.lua >none.out 2>none.err </dev/null &
wait

# see NAME : lines is all that was drawn, a line each; screen is what is left to see.
see() {
    sed '1d;$d' "$1.all" >inner # script's own lines
    tr '\r' '\n' <inner >lines
    screen=$("$h" run --quiet render.lua <inner 2>&1)
    status=$(cat "$1.status")
}

both="before
after"
see plain
ok "a line tells percent, time, what is left, rate and spikes" grep -Eq \
    '^[0-9]+ %: [0-9]+\.0 of 50 ms, [0-9.]+ s left, [0-9.]+ ms/s = [0-9.e-]+ x real time, 2 spikes *$' lines
ok "it goes on" test "$(grep -o '^[0-9]* %: [0-9.]*' lines | sort -u | wc -l)" -ge 2
is "nothing of it stays" "$status $screen" "0 $both"

see narrow
ok "a narrow terminal has what fits" grep -q ' %: ' lines
ok "in less than its width" awk 'length > 29 { exit 1 }' lines
is "and nothing of it stays" "$status $screen" "0 $both"
see tiny
is "one of two columns has none" "$status $screen $(grep -c ' %' lines)" "0 $both 0"

see quiet
is "--quiet: none" "$status $(tr -d '\r' <inner)" "0 $both"
see err
is "standard error is no terminal: none" "$status $(tr -d '\r' <inner) $(cat err.err)" "0 $both "
see out
ok "standard output is none: a line all the same" grep -q ' %: ' lines
is "and nothing of it stays there" "$status $screen $(cat out.out)" "0  $both"
is "no terminal at all: none" "$(cat none.out none.err)" "$both"
see short
is "a short run has none" "$status $(tr -d '\r' <inner)" "0 after"
see map
ok "hk.map tells how many items are done" grep -q '^map: [0-2] of 2 items, [0-9]* %' lines
is "its networks tell nothing: they would be many lines at once" "$(grep -c ' ms' lines)" 0
is "and nothing of it stays" "$status $screen" "0 after"
see make
ok "what makes many things tells how far it is" grep -Eq '^connections: [0-9]+ %, [0-9.]+ s left' lines
is "and nothing of it stays" "$status $screen" "0 made"
see draw
ok "so does a picture that takes long" grep -q '^drawing a.svg: [0-9.]* s' lines
is "and nothing of it stays" "$status $screen" "0 a.svg"
"$h" run make.lua >quiet.out 2>quiet.err </dev/null
is "all of them are silent without a terminal" "$(cat quiet.out quiet.err)" made

if [ -n "$held" ]; then
    for i in 1 2 3 4; do skip "$held"; done
else
    see int
    is "Ctrl-C: the message alone is left" "$status $(echo "$screen" | sed 's/t = [0-9]* ms/t/')" \
        "130 before
hillock: slow.lua:26: interrupted at t: what was recorded until then is kept"
    see term
    has "SIGTERM with a profile: the table is whole" "$status $screen" "143 before
profile: "
    is "nothing of the line is left" "$(echo "$screen" | grep -c ' %: ')" 0
    has "and the message comes last" "$(echo "$screen" | tail -n 1)" "hillock: slow.lua:26: interrupted at t = "
fi

finish
