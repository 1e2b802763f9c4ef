-- SPDX-License-Identifier: BSD-3-Clause
-- The reference cell under a current step against NEURON at every step: v at the soma and far out,
-- cai and ina at the soma, within 1e-6 mV or 1e-6 relative.

package.path = (os.getenv("HILLOCK_SOURCE") or ".") .. "/tests/peer/?.lua;" .. package.path

local hk = require "hillock"
local tap = require "tap"
local reference = require "reference"

local folder = reference.folder()
local want = reference.read(folder .. "/soma_step.csv")

local net = hk.network { celsius = 37, v_init = -79, dt = 0.025 }
local cells = net:population("L23", 1, reference.cell())
net:add(cells "soma(0.5)", { "IClamp", delay = 50, dur = 400, amp = 0.3 })
local v = net:record("v", { cells "soma(0.5)", cells "dend_80(0.98)" })
local cai = net:record("cai", { cells "soma(0.5)" })
local ina = net:record("ina", { cells "soma(0.5)" })
net:run(500)

local n = #want.t_ms
tap.is(#v.t, n, "a sample each step, both ends included")

local function volts(got, name)
    local most, at = reference.greatest(got, want[name], 1, n)
    tap.near(most, 0, 1e-6,
        ("%s: greatest difference %.2g mV at %g ms"):format(name, most, want.t_ms[at]))
end
volts(v[1], "v_soma_mV")
volts(v[2], "v_dend_80[0](0.98)_mV")

-- NEURON's file has 12 digits. Its ina beside t_n is that of v and the gates of t_(n-1): one row
-- later than ours.
local function relative(got, name, from, offset)
    local most, at = 0, from
    for i = from, n do
        local here = math.abs(got[i + offset] / want[name][i] - 1)
        if most == most and (here ~= here or here > most) then -- a NaN stays
            most, at = here, i
        end
    end
    tap.near(most, 0, 1e-6,
        ("%s: greatest relative difference %.2g at %g ms"):format(name, most, want.t_ms[at]))
end
relative(cai[1], "cai_soma_mM", 1, 0)
relative(ina[1], "ina_soma_mA_cm2", 2, -1)

tap.done()
