-- SPDX-License-Identifier: BSD-3-Clause
-- dendrotweaks_model: small models in folders of DendroTweaks', for its tests.
--
--     local place <close> = require "scratch".new()
--     local models = require "dendrotweaks_model"(place)
--     models.model { params = '"e_Leak": { "all": -70 }' }     gives its path

return function(place)
    local models = {}

    -- Writes files, texts by path, in a new folder; gives its path.
    local count = 0
    function models.folder(texts)
        count = count + 1
        local name = "model" .. count
        for path, text in pairs(texts) do
            place:run { "mkdir", "-p", (name .. "/" .. path):match "^(.*)/" }
            place:write(name .. "/" .. path, text)
        end
        return place.work .. "/" .. name
    end

    -- A cell of nine sections.
    models.shape = [[
1 1 0 0 0 10 -1
2 1 -10 0 0 10 1
3 1 10 0 0 10 1
4 4 0 10 0 1 1
5 4 0 60 0 1 4
6 4 -20 100 0 0.5 5
7 4 20 110 0 0.5 5
8 3 0 -10 0 1 1
9 3 0 -80 0 1 8
10 2 10 -10 0 0.5 1
11 2 60 -60 0 0.5 10
12 3 -10 -10 0 1 1
13 3 -40 -40 0 1 12
14 3 -80 -40 0 0.5 13
15 3 -60 -90 0 0.5 13
]]

    -- A configuration: d_lambda, part (more of the group "part"), groups (more of them), params.
    function models.biophys(options)
        return ([[{
    "d_lambda": %s,
    "domains": { "soma": ["Leak", "hh"], "axon": ["Leak"], "dend": ["Leak"], "apic": ["Leak"] },
    "groups": [
        { "name": "all", "domains": ["soma", "axon", "dend", "apic"] },
        { "name": "dendritic", "domains": ["dend"] },
        { "name": "part", "domains": ["dend", "apic"]%s }%s
    ],
    "params": { %s }
}]]):format(options.d_lambda or 0.1, options.part or "", options.groups or "", options.params or "")
    end

    -- A model: shape and biophys, or what the latter is made of; files: more texts by path.
    function models.model(options)
        local texts = {
            ["morphology/main.swc"] = options.shape or models.shape,
            ["biophys/main.json"] = options.biophys or models.biophys(options),
        }
        for path, text in pairs(options.files or {}) do
            texts[path] = text
        end
        return models.folder(texts)
    end

    return models
end
