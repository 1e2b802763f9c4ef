-- SPDX-License-Identifier: BSD-3-Clause
-- The parser of NMODL: the tree of every construct of the language.

local shape = require "nmodl.shape"
local scratch = require "scratch"
local tap = require "tap"

local function block(text, want, name)
    tap.is(shape.block(text), want, name or text:gsub("\n", " "))
end

local function statements(text, want, inside)
    tap.is(shape.statements(text, inside), "[" .. want .. "]", text:gsub("\n", " "))
end

local function expression(text, want)
    tap.is(shape.expression(text), want, text)
end

-- ---- expressions

expression("a + b * c - d", "((a + (b * c)) - d)")
expression("a / b * c", "((a / b) * c)")
expression("a ^ b ^ c", "(a ^ (b ^ c))")
expression("-a ^ b", "-(a ^ b)")
expression("a ^ -b * c", "((a ^ -b) * c)")
expression("a * -b + c", "((a * -b) + c)")
expression("- - a", "--a")
expression("-a * b", "(-a * b)")
expression("!a == b", "(!a == b)")
expression("a || b && c == d + 1", "(a || (b && (c == (d + 1))))")
expression("a < b == c >= d", "(((a < b) == c) >= d)")
expression("a != b && c <= d", "((a != b) && (c <= d))")
expression("(a + b) * c", "((a + b) * c)")
expression("f(x, g(), y + 1)", "f(x, g(), (y + 1))")
expression("x[i + 1] * m'", "(x[(i + 1)] * m')")
expression("x@2", "x@2")
expression(".5 + 1. + 1e3 + 1.5E-3 + 2", "((((0.5 + 1) + 1000) + 0.0015) + 2)")
expression("(1e-3)*x*(1(mV))", "((0.001 * x) * 1(mV))")
expression("exp(-(v+10(mV))/5(mV))", "exp((-(v + 10(mV)) / 5(mV)))")
expression("2 ( /ms ) * x", "(2(/ms) * x)")
expression("a : comment\n + b ? another", "(a + b)")
expression("a + COMMENT\n b\nENDCOMMENT\n c", "(a + c)")
expression("a\r\n + b\r\n", "(a + b)")

-- ---- statements

statements("x = 1 y = 2 f(x) z=x", "x = 1, y = 2, f(x), z = x")
statements("m' = (a - m) / b  x'[2] = 1", "m' = ((a - m) / b), x'[2] = 1", "DERIVATIVE d")
statements("x[i] = x[i-1] x@1 = 2", "x[i] = x[(i - 1)], x@1 = 2")
statements('printf("a %g\\n", x) f("b")', 'printf("a %g\\\\n", x), f("b")')
statements("LOCAL a, b[3] a = 1 { LOCAL c c = 2 }",
    "local{list=[a, b[3]]}, a = 1, block{body=[local{list=[c]}, c = 2]}")
statements("if (a > 1) { b = 1 }", "if{test=(a > 1) yes=[b = 1]}")
statements("IF (a) { } ELSE IF (b) { x = 1 } else { x = 2 }",
    "if{no=[if{no=[x = 2] test=b yes=[x = 1]}] test=a yes=[]}")
statements("while (a < 3) { a = a + 1 } WHILE (b) {}",
    "while{body=[a = (a + 1)] test=(a < 3)}, while{body=[] test=b}")
statements("FROM i = 0 TO n - 1 { x[i] = i }",
    'from{body=[x[i] = i] first=0 last=(n - 1) name="i"}')
statements("FROM i = 9 TO 0 BY -1 { }", 'from{body=[] by=-1 first=9 last=0 name="i"}')
statements("SOLVE a METHOD cnexp SOLVE b SOLVE c STEADYSTATE sparse SOLVE d METHOD after_cvode",
    'solve{after_cvode=false method="cnexp" name="a"}, solve{after_cvode=false name="b"}, '
    .. 'solve{after_cvode=false name="c" steadystate="sparse"}, '
    .. 'solve{after_cvode=true method="after_cvode" name="d"}')
statements("SOLVE a USING runge IFERROR { x = 1 }",
    'solve{after_cvode=false iferror=[x = 1] method="runge" name="a"}')
