-- A mix of requests in two sandboxes, one of them with faults, and what came of each.
local base = "/notifications/api/v1/orders"
local shaky = "/__sandbox/shaky"
local seeded = "22222222-2222-4222-8222-222222222222"
local open_order = "11111111-1111-4111-8111-111111111111"
local unknown = "99999999-9999-4999-8999-999999999999"
local email = [[{"sendersReference": "load", "requestedSendTime": "2100-01-01T12:00:00Z",
  "recipients": [{"emailAddress": "kari@example.com"}], "subject": "Hello", "body": "Read me."}]]
local bearer = "@BEARER@"

local requests, threads = {}, {}
statuses, unexpected, planned = {}, 0, 0

local function add(times, method, path, headers, body)
  for _, sandbox in ipairs({ "", shaky }) do
    local request = wrk.format(method, sandbox .. base .. path, headers, body)
    for _ = 1, times do
      requests[#requests + 1] = request
    end
  end
end

function setup(thread)
  threads[#threads + 1] = thread
end

function init()
  local good = { Host = "localhost", Authorization = "Bearer " .. bearer }
  local json = { Host = "localhost", Authorization = good.Authorization }
  json["Content-Type"] = "application/json"
  add(30, "GET", "/" .. seeded .. "/status", good)
  add(15, "GET", "/" .. seeded, good)
  add(30, "PUT", "/" .. seeded .. "/cancel", good)
  add(5, "PUT", "/" .. open_order .. "/cancel", good)
  add(5, "GET", "?sendersReference=load-test", good)
  add(3, "GET", "/" .. seeded .. "/notifications/email", good)
  add(4, "POST", "/email", json, email)
  add(2, "POST", "/email", json, "{}")
  add(2, "PUT", "/" .. unknown .. "/cancel", good)
  add(2, "PUT", "/1337/cancel", good)
  add(2, "PUT", "/" .. seeded .. "/cancel", { Host = "localhost" })
end

function request()
  return requests[math.random(#requests)]
end

function response(status, headers)
  statuses[status] = (statuses[status] or 0) + 1
  if status >= 500 then
    if headers["X-Planned"] or headers["x-planned"] then
      planned = planned + 1
    else
      unexpected = unexpected + 1
    end
  end
end

function done()
  for _, thread in ipairs(threads) do
    for status, count in pairs(thread:get("statuses")) do
      print(string.format("status %d: %d", status, count))
    end
    print("planned: " .. thread:get("planned"))
    print("unexpected: " .. thread:get("unexpected"))
  end
end
