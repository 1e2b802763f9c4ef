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

--- Removes a folder of plain files.
function files.remove_folder(folder)
    local lfs = files.system()
    for name in lfs.dir(folder) do
        os.remove(folder .. "/" .. name)
    end
    lfs.rmdir(folder)
end

return files
