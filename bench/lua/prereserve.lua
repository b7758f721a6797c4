-- One whole pre-reservation per request: answered after its payment.
--
--   wrk -s prereserve.lua URL

local sample = require("sample")
local requests, number = {}, 0

function init()
    for user = 1, sample.different do
        requests[user] = "POST /preReservations" .. sample.rest_of_post("", string.format(
            '{"userId":%d,"userAddress":"seoul","productId":1,"productName":"fold",' ..
            '"price":1300000,"cardNo":"1234-1234-1234-1234"}', user))
    end
end

function request()
    number = number + 1
    return requests[number % sample.different + 1]
end

function done(summary, latency)
    sample.print_result(summary, latency)
end
