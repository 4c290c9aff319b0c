-- Takes requests of one avatar's key for one replica, or only says how things stand. Redis runs it as one step, so that
-- all replicas together never take more than the limit. Times are milliseconds of Redis' own clock.
local uses, replicas, epoch, closed = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local limit, window, silence, retention = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local self, wanted, first = ARGV[5], tonumber(ARGV[6]), tonumber(ARGV[7])
local touches, cap, believed = ARGV[8] == '1', tonumber(ARGV[9]), tonumber(ARGV[10])

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

-- A server that started anew, or took over, may have forgotten what was used: the epoch begins with it.
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)') or ''
local known_run = redis.call('HGET', epoch, 'run')
if known_run ~= run then
  redis.call('HSET', epoch, 'run', run, 'since', now)
end
local age = now - tonumber(redis.call('HGET', epoch, 'since'))
local is_young = age < window

if touches then
  redis.call('ZADD', replicas, now, self)
end
redis.call('ZREMRANGEBYSCORE', replicas, '-inf', '(' .. (now - retention))

-- What the caller used of late, by itself or before the server forgot it.
for index = 11, #ARGV, 2 do
  redis.call('ZADD', uses, 'NX', now - tonumber(ARGV[index + 1]), self .. ':' .. ARGV[index])
end

-- A use comes back when its window is over, and its replica was heard of since: one that can't be heard may have used it
-- again by itself. Long after that, only its share counts.
local seen = {}
local listed = redis.call('ZRANGE', replicas, 0, -1, 'WITHSCORES')
for index = 1, #listed, 2 do
  seen[listed[index]] = tonumber(listed[index + 1])
end
local used, used_by, ages = 0, {}, {}
local members = redis.call('ZRANGE', uses, 0, -1, 'WITHSCORES')
for index = 1, #members, 2 do
  local id, at = members[index], tonumber(members[index + 1])
  local holder = string.match(id, '^(.*):')
  local heard = seen[holder]
  if at + window <= now and (not heard or heard >= at + window or now - heard > 3 * window) then
    redis.call('ZREM', uses, id)
  else
    used = used + 1
    used_by[holder] = (used_by[holder] or 0) + 1
    ages[used] = now - at
  end
end

-- Whoever is silent keeps to its share, which is reserved.
local count = math.max(#listed / 2, 1)
if is_young then
  count = math.max(count, believed)
end
local share = math.floor(limit / count)
local allowed = limit
for replica, at in pairs(seen) do
  if now - at > silence then
    allowed = allowed - math.max(0, share - (used_by[replica] or 0))
  end
end
-- In a young epoch not everybody may have said yet what they used.
if is_young then
  local own = math.min(share, cap) - (used_by[self] or 0)
  allowed = math.min(allowed, used + math.max(own, 0))
end

-- First everybody has time to come back to a new epoch; and what SecondMe closed is closed for all.
local settling = math.max(0, silence - age, redis.call('PTTL', closed))
local granted = 0
if wanted > 0 and settling == 0 and used + wanted <= allowed then
  granted = 1
  for number = first, first + wanted - 1 do
    redis.call('ZADD', uses, now, self .. ':' .. number)
    used = used + 1
    ages[used] = 0
  end
end
redis.call('PEXPIRE', uses, 4 * window)
redis.call('PEXPIRE', replicas, retention)
redis.call('PEXPIRE', epoch, 100 * retention)
return {granted, math.max(allowed, 0), settling, count, ages}
