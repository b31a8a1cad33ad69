import type { ServerResponse } from "node:http";
import { awaitAllCallbacks } from "@langchain/core/callbacks/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { Stopped } from "../../../src/errors.js";
import { complete, type Message, resolveChatModel } from "../../../src/models/index.js";
import { openTraffic } from "../../../src/models/limits/index.js";
import { type BadServer, badServer, completion, endedAddress, refuse, say } from "../../fakes/bad-server.js";

const hello: Message[] = [{ role: "user", content: "is the boat safe" }];
const policy = { backOffMs: 20, attempts: 4, longestMs: { own: 50, asked: 2_000 } };

let server: BadServer;
let elsewhere: BadServer;
beforeAll(async () => {
  server = await badServer();
  elsewhere = await badServer();
});
afterAll(async () => {
  await Promise.all([server.close(), elsewhere.close()]);
});
beforeEach(() => server.behave((_seen, _index, response) => say(response, "fine")));

async function ask(
  fields: { timeout_s?: number } = {},
  { signal, attempts = policy.attempts }: { signal?: AbortSignal; attempts?: number } = {},
) {
  const traffic = openTraffic({ policy: { ...policy, attempts } });
  const model = await resolveChatModel(
    { model: "openai:any", base_url: server.base_url, ...fields },
    { traffic },
  );
  const before = server.seen.length;
  const outcome = await complete(model, hello, { seed: "s", temperature: 1, maxTokens: 9, signal }).then(
    ({ text }) => ({ text, error: null }),
    (error: Error) => ({ text: null, error }),
  );
  return { ...outcome, requests: server.seen.slice(before), traffic };
}

test("a server that has ended stops the run, once it has had time to come back", async () => {
  const traffic = openTraffic({ policy });
  const model = await resolveChatModel({ model: "openai:any", base_url: await endedAddress() }, { traffic });
  const asked = complete(model, hello, { seed: "s", temperature: 1, maxTokens: 9 });
  await expect(asked).rejects.toThrow(
    /ECONNREFUSED.*gave up after 4 attempts.*No other call would fare better/,
  );
  expect(traffic.signal.reason).toBeInstanceOf(Stopped);
});

describe("what passes by is asked again", () => {
  test("429 with Retry-After, not before the time it names", async () => {
    server.behave((_seen, index, response) => {
      if (index === 0) refuse(response, 429, { headers: { "retry-after": "1" } });
      else say(response, "fine");
    });
    const { text, requests } = await ask();
    expect(text).toBe("fine");
    expect(requests).toHaveLength(2);
    expect(requests[1]!.at - requests[0]!.at).toBeGreaterThanOrEqual(990);
  });

  test.each([500, 502, 503, 504, 529, 408])("%d", async (status) => {
    server.behave((_seen, index, response) => (index < 2 ? refuse(response, status) : say(response, "fine")));
    const { text, requests } = await ask();
    expect(text).toBe("fine");
    expect(requests).toHaveLength(3);
  });

  test("a slow reply, once its time is up", async () => {
    server.behave((_seen, index, response) => {
      if (index > 0) say(response, "fine");
    });
    // A busy machine may take longer for the next one too, and then asks once more.
    const { text, requests } = await ask({ timeout_s: 2 }, { attempts: 50 });
    expect(text).toBe("fine");
    expect(requests.length).toBeGreaterThanOrEqual(2);
  });

  test("a reply that is cut off, and one that is no JSON", async () => {
    const whole = JSON.stringify(completion("fine"));
    server.behave((_seen, index, response) => {
      if (index === 0) {
        response.writeHead(200, { "content-type": "application/json", "content-length": whole.length });
        response.write(whole.slice(0, 40), () => response.destroy());
      } else if (index === 1) {
        response.writeHead(200, { "content-type": "application/json" });
        response.end("<html>back soon</html>");
      } else say(response, "fine");
    });
    const { text, requests } = await ask();
    expect(text).toBe("fine");
    expect(requests).toHaveLength(3);
  });

  test("a connection that is closed without a word", async () => {
    server.behave((_seen, index, response) =>
      index === 0 ? void response.destroy() : say(response, "fine"),
    );
    expect(await ask()).toMatchObject({ text: "fine", requests: { length: 2 } });
  });

  test("but not for ever, and the message says how often", async () => {
    server.behave((_seen, _index, response) => refuse(response, 500, { message: "out of memory" }));
    const { error, requests } = await ask();
    expect(requests).toHaveLength(4);
    expect(error!.message).toBe(`any at ${server.base_url}: 500 out of memory (gave up after 4 attempts)`);
  });

  test("not when the server asks for more patience than there is", async () => {
    server.behave((_seen, _index, response) => refuse(response, 429, { headers: { "retry-after": "3600" } }));
    const { error, requests } = await ask();
    expect(requests).toHaveLength(1);
    expect(error!.message).toContain("the server asks to wait 3600 s");
  });
});

