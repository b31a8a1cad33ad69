import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { type Direction, findDirection, project, readContrasts } from "../../src/disposition/index.js";
import { openEmbedded } from "../../src/models/index.js";
import { packageFile } from "../../src/package-root.js";
import { warmCommand } from "./one-python.js";
import { pythonWith } from "./python.js";

const python = pythonWith("torch", "transformers", "peft", "trl");
const minnow = packageFile("models/minnow/3");
const contrastsFile = packageFile("data/contrasts/minnow.jsonl");

describe.skipIf(!python)("scripts/real/hidden.py (skipped without torch, transformers, PEFT and TRL)", () => {
  it.each([
    ["prompt", []],
    ["reply", ["--layer", "4"]],
  ] as const)(
    "finds the engine's direction and places on minnow, at the %s",
    async (at, more) => {
      const folder = mkdtempSync(join(tmpdir(), "candor-hidden-"));
      const contrasts = readContrasts(contrastsFile);
      const chats = contrasts
        .slice(0, 6)
        .flatMap(({ obliging, candid }) => [
          { messages: obliging.messages },
          { messages: candid.messages, reply: candid.reply! },
        ]);
      writeFileSync(
        join(folder, "chats.jsonl"),
        chats
          .map(({ messages, reply }) =>
            JSON.stringify({
              messages: reply === undefined ? messages : [...messages, { role: "assistant", content: reply }],
            }),
          )
          .join("\n"),
      );
      const out = join(folder, "found.json");
      const [program, ...asking] = await warmCommand(python!);
      await promisify(execFile)(
        program,
        [
          ...asking,
          packageFile("scripts/real/hidden.py"),
          minnow,
          "--contrasts",
          contrastsFile,
          "--chats",
          join(folder, "chats.jsonl"),
          "--at",
          at,
          "--out",
          out,
          ...more,
        ],
        { env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" } },
      );
      const found = JSON.parse(readFileSync(out, "utf8")) as { direction: Direction; projections: number[] };
      const model = await openEmbedded({ checkpoint: minnow, adapter: null });
      const layer = at === "prompt" ? 2 : 4;
      const direction = await findDirection(model, contrasts, { layer, at });
      const states = await model.hiddenStates(chats.map((chat) => ({ ...chat, layer })));
      await model.release();
      expect(found.direction).toMatchObject({ layer, at, pairs: contrasts.length });
      const scale = Math.max(...direction.vector.map(Math.abs));
      for (const [i, value] of direction.vector.entries())
        expect(Math.abs(found.direction.vector[i]! - value) / scale).toBeLessThan(1e-4);
      for (const [i, state] of states.entries())
        expect(found.projections[i]).toBeCloseTo(project(direction, state), 3);
    },
    300_000,
  );
});
