import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { maySendKey, NOTHING } from "../../src/permissions/index.js";
import { loadScenario, requirePermitted } from "../../src/scenario/index.js";
import { openChat } from "../../src/viewer/chat/index.js";
import { writeManifest } from "../fakes/run-folder.js";
import { CODE, KEYS } from "../permissions.js";
import { candor } from "../sweep/cells.js";

const world = mkdtempSync(join(tmpdir(), "candor-keys-"));
const scenario = join(world, "x.yaml");
const STRANGER = {
  model: "openai:m",
  base_url: "https://stranger.example/v1",
  api_key_env: "OPENAI_API_KEY",
};

describe("a key that a scenario pairs with an address", () => {
  it.each([
    ["OPENAI_API_KEY", "https://api.openai.com/v1"],
    ["OPENAI_API_KEY", "https://API.OpenAI.com:443/v1"],
    ["ANTHROPIC_API_KEY", "https://api.anthropic.com/v1"],
    ["VLLM_API_KEY", "http://localhost:8000/v1"],
    ["OPENAI_API_KEY", "http://127.0.0.1:8000/v1"],
    ["HF_TOKEN", "http://127.9.8.7/v1"],
    ["API_KEY", "http://[::1]:8000/v1"],
  ])("goes from %s to %s", (variable, address) => {
    expect(maySendKey(NOTHING, variable, address)).toBe(true);
  });

  it.each([
    ["OPENAI_API_KEY", "https://stranger.example/v1"],
    ["OPENAI_API_KEY", "http://api.openai.com/v1"],
    ["OPENAI_API_KEY", "https://api.openai.com:8443/v1"],
    ["OPENAI_API_KEY", "https://api.openai.com.stranger.example/v1"],
    ["OPENAI_API_KEY", "https://api.openai.com@stranger.example/v1"],
    ["OPENAI_API_KEY", "https://stranger.example/api.openai.com"],
    ["OPENAI_API_KEY", "https://api.anthropic.com/v1"],
    ["GITHUB_TOKEN", "https://api.openai.com/v1"],
    ["constructor", "https://api.openai.com/v1"],
    ["OPENAI_API_KEY", "http://127.0.0.1.stranger.example/v1"],
    ["OPENAI_API_KEY", "http://localhost.stranger.example/v1"],
    ["OPENAI_API_KEY", "http://localhost@stranger.example/v1"],
    ["OPENAI_API_KEY", "http://0.0.0.0:8000/v1"],
    ["OPENAI_API_KEY", "http://10.0.0.1/v1"],
    ["OPENAI_API_KEY", "http://[::ffff:8.8.8.8]/v1"],
    // Whoever listens on this machine need not be the user's own server.
    ["PATH", "http://127.0.0.1:8000/v1"],
    ["HOME", "http://localhost:8000/v1"],
    ["DATABASE_URL", "http://[::1]:8000/v1"],
    ["SSH_AUTH_SOCK", "http://localhost:8000/v1"],
    ["AWS_SECRET_ACCESS_KEY", "http://localhost:8000/v1"],
    ["GITHUB_TOKEN", "http://localhost:8000/v1"],
    ["MONKEY", "http://localhost:8000/v1"],
  ])("does not go from %s to %s, unless keys or code are allowed", (variable, address) => {
    expect(maySendKey(NOTHING, variable, address)).toBe(false);
    expect(maySendKey(KEYS, variable, address)).toBe(true);
    expect(maySendKey(CODE, variable, address)).toBe(true);
  });
});

/** Every place in a scenario where a model is named. */
const PLACES: Record<string, object> = {
  ...Object.fromEntries(
    ["assistant", "user", "rater", "judge"].map((role) => [
      `models.${role}`,
      { models: { [role]: STRANGER } },
    ]),
  ),
  "preference.defences[0].judge": {
    preference: { defences: [{ kind: "honesty_veto", judge: STRANGER }] },
  },
};

function write(fields: object): void {
  const population = { size: 8, personas: { benign: "rest" } };
  writeFileSync(scenario, JSON.stringify({ name: "x", rounds: 1, population, ...fields }));
}

