import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Stopped } from "../../../src/errors.js";
import {
  canScore,
  complete,
  type Message,
  openTraffic,
  releaseModel,
  resolveChatModel,
} from "../../../src/models/index.js";
import { adaptiveConcurrency } from "../../../src/models/limits/adaptive-concurrency.js";
import { type Host, takeHost } from "../../../src/models/limits/hosts.js";
import { localRateLimiter } from "../../../src/models/limits/rate-limiter.js";
import { limitServer } from "../../../src/models/limits/server-limiter.js";
import { loadScenario } from "../../../src/scenario/index.js";
import {
  adapterServer,
  type BadServer,
  badServer,
  completion,
  endedAddress,
  say,
} from "../../fakes/bad-server.js";

const host = (address: string, max: number): Host => ({
  address,
  concurrency: adaptiveConcurrency({ min: max, start: max, max }),
  limiter: limitServer(localRateLimiter(), address, 0),
  calls: 0,
  downUntil: 0,
});

describe("a host is taken", () => {
  test("by its calls in proportion to what it takes", () => {
    const hosts = [host("small", 2), host("large", 4)];
    const taken = Array.from({ length: 6 }, () => takeHost(hosts, () => 0).address);
    expect(taken.filter((address) => address === "large")).toHaveLength(4);
    const lease = takeHost(hosts, () => 0);
    lease.done(true);
    expect(hosts.map(({ calls }) => calls)).toEqual([2, 4]);
  });

  test("elsewhere while it is not there, but for one call now and then", () => {
    const hosts = [host("gone", 4), host("there", 4)];
    let clock = 1_000;
    const take = () => takeHost(hosts, () => clock);
    take().done(false);
    expect([take(), take(), take()].map(({ address }) => address)).toEqual(["there", "there", "there"]);
    clock += 5_000;
    const [asks, ...others] = [take(), take(), take()];
    expect([asks!.address, ...others.map(({ address }) => address)]).toEqual(["gone", "there", "there"]);
    asks!.done(true);
    expect(take().address).toBe("gone");
  });

  test("all the same where none is there", () => {
    const hosts = [host("a", 4), host("b", 4)];
    for (const _ of hosts) takeHost(hosts, () => 1).done(false);
    expect(["a", "b"]).toContain(takeHost(hosts, () => 1).address);
  });
});

const hello: Message[] = [{ role: "user", content: "is the boat safe" }];
const policy = { backOffMs: 1, attempts: 3 };