statements("TABLE a, b DEPEND c, d FROM -100 TO x + 1 WITH 200",
    "table{depend=[c, d] from=-100 list=[a, b] to=(x + 1) with=200}")
statements("TABLE FROM 0 TO 1 WITH 10", "table{depend=[] from=0 list=[] to=1 with=10}")
statements("TABLE DEPEND c FROM 0 TO 1 WITH 10",
    "table{depend=[c] from=0 list=[] to=1 with=10}")
statements("VERBATIM\n a(; { \nENDVERBATIM x = 1 is left out\n x = 2",
    'verbatim{text="\\\n a(; { \\\n"}, x = 2')
statements("UNITSOFF x = 1 UNITSON", "units_off{}, x = 1, units_on{}")
statements("CONDUCTANCE g USEION na CONDUCTANCE h",
    'conductance{ion=na name="g"}, conductance{name="h"}')
statements("PROTECT x = x + 1 MUTEXLOCK MUTEXUNLOCK",
    "protect{statement=x = (x + 1)}, mutexlock{}, mutexunlock{}")
statements("LAG x BY tau", 'lag{by=tau name="x"}')
statements("INITIAL { x = 1 } FOR_NETCONS (w, d (ms)) { w = 1 }",
    "net_initial{body=[x = 1]}, for_netcons{args=[w, d(ms)] body=[w = 1]}",
    "NET_RECEIVE(w, d)")
statements("WATCH (v > 10) 2, (v + 1 < -f(x)) 3",
    "watch{list=[watch_entry{condition=(v > 10) flag=2}, "
    .. "watch_entry{condition=((v + 1) < -f(x)) flag=3}]}",
    "NET_RECEIVE(w)")

-- ---- kinetics and equations

local k = "KINETIC k"
statements("~ ca + pump <-> capump (k1, k2*f(v))",
    "reaction{backward=(k2 * f(v)) forward=k1 left=[ca, pump] right=[capump]}", k)
statements("~ 2 a + 3b[i] <-> c[0] + d (1, 2)",
    "reaction{backward=2 forward=1 left=[2 a, 3 b[i]] right=[c[0], d]}", k)
statements("~ ca[0] << (-ica * PI) ~ a + b -> (k)",
    'flux{left=[ca[0]] op="<<" rate=(-ica * PI)}, flux{left=[a, b] op="->" rate=k}', k)
statements("CONSERVE a + 2 b = c * 2", "conserve{left=[a, 2 b] value=(c * 2)}", k)
statements("COMPARTMENT i, diam*vol[i] { a b } COMPARTMENT (1e10)*area { c } COMPARTMENT w {d e}",
    "compartment{index=i list=[a, b] volume=(diam * vol[i])}, "
    .. "compartment{list=[c] volume=(10000000000 * area)}, compartment{list=[d, e] volume=w}", k)
statements("LONGITUDINAL_DIFFUSION i, D*vol[i] { a } LONGITUDINAL_DIFFUSION D { b }",
    "longitudinal{index=i list=[a] volume=(D * vol[i])}, longitudinal{list=[b] volume=D}", k)
statements("FROM i = 0 TO 3 { ~ a[i] <-> a[i+1] (x, y) }",
    "from{body=[reaction{backward=y forward=x left=[a[i]] right=[a[(i + 1)]]}] first=0 last=3 "
    .. 'name="i"}', k)
statements("~ a*x + 2*(b + 1) = -c ~+ y = 1",
    "equation{left=((a * x) + (2 * (b + 1))) more=false right=-c}, "
    .. "equation{left=y more=true right=1}", "LINEAR l")
statements("~ x^2 + exp(y) = 3", "equation{left=((x ^ 2) + exp(y)) more=false right=3}",
    "NONLINEAR n")

-- ---- blocks

block("NEURON { SUFFIX a RANGE b, c RANGE d GLOBAL e THREADSAFE }",
    'neuron{bbcorepointer=[] electrode=[] external=[] global=[e] ions=[] nonspecific=[] '
    .. 'pointer=[] random=[] range=[b, c, d] suffix=a threadsafe=true what="channel"}')
