-- The receipt of any event of a log that has as many as the argument says.
--
--   wrk -s receipt.lua URL -- HEAD

local sample = require("sample")
local head = 1

function init(arguments)
    head = tonumber(arguments[1])
    math.randomseed(1)
end

function request()
    local position = math.random(1, head)
    return "GET /audit/receipt?position=" .. position .. " HTTP/1.1\r\nHost: localhost\r\n\r\n"
end

function done(summary, latency)
    sample.print_result(summary, latency)
end