describe("what stays so is not asked again", () => {
  test.each([400, 403, 422])("%d fails this call alone", async (status) => {
    server.behave((_seen, _index, response) => refuse(response, status, { message: "too long" }));
    const { error, requests, traffic } = await ask();
    expect(requests).toHaveLength(1);
    expect(error!.message).toContain(`${status} too long`);
    expect(traffic.signal.aborted).toBe(false);
  });

  test.each([
    [401, null],
    [404, null],
    [402, null],
    [429, "insufficient_quota"],
  ])("%d %s stops everything, with a way to go on", async (status, code) => {
    server.behave((_seen, _index, response) => refuse(response, status, { message: "sorry", code }));
    const { error, requests, traffic } = await ask();
    expect(requests).toHaveLength(1);
    expect(traffic.signal.reason).toBeInstanceOf(Stopped);
    expect(error).toBe(traffic.signal.reason);
    expect(error!.message).toMatch(/any at http:.*sorry.*give the same command again/);
  });

  test("a redirect is not followed: no call goes to a host that is not named", async () => {
    server.behave((_seen, _index, response) => {
      response.writeHead(307, { location: `${elsewhere.base_url}/chat/completions` });
      response.end();
    });
    const { error, requests } = await ask();
    expect(requests).toHaveLength(1);
    expect(error!.message).toContain("redirect");
    expect(elsewhere.seen).toHaveLength(0);
  });

  test("an answer without any choice fails the call, saying so", async () => {
    server.behave((_seen, _index, response) => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ ...completion("fine"), choices: [] }));
    });
    const { error, requests } = await ask();
    expect(requests).toHaveLength(1);
    expect(error!.message).toContain("the server's answer holds no choice");
  });

  test("an empty reply is handed on as what it is", async () => {
    server.behave((_seen, _index, response) => say(response, ""));
    const { text, requests } = await ask();
    expect(text).toBe("");
    expect(requests).toHaveLength(1);
  });

  test("an interruption ends waiting and calls at once", async () => {
    const controller = new AbortController();
    server.behave((_seen, _index, response) => {
      response.on("finish", () => setImmediate(() => controller.abort(new Error("enough"))));
      refuse(response, 503, { headers: { "retry-after": "2" } });
    });
    const { error, requests } = await ask({}, { signal: controller.signal });
    expect(error!.message).toBe("enough");
    expect(requests).toHaveLength(1);
  });
});

describe("nothing leaks", () => {
  test("a key that the server repeats is blotted out of the message", async () => {
    vi.stubEnv("CANDOR_TEST_KEY", "sk-very-secret");
    const traffic = openTraffic({ policy });
    const fields = { model: "openai:any", base_url: server.base_url, api_key_env: "CANDOR_TEST_KEY" };
    const model = await resolveChatModel(fields, { traffic });
    server.behave((seen, _index, response) =>
      refuse(response, 400, { message: `bad key ${seen.headers.authorization}` }),
    );
    const failed = complete(model, hello, { seed: 1, temperature: 1, maxTokens: 9 });
    await expect(failed).rejects.toThrow("bad key Bearer [key]");
  });

  test("LangChain's tracing sends nothing anywhere, whatever the environment says", async () => {
    const tracing = { LANGSMITH_TRACING: "true", LANGCHAIN_TRACING_V2: "true", LANGSMITH_API_KEY: "x" };
    for (const [name, value] of Object.entries({ ...tracing, LANGSMITH_ENDPOINT: elsewhere.base_url }))
      vi.stubEnv(name, value);
    expect((await ask()).text).toBe("fine");
    await awaitAllCallbacks();
    expect(elsewhere.seen).toHaveLength(0);
  });
});

describe("the server decides how much it gets", () => {
  test("never more than max_concurrency at once", async () => {
    const fields = { model: "openai:any", base_url: server.base_url, max_concurrency: 3 };
    const model = await resolveChatModel(fields);
    server.behave((_seen, _index, response) => void setTimeout(() => say(response, "fine"), 10));
    await Promise.all(
      Array.from({ length: 30 }, (_, seed) => complete(model, hello, { seed, temperature: 1, maxTokens: 9 })),
    );
    expect(server.most).toBe(3);
  });

  test("a server with six places that refuses the seventh gets everything done, mostly six at a time", async () => {
    let open = 0;
    let refused = 0;
    server.behave((_seen, _index, response) => {
      if (open >= 6) {
        refused += 1;
        refuse(response, 429);
        return;
      }
      open += 1;
      setTimeout(() => {
        open -= 1;
        say(response, "fine");
      }, 10);
    });
    const traffic = openTraffic({ policy: { ...policy, attempts: 20 } });
    const model = await resolveChatModel({ model: "openai:any", base_url: server.base_url }, { traffic });
    const calls = 300;
    await Promise.all(
      Array.from({ length: calls }, (_, seed) =>
        complete(model, hello, { seed, temperature: 1, maxTokens: 9 }),
      ),
    );
    expect(refused).toBeLessThan(calls * 0.3);
  });

  // How many more than 64 follows from the time its answers take: adaptive-concurrency.test.ts, on a clock of its own.
  test("a server that keeps them waiting gets as many as the user names, and no more", async () => {
    const held: ServerResponse[] = [];
    server.behave((_seen, _index, response) => void held.push(response));
    const fields = { model: "openai:any", base_url: server.base_url, max_concurrency: 40 };
    const model = await resolveChatModel(fields);
    const all = Promise.all(
      Array.from({ length: 200 }, (_, seed) =>
        complete(model, hello, { seed, temperature: 1, maxTokens: 9 }),
      ),
    );
    // The limit grows by one for each answer until it is there.
    for (let answered = 0; answered < 160; answered += 1) {
      await expect.poll(() => held.length).toBeGreaterThan(0);
      say(held.shift()!, "fine");
    }
    await expect.poll(() => held.length).toBe(40);
    for (const response of held) say(response, "fine");
    await all;
    expect(server.most).toBe(40);
  });
});
