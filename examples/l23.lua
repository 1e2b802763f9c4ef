-- SPDX-License-Identifier: BSD-3-Clause
-- The membrane of the L2/3 pyramidal cell of Park et al. 2019 (Nat Commun 10:5372) with its apical
-- tree reduced to one cylinder: where its channels are and how densely, as the tutorial's model has
-- it. The kinetics are in the plugins.
--
--     local l23 = require "l23"
--     local cell = l23.cell()
--
-- It is a model for protocols, too: hillock run step.protocol.lua --model l23.lua

local hk = require "hillock"

local _, path = ... -- a module and a model are told their name and their path
local here = (path or ""):match "^.*/" or ""

local l23 = {
    -- What a protocol may change. morphology: a file with the domains soma, axon, dend and a
    -- cylinder of type 80; the others are factors of the densities of sodium and potassium
    -- channels, everywhere.
    parameters = { morphology = here .. "l23/morphology/l23.swc", Na = 1, K = 1 },
}

-- Channels of the soma, the basal dendrites and the apical cylinder; the axon has Leak alone.
local active = { "CaDyn", "Na", "Kv", "Ka", "Km", "KCa", "CaHVA", "CaLVA" }

-- The apical cylinder stands for a tree, so its densities are fits over the distance from the soma
-- (um).
local apical = {
    Na = 0.0303, Kv = 0.00015, Km = 0.000127, KCa = 0.00021,
    CaHVA = hk.polynomial { 1.7032189556395082e-11, -1.695473421088239e-08, 5.594679565797894e-06 },
    CaLVA = hk.polynomial {
        -4.9577591017548084e-20, 1.1831704547486388e-16, -1.0949157415043703e-13,
        4.91583935780707e-11, -1.0765865406507897e-08, 9.427534917154298e-07,
        4.3803559822139125e-06,
    },
    Ka = hk.polynomial {
        -1.5064242419631078e-17, 2.942014886287498e-14, -1.9401604372156943e-11,
        4.388441541535075e-09, -2.291086622871766e-08, 3.919078433162552e-05,
        0.07384108596642618,
    },
}

local basal = {
    Na = 0.0303, Kv = 0.00015, Km = 0.000127, KCa = 0.00021,
    CaHVA = hk.linear { slope = 1e-8, intercept = 5e-6 },
    CaLVA = hk.linear { slope = 6e-8, intercept = 3e-5 },
    Ka = 0.108, -- thin dendrites; the thick ones are set below
}

local soma = {
    Na = 0.0505, Kv = 0.005, Km = 0.0002794, KCa = 0.00021, CaHVA = 5e-6, CaLVA = 3e-5, Ka = 0.0054,
}

local function densities(region, gbar)
    for _, mechanism in ipairs(active) do
        if gbar[mechanism] then
            region:set(mechanism, { gbar = gbar[mechanism] })
        end
    end
end

local potassium = { "Kv", "Ka", "Km", "KCa" }

-- Multiplies the densities of a channel in the region.
local function times(region, mechanism, factor)
    local gbar, of = region:get(mechanism, "gbar"), {}
    for i, segment in ipairs(region:segments()) do
        of[segment.index] = gbar[i]
    end
    region:set(mechanism, { gbar = function(segment) return factor * of[segment.index] end })
end

-- The cell type. parameters: other values than those above, by name.
function l23.cell(parameters)
    parameters = setmetatable(parameters or {}, { __index = l23.parameters })
    local cell = hk.cell {
        name = "L23", morphology = parameters.morphology, nseg = hk.d_lambda(0.1), Ra = 100,
        cm = { 2, soma = 1 },
    }
    cell:insert("Leak", { gbar = 1 / 11000, e = -79 })
    local excitable = cell:region { domain = { "soma", "dend", "dend_80" } }
    for _, mechanism in ipairs(active) do
        excitable:insert(mechanism)
    end
    excitable:set("CaDyn", { depth = 0.1, taur = 50, cainf = 1e-4, gamma = 1, kt = 0, kd = 0 })
    excitable:set { ena = 60, ek = -80 }
    densities(cell:region "soma", soma)
    densities(cell:region "dend", basal)
    cell:region { domain = "dend", section_diam = { 0.8, math.huge } }:set("Ka", { gbar = 0.0108 })
    densities(cell:region "dend_80", apical)
    times(excitable, "Na", parameters.Na)
    for _, mechanism in ipairs(potassium) do
        times(excitable, mechanism, parameters.K)
    end
    return cell
end

return l23
