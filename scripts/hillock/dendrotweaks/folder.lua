-- SPDX-License-Identifier: BSD-3-Clause
-- folder: a model's folder: which morphologies, biophysical configurations and stimuli it has, and
-- which of them are meant.

local files = require "hillock.files"
local keys = require "hillock.keys"

local folder = {}

-- The names in a folder, hidden ones excepted, sorted; none where there is no folder.
local function names_in(path)
    local list = {}
    if files.is_folder(path) then
        for name in files.system().dir(path) do
            list[#list + 1] = not name:find "^%." and name or nil
        end
    end
    table.sort(list)
    return list
end

-- Names without one of the endings, each with its path.
local function with_endings(path, endings)
    local list, paths = {}, {}
    for _, ending in ipairs(endings) do
        for _, name in ipairs(names_in(path)) do
            local stem = name:sub(-#ending) == ending and name:sub(1, -#ending - 1)
            if stem and stem ~= "" and not paths[stem] then
                list[#list + 1], paths[stem] = stem, path .. "/" .. name
            end
        end
    end
    table.sort(list)
    return list, paths
end

--- The names, without ending, of the files in a folder that have one of the endings; their paths.
folder.names = with_endings

--- Morphologies: names and, by name, paths. Of a name with both endings it is the SWC file.
function folder.morphologies(path)
    return with_endings(path .. "/morphology", { ".swc", ".asc" })
end

--- Biophysical configurations, in the same way.
function folder.biophys(path)
    return with_endings(path .. "/biophys", { ".json" })
end

--- Stimuli: folders with a config.json, and the pairs NAME.json, NAME.csv of earlier versions.
function folder.stimuli(path)
    local list, paths, top = {}, {}, path .. "/stimuli"
    for _, name in ipairs(names_in(top)) do
        if files.exists(("%s/%s/config.json"):format(top, name)) then
            list[#list + 1], paths[name] = name, top .. "/" .. name
        end
    end
    local old, old_paths = with_endings(top, { ".json" })
    for _, name in ipairs(old) do
        if not paths[name] then
            list[#list + 1], paths[name] = name, old_paths[name]
        end
    end
    table.sort(list)
    return list, paths
end

--- The path of the one that is meant: by its name, with or without ending; without a name the only
--- one, or "main". nil where there is no such one and it may be left out.
---@param path string the model's folder
---@param what string "morphology", "biophys" or "stimuli"
---@param list string[]
---@param paths table<string, string>
---@param given? string
---@param optional? boolean
---@return string? path
---@return string? name
function folder.pick(path, what, list, paths, given, optional)
    local name = given
    if given then
        for _, ending in ipairs { "", ".swc", ".asc", ".json", "/" } do
            local stem = ending ~= "" and given:sub(-#ending) == ending
                and given:sub(1, -#ending - 1) or given
            if paths[stem] and (ending == "" or ending == "/"
                or files.exists(("%s/%s/%s"):format(path, what, given))) then
                if ending == ".swc" or ending == ".asc" then
                    return ("%s/%s/%s"):format(path, what, given), stem
                end
                return paths[stem], stem
            end
        end
        if #list == 0 then
            keys.fail("dendrotweaks: %s/%s has none, so no '%s'", path, what, given)
        end
        keys.fail("dendrotweaks: %s/%s has no '%s'%s", path, what, name, keys.hint(name, list))
    end
    name = #list == 1 and list[1] or paths.main and "main" or nil
    if name or optional then
        return paths[name or false], name
    elseif #list == 0 then
        keys.fail("dendrotweaks: %s/%s has none", path, what)
    end
    keys.fail("dendrotweaks: %s = which? %s/%s has %s", what, path, what, table.concat(list, ", "))
end

return folder
