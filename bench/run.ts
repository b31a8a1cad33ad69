import { readdirSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";

/** What a file of this folder exports: one measurement of its own, as rows of named values. */
type Bench = () => Promise<{ name: string; rows: Record<string, string | number>[] }>;

const HELP = `npm run bench            every benchmark
npm run bench -- NAME …  those whose file's name contains one of the names
`;

const wanted = process.argv.slice(2);
if (wanted.includes("--help")) {
  process.stdout.write(HELP);
} else {
  const folder = fileURLToPath(new URL(".", import.meta.url));
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(".ts") && file !== "run.ts")
    .filter((file) => wanted.length === 0 || wanted.some((name) => file.includes(name)))
    .sort();
  if (files.length === 0) throw new Error(`no benchmark named like ${wanted.join(", ")}`);
  process.stdout.write(`${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}\n`);
  for (const file of files) {
    const { default: bench } = (await import(`./${file}`)) as { default: Bench };
    const { name, rows } = await bench();
    process.stdout.write(`\n${name}\n`);
    console.table(rows);
  }
}
