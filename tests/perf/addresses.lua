-- wrk asks the addresses of a file in turn, and says in one line of JSON what came of it.
-- Arguments after `--`: the file, one path a line.

local requests, at = {}, 0

function init(arguments)
  for path in io.lines(arguments[1]) do
    requests[#requests + 1] = wrk.format("GET", path)
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format('JSON {"answers":%d,"failed":%d,"bytes":%d,"p50":%d,"p99":%d}\n',
    summary.requests, failed, summary.bytes, latency:percentile(50), latency:percentile(99)))
end
