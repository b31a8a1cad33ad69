import { existsSync } from "node:fs";
import { join } from "node:path";

/** What a run or sweep leaves for people and other programs, beside `report.html`. */
const RESULTS = ["drift.csv", "drift.json", "curves.svg", "dose-response.svg"];

/** Names of the result files that a run's or sweep's folder holds. */
export function resultFiles(folder: string): string[] {
  return RESULTS.filter((name) => existsSync(join(folder, name)));
}

/** The path of a result file by its name; undefined where the folder does not hold it, or the name is no result's. */
export function resultFile(folder: string, name: string): string | undefined {
  return resultFiles(folder).includes(name) ? join(folder, name) : undefined;
}

/** Where the report of a folder is written. */
export function reportPath(folder: string): string {
  return join(folder, "report.html");
}

/** Where the comparison of a sweep's cases is written. */
export function casesPath(folder: string): string {
  return join(folder, "cases.json");
}

/** The path of a folder's report; undefined where none has been written. */
export function reportFile(folder: string): string | undefined {
  const path = reportPath(folder);
  return existsSync(path) ? path : undefined;
}
