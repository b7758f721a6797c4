-- One row of a view, always the same: what is measured is the way to the row, not the cache.
--
--   wrk -s read_row.lua URL

local sample = require("sample")
local bytes = "GET /myReservations/1 HTTP/1.1\r\nHost: localhost\r\n" .. sample.sender .. "\r\n"

function request()
    return bytes
end

function done(summary, latency)
    sample.print_result(summary, latency)
end
