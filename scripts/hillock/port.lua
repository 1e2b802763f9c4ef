-- SPDX-License-Identifier: BSD-3-Clause
-- port: what ports of mechanisms and points show: v and fields, of any place or point.

local connect = require "hillock.connect"
local groups = require "hillock.groups"
local keys = require "hillock.keys"

local port = {}

-- Where something is, for the core: places, or points, and the field there.
local function target(net, group, name, what)
    local state, class = groups.test(group, groups.Places, groups.Points)
    if not state then
        keys.fail("%s: expected places such as cells[1] 'soma(0.5)', or points, got %s", what,
            keys.describe(group))
    end
    connect.same_net(net, state, what)
    local mechanism, field = name:match "^([%a_][%w_]*)%.([%a_][%w_]*)$"
    field = field or name:match "^[%a_][%w_]*$"
    if not field then
        keys.fail("%s: '%s' is no field: 'v', 'cai' or 'MECHANISM.field' is", what, name)
    elseif class == groups.Places then
        return { cells = state.cells, segments = state.segments, mechanism = mechanism,
            field = field }, #state.cells
    elseif mechanism and mechanism ~= state.plugin then
        keys.fail("%s: '%s': the points are %s", what, name, state.plugin)
    end
    return { points = state.points, field = field }, #state.points
end

-- net:port(at, name, source, field): the port `name` at each place or point shows the source's
-- field.
function port.new(net, at, name, source, field)
    keys.value("port: name", name, "string")
    field = keys.value("port: field", field == nil and "v" or field, "string")
    local ports, n = target(net, at, name, "port")
    if ports.cells and not ports.mechanism then
        keys.fail("port: '%s': at places the mechanism is needed, as in 'Gap.vgap'", name)
    end
    local shown, m = target(net, source, field, "port: source")
    if m ~= n and m ~= 1 then
        keys.fail("port: %d ports and %d sources", n, m)
    end
    net.core:port(ports, shown)
end

return port
