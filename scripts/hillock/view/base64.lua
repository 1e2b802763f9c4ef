-- SPDX-License-Identifier: BSD-3-Clause
-- base64: bytes as text (RFC 4648, section 4).

local digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

-- Two digits for each number of 12 bits.
local pairs_of = {}
for i = 0, 4095 do
    local high, low = (i >> 6) + 1, (i & 63) + 1
    pairs_of[i] = digits:sub(high, high) .. digits:sub(low, low)
end

-- What three bytes are, many times over; `n` bytes of a string, a multiple of three.
local function encode_whole(text, n)
    local out, k = {}, 0
    for at = 1, n, 3 do
        local a, b, c = text:byte(at, at + 2)
        out[k + 1] = pairs_of[a << 4 | b >> 4]
        out[k + 2] = pairs_of[(b & 15) << 8 | c]
        k = k + 2
    end
    return table.concat(out)
end

--- The bytes of a string in base64.
---@param text string
---@return string
return function(text)
    local chunk <const> = 3 * 65536
    local out = {}
    for at = 1, #text, chunk do
        local part = text:sub(at, at + chunk - 1)
        local missing = -#part % 3
        local coded = encode_whole(part .. ("\0"):rep(missing), #part + missing)
        out[#out + 1] = coded:sub(1, #coded - missing) .. ("="):rep(missing)
    end
    return table.concat(out)
end