block("NEURON {\nPOINT_PROCESS a\nPOINTER b BBCOREPOINTER c EXTERNAL d, e RANDOM r\n"
    .. "ELECTRODE_CURRENT i NONSPECIFIC_CURRENT j}",
    'neuron{bbcorepointer=[c] electrode=[i] external=[d, e] global=[] ions=[] nonspecific=[j] '
    .. 'pointer=[b] random=[r] range=[] suffix=a threadsafe=false what="point"}')
block("NEURON { ARTIFICIAL_CELL a }",
    'neuron{bbcorepointer=[] electrode=[] external=[] global=[] ions=[] nonspecific=[] '
    .. 'pointer=[] random=[] range=[] suffix=a threadsafe=false what="artificial"}')

local function neuron(text)
    return shape.parse("NEURON { " .. text .. " }").blocks[1]
end

tap.is(neuron("SUFFIX nothing").what, "nothing", "SUFFIX nothing")
tap.is(shape.show(neuron("USEION ca READ eca, cai WRITE ica VALENCE 2 REPRESENTS CHEBI:29108\n"
    .. "USEION na WRITE ina USEION cl READ ecl CHARGE -1 USEION k READ ek REPRESENTS [CHEBI:1]")
    .ions), '[ion{name=ca read=[eca, cai] represents="CHEBI:29108" valence=2 write=[ica]}, '
    .. "ion{name=na read=[] write=[ina]}, ion{name=cl read=[ecl] valence=-1 write=[]}, "
    .. 'ion{name=k read=[ek] represents="CHEBI:1" write=[]}]', "USEION")
tap.is(neuron("SUFFIX a REPRESENTS CHEBI:5").represents, "CHEBI:5", "REPRESENTS of a mechanism")

block("UNITS { (mV) = (millivolt) (k-mole)=( 10000 umho ) }",
    'units{list=[unit_entry{name="mV" unit="millivolt"}, '
    .. 'unit_entry{name="k-mole" unit="10000 umho"}]}')
block("UNITS { F = (faraday) (10000 coulomb) R=(k-mole) (joule/degC) G = (a) -> (b) P = 3.14 (1) }",
    'units{list=[unit_entry{constant=F to="10000 coulomb" unit="faraday"}, '
    .. 'unit_entry{constant=R to="joule/degC" unit="k-mole"}, '
    .. 'unit_entry{constant=G to="b" unit="a"}, unit_entry{constant=P unit="1" value=3.14}]}')
block("CONSTANT { a = 96485 (coul) b = -1 }",
    'constant{list=[constant_entry{name=a unit="coul" value=96485}, '
    .. "constant_entry{name=b value=-1}]}")
block("PARAMETER { v (mV) g=.1 (S/cm2) <0,1e9> e = -60 (mV) <-1e2, +5> n x[3] (/ms) <0, 1> }",
    'parameter{list=[parameter_entry{name=v unit="mV"}, '
    .. 'parameter_entry{high=1000000000 low=0 name=g unit="S/cm2" value=0.1}, '
    .. 'parameter_entry{high=5 low=-100 name=e unit="mV" value=-60}, parameter_entry{name=n}, '
    .. 'parameter_entry{high=1 low=0 name=x size=3 unit="/ms"}]}')
block("ASSIGNED { i (mA/cm2) x[4] (1) m' }",
    'assigned{list=[variable_entry{name=i unit="mA/cm2"}, variable_entry{name=x size=4 unit="1"}, '
    .. "variable_entry{name=m'}]}")
block("STATE { m h (1) <1e-4> x[2] FROM 0 TO 1 START .5 (mM) n FROM -1 TO 1 }",
    'state{list=[variable_entry{name=m}, variable_entry{abstol=0.0001 name=h unit="1"}, '
    .. 'variable_entry{from=0 name=x size=2 start=0.5 to=1 unit="mM"}, '
    .. "variable_entry{from=-1 name=n to=1}]}")
block("INDEPENDENT {t FROM 0 TO 1 WITH 1 (ms)} INDEPENDENT { SWEEP v FROM 0 TO 1 WITH 1 }",
    "independent{list=[]} independent{list=[]}")
