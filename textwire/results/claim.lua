-- Makes somebody the only owner of a fence, unless an owner of a later generation has it.
--
-- KEYS  where the owner stands.
-- ARGV  the generation; the owner's name; 1 to take it from anybody.
-- Returns nothing, or who has it.

local held = redis.call('GET', KEYS[1])
local generation = held and tonumber(string.match(held, '^(%d+) '))
if generation and generation > tonumber(ARGV[1]) and ARGV[3] ~= '1' then
  return held
end
redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. ARGV[2])
return false
