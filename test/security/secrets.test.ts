import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { candor, newWorld } from "../sweep/cells.js";
import { hasRedis, type RedisServer, startRedis } from "../sweep/redis.js";
import { until } from "../until.js";

const KEY = "sk-planted-0f3a9c";
const PASSWORD = "pw-planted-77b1e2";

describe.skipIf(!hasRedis)(`secrets${hasRedis ? "" : " (needs redis-server)"}`, () => {
  let redis: RedisServer;
  const seen: string[] = [];
  // Answers as a model does, now and then with an error that holds the key, as some servers do.
  const server = createServer(async (request: IncomingMessage, response) => {
    for await (const _chunk of request);
    seen.push(request.headers.authorization ?? "");
    const broken = seen.length % 3 === 0;
    response.writeHead(broken ? 401 : 200, { "content-type": "application/json" });
    const message = { role: "assistant", content: "7" };
    response.end(
      JSON.stringify(
        broken
          ? { error: { message: `Incorrect API key provided: ${KEY}` } }
          : { id: "x", object: "chat.completion", choices: [{ index: 0, message, finish_reason: "stop" }] },
      ),
    );
  });
  beforeAll(async () => {
    redis = await startRedis("--requirepass", PASSWORD, "--save", "1 1");
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(async () => {
    server.close();
    await redis?.stop();
  });

  it("are in no file, payload or message of a sweep, whatever fails", async () => {
    const world = newWorld("secrets");
    const { port } = server.address() as { port: number };
    const rater = {
      model: "openai:fake",
      base_url: `http://127.0.0.1:${port}/v1`,
      api_key_env: "PLANTED_KEY",
    };
    writeFileSync(
      join(world, "cells.yaml"),
      `${readFileSync(join(world, "cells.yaml"), "utf8")}models: ${JSON.stringify({ rater })}\n`,
    );
    const address = `redis://:${PASSWORD}@127.0.0.1:${redis.port}`;
    const env = { PLANTED_KEY: KEY };
    const worker = candor(world, ["worker", `--queue=${address}`, "--workers", "2"], env);
    const sweep = candor(world, ["sweep", `--queue=${address}`, "cells.yaml", "--out", "out"], env);
    await sweep.says(/round|done|failed|\[/).catch(() => {});
    const client = new Redis(address);
    const payloads = await dump(client);
    const swept = await sweep.ended;
    payloads.push(...(await dump(client)));
    // It saves by itself too: a file that it writes just then would be gone before it is read here.
    await client.config("SET", "save", "");
    await until(async () => /^rdb_bgsave_in_progress:0/mu.test(await client.info("persistence")));
    await client.save();
    client.disconnect();
    worker.kill("SIGINT");
    const worked = await worker.ended;
    expect(seen).toContain(`Bearer ${KEY}`); // else there was nothing to leak
    const written = [world, redis.folder]
      .flatMap(filesIn)
      .map((path) => [path, readFileSync(path, "latin1")]);
    expect(written.length).toBeGreaterThan(10);
    const all = [
      ...written,
      ...payloads.map((text) => ["payload", text]),
      ["sweep", swept.stdout + swept.stderr],
    ];
    all.push(["worker", worked.stdout + worked.stderr]);
    for (const [where, text] of all) {
      for (const secret of [KEY, PASSWORD])
        expect(text!.includes(secret), `${secret} in ${where}`).toBe(false);
    }
  });
});

async function dump(client: Redis): Promise<string[]> {
  const keys = await client.keys("*");
  return await Promise.all(
    keys.map(async (key) => String(await client.dumpBuffer(key).then((b) => b?.toString("latin1")))),
  );
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
