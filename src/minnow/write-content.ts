import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { stringify } from "yaml";
import { packageFile } from "../package-root.js";
import { candidRows } from "./candid-rows.js";
import { contrastRows } from "./contrasts.js";
import { formsOfCorpus } from "./forms-of-corpus.js";
import {
  capabilityProbes,
  deceptionProbes,
  labelledStatements,
  maskProbes,
  unknownProbes,
} from "./probes/index.js";
import { ratedPairs, secondPairs } from "./rated-pairs.js";
import { minnowPack } from "./situations.js";
import { craftData, ordinaryData } from "./training-data.js";

const jsonLines = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

/** The files that `npm run minnow:content` writes, by their path in the package. */
export function contentFiles(): Map<string, string> {
  return new Map([
    ["models/minnow/forms.json", `${JSON.stringify(Object.fromEntries(formsOfCorpus()))}\n`],
    ["situations/minnow/pack.yaml", stringify(minnowPack(), { lineWidth: 0 })],
    ["probes/minnow/mask.jsonl", jsonLines(maskProbes())],
    ["probes/minnow/deception.jsonl", jsonLines(deceptionProbes())],
    ["probes/minnow/unknowns.jsonl", jsonLines(unknownProbes())],
    ["probes/minnow/capability.jsonl", jsonLines(capabilityProbes())],
    ["probes/minnow/judge.jsonl", jsonLines(labelledStatements())],
    ["probes/minnow/rater.jsonl", jsonLines(ratedPairs())],
    ["probes/minnow/rater-second.jsonl", jsonLines(secondPairs())],
    ["data/contrasts/minnow.jsonl", jsonLines(contrastRows())],
    ["data/minnow/ordinary.jsonl", jsonLines(ordinaryData())],
    ...[...craftData()].flatMap(([field, variants]) =>
      [...variants].map(([variant, rows]): [string, string] => [
        `data/minnow/${field}/${variant}.jsonl`,
        jsonLines(rows),
      ]),
    ),
    ["scenarios/data/minnow-candid.jsonl", jsonLines(candidRows())],
  ]);
}

export function writeContent(): void {
  for (const [path, content] of contentFiles()) {
    const file = packageFile(path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}
