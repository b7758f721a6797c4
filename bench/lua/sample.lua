-- What all load scripts share: the 300-byte event and the result line that bench/run reads.
--
-- Requests are put together as plain bytes from parts made beforehand: wrk runs on the same cores
-- as the server, and every microsecond spent here is one the server cannot use.

local sample = {}

sample.different = 2000

local function hex(length)
    local digits = {}
    for i = 1, length do
        digits[i] = string.format("%x", math.random(0, 15))
    end
    return table.concat(digits)
end

-- The same shape as sample_events.cc, 300 bytes.
function sample.event(number)
    local head = string.format(
        '{"type":"bench.appended","data":{"reservationId":%d,"userId":%d,"userAddress":"seoul",' ..
        '"productId":%d,"productName":"fold","price":1300000,"status":"reservation_complete",' ..
        '"correlation":"%s","causation":"%s","note":"',
        number, math.random(0, 99999), math.random(0, 99), hex(32), hex(32))
    local tail = '"}}'
    return head .. string.rep(".", 300 - #head - #tail) .. tail
end

-- What every request says of who sends it, as whole lines: BENCH_TOKEN in the environment.
local token = os.getenv("BENCH_TOKEN")
sample.sender = token and "Authorization: Bearer " .. token .. "\r\n" or ""

-- Everything of a POST after its target; headers is a string of whole lines.
function sample.rest_of_post(headers, body)
    return " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" ..
        sample.sender .. headers ..
        "Content-Length: " .. #body .. "\r\n\r\n" .. body
end

-- wrk calls done() once, after all threads ended.
function sample.print_result(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        'RESULT {"requests":%d,"duration_us":%d,"p50_us":%d,"p99_us":%d,"max_us":%d,' ..
        '"errors":{"connect":%d,"read":%d,"write":%d,"status":%d,"timeout":%d}}\n',
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
        latency.max, errors.connect, errors.read, errors.write, errors.status, errors.timeout))
end

return sample
