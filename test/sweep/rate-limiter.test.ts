import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { redisRateLimiter } from "../../src/sweep/queue/rate-limiter.js";
import { type BadServer, badServer, refuse, say } from "../fakes/bad-server.js";
import { rateLimiterContract } from "../models/limits/rate-limiter-contract.js";
import { candor, newWorld } from "./cells.js";
import { expectPause, expectSpaced, noting, placesIn } from "./places.js";
import { hasRedis, type RedisServer, startRedis } from "./redis.js";

const RATE = 400;
const PAUSE = 2_000;

/** Two cells whose rater is a server that asks for a pause now and then. */
async function worldWith(server: BadServer, fields: object = {}): Promise<string> {
  const world = newWorld("rate");
  const rater = { model: "openai:fake", base_url: server.base_url, ...fields };
  const scenario = readFileSync(join(world, "cells.yaml"), "utf8");
  writeFileSync(join(world, "cells.yaml"), `${scenario}cache: false\nmodels: ${JSON.stringify({ rater })}\n`);
  return world;
}

/** Asks for one pause, once there have been some calls. */
function pauseOnce(server: BadServer): void {
  server.behave((_seen, index, response) => {
    if (index === 10) refuse(response, 429, { headers: { "retry-after-ms": String(PAUSE) } });
    else say(response, "7");
  });
}

function expectAgreed(world: string, server: BadServer): void {
  const places = placesIn(world);
  // Each call was made in a place that it had been given.
  expect(places.filter(({ everyMs }) => everyMs === 60_000 / RATE)).toHaveLength(server.seen.length);
  expectSpaced(places, 60_000 / RATE, server);
  expectPause(places, PAUSE);
}

describe("processes of one machine", () => {
  it("keep a server's pause and rate together", async () => {
    const server = await badServer();
    pauseOnce(server);
    const world = await worldWith(server, { requests_per_minute: RATE });
    const { code, stderr } = await candor(world, ["sweep", "cells.yaml", "--workers", "2"], noting(world))
      .ended;
    await server.close();
    expect(code, stderr).toBe(0);
    expectAgreed(world, server);
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
    pauseOnce(server);
    const world = await worldWith(server, { requests_per_minute: RATE });
    const address = `redis://127.0.0.1:${redis.port}`;
    const workers = [0, 1].map(() =>
      candor(world, ["worker", "--queue", address, "--workers", "1"], noting(world)),
    );
    await Promise.all(workers.map(({ says }) => says(/waiting for cells/)));
    const { code, stderr } = await candor(world, ["sweep", "cells.yaml", "--queue", address]).ended;
    for (const { kill } of workers) kill("SIGINT");
    const said = await Promise.all(workers.map(({ ended }) => ended));
    await server.close();
    expect(code, stderr).toBe(0);
    for (const { stderr } of said) expect(stderr).toMatch(/playing/);
    expectAgreed(world, server);
  });
});
