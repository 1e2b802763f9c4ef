-- SPDX-License-Identifier: BSD-3-Clause
-- linear: systems of linear equations whose coefficients are expressions, solved by elimination
-- into expressions. There is no pivoting for size: it is for matrices with a strong diagonal, as
-- those of an implicit step.

local linear = {}

-- The unknown whose elimination makes the fewest new entries (Markowitz 1957), the last ones last.
local function choose(rows, columns, left, late)
    local best, best_cost
    for _, i in ipairs(left) do
        local cost = (rows[i] - 1) * (columns[i] - 1) + (late[i] and 1e6 or 0)
        if not best or cost < best_cost then
            best, best_cost = i, cost
        end
    end
    return best
end

local function counts(matrix, left)
    local rows, columns = {}, {}
    for _, i in ipairs(left) do
        rows[i], columns[i] = 0, 0
    end
    for _, i in ipairs(left) do
        for _, j in ipairs(left) do
            if matrix[i][j] then
                rows[i] = rows[i] + 1
                columns[j] = columns[j] + 1
            end
        end
    end
    return rows, columns
end

--- Solves matrix x = right. matrix[i][j]: a node or nil for 0; late[i]: eliminate unknown i last.
--- Returns the list of x, or nil where a diagonal is 0. Both arguments are used up.
function linear.solve(g, matrix, right, late)
    local n, order, left = #right, {}, {}
    for i = 1, n do
        left[i] = i
    end
    while #left > 0 do
        local rows, columns = counts(matrix, left)
        local p = choose(rows, columns, left, late or {})
        for k, i in ipairs(left) do
            if i == p then
                table.remove(left, k)
                break
            end
        end
        local pivot = matrix[p][p]
        if not pivot then
            return nil
        end
        for _, i in ipairs(left) do
            local entry = matrix[i][p]
            if entry then
                local factor = g:div(entry, pivot)
                for _, j in ipairs(left) do
                    if matrix[p][j] then
                        local product = g:mul(factor, matrix[p][j])
                        matrix[i][j] = matrix[i][j] and g:sub(matrix[i][j], product)
                            or g:neg(product)
                    end
                end
                right[i] = g:sub(right[i], g:mul(factor, right[p]))
            end
        end
        order[#order + 1] = p
    end
    local x, known = {}, {}
    for k = n, 1, -1 do
        local p = order[k]
        local sum = right[p]
        for _, j in ipairs(known) do
            if matrix[p][j] then
                sum = g:sub(sum, g:mul(matrix[p][j], x[j]))
            end
        end
        x[p] = g:div(sum, matrix[p][p])
        known[#known + 1] = p
    end
    return x
end

return linear
