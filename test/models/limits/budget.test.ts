import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Stopped, UserError } from "../../../src/errors.js";
import {
  complete,
  type Message,
  openTraffic,
  readPrices,
  resolveChatModel,
  type TrafficOptions,
} from "../../../src/models/index.js";
import { readUsage, usageStore } from "../../../src/runs/index.js";
import { type BadServer, badServer, say } from "../../fakes/bad-server.js";

const hello: Message[] = [{ role: "user", content: "is the boat safe" }];
const prices = { cheap: { input: 1, output: 2 } };

let server: BadServer;
let folder: string;
beforeAll(async () => {
  server = await badServer();
});
afterAll(() => server.close());
beforeEach(() => {
  server.behave((_seen, _index, response) => say(response, "fine", { in: 100, out: 50 }));
  folder = mkdtempSync(join(tmpdir(), "candor-budget-"));
  return () => rmSync(folder, { recursive: true });
});

async function open(options: TrafficOptions, role = "user") {
  const traffic = openTraffic(options);
  const model = await resolveChatModel(
    { model: "openai:cheap", base_url: server.base_url },
    { traffic, role },
  );
  let seed = 0;
  const ask = async (): Promise<string> => {
    seed += 1;
    return (await complete(model, hello, { seed, temperature: 1, maxTokens: 9 })).text;
  };
  return { traffic, ask };
}

describe("a budget", () => {
  test("of tokens stops everything before the call after it is spent, and says how to go on", async () => {
    const { traffic, ask } = await open({ budget: { tokens: 300, prices: {} } });
    expect([await ask(), await ask()]).toStrictEqual(["fine", "fine"]);
    await expect(ask()).rejects.toThrow("the budget of 300 tokens is spent (300 used)");
    await expect(ask()).rejects.toThrow("raise the budget and give the same command again");
    expect(traffic.signal.reason).toBeInstanceOf(Stopped);
    expect(server.seen.length).toBeGreaterThan(0);
  });

  test("of money counts what the prices say", async () => {
    // A call costs 100 × 1 + 50 × 2 = 200 millionths.
    const { ask } = await open({ budget: { usd: 0.0005, prices } });
    for (let call = 1; call <= 3; call += 1) await ask();
    await expect(ask()).rejects.toThrow("the budget of 0.00 USD is spent");
  });

  test("spares what the cache answers", async () => {
    const cache = join(folder, "cache");
    const before = await open({ cache });
    await before.ask();
    const after = await open({ cache, budget: { tokens: 1, prices: {} } });
    expect(await after.ask()).toBe("fine");
    expect(await after.ask()).toBe("fine");
    await expect(after.ask()).rejects.toThrow(Stopped);
  });

  test("goes on with what the run has spent before", async () => {
    const store = usageStore(folder, false);
    const before = await open({});
    await before.traffic.logUsage(store);
    await before.ask();
    await before.traffic.close();
    const after = await open({ budget: { tokens: 300, prices: {} } });
    await after.traffic.logUsage(store);
    await after.ask();
    await expect(after.ask()).rejects.toThrow(Stopped);
    await after.traffic.close();
    expect(await readUsage(folder)).toStrictEqual({
      user: {
        cheap: { calls: 2, cached_calls: 0, input_tokens: 200, output_tokens: 100, estimated_calls: 0 },
      },
    });
  });

  test("is shared by the runs of a sweep", async () => {
    for (const name of ["one", "two"]) mkdirSync(join(folder, name));
    const other = await open({});
    await other.traffic.logUsage(usageStore(join(folder, "one"), true));
    await other.ask();
    await other.traffic.close();
    const own = await open({ budget: { tokens: 300, prices: {} } });
    await own.traffic.logUsage(usageStore(join(folder, "two"), true));
    await own.ask();
    await expect(own.ask()).rejects.toThrow("(300 used)");
  });

  test.each(["", "null", "{}", '{"user":{"cheap":{"calls":-1}}}'])(
    "is not spent while the usage of another run of the sweep cannot be read: %s",
    async (text) => {
      mkdirSync(join(folder, "one"), { recursive: true });
      writeFileSync(join(folder, "one/usage.json"), text);
      const own = await open({ budget: { tokens: 300, prices: {} } });
      await own.traffic.logUsage(usageStore(join(folder, "two"), true));
      await expect(own.ask()).rejects.toThrow(Stopped);
      await expect(own.ask()).rejects.toThrow(join(folder, "one/usage.json"));
    },
  );
});

test("tokens are counted for each role; a server that tells none has them estimated", async () => {
  server.behave((_seen, _index, response) => say(response, "12345678", null));
  const { traffic, ask } = await open({}, "rater");
  await ask();
  expect(traffic.usage().rater!.cheap).toStrictEqual({
    calls: 1,
    cached_calls: 0,
    input_tokens: 4,
    output_tokens: 2,
    estimated_calls: 1,
  });
});

test("a price file's mistakes are named with their place", () => {
  const path = join(folder, "prices.yaml");
  writeFileSync(path, "gpt:\n  input: -1\n  ouput: 2\n");
  expect(() => readPrices(path)).toThrow(UserError);
  expect(() => readPrices(path)).toThrow(/prices.yaml:2:10 gpt.input: expected at least 0/);
});
