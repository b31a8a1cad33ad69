import { describe, expect, test } from "vitest";
import { complete, localRateLimiter, type RateLimiter, resolveChatModel } from "../../../src/models/index.js";
import { openTraffic } from "../../../src/models/limits/index.js";
import { badServer, refuse, say } from "../../fakes/bad-server.js";
import { rateLimiterContract } from "./rate-limiter-contract.js";

describe("own limiter", () => rateLimiterContract(() => [localRateLimiter()]));

describe("two runs that share a limiter", () => {
  const policy = { backOffMs: 1, attempts: 4 };
  async function ask(rateLimiter = localRateLimiter(), perMinute?: number, calls = 4) {
    const server = await badServer();
    const models = await Promise.all(
      [0, 1].map(() =>
        resolveChatModel(
          { model: "openai:any", base_url: server.base_url, requests_per_minute: perMinute },
          { traffic: openTraffic({ policy, rateLimiter }) },
        ),
      ),
    );
    const all = (): Promise<unknown> =>
      Promise.all(
        Array.from({ length: 2 * calls }, (_, index) =>
          complete(models[index % 2]!, [{ role: "user", content: `${index}` }], {
            seed: `${index}`,
            temperature: 1,
            maxTokens: 9,
          }),
        ),
      );
    return { server, all };
  }

  test("ask no more often than requests_per_minute together", async () => {
    const { limiter, taken } = watched();
    const { server, all } = await ask(limiter, 1_200);
    await all();
    await server.close();
    const places = taken.map(({ at, wait }) => at + wait).sort((a, b) => a - b);
    expect(places).toHaveLength(8);
    for (const [index, place] of places.entries())
      if (index > 0) expect(place - places[index - 1]!).toBeGreaterThan(49);
  });

  test("leave a server alone together when one of them is told to", async () => {
    const { limiter, cooled, taken } = watched();
    const { server, all } = await ask(limiter, 1_200);
    server.behave((_seen, index, response) => {
      if (index === 0) refuse(response, 429, { headers: { "retry-after-ms": "800" } });
      else say(response, "fine");
    });
    await all();
    await server.close();
    expect(cooled).toHaveLength(1);
    const [{ at, ms }] = cooled as [{ at: number; ms: number }];
    expect(ms).toBe(800);
    const later = taken.filter((one) => one.at > at);
    // At least the refused call itself asks for another place.
    expect(later.length).toBeGreaterThan(0);
    for (const place of later) expect(place.at + place.wait).toBeGreaterThanOrEqual(at + ms);
  });
});

/** A limiter that tells what was asked of it and when, on its own clock. */
function watched() {
  let last = 0;
  const now = (): number => {
    last = performance.now();
    return last;
  };
  const inner = localRateLimiter(now);
  const cooled: { at: number; ms: number }[] = [];
  const taken: { at: number; wait: number }[] = [];
  const limiter: RateLimiter = {
    acquire: async (server, everyMs) => {
      const booking = inner.acquire(server, everyMs);
      // The moment that it has been booked for, before anything else can run.
      const at = last;
      const wait = await booking;
      taken.push({ at, wait });
      return wait;
    },
    coolDown: async (server, ms) => {
      const cooling = inner.coolDown(server, ms);
      cooled.push({ at: last, ms });
      await cooling;
    },
  };
  return { limiter, cooled, taken };
}
