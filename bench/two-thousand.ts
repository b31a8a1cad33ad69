import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageFile } from "../src/package-root.js";
import { forcedChoice } from "./parts/forced-choice.js";

/**
 * Two thousand closed questions pressed and as many asked neutrally, in one go, as a run puts them: a process and a core for each copy of the
 * model, opening it counted in. As many probes do not ship, so the shipped ones are put again and again, each time behind a sentence of
 * their own, so that no two prompts are the same text. On the checkpoint that CANDOR_BENCH_MODEL names; CANDOR_BENCH_PROBES in all (2,000).
 */
export default async function bench() {
  const folder = process.env.CANDOR_BENCH_MODEL;
  if (!folder) return { name: "two thousand: set CANDOR_BENCH_MODEL to a checkpoint's folder", rows: [] };
  const wanted = Number(process.env.CANDOR_BENCH_PROBES ?? 2_000);
  const file = mkdtempSync(join(tmpdir(), "candor-bench-"));
  try {
    const most = writeProbes(file, wanted);
    const { probes, prompts, seconds, processor } = await (await forcedChoice(folder, true, file))(most);
    const row = { probes, questions: prompts.length, seconds, "processor time, s": processor };
    return { name: "closed questions in one go", rows: [row] };
  } finally {
    rmSync(file, { recursive: true, force: true });
  }
}

/** Writes so many probes, spread over the kinds as those that ship; says how many the largest kind has. */
function writeProbes(folder: string, wanted: number): number {
  const shipped = packageFile("probes/english/mask");
  const kinds = readdirSync(shipped).map((name) => ({
    name,
    rows: readFileSync(join(shipped, name), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Probe),
  }));
  const all = kinds.reduce((sum, { rows }) => sum + rows.length, 0);
  let left = wanted;
  const counts = kinds.map(({ name, rows }, at) => {
    const share = Math.round((wanted * rows.length) / all);
    const count = at === kinds.length - 1 ? left : share;
    left -= count;
    const lines = Array.from({ length: count }, (_, index) => again(rows[index % rows.length]!, index));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), `${lines.map((row) => JSON.stringify(row)).join("\n")}\n`);
    return count;
  });
  return Math.max(...counts);
}

type Probe = { task_id: string; system_prompt: string; pair?: string };

function again({ pair: _, ...row }: Probe, index: number): Probe {
  return {
    ...row,
    task_id: `${row.task_id}-${index}`,
    system_prompt: `This is talk number ${index} of the day. ${row.system_prompt}`,
  };
}
