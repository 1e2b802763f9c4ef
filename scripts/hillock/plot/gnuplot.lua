-- SPDX-License-Identifier: BSD-3-Clause
-- gnuplot: the program that draws. A picture is written beside its place and put there when it is
-- whole.

local files = require "hillock.files"
local text = require "hillock.plot.text"

local gnuplot = {}

local told = false -- that it is missing

-- What the last bytes of a whole picture hold.
local endings = { png = "IEND", svg = "</svg>", pdf = "%%EOF" }

local function is_whole(path, format)
    local file = io.open(path, "rb")
    if not file then
        return false
    end
    file:seek("end", -math.min(64, file:seek "end"))
    local tail = file:read "a"
    file:close()
    return tail:find(endings[format], 1, true) ~= nil
end

-- gnuplot's complaint: the line that it stopped at and what it found, without the picture of it.
local function complaint(said)
    local kept = {}
    for one in said:gmatch "[^\n]+" do
        if one:find "%S" and not one:find "^%s*%^%s*$" and not one:find "^[Ww]arning" then
            kept[#kept + 1] = one:match "^%s*(.-)%s*$"
        end
    end
    return table.concat(kept, " "):sub(-400)
end

--- What to say where there is no gnuplot.
function gnuplot.missing(path)
    return ("gnuplot is missing, which draws pictures: %s was not drawn (on Debian and Ubuntu: "
        .. "apt-get install gnuplot-nox)"):format(path)
end

--- Says so on standard error, the first time.
function gnuplot.tell_missing(path)
    if not told then
        told = true
        io.stderr:write("hillock: ", gnuplot.missing(path), ", nor are later ones\n")
    end
end

--- Draws the script's picture at the path. True; or false and why, and whether gnuplot is missing.
--- `kept` is where the script stays; without it, it goes unless gnuplot fails.
function gnuplot.draw(script, path, format, kept)
    local host = require "hillock.host"
    local part, at = path .. ".part", kept or path .. ".gp"
    local written, why = files.write(at, script)
    if not written then
        return false, ("%s cannot be written: %s"):format(at, why:match ": ([^:]*)$" or why)
    end
    local said, status = host.spawn({ "gnuplot", "-e", "output=" .. text.path(part), at },
        "drawing " .. path)
    if not said or status == 127 then
        if not kept then
            os.remove(at)
        end
        return false, gnuplot.missing(path), true
    elseif status ~= 0 or not is_whole(part, format) then
        os.remove(part)
        return false, ("%s: gnuplot: %s (its script is %s)"):format(path, complaint(said), at)
    end
    if not kept then
        os.remove(at)
    end
    return os.rename(part, path)
end

return gnuplot
