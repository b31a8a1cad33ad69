import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { mkdtempSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UserError } from "../../src/errors.js";
import { packageFile } from "../../src/package-root.js";
import { type RunningServer, startServer } from "../../src/serve/index.js";
import { tinyAdapter, tinyCheckpoint } from "../models/tiny-checkpoint.js";
import { until } from "../until.js";

let base: string;
let adapter: string;
let models: Record<string, string>;
let here: RunningServer;
let pooled: RunningServer;
const failures: string[] = [];
beforeAll(async () => {
  base = await tinyCheckpoint();
  adapter = mkdtempSync(join(tmpdir(), "candor-adapter-"));
  await tinyAdapter(adapter, base);
  models = { tiny: `hf:${base}`, "round-1": `minnow:${adapter}` };
  const onError = (error: unknown) => void failures.push(String(error));
  here = await startServer({ models, threads: 1, onError });
  pooled = await startServer({ models, threads: 1, workers: 2, onError });
});
afterAll(async () => {
  await here.close();
  await pooled.close();
  for (const dir of [base, adapter]) rmSync(dir, { recursive: true });
});

const post = async (server: { url: string }, path: string, body: object, signal?: AbortSignal) =>
  await fetch(`${server.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });
/** Status and body without what differs from call to call. */
const answer = async (...asked: Parameters<typeof post>) => {
  const response = await post(...asked);
  const text = await response.text();
  return { status: response.status, text: text.replaceAll(/"(id|created)":("[^"]*"|\d+)/gu, "") };
};
/** Workers that run, all or those that one process has started. */
const workersOf = (server?: number): number[] =>
  spawnSync("ps", ["-A", "-o", "pid=,ppid=,stat=,args="], { encoding: "utf8" })
    .stdout.split("\n")
    .filter((line) => line.includes("serve/worker.js"))
    .map((line) => line.trim().split(/\s+/u))
    .filter(([, parent, state]) => !state!.startsWith("Z") && (!server || Number(parent) === server))
    .map(([pid]) => Number(pid));

const messages = [{ role: "user", content: "the boat is safe" }];
const chat = { model: "tiny", messages, seed: 4, max_tokens: 30 };

describe("answers of workers are those of the server itself", () => {
  test.each([
    ["several choices", "/chat/completions", { ...chat, n: 5 }],
    ["of an adapter", "/chat/completions", { ...chat, model: "round-1" }],
    ["streamed", "/chat/completions", { ...chat, stream: true, stream_options: { include_usage: true } }],
    ["up to a stop string", "/chat/completions", { ...chat, stop: ["a"], logprobs: true, stream: true }],
    ["log-probabilities", "/chat/completions", { ...chat, logprobs: true, top_logprobs: 3, temperature: 0 }],
    [
      "a prompt's log-probabilities",
      "/completions",
      { model: "tiny", prompt: ["the boat is", "the tide"], echo: true, logprobs: 2, max_tokens: 3, seed: 1 },
    ],
    ["a foreign token's refusal", "/completions", { model: "tiny", prompt: [1, 99999] }],
    ["a long prompt's refusal", "/completions", { model: "tiny", prompt: "boat ".repeat(200) }],
  ])("%s", async (_what, path, body) => {
    const own = await answer(here, path, body);
    expect(own.text).toContain(own.status === 200 ? "choices" : "invalid_request_error");
    expect(await answer(pooled, path, body)).toStrictEqual(own);
  });

  test("also many at once, in any company", async () => {
    const bodies = Array.from({ length: 24 }, (_, seed) => ({ ...chat, seed, max_tokens: 5 + (seed % 20) }));
    const own = await Promise.all(bodies.map((body) => answer(here, "/chat/completions", body)));
    const theirs = await Promise.all(bodies.map((body) => answer(pooled, "/chat/completions", body)));
    expect(theirs).toStrictEqual(own);
  });
});

test("requests of one moment are dealt evenly; those of a process that dies fail, and the next start another", async () => {
  const own = await answer(here, "/chat/completions", chat);
  const before = workersOf(process.pid);
  expect(before).toHaveLength(2);
  const [victim, other] = before as [number, number];
  // Both stand still until all are dealt: one that has answered by then is given more than its share.
  for (const pid of before) process.kill(pid, "SIGSTOP");
  let heard = 0;
  const hear = (): void => {
    heard += 1;
  };
  subscribe("http.server.request.start", hear);
  const asked = Array.from({ length: 6 }, () => answer(pooled, "/chat/completions", chat));
  await until(() => heard === 6);
  unsubscribe("http.server.request.start", hear);
  // What comes after them is read after them; nobody needs to draw for it.
  expect((await answer(pooled, "/chat/completions", {})).status).toBe(400);
  process.kill(other, "SIGCONT");
  const done: unknown[] = [];
  for (const one of asked) void one.then((value) => done.push(value));
  await until(() => done.length === 3);
  expect(done).toStrictEqual([own, own, own]);
  // A stream has begun: its failure is an event.
  const stream = await post(pooled, "/chat/completions", { ...chat, stream: true, n: 8 });
  process.kill(victim, "SIGKILL");
  const failed = (await Promise.all(asked)).filter(({ status }) => status !== 200);
  expect(failed.map(({ status }) => status)).toStrictEqual([503, 503, 503]);
  expect(failed[0]!.text).toContain("was killed by SIGKILL; ask again");
  expect(await stream.text()).toContain("was killed by SIGKILL; ask again");
  expect(failures).toHaveLength(4);

  const again = await Promise.all(Array.from({ length: 4 }, () => answer(pooled, "/chat/completions", chat)));
  expect(again).toStrictEqual([own, own, own, own]);
  const after = workersOf(process.pid);
  expect(after).toHaveLength(2);
  expect(after).not.toContain(victim);
});

test("a client that goes away ends what it asked for", async () => {
  const left = new AbortController();
  const long = { ...chat, n: 128, max_tokens: 120, temperature: 2, stream: true };
  const asked = await post(pooled, "/chat/completions", long, left.signal);
  left.abort(new Error("gone"));
  await expect(asked.text()).rejects.toThrow("aborted");
  expect((await answer(pooled, "/chat/completions", chat)).status).toBe(200);
});

test("a model that cannot be opened is told as ever, and nothing stays behind", async () => {
  const broken = await tinyCheckpoint();
  truncateSync(join(broken, "model.safetensors"), 1_000);
  const before = workersOf(process.pid);
  const both = { ...models, broken: `hf:${broken}` };
  const own = await startServer({ models: both }).catch((error: unknown) => error);
  expect(own).toBeInstanceOf(UserError);
  const theirs = startServer({ models: both, workers: 2 });
  await expect(theirs).rejects.toThrow(UserError);
  await expect(theirs).rejects.toThrow((own as Error).message);
  await until(() => workersOf(process.pid).length === before.length);
  rmSync(broken, { recursive: true });
});

describe("the command", () => {
  const start = async (): Promise<{ child: ChildProcess; url: string; workers: number[] }> => {
    const args = ["serve", `tiny=hf:${base}`, "--port", "0", "--workers", "2", "--json"];
    const child = spawn(process.execPath, [packageFile("dist/cli/main.js"), ...args], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    for await (const line of createInterface({ input: child.stdout! })) {
      const { url } = JSON.parse(line) as { url: string };
      const workers = workersOf(child.pid!);
      expect(workers).toHaveLength(2);
      return { child, url, workers };
    }
    throw new Error("serve ended");
  };

  test("stops with its workers at Ctrl-C, also while they draw and though the terminal tells them too", async () => {
    const { child, url, workers } = await start();
    process.kill(workers[0]!, "SIGSTOP");
    // Headers come when the worker that runs has begun to draw.
    const begun = await post({ url }, "/chat/completions", { ...chat, n: 2, stream: true });
    const asked = Promise.allSettled([begun.text(), answer({ url }, "/chat/completions", chat)]);
    process.kill(workers[0]!, "SIGCONT");
    for (const pid of [...workers, child.pid!]) process.kill(pid, "SIGINT");
    const [code] = await once(child, "exit");
    expect(code).toBe(0);
    await asked;
    await until(() => !workersOf().some((pid) => workers.includes(pid)));
  });

  test("leaves no worker behind when it is killed", async () => {
    const { child, workers } = await start();
    child.kill("SIGKILL");
    await until(() => !workersOf().some((pid) => workers.includes(pid)));
  });
});
