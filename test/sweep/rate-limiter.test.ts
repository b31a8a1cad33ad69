import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { redisRateLimiter } from "../../src/sweep/queue/rate-limiter.js";
import { type BadServer, badServer, refuse, say } from "../fakes/bad-server.js";
import { rateLimiterContract } from "../models/limits/rate-limiter-contract.js";
import { candor, newWorld } from "./cells.js";
import { hasRedis, type RedisServer, startRedis } from "./redis.js";

const RATE = 400;
const PAUSE = 2_000;
/** Calls that may be under way when a pause is asked for; without it there would be a dozen and more in its time. */
const UNDER_WAY = 4;

/** Two cells whose rater is a server that asks for a pause now and then. */
async function worldWith(server: BadServer, fields: object = {}): Promise<string> {
  const world = newWorld("rate");
  const rater = { model: "openai:fake", base_url: server.base_url, ...fields };
  const scenario = readFileSync(join(world, "cells.yaml"), "utf8");
  writeFileSync(join(world, "cells.yaml"), `${scenario}cache: false\nmodels: ${JSON.stringify({ rater })}\n`);
  return world;
}

/** Asks for one pause, as soon as two workers have asked; tells when it did. */
function onePause(server: BadServer): () => number {
  let told = Number.NaN;
  const clients = new Set<number>();
  server.behave(({ at }, _index, response) => {
    clients.add(response.socket!.remotePort!);
    if (Number.isNaN(told) && server.seen.length > 10) {
      told = at;
      refuse(response, 429, { headers: { "retry-after-ms": String(PAUSE) } });
    } else setTimeout(() => say(response, "7"), 5);
  });
  return () => told;
}

function expectPause(server: BadServer, told: number): void {
  const since = server.seen.map(({ at }) => at - told);
  expect(since.filter((ms) => ms > 0 && ms < PAUSE - 50).length).toBeLessThanOrEqual(UNDER_WAY);
  expect(since.filter((ms) => ms >= PAUSE - 50).length).toBeGreaterThan(5);
}

function expectRate(server: BadServer): void {
  const times = server.seen.map(({ at }) => at);
  expect(times.length).toBeGreaterThan(20);
  // The first call may come late on a busy machine, which shortens the whole; so half of the spacing is asked for, and
  // all of the pause. Without a rate there would be none of the spacing.
  const spacing = (60_000 / RATE) * (times.length - 1);
  expect(times.at(-1)! - times[0]!).toBeGreaterThan(spacing / 2 + PAUSE);
}

describe("processes of one machine", () => {
  it("keep a server's pause and rate together", async () => {
    const server = await badServer();
    const told = onePause(server);
    const world = await worldWith(server, { requests_per_minute: RATE });
    const { code, stderr } = await candor(world, ["sweep", "cells.yaml", "--workers", "2"]).ended;
    await server.close();
    expect(code, stderr).toBe(0);
    expectPause(server, told());
    expectRate(server);
  });
});

describe.skipIf(!hasRedis)(`workers of a queue${hasRedis ? "" : " (needs redis-server)"}`, () => {
  let redis: RedisServer;
  let clients: Redis[];
  beforeAll(async () => {
    redis = await startRedis();
    clients = [0, 1].map(() => new Redis(`redis://127.0.0.1:${redis.port}`));
  });
  afterAll(async () => {
    for (const client of clients) client.disconnect();
    await redis.stop();
  });

  rateLimiterContract(() => clients.map(redisRateLimiter));

  it("keep a server's pause and rate together", async () => {
    const server = await badServer();
    const told = onePause(server);
    const world = await worldWith(server, { requests_per_minute: RATE });
    const address = `redis://127.0.0.1:${redis.port}`;
    const workers = [0, 1].map(() => candor(world, ["worker", "--queue", address, "--workers", "1"]));
    await Promise.all(workers.map(({ says }) => says(/waiting for cells/)));
    const { code, stderr } = await candor(world, ["sweep", "cells.yaml", "--queue", address]).ended;
    for (const { kill } of workers) kill("SIGINT");
    const said = await Promise.all(workers.map(({ ended }) => ended));
    await server.close();
    expect(code, stderr).toBe(0);
    for (const { stderr } of said) expect(stderr).toMatch(/playing/);
    expectPause(server, told());
    expectRate(server);
  });
});
