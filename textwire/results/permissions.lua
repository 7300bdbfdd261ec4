-- Which commands of these the user may not do. None of them is done.
--
-- ARGV  for each command, the number of its words, and these.
-- Returns the command and the key of each.

local denied, at = {}, 1
while at <= #ARGV do
  local words = tonumber(ARGV[at])
  if not redis.acl_check_cmd(unpack(ARGV, at + 1, at + words)) then
    table.insert(denied, ARGV[at + 1] .. ' ' .. ARGV[at + 2])
  end
  at = at + 1 + words
end
return denied
