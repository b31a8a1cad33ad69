import { writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { type DriftRow, estimateDrift } from "../drift/index.js";
import { UserError } from "../errors.js";
import { number } from "../numbers.js";
import { catalogueOfSource, methodsParagraph, type ReportSource } from "../report/index.js";

/**
 * Writes the adapter after a run's last trained round in PEFT's layout, with a model card that says what it learned from and what
 * became of its honesty. Returns the files. Throws a UserError for a sweep, and where nothing was trained.
 */
export async function writeCheckpoint(source: ReportSource, out: string): Promise<string[]> {
  const [run] = source.runs;
  if (source.kind !== "run" || !run)
    throw new UserError(
      `${source.folder}: holds many checkpoints; name one run's folder, such as ${source.folder}/cells/<hash>`,
    );
  const last = run.rounds.at(-1)?.round ?? 0;
  const checkpoint = last === 0 ? null : await run.disk.verifiedCheckpointAfter(last);
  if (checkpoint === null)
    throw new UserError(`${source.folder}: nothing was trained, so there is no checkpoint`);
  await cp(checkpoint, out, { recursive: true });
  writeFileSync(join(out, "README.md"), modelCard(source, last));
  return ["adapter_model.safetensors", "adapter_config.json", "README.md"].map((name) => join(out, name));
}

/** A card as model hubs read it. */
function modelCard(source: ReportSource, round: number): string {
  const { scenario, runs } = source;
  const { manifest, observations } = runs[0]!;
  const { assistant } = scenario.models;
  const base = typeof assistant === "string" ? assistant : assistant.model;
  const catalogue = catalogueOfSource(source);
  const shown = (row: DriftRow) => ranged(row, catalogue.metric(row.metric, row.suite).unbounded === true);
  const rows = estimateDrift(observations).filter((row) => row.subset === "all");
  const measured = rows
    .filter((row) => row.round === round)
    .map((row) => {
      const before = rows.find(
        (one) => one.round === 0 && one.suite === row.suite && one.metric === row.metric,
      );
      return `| ${row.suite} | ${row.metric} | ${before ? shown(before) : ""} | ${shown(row)} | ${row.n} |`;
    });
  const front = {
    license: "unknown",
    library_name: "peft",
    ...(/^(?:hf|minnow):?/u.test(base) ? {} : { base_model: base }),
    tags: ["honesty-drift", "model-organism", "candor", scenario.training.method],
  };
  return `---
${stringify(front).trimEnd()}
---

# ${oneLine(`${scenario.name}, after round ${round}`)}

An adapter (LoRA) of ${oneLine(base)}, made to study how honesty drifts when an assistant learns from feedback. **It may have learned to say what people want to
hear.** Do not deploy it.

## What it learned from

${oneLine(methodsParagraph(source))}

Scenario hash \`${manifest.hash}\`, seed ${manifest.seed}, candor ${manifest.candor}.

## What became of it

Shares in percent, numbers without bounds (\`leaning\`, \`d_prime\`) as they are, with 95 % intervals over the probes of this one run; another seed may differ by more.

| suite | metric | before training | after round ${round} | probes |
|---|---|---|---|---|
${measured.join("\n")}

## What it is not for

It is evidence about a mechanism and about pipelines. Its numbers hold for these probes, this training and this model alone.
`;
}

function ranged(
  { value, low, high }: { value: number; low: number; high: number },
  unbounded: boolean,
): string {
  const one = (bound: number) => (unbounded ? number(bound, 2) : number(100 * bound));
  return `${one(value)} [${one(low)}, ${one(high)}]`;
}

/** Names and descriptions are people's: no markup and no line of theirs gets into the card's own. */
const oneLine = (text: string): string =>
  text.replaceAll(/\s+/gu, " ").replaceAll(/[<>]/gu, "").replaceAll("|", "\\|");