block("DEFINE N 5 DEFINE M -2 PARAMETER { x[N] y = N (mV) z = -N w = M }",
    "define{name=N value=5} define{name=M value=-2} parameter{list=[parameter_entry{name=x size=5},"
    .. ' parameter_entry{name=y unit="mV" value=5}, parameter_entry{name=z value=-5}, '
    .. "parameter_entry{name=w value=-2}]}")
block("DEFINE N 5 PROCEDURE p() { x = N*2 + N (mV) FROM i = 0 TO N-1 { } }",
    'define{name=N value=5} procedure{args=[] body=[x = ((5 * 2) + 5(mV)), from{body=[] first=0 '
    .. 'last=(5 - 1) name="i"}] name=p}')
tap.is(shape.parse("DEFINE N 5").defines.N, 5, "a tree knows what is DEFINEd")

block("INITIAL { a = 1 } BREAKPOINT { b = 2 } CONSTRUCTOR { } DESTRUCTOR { }",
    "initial{body=[a = 1]} breakpoint{body=[b = 2]} constructor{body=[]} destructor{body=[]}")
block("DERIVATIVE d { } DISCRETE e { } KINETIC k { } KINETIC l SOLVEFOR a, b { } LINEAR m { } "
    .. "NONLINEAR n SOLVEFOR c { }",
    "derivative{body=[] name=d solvefor=[]} discrete{body=[] name=e solvefor=[]} "
    .. "kinetic{body=[] name=k solvefor=[]} kinetic{body=[] name=l solvefor=[a, b]} "
    .. "linear{body=[] name=m solvefor=[]} nonlinear{body=[] name=n solvefor=[c]}")
block("PROCEDURE p(a (mV), b) { } FUNCTION f(x(mM)) (/ms) { f = x } FUNCTION g() { g = 1 }",
    'procedure{args=[a(mV), b] body=[] name=p} func{args=[x(mM)] body=[f = x] name=f unit="/ms"} '
    .. "func{args=[] body=[g = 1] name=g}")
block("FUNCTION_TABLE t(v (mV), c) (/ms) FUNCTION_TABLE u(v)",
    'table_function{args=[v(mV), c] name=t unit="/ms"} table_function{args=[v] name=u}')
block("NET_RECEIVE (w, g (uS)) { g = w }", "net_receive{args=[w, g(uS)] body=[g = w]}")
block("BEFORE BREAKPOINT { } BEFORE INITIAL { } AFTER SOLVE { } AFTER STEP { x = 1 }",
    'before{body=[] when="BREAKPOINT"} before{body=[] when="INITIAL"} '
    .. 'after{body=[] when="SOLVE"} after{body=[x = 1] when="STEP"}')
block("LOCAL a, b[2] UNITSOFF UNITSON VERBATIM\nint x;\nENDVERBATIM",
    'local{list=[a, b[2]]} units_off{} units_on{} verbatim{text="\\\nint x;\\\n"}')
block("MODEL_LEVEL 1 STATE { m }", "state{list=[variable_entry{name=m}]}")

-- ---- the text

tap.is(shape.parse("TITLE  a title: with ? what COMMENT it (likes  \nSTATE { m }").title,
    "a title: with ? what COMMENT it (likes", "TITLE goes to the end of its line")
block("COMMENT\n} \xc3\xa9 \xff \0 COMMENT\n ENDCOMMENTS\n x ENDCOMMENT\n  ENDCOMMENT left\n"
    .. "STATE{m}",
    "state{list=[variable_entry{name=m}]}", "COMMENT ends where a line begins with ENDCOMMENT")
block("COMMENT ENDCOMMENT\nSTATE {COMMENT\nENDCOMMENT\nm : \xff\n}",
    "state{list=[variable_entry{name=m}]}", "COMMENT anywhere")
block("STATE { m\r\nh\r\n}\r\nCOMMENT\r\nx\r\nENDCOMMENT\r\n",
    "state{list=[variable_entry{name=m}, variable_entry{name=h}]}", "Windows ends its lines so")
