-- SPDX-License-Identifier: BSD-3-Clause
-- unit_table: units by name, each as a multiple of others. Those of the SI are exact or of CODATA
-- 2018; the others are exact by their definitions. The names, and what each name means where usage
-- differs (`g` is the acceleration at the earth's surface, `k` is Boltzmann's constant, `e` the
-- elementary charge), are those of NEURON's table of units (share/lib/nrnunits.lib), so that a file
-- means here what it means there. `faraday` and `gasconstant` are products there, too: a UNITS
-- constant has the same bits.

local unit_table = {}

--- Of what all others are made.
unit_table.base = { "m", "kg", "sec", "coul", "candela", "K" }

--- Prefixes, in the order in which they are tried.
unit_table.prefixes = {
    { "atto", 1e-18 }, { "femto", 1e-15 }, { "pico", 1e-12 }, { "nano", 1e-9 },
    { "micro", 1e-6 }, { "milli", 1e-3 }, { "centi", 1e-2 }, { "deci", 1e-1 }, { "deka", 1e1 },
    { "hecta", 1e2 }, { "hecto", 1e2 }, { "kilo", 1e3 }, { "mega", 1e6 }, { "meg", 1e6 },
    { "giga", 1e9 }, { "tera", 1e12 },
}

local text = [[
fuzz 1
two 2
pi 3.14159265358979323846
% 1|100
percent %
dozen 12
radian .5 / pi
degree 1|180 pi-radian
circle 2 pi-radian
turn 2 pi-radian
revolution turn
arcdeg 1 degree
arcmin 1|60 arcdeg
arcsec 1|60 arcmin
steradian radian2
sr steradian

c 2.99792458+8 m/sec
g 9.80665 m/sec2
e 1.602176634-19 coul
mole 6.02214076+23
boltzmann 1.380649-23 joule/K
k boltzmann
faraday e-mole
gasconstant k-mole
R gasconstant
planck 6.62607015-34 joule-sec
hbar planck/two-pi
electronmass 9.1095-31 kg
protonmass 1.6726-27 kg

second sec
s sec
ms millisec
us microsec
ns nanosec
minute 60 sec
min minute
hour 60 min
hr hour
day 24 hr
week 7 day
year 365.24219879 day

gram millikg
gm gram
mg milligram
tonne 1+6 gm
amu 1.66044-27 kg
dalton amu

meter m
metre meter
cm centimeter
mm millimeter
km kilometer
nm nanometer
micron micrometer
angstrom decinanometer
inch 2.54 cm
in inch
foot 12 in
feet foot
ft foot
yard 3 ft
mile 5280 ft

cc cm3
liter kilocc
litre liter
ml milliliter
are 1+2 m2
hectare 1+4 m2
barn 1-28 m2
stere m3

newton kg-m/sec2
nt newton
N newton
joule nt-m
cal 4.1868 joule
calorie cal
kcal kilocal
erg cm2-gm/sec2
dyne cm-gm/sec2
ev e-volt
eV e V
pascal nt/m2
bar 1+5 nt/m2
atmosphere 1.01325+5 nt/m2
atm atmosphere
mercury 1.33322+5 kg/m2-sec2
hg mercury
torr mm hg
poise gm/cm-sec
stoke 1-4 m2/sec
watt joule/sec

coulomb coul
C coul
ampere coul/sec
amp ampere
volt watt/amp
V volt
ohm volt/amp
mho /ohm
siemens /ohm
farad coul/volt
henry sec2/farad
weber volt-sec
tesla weber/m2
gauss 1-4 weber/m2
debye 3.336-30 coul-m
kilohm kiloohm
megohm megaohm
pf picofarad
mh millihenry

hertz /sec
Hz hertz
hz /sec
khz 1+3 /sec
mhz 1+6 /sec
curie 3.7+10 /sec
rpm revolution/minute

cd candela
lumen cd sr
lux cd sr/m2

degC K
kelvin K
degF 5|9 degC
]]

--- Each name's definition.
unit_table.definitions = {}
for line in text:gmatch "[^\n]+" do
    local name, definition = line:match "^(%S+)%s+(.*)$"
    unit_table.definitions[name] = definition
end

--- What NEURON's table does not have, and files that leave out UNITS mean.
unit_table.usual = {
    mV = "millivolt", uV = "microvolt", mA = "milliamp", uA = "microamp", nA = "nanoamp",
    pA = "picoamp", S = "siemens", mS = "millisiemens", uS = "microsiemens", nS = "nanosiemens",
    pS = "picosiemens", umho = "micromho", um = "micron", M = "/liter", molar = "/liter",
    mM = "milli/liter", uM = "micro/liter", nM = "nano/liter", uF = "microfarad",
    mF = "millifarad", nF = "nanofarad", pF = "picofarad", Mohm = "megohm", kohm = "kilohm",
    kHz = "kilohertz", J = "joule", A = "amp", F = "farad", l = "liter", W = "watt",
    mW = "milliwatt", degK = "K", mol = "mole", deg = "degree", nC = "nanocoulomb",
    uC = "microcoulomb", mC = "millicoulomb", pC = "picocoulomb", G = "gigaohm", GOhm = "gigaohm",
    MOhm = "megohm", Ohm = "ohm", kg = "kg", uW = "microwatt", nl = "nanoliter",
}
unit_table.usual.kg, unit_table.usual.G = nil, nil

return unit_table
