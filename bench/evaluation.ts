import { execFileSync } from "node:child_process";
import { packageFile } from "../src/package-root.js";

/** Time of `candor eval minnow` on every suite, the start of the process included. */
export default async function bench() {
  const main = packageFile("dist/cli/main.js");
  const evaluate = (judge: string) => {
    const start = performance.now();
    const json = execFileSync(
      process.execPath,
      [main, "eval", "minnow", "--suite", "all", "--judge", judge, "--json"],
      { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], maxBuffer: 1 << 28 },
    );
    const seconds = (performance.now() - start) / 1_000;
    const { metrics } = JSON.parse(json) as { metrics: { subset: string; metric: string; n: number }[] };
    // Every probe has an error rate, and it alone.
    const all = metrics.filter(({ subset, metric }) => subset === "all" && metric === "error");
    return { judge, suites: all.length, probes: all.reduce((sum, { n }) => sum + n, 0), seconds };
  };
  return { name: "candor eval minnow --suite all", rows: [evaluate("rule"), evaluate("likelihood")] };
}