block("STATE { m : a\rh\r}\rCOMMENT\rx\rENDCOMMENT\r",
    "state{list=[variable_entry{name=m}, variable_entry{name=h}]}", "and old Macs so")
block("\xef\xbb\xbfSTATE { m }", "state{list=[variable_entry{name=m}]}", "a byte order mark")
block("STATE { m } : no newline", "state{list=[variable_entry{name=m}]}")
block("", "", "an empty file")
block("STATE{m}ASSIGNED{v(mV)}PARAMETER{g=1(S/cm2)<0,1>}BREAKPOINT{SOLVE s METHOD cnexp i=g*(v)}",
    'state{list=[variable_entry{name=m}]} assigned{list=[variable_entry{name=v unit="mV"}]} '
    .. 'parameter{list=[parameter_entry{high=1 low=0 name=g unit="S/cm2" value=1}]} '
    .. 'breakpoint{body=[solve{after_cvode=false method="cnexp" name="s"}, i = (g * v)]}',
    "no blanks")

-- ---- positions

local tree = shape.parse("PARAMETER {\n  g = 1 (mV)\n}\nINITIAL {\n  x = a + f(b)\n}")

local function place(node, line, column, name)
    local at = tree.source:place(node.at)
    tap.is(("%d:%d"):format(at.line, at.column), ("%d:%d"):format(line, column), name)
end

place(tree.blocks[1], 1, 1, "a block is where its keyword is")
place(tree.blocks[1].list[1].name, 2, 3, "a name is where it begins")
local set = tree.blocks[2].body[1]
place(set, 5, 3, "an assignment is where its variable is")
place(set.value, 5, 9, "a binary operation is where its operator is")
place(set.value.right, 5, 11, "a call is where its function's name is")
tap.is(tree.source:place(tree.blocks[1].list[1].unit_at).column, 9, "a unit's place is known")

-- ---- files in files

local folder <close> = scratch.new()
folder:write("a.inc", "PARAMETER { a = 1 }\nINCLUDE \"b.inc\"\n")
folder:write("b.inc", "DEFINE N 3\nSTATE { x[N]")
assert(os.execute(("mkdir %s/other"):format(folder.work)))
folder:write("other/c.inc", "ASSIGNED { c[N] }")
local text = 'NEURON { SUFFIX n }\nINCLUDE "a.inc"\nINCLUDE "c.inc"\nINITIAL { y = N }'
local source = require "hillock.nmodl.source"
local messages = require "hillock.nmodl.messages"
local parse = require "hillock.nmodl.parse"
local made = source.new(folder.work .. "/main.mod", text)
local said = messages.new(made)
tree = parse.text(made, said, { folders = { folder.work .. "/other" } })
local kinds = {}
for i, node in ipairs(tree.blocks) do
    kinds[i] = node.kind
end
tap.is(table.concat(kinds, " "),
    "neuron include parameter include define state include assigned initial", "INCLUDE")
tap.is(tree.blocks[8].list[1].size, 3, "what a file DEFINEs, those after it know")
tap.is(#said, 1, "and a mistake in it is one")
tap.is(said:render()[1], folder.work .. "/b.inc:2:7: error: the '{' of STATE has no '}': "
    .. "expected one before the end of the file\n    STATE { x[N]\n          ^",
    "with its file, line and column")
local inside = made:place(tree.blocks[8].at)
tap.is(inside.file, folder.work .. "/other/c.inc", "a folder of options.folders")
tap.is(made:place(tree.blocks[9].at).line, 4, "the first file goes on")

-- ---- whole files

local root = os.getenv "HILLOCK_SOURCE" or "."
local list <close> = io.popen(("find %s/tests %s/examples -name '*.mod' | LC_ALL=C sort"):format(
    root, root))
local counted = 0
for path in list:lines() do
    local file <close> = assert(io.open(path, "rb"))
    made = source.new(path, file:read "a")
    said = messages.new(made)
    tree = parse.text(made, said)
    tap.ok(#said == 0 and #tree.blocks > 1, path:match "[^/]*$" .. " parses")
    if #said > 0 then
        tap.note("%s", said:render()[1])
    end
    counted = counted + 1
end
tap.ok(counted >= 9, "there are such files")

tap.done()
