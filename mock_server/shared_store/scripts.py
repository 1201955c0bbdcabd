"""Scripts in Lua: each is one atomic step of the store."""

READ = """
local t = redis.call('TIME')
local found = redis.call('HMGET', KEYS[1], 'world', 'moves', 'ahead', 'frozen', 'register', 'pause',
  'given', 'shown', 'counted')
local answer = {t[1], t[2], found}
answer[4] = redis.call('PUBSUB', 'NUMSUB', KEYS[2])[2]
for i = 1, #ARGV, 2 do
  answer[#answer + 1] = redis.call('HGET', ARGV[i], ARGV[i + 1])
end
return answer
"""
"""
Read the store's time, a world's small members, how many listen, and fields of its hashes.

KEYS: the world, the channel of its changes. ARGV: key and field of each.
"""

COMMIT = """
local place = 1
local function following()
  place = place + 1
  return ARGV[place - 1]
end
for guard = 1, tonumber(following()) do
  local kind, key, field, expected = following(), following(), following(), following()
  local found = redis.call('HGET', key, field) or ''
  if kind == 'begins' and expected ~= '' then found = string.sub(found, 1, #expected) end
  if found ~= expected then return guard end
end
if following() == 'grows' then redis.call('HINCRBY', KEYS[1], 'changes', 1) end
while place <= #ARGV do
  local parts = {}
  for i = 1, tonumber(following()) do parts[i] = following() end
  local name = parts[1]
  if name == 'NEW' then
    local seq = redis.call('HINCRBY', KEYS[1], 'seq', 1)
    redis.call('HSET', parts[2], parts[3], '{"seq":' .. seq .. ',' .. parts[4])
    if parts[5] ~= '' then
      redis.call('ZADD', parts[6], 0, parts[5] .. string.format('%016d', seq) .. parts[3])
    end
  elseif name == 'ENTRY' then
    if redis.call('HSETNX', parts[2], parts[4], parts[5]) == 1 then
      redis.call('SADD', parts[3], parts[4])
    end
  else
    redis.call(unpack(parts))
  end
end
return 0
"""
"""
Do some commands if nothing that was read has changed since, else answer the first that has.

KEYS: the world. ARGV: how many guards; kind (`is` or `begins`), key, field and expected value of
each, empty for absent; `grows` where the commands take memory, so that a full store refuses before
anything is done; then each command with the number of its parts before it. Two are ours:
NEW key field rest prefix index: store a record with the next place among all, and its reference;
ENTRY key pending field value: keep an entry unless there is one, as one without a number.
"""

TAKE = """
for i = 1, #ARGV, 4 do
  if ARGV[i + 3] ~= '' then
    local draw = tonumber(redis.call('HGET', KEYS[2], ARGV[i] .. ':draws') or '0') + 1
    local there = draw - tonumber(ARGV[i + 2])
    if there < 0 or there >= #ARGV[i + 3] then return 'again' end
  end
end
for i = 1, #ARGV, 4 do
  local id, times, first, outcomes = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  local matched = tonumber(redis.call('HGET', KEYS[2], id .. ':matched') or '0')
  local is_there = redis.call('HEXISTS', KEYS[1], id) == 1
  if is_there and (times == '' or matched < tonumber(times)) then
    local draw = redis.call('HINCRBY', KEYS[2], id .. ':draws', 1)
    local there = draw - tonumber(first) + 1
    if outcomes == '' or string.sub(outcomes, there, there) == '1' then
      redis.call('HINCRBY', KEYS[2], id .. ':matched', 1)
      return id
    end
  end
end
return false
"""
"""
Take the first fault that is there, not spent, and happens; count it, and each that was drawn for.

KEYS: rules, counts. ARGV, for each that fits: id, how often at most (empty: always), the number of
the first of its draws that follow, and these draws, `1` where it happens (empty: it always does).
"""

LOG = """
if not redis.call('HGET', KEYS[1], 'world') then return 0 end
local number = redis.call('HINCRBY', KEYS[1], 'journal', 1)
redis.call('XADD', KEYS[2], 'MAXLEN', '=', ARGV[1], number .. '-0', 'entry', ARGV[2])
if redis.call('PUBSUB', 'NUMSUB', KEYS[3])[2] > 0 then
  local told = {kind = 'request', by = ARGV[3], id = number, entry = ARGV[2]}
  redis.call('PUBLISH', KEYS[3], cjson.encode(told))
end
return number
"""
"""
Append to the journal and answer the id, 0 where the sandbox is gone.

KEYS: the world, the journal, the channel of changes. ARGV: how many entries are kept, the entry,
and who tells of it.
"""
