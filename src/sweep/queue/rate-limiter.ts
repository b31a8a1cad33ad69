import type { Redis } from "ioredis";
import type { RateLimiter } from "../../models/index.js";
import { QUEUE } from "./protocol.js";

// When the next call to a server may start, in milliseconds of the Redis server's clock, as machines' own clocks differ.
// Own code, since limiters on npm count in windows of whole seconds and have to be asked again and again.
const FREE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local free = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0'))`;
const KEEP = `
if after > now then redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', string.format('%.0f', after - now)) end`;

const BOOK = `${FREE}
local after = free + tonumber(ARGV[1])${KEEP}
return string.format('%.0f', free - now)`;
const HOLD = `${FREE}
local after = math.max(free, now + tonumber(ARGV[1]))${KEEP}`;

/** The limiter of all workers of a queue. */
export function redisRateLimiter(redis: Redis): RateLimiter {
  const key = (server: string): string => `${QUEUE}:rate:${server}`;
  return {
    acquire: async (server, everyMs) => Number(await redis.eval(BOOK, 1, key(server), everyMs)),
    coolDown: async (server, ms) => {
      await redis.eval(HOLD, 1, key(server), ms);
    },
  };
}