describe("several servers of one model", () => {
  let servers: BadServer[];
  let folder: string;
  beforeEach(async () => {
    servers = [await badServer(), await badServer()];
    folder = mkdtempSync(join(tmpdir(), "candor-hosts-"));
  });
  afterEach(async () => {
    await Promise.all(servers.map((server) => server.close()));
    rmSync(folder, { recursive: true });
  });

  const base_url = () => servers.map((server) => server.base_url);
  const end = async (index: number): Promise<void> => {
    await servers[index]!.close();
    servers[index] = { ...servers[index]!, base_url: await endedAddress(), close: async () => {} };
  };
  const open = async (more: object = {}, adapter: string | null = null) => {
    const traffic = openTraffic({ policy, cache: join(folder, "cache") });
    const fields = { model: "openai:any", base_url: base_url(), ...more };
    return { traffic, model: await resolveChatModel(fields, { traffic, adapter }) };
  };
  const ask = (model: Awaited<ReturnType<typeof open>>["model"], seed: number) =>
    complete(model, hello, { seed, temperature: 1, maxTokens: 9 });

  test("share the calls, and one that is slower gets fewer", async () => {
    const waiting: (() => void)[] = [];
    servers[0]!.behave((_seen, _index, response) => void waiting.push(() => say(response, "slow")));
    servers[1]!.behave((_seen, _index, response) => say(response, "quick"));
    const { model } = await open({ max_concurrency: 2 });
    const replies = Array.from({ length: 20 }, (_, seed) => ask(model, seed).then(({ text }) => text));
    // The slow one has two calls and as many wait for it, until the quick one is done with all of its own.
    await expect.poll(() => waiting.length).toBe(2);
    await expect.poll(() => servers[1]!.seen.length).toBeGreaterThan(5);
    servers[0]!.behave((_seen, _index, response) => say(response, "slow"));
    for (const answer of waiting) answer();
    expect(new Set(await Promise.all(replies))).toEqual(new Set(["slow", "quick"]));
    expect(servers[0]!.seen.length + servers[1]!.seen.length).toBe(20);
  });

  test("do without the one that has ended", async () => {
    await end(0);
    const { model, traffic } = await open();
    const replies = await Promise.all(Array.from({ length: 20 }, (_, seed) => ask(model, seed)));
    expect(replies.map(({ text }) => text)).toEqual(Array(20).fill("fine"));
    expect(traffic.signal.aborted).toBe(false);
    expect(traffic.usage().assistant!.any).toMatchObject({ calls: 20 });
  });

  test("stop the run once all have ended", async () => {
    for (const index of servers.keys()) await end(index);
    const { model, traffic } = await open();
    await expect(ask(model, 1)).rejects.toThrow(/ECONNREFUSED.*gave up after 3 attempts/);
    expect(traffic.signal.reason).toBeInstanceOf(Stopped);
  });

  test("have one cache, that of the first of them", async () => {
    await ask((await open()).model, 1);
    await ask((await open({ base_url: servers[0]!.base_url })).model, 1);
    expect(servers[0]!.seen.length + servers[1]!.seen.length).toBe(1);
  });

  test("are asked for scores too", async () => {
    await end(0);
    servers[1]!.behave((_seen, _index, response) => {
      const top_logprobs = [{ token: "yes", logprob: -0.5 }];
      const [choice] = completion("yes").choices;
      response.setHeader("content-type", "application/json");
      response.end(
        JSON.stringify({
          choices: [{ ...choice, logprobs: { content: [{ ...top_logprobs[0], top_logprobs }] } }],
        }),
      );
    });
    const { model } = await open();
    if (!canScore(model)) throw new Error("cannot score");
    expect(await model.scoreCompletions(hello, ["yes"])).toEqual([{ tokens: ["yes"], logprobs: [-0.5] }]);
  });

  test("of which one serves another model are told", async () => {
    for (const [index, server] of servers.entries())
      server.behave((_seen, _index, response) => say(response, "fine", undefined, `base-${index}`));
    const told: string[] = [];
    const traffic = openTraffic({ policy, notice: (text) => told.push(text) });
    const model = await resolveChatModel({ model: "openai:any", base_url: base_url() }, { traffic });
    await Promise.all(Array.from({ length: 6 }, (_, seed) => ask(model, seed)));
    expect(told).toEqual([
      expect.stringMatching(/^any: its answers come from more than one model: "base-\d" and "base-\d"\. /),
    ]);
  });

  describe("with an adapter", () => {
    beforeEach(() => cpSync(import.meta.filename, join(folder, "adapter_model.safetensors")));

    test("all get it, and give it back", async () => {
      for (const server of servers) {
        const takes = adapterServer();
        server.behave(
          (seen, _index, response) =>
            void (takes(seen, response) || say(response, "fine", undefined, seen.body.model)),
        );
      }
      const { model } = await open({ adapters: "vllm" }, folder);
      await releaseModel(model);
      for (const { seen } of servers)
        expect(seen.map(({ path }) => path)).toEqual([
          "/v1/load_lora_adapter",
          "/v1/models",
          "/v1/unload_lora_adapter",
        ]);
    });

    test("one that has ended is left out", async () => {
      await end(0);
      const takes = adapterServer();
      servers[1]!.behave(
        (seen, _index, response) =>
          void (takes(seen, response) || say(response, "fine", undefined, seen.body.model)),
      );
      const { model } = await open({ adapters: "vllm" }, folder);
      expect((await ask(model, 1)).text).toBe("fine");
    });

    test("one that refuses it stops the round", async () => {
      servers[0]!.behave(
        (_seen, _index, response) => void response.writeHead(400).end('{"message":"rank too high"}'),
      );
      const takes = adapterServer();
      servers[1]!.behave((seen, _index, response) => void takes(seen, response));
      await expect(open({ adapters: "vllm" }, folder)).rejects.toThrow(
        /could not be loaded: HTTP 400: rank too high/,
      );
      expect(servers[1]!.seen.at(-1)!.path).toBe("/v1/unload_lora_adapter");
    });
  });

  test("a key goes to none of them that a stranger's scenario adds", () => {
    const path = join(folder, "x.yaml");
    writeFileSync(
      path,
      `name: x
population: { personas: { benign: rest } }
models:
  user:
    model: openai:any
    api_key_env: OPENAI_API_KEY
    base_url:
      - https://api.openai.com/v1
      - https://stranger.example/v1
`,
    );
    expect(() => loadScenario(path)).toThrow(
      /x\.yaml:9:9 models\.user\.base_url\[1\]: the key in OPENAI_API_KEY would be sent to stranger\.example/,
    );
  });
});
