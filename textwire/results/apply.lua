-- Applies what each record writes behind a fence, and moves the fence with each of them.
--
-- KEYS  the fence; without one everything is applied. And where its owner stands, if one is to be.
-- ARGV  the owner; for each record, the epoch of its leader (-1: not known), its offset and the number
--       of its writes; for each write, the number of its commands; for each command, the number of its
--       words, and these.
-- Returns how many records were applied; why the rest was not, or nothing; and for each write that
--       was refused: its key, its command, the reason.
--
-- Redis takes nothing back that a script has written, so what would leave a record half done has
-- to show before it is begun. Whether the user may do all of it is asked here. Whether there is
-- room, a disk and a primary is asked by Redis, once, at the first command that writes.

local fence, last_epoch, last_offset = KEYS[1], -1, -1

-- Refused as long as the key holds what it holds: trying again would stop everything behind it.
local FOR_GOOD = {
  '^WRONGTYPE', 'not an integer', 'would overflow', 'exceeds maximum', 'out of range', 'exhausted',
  'invalid expire',
}
-- An entry that a log has had already.
local KNOWN_ENTRY = 'equal or smaller than the target stream top item'

local function is_for_good(reason)
  for _, phrase in ipairs(FOR_GOOD) do
    if string.find(reason, phrase) then return true end
  end
  return false
end

local function why_refused(answer)
  local reason = type(answer) == 'table' and answer.err
  return reason and not string.find(reason, KNOWN_ENTRY, 1, true) and reason
end

-- Whether a record was written after the last one that was applied: see LogPlace.follows.
local function follows(epoch, offset)
  if epoch < 0 or last_epoch < 0 or epoch == last_epoch then return offset > last_offset end
  return epoch > last_epoch
end

-- Visits each command of the records after the last one, by where its words begin and end in ARGV.
-- Where visit() is false the rest of the write is left. After each record it calls ended().
local function each_command(visit, ended)
  local at = 2
  while at <= #ARGV do
    local epoch, offset, writes = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2])
    local is_fresh = follows(tonumber(epoch), tonumber(offset))
    at = at + 3
    for _ = 1, writes do
      local commands, goes_on = tonumber(ARGV[at]), is_fresh
      at = at + 1
      for _ = 1, commands do
        local to = at + tonumber(ARGV[at])
        goes_on = goes_on and visit(at + 1, to)
        at = to + 1
      end
    end
    if is_fresh then ended(epoch, offset) end
  end
end

if fence then
  if not (redis.acl_check_cmd('GET', fence) and redis.acl_check_cmd('SET', fence, '0')) then
    return {0, 'NOPERM GET and SET ' .. fence, {}}
  end
  local held = redis.pcall('GET', fence)
  if held then
    local offset, epoch = string.match(type(held) == 'string' and held or '', '^(%d+) ?(%d*)$')
    if not offset then return {0, 'BADFENCE ' .. fence, {}} end
    last_offset, last_epoch = tonumber(offset), tonumber(epoch) or -1
  end
end
if KEYS[2] then
  local owner = redis.call('GET', KEYS[2])
  if owner and owner ~= ARGV[1] then return {0, 'TAKEN ' .. owner, {}} end
  if not owner then redis.call('SET', KEYS[2], ARGV[1]) end
end

local why_not = ''
local function see_whether_allowed(from, to)
  if why_not == '' and not redis.acl_check_cmd(unpack(ARGV, from, to)) then
    why_not = 'NOPERM ' .. ARGV[from] .. ' ' .. ARGV[from + 1]
  end
  return true
end
each_command(see_whether_allowed, function() end)
if why_not ~= '' then return {0, why_not, {}} end

local applied, refused, is_begun = 0, {}, false
local function run(from, to)
  if why_not ~= '' then return false end
  local reason = why_refused(redis.pcall(unpack(ARGV, from, to)))
  if not reason then
    is_begun = true
  elseif is_begun or is_for_good(reason) then
    table.insert(refused, {ARGV[from + 1], ARGV[from], reason})
  else
    why_not = reason
  end
  return not reason
end
local function move_fence(epoch, offset)
  if why_not ~= '' then return end
  applied, is_begun = applied + 1, false
  if fence then redis.call('SET', fence, epoch == '-1' and offset or offset .. ' ' .. epoch) end
end
each_command(run, move_fence)
return {applied, why_not, refused}
