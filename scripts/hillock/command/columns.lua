-- SPDX-License-Identifier: BSD-3-Clause
-- columns: rows of texts as lines, each column as wide as its widest text; the last one is free.

return function(rows, indent)
    local widths = {}
    for _, row in ipairs(rows) do
        for i, text in ipairs(row) do
            widths[i] = math.max(widths[i] or 0, utf8.len(text) or #text)
        end
    end
    local lines = {}
    for _, row in ipairs(rows) do
        local cells = {}
        for i, text in ipairs(row) do
            local room = i < #row and widths[i] - (utf8.len(text) or #text) or 0
            cells[i] = text .. (" "):rep(room)
        end
        lines[#lines + 1] = (indent or "") .. table.concat(cells, "  "):gsub("%s+$", "")
    end
    return table.concat(lines, "\n")
end
