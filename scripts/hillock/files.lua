-- SPDX-License-Identifier: BSD-3-Clause
-- files: reading, writing and folders, for those parts of the command that have files of their own.

local host = require "hillock.host"

local files = {}

--- lfs, by which folders are made and compilers are told apart.
function files.system()
    local found, lfs = pcall(require, "lfs")
    if not found then
        error("the Lua module 'lfs' is missing (on Debian and Ubuntu: apt-get install "
            .. "lua-filesystem)", 0)
    end
    return lfs
end

--- A file's text; nil and why not.
function files.read(path)
    local file, message = io.open(path, "rb")
    if not file then
        return nil, message
    end
    local text, why = file:read "a"
    file:close()
    return text, why and ("%s: %s"):format(path, why)
end

--- Writes a file, under another name first, so that it is never seen in part.
function files.write(path, text)
    local part = ("%s.%s"):format(path, host.hash(text .. host.seconds() .. tostring {}):sub(1, 12))
    local file, message = io.open(part, "wb")
    if not file then
        return nil, message
    end
    local written = file:write(text)
    local fine, why = file:close()
    if not written or not fine then
        os.remove(part)
        return nil, ("%s: %s"):format(path, why or "it cannot be written")
    end
    return os.rename(part, path)
end

--- Writes a file unless it has this text already. Whether it was written; nil and why not.
function files.update(path, text)
    if files.read(path) == text then
        return false
    end
    local written, message = files.write(path, text)
    if not written then
        return nil, message
    end
    return true
end

function files.exists(path)
    local file = io.open(path, "rb")
    return file and file:close()
end

function files.is_folder(path)
    return files.system().attributes(path, "mode") == "directory"
end

--- A path from the root, without "." and ".."; links are not followed.
function files.absolute(path)
    if path:sub(1, 1) ~= "/" then
        path = (host.folder() or "") .. "/" .. path
    end
    local parts = {}
    for part in path:gmatch "[^/]+" do
        if part == ".." then
            parts[#parts] = nil
        elseif part ~= "." then
            parts[#parts + 1] = part
        end
    end
    return "/" .. table.concat(parts, "/")
end

--- The path of a file, as seen from a folder; both from the root. Where they have nothing but the
--- root in common it stays as it is.
function files.relative(path, folder)
    local from, to = {}, {}
    for part in folder:gmatch "[^/]+" do
        from[#from + 1] = part
    end
    for part in path:gmatch "[^/]+" do
        to[#to + 1] = part
    end
    local same = 0
    while same < #from and same < #to and from[same + 1] == to[same + 1] do
        same = same + 1
    end
    if same == 0 and #from > 0 then
        return path
    end
    local parts = {}
    for _ = same + 1, #from do
        parts[#parts + 1] = ".."
    end
    table.move(to, same + 1, #to, #parts + 1, parts)
    return #parts == 0 and "." or table.concat(parts, "/")
end

--- The folder of a path, with the slash at its end; "" where it has none.
function files.folder_of(path)
    return path:match "^(.*/)[^/]*$" or ""
end

--- Makes a folder and those above it.
function files.make_folder(path)
    local lfs = files.system()
    if lfs.attributes(path, "mode") == "directory" then
        return true
    end
    local above = path:match "^(.+)/[^/]+/*$"
    if above and above ~= "" then
        local made, message = files.make_folder(above)
        if not made then
            return nil, message
        end
    end
    local made, message = lfs.mkdir(path)
    if not made and lfs.attributes(path, "mode") ~= "directory" then
        return nil, ("%s: %s"):format(path, message)
    end
    return true
end

--- Removes a folder and all that is in it.
function files.remove_tree(folder)
    local lfs = files.system()
    for name in lfs.dir(folder) do
        local path = folder .. "/" .. name
        if name == "." or name == ".." then
            goto next
        elseif lfs.symlinkattributes(path, "mode") == "directory" then
            files.remove_tree(path)
        else
            os.remove(path)
        end
        ::next::
    end
    lfs.rmdir(folder)
end

--- Removes a folder of plain files.
function files.remove_folder(folder)
    local lfs = files.system()
    for name in lfs.dir(folder) do
        os.remove(folder .. "/" .. name)
    end
    lfs.rmdir(folder)
end

return files