describe.each(Object.entries(PLACES))("%s", (place, fields) => {
  it("sends no key to a stranger's host, and says what to do", () => {
    write(fields);
    const says = `${place}.base_url: the key in OPENAI_API_KEY would be sent to stranger.example; add --allow-keys`;
    expect(() => loadScenario(scenario)).toThrow(says);
    expect(() => loadScenario(scenario, [], KEYS)).not.toThrow(/--allow-keys/);
  });
});

it("holds for scenarios that did not come from a file, as those of a queue, and for the values of a sweep's axes", async () => {
  write({});
  const { scenario: loaded } = loadScenario(scenario);
  const rater = { ...STRANGER, base_url: "http://localhost:1/v1" };
  const models = { ...loaded.models, rater: STRANGER };
  expect(() => requirePermitted({ ...loaded, models }, scenario, NOTHING)).toThrow(
    /x\.yaml: models\.rater\.base_url: the key in OPENAI_API_KEY would be sent to stranger\.example/,
  );
  write({ models: { rater }, sweep: { vary: { "models.rater.base_url": [STRANGER.base_url] } } });
  const swept = await candor(world, ["sweep", "x.yaml", "--out", "swept", "--quiet"], {
    OPENAI_API_KEY: "sk-planted",
  }).ended;
  expect([swept.code, swept.stderr]).toEqual([
    2,
    expect.stringMatching(/stranger\.example; add --allow-keys/),
  ]);
});

it("holds for the assistant of a run folder that somebody sent", async () => {
  write({ models: { rater: { ...STRANGER, base_url: "http://localhost:1/v1" } } });
  const { scenario: loaded } = loadScenario(scenario);
  const folder = join(world, "sent");
  writeManifest(
    folder,
    { ...loaded, models: { ...loaded.models, assistant: STRANGER } },
    { status: "interrupted" },
  );
  let asked = 0;
  const chat = openChat(async () => {
    asked += 1;
    throw new Error("asked");
  });
  const request = { run: "sent", round: 0, messages: [{ role: "user" as const, content: "hello" }] };
  const pieces = [];
  const { signal } = new AbortController();
  for await (const piece of chat.reply({ id: "sent", folder } as never, request as never, signal))
    pieces.push(piece);
  expect([asked, pieces]).toEqual([0, [{ error: expect.stringMatching(/sent to stranger\.example/) }]]);
});

describe("the command line", () => {
  const seen: string[] = [];
  // Reached over the address 0.0.0.0, which is this machine and yet no loopback, so that no test asks a real host.
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization ?? "");
    response.writeHead(401).end("{}");
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
  afterAll(() => void server.close());
  const address = () => `http://0.0.0.0:${(server.address() as AddressInfo).port}/v1`;
  const env = { PLANTED_KEY: "sk-planted" };

  it("refuses with exit code 2 before anything is asked or written; --allow-keys or the variable lift it", async () => {
    write({
      models: { user: { model: "openai:m", base_url: address(), api_key_env: "PLANTED_KEY" } },
      evaluation: { suites: { mask: { probes: 1 } } },
    });
    const args = ["run", "x.yaml", "--out", "runs", "--quiet"];
    const refused = await candor(world, args, env).ended;
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringMatching(
        /x\.yaml:\d+:\d+ models\.user\.base_url: the key in PLANTED_KEY would be sent to/,
      ),
    ]);
    expect([seen, readdirSync(world).includes("runs")]).toEqual([[], false]);

    const allowed = await candor(world, [...args, "--allow-keys"], env).ended;
    expect(allowed.stderr).not.toMatch(/--allow-keys/);
    expect(new Set(seen)).toEqual(new Set(["Bearer sk-planted"]));
    seen.length = 0;
    // Its workers have a sweep's permission.
    const sweep = candor(world, ["sweep", ...args.slice(1)], { ...env, CANDOR_ALLOW_KEYS: "1" });
    await expect.poll(() => seen).toContain("Bearer sk-planted");
    sweep.kill("SIGINT");
    await sweep.ended;
  });

  it("takes the user's own options as they are", async () => {
    seen.length = 0;
    const named = ["--base-url", address(), "--api-key-env", "PLANTED_KEY"];
    const labelled = ["judge", "check", "probes/english/judge.jsonl", "--judge", "openai:m"];
    await candor(world, [...labelled, ...named], env).ended;
    expect(new Set(seen)).toEqual(new Set(["Bearer sk-planted"]));
  });
});
