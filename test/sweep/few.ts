import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { packageFile } from "../../src/package-root.js";

// A run of the shipped model, short, and yet with every kind of step. With all target modules most changes of its folder would
// be those of writing the adapter.
const SCENARIO = `
name: cells
rounds: 2
situations: few
population: { size: 8, personas: { benign: rest, biased: 0.5 } }
training: { num_train_epochs: 1, lora_r: 2, target_modules: [q_proj] }
evaluation: { suites: { mask: { file: few.jsonl, probes: 4, subsets: [provided_facts, statistics] } } }
`;

/** A folder with `cells.yaml` and a few of the shipped situations and probes: reading all of them takes longer than the run. */
export function worldOfFew(name: string, scenario: string = SCENARIO): string {
  const world = mkdtempSync(join(tmpdir(), `candor-${name}-`));
  const pack = parse(readFileSync(packageFile("situations/minnow/pack.yaml"), "utf8"));
  mkdirSync(join(world, "situations/few"), { recursive: true });
  writeFileSync(
    join(world, "situations/few/pack.yaml"),
    stringify({ ...pack, name: "few", situations: pack.situations.slice(0, 3) }),
  );
  const probes = readFileSync(packageFile("probes/minnow/mask.jsonl"), "utf8").split("\n");
  const few = ["provided_facts", "statistics"].flatMap((type) =>
    probes.filter((line) => line.includes(`"type":"${type}"`)).slice(0, 4),
  );
  writeFileSync(join(world, "few.jsonl"), few.join("\n"));
  writeFileSync(join(world, "cells.yaml"), scenario);
  return world;
}
