-- Applies what each offset writes behind a fence, and moves the fence with each of them.
--
-- KEYS  the fence; without one everything is applied.
-- ARGV  for each offset, it and the number of its writes; for each write, the number of its
--       commands; for each command, the number of its words, and these.
-- Returns how many offsets were applied; why the rest was not, or nothing; and for each write that
--       was refused: its key, its command, the reason.
--
-- Redis takes nothing back that a script has written, so what would leave an offset half done has
-- to show before it is begun. Whether the user may do all of it is asked here. Whether there is
-- room, a disk and a primary is asked by Redis, once, at the first command that writes.

local fence = KEYS[1]

-- Refused as long as the key holds what it holds: trying again would stop everything behind it.
local FOR_GOOD = {
  '^WRONGTYPE', 'not an integer', 'would overflow', 'exceeds maximum', 'out of range', 'exhausted',
}
-- An entry that a log has had already.
local KNOWN_ENTRY = 'equal or smaller than the target stream top item'

local function is_for_good(reason)
  for _, phrase in ipairs(FOR_GOOD) do
    if string.find(reason, phrase) then return true end
  end
  return false
end

local function reason_of(answer)
  local reason = type(answer) == 'table' and answer.err
  return reason and not string.find(reason, KNOWN_ENTRY, 1, true) and reason
end

-- The offsets after the last one, each with its writes: lists of commands, by where these begin and
-- end in ARGV.
local function offsets_after(last)
  local at, fresh = 0, {}
  local function number()
    at = at + 1
    return tonumber(ARGV[at])
  end
  while at < #ARGV do
    local offset = {text = ARGV[at + 1], number = number(), writes = {}}
    for write = 1, number() do
      local commands = {}
      for command = 1, number() do
        local words = number()
        commands[command] = {at + 1, at + words}
        at = at + words
      end
      offset.writes[write] = commands
    end
    if offset.number > last then table.insert(fresh, offset) end
  end
  return fresh
end

local function denied(offsets)
  for _, offset in ipairs(offsets) do
    for _, commands in ipairs(offset.writes) do
      for _, command in ipairs(commands) do
        if not redis.acl_check_cmd(unpack(ARGV, command[1], command[2])) then
          return 'NOPERM ' .. ARGV[command[1]] .. ' ' .. ARGV[command[1] + 1]
        end
      end
    end
  end
end

-- How many of a write's commands were done, and why the next one was not.
local function run(commands)
  for place, command in ipairs(commands) do
    local reason = reason_of(redis.pcall(unpack(ARGV, command[1], command[2])))
    if reason then return place - 1, reason end
  end
  return #commands
end

local last = -1
if fence then
  if not (redis.acl_check_cmd('GET', fence) and redis.acl_check_cmd('SET', fence, '0')) then
    return {0, 'NOPERM GET and SET ' .. fence, {}}
  end
  local held = redis.pcall('GET', fence)
  if held and not (type(held) == 'string' and string.find(held, '^%d+$')) then
    return {0, 'BADFENCE ' .. fence, {}}
  end
  last = tonumber(held or last)
end

local offsets = offsets_after(last)
local why_not = denied(offsets)
if why_not then return {0, why_not, {}} end

local applied, refused = 0, {}
for _, offset in ipairs(offsets) do
  local begun = false
  for _, commands in ipairs(offset.writes) do
    local done, reason = run(commands)
    begun = begun or done > 0
    if reason and not begun and not is_for_good(reason) then return {applied, reason, refused} end
    if reason then
      local command = commands[done + 1][1]
      table.insert(refused, {ARGV[command + 1], ARGV[command], reason})
    end
  end
  applied = applied + 1
  if fence then redis.call('SET', fence, offset.text) end
end
return {applied, '', refused}
