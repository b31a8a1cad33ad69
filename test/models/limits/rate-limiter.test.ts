import { describe, expect, test } from "vitest";
import { complete, localRateLimiter, resolveChatModel } from "../../../src/models/index.js";
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
    const { server, all } = await ask(localRateLimiter(), 1_200);
    await all();
    await server.close();
    const times = server.seen.map(({ at }) => at);
    expect(times).toHaveLength(8);
    // Seven pauses of 50 ms, less what the first call takes longer to get there; each of two runs on its own would need three.
    expect(times.at(-1)! - times[0]!).toBeGreaterThan(250);
  });

  test("leave a server alone together when one of them is told to", async () => {
    const { server, all } = await ask(localRateLimiter(), 1_200);
    server.behave((_seen, index, response) => {
      if (index === 0) refuse(response, 429, { headers: { "retry-after-ms": "800" } });
      else say(response, "fine");
    });
    await all();
    await server.close();
    const since = server.seen.map(({ at }) => at - server.seen[0]!.at);
    // One call may be under way when the refusal comes.
    expect(since.filter((ms) => ms > 120 && ms < 780)).toEqual([]);
    expect(since.filter((ms) => ms >= 780).length).toBeGreaterThan(5);
  });
});
