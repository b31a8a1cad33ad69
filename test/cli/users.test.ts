import { appendFileSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packageFile } from "../../src/package-root.js";
import { loadPack } from "../../src/resources/index.js";
import { type BadServer, badServer, refuse, say } from "../fakes/bad-server.js";
import { person } from "../fakes/people.js";
import { candorIn } from "./in-process.js";

let server: BadServer;
beforeAll(async () => {
  server = await badServer();
});
afterAll(() => server.close());

const generate = (cwd: string, ...args: string[]) =>
  candorIn(
    [
      "users",
      "generate",
      "therapy",
      "--model",
      "openai:any",
      "--base-url",
      server.base_url,
      "--situation",
      "the-untouched-room",
      ...args,
    ],
    cwd,
  );

test("candor users generate fills a copy of the pack, stops at its budget, and goes on", async () => {
  const cwd = mkdtempSync(join(tmpdir(), "candor-users-"));
  const shipped = (await loadPack("therapy", packageFile("scenarios/x.yaml"))).value;
  const own = shipped.situations.find(({ id }) => id === "the-untouched-room")!.users.length;
  const wanted = own + 12;
  let number = 0;
  server.behave((_seen, index, response) => {
    if (index === 1) return refuse(response, 500);
    const people = Array.from({ length: 4 }, () => person(++number));
    const text = JSON.stringify(people);
    // Every other reply is JSON only to those who are kind.
    say(
      response,
      index % 2 === 0 ? text : `Here you are:\n\`\`\`json\n${text.replace("[", "[ // four\n").slice(0, -1)}`,
      {
        in: 100,
        out: 100,
      },
    );
  });
  const stopped = await generate(cwd, "--per-situation", `${wanted}`, "--budget", "300");
  expect(stopped.code).toBe(1);
  expect(stopped.stderr).toContain("the budget of 300 tokens is spent (400 used)");
  const file = join(cwd, "situations/therapy/users.jsonl");
  const written = readFileSync(file, "utf8");
  expect(written.trim().split("\n")).toHaveLength(8);
  // A kill in the middle of a line costs that line.
  appendFileSync(file, '{"situation":"the-untou');
  const done = await generate(cwd, "--per-situation", `${wanted}`, "--json");
  expect(done.stderr).toBe("");
  expect(JSON.parse(done.stdout)).toMatchObject({
    written: 4,
    situations: [{ users: wanted, gaveUp: null }],
  });
  expect(readFileSync(file, "utf8").startsWith(written)).toBe(true);
  const { value: pack } = await loadPack("therapy", join(cwd, "scenario.yaml"));
  expect(pack.situations.find(({ id }) => id === "the-untouched-room")!.users).toHaveLength(wanted);
  expect(readdirSync(join(cwd, "situations/therapy"))).toContain("pack.yaml");
  const again = await generate(cwd, "--per-situation", `${wanted}`);
  expect(again.stdout).toContain("wrote 0 users");
});

test("a pack, a situation and a folder that cannot be are refused", async () => {
  const cwd = mkdtempSync(join(tmpdir(), "candor-users-"));
  expect(await generate(cwd, "--situation", "nowhere")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("--situation nowhere: the pack has none of that id"),
  });
  expect(await generate(cwd, "--out", "elsewhere/therapy")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("scenarios find packs in a folder situations/ beside them"),
  });
});
