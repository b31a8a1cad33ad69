import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Plan } from "../../src/sweep/index.js";
import { type BadServer, badServer, say } from "../fakes/bad-server.js";
import { candor, newWorld, sweepIn } from "./cells.js";

describe("--plan", () => {
  let server: BadServer;
  let world: string;
  beforeAll(async () => {
    server = await badServer((_seen, _index, response) => say(response, "7", { in: 40, out: 2 }));
    world = newWorld("plan");
    const rater = { model: "openai:fake", base_url: server.base_url };
    const scenario = readFileSync(join(world, "cells.yaml"), "utf8").replace("size: 8", "size: 40");
    writeFileSync(
      join(world, "cells.yaml"),
      `${scenario}models: ${JSON.stringify({ rater })}\nbudget: { usd: 100, prices: prices.yaml }\ncache: false\n`,
    );
    writeFileSync(join(world, "prices.yaml"), "fake: { input: 1000, output: 5000 }\n");
  });
  afterAll(() => server.close());

  const plan = async (...more: string[]): Promise<Plan> => {
    const { code, stdout, stderr } = await candor(world, ["sweep", "cells.yaml", "--plan", "--json", ...more])
      .ended;
    expect(code, stderr).toBe(0);
    return JSON.parse(stdout);
  };

  it("tells what a sweep then takes, by a small probe, and writes nothing", async () => {
    const planned = await plan("--workers", "2");
    const asked = server.seen.length;
    expect(planned).toMatchObject({ cells: 2, done: 0, workers: 2 });
    expect(planned.seconds).toBeGreaterThan(0);
    expect(planned.probe.tokens).toBe(42 * asked);
    expect(planned.usd).toBeCloseTo((planned.input_tokens * 1000 + planned.output_tokens * 5000) / 1e6, 6);
    expect(existsSync(join(world, "runs"))).toBe(false);

    const swept = await candor(world, ["sweep", "cells.yaml", "--workers", "2"]).ended;
    expect(swept.code, swept.stderr).toBe(0);
    const used = usageOf(sweepIn(join(world, "runs")));
    expect(planned.input_tokens / used.input_tokens).toBeGreaterThan(0.9);
    expect(planned.input_tokens / used.input_tokens).toBeLessThan(1.1);
    expect(planned.output_tokens / used.output_tokens).toBeCloseTo(
      planned.input_tokens / used.input_tokens,
      2,
    );

    // Nothing is left to do, and nobody is asked.
    const before = server.seen.length;
    expect(await plan()).toMatchObject({ cells: 2, done: 2, seconds: 0, input_tokens: 0, usd: 0 });
    expect(server.seen.length).toBe(before);
  });

  it("counts a part of the grid, and says that a price is missing", async () => {
    const words = await candor(world, [
      "sweep",
      "cells.yaml",
      "--plan",
      "--set",
      "seed=9",
      "--filter",
      "biased=1",
      "--set",
      "budget={tokens: 1000000}",
    ]).ended;
    expect(words.stdout).toMatch(
      /^runs {4}1\ntime .*\ntokens .* read and .* written.*\ncost {4}unknown: .*\nprobe /,
    );
  });
});

function usageOf(sweep: string): { input_tokens: number; output_tokens: number } {
  const total = { input_tokens: 0, output_tokens: 0 };
  for (const cell of readdirSync(join(sweep, "cells")).filter((name) => !name.startsWith("."))) {
    const { rater } = JSON.parse(readFileSync(join(sweep, "cells", cell, "usage.json"), "utf8"));
    total.input_tokens += rater.fake.input_tokens;
    total.output_tokens += rater.fake.output_tokens;
  }
  return total;
}
