-- One event per request. "new RUN": every request begins a stream of its own and expects it not to
-- exist (Expected-Version: 0). "hot RUN": every request goes to one stream and expects nothing.
-- RUN makes the names differ from those of earlier calls.
--
--   wrk -s append.lua URL -- new|hot RUN

local sample = require("sample")
local target, rests, number = nil, {}, 0
local hot = false

local threads = 0
function setup(thread)
    threads = threads + 1
    thread:set("thread_id", threads)
end

function init(args)
    assert(args[1] == "new" or args[1] == "hot", "say new or hot")
    hot = args[1] == "hot"
    local expected = hot and "any" or "0"
    target = hot and "POST /streams/bench-hot"
        or "POST /streams/bench-" .. args[2] .. "x" .. thread_id .. "x"
    math.randomseed(thread_id)
    for i = 1, sample.different do
        rests[i] = sample.rest_of_post("Expected-Version: " .. expected .. "\r\n", sample.event(i))
    end
end

function request()
    number = number + 1
    local rest = rests[number % sample.different + 1]
    if hot then
        return target .. rest
    end
    return target .. number .. rest
end

function done(summary, latency)
    sample.print_result(summary, latency)
end
