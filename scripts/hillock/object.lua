-- SPDX-License-Identifier: BSD-3-Clause
-- object: the kinds of things that scripts hold: cells, regions, networks. An object shows methods
-- and fields and nothing else: an unknown name is an error that names the nearest, and nothing can
-- be assigned.

local keys = require "hillock.keys"

local object = {}

local STATE = {} -- the key under which an object keeps what is its own

object.classes = {} -- by name

-- Makes a class { name =, methods =, fields = }: methods are called object:method(...), fields are
-- functions of the state that give a value. `index`(state, key, object), where given, serves other
-- keys; `meta` holds more metamethods.
function object.class(class)
    class.methods = class.methods or {}
    class.fields = class.fields or {}
    local methods, fields, name = class.methods, class.fields, class.name
    local mt = { __name = name, __metatable = { __name = name } }
    function mt.__index(self, key)
        local method = methods[key]
        if method then
            return method
        end
        local state = rawget(self, STATE)
        local field = fields[key]
        if field then
            return field(state, self)
        end
        if class.index then
            local value = class.index(state, key, self)
            if value ~= nil then
                return value
            end
        end
        if math.type(key) == "integer" then
            return nil
        end
        local names = keys.names(methods)
        for field_name in pairs(fields) do
            names[#names + 1] = field_name
        end
        keys.fail("a %s has no '%s'%s", name, tostring(key), keys.hint(key, names))
    end
    function mt.__newindex(_, key)
        keys.fail("'%s' of a %s cannot be assigned", tostring(key), name)
    end
    for event, handler in pairs(class.meta or {}) do
        mt[event] = handler
    end
    class.mt = mt
    object.classes[name] = class
    return class
end

function object.new(class, state)
    state.class = class
    return setmetatable({ [STATE] = state }, class.mt)
end

-- The object's state, where it is of the class; nil where it is not.
function object.test(class, value)
    local state = type(value) == "table" and rawget(value, STATE)
    return state and state.class == class and state or nil
end

-- The same, and an error where it is not; `what` says whose argument it is.
function object.state(class, value, what)
    local state = object.test(class, value)
    if not state then
        keys.fail("%s: expected a %s, got %s", what or "self", class.name, keys.describe(value))
    end
    return state
end

return object
