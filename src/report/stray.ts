import { DamagedFile, verifyDrift } from "../runs/index.js";
import type { ReportSource } from "./source/read.js";

/**
 * What must be said where the drift curves that stand in a finished folder for other programs are not what its probes give: what is
 * shown is made from the probes, so the two would differ. Empty where they agree, or where runs are still to come.
 */
export async function strayTables({ kind, folder, runs, absent }: ReportSource): Promise<string[]> {
  if (absent.length > 0 || runs.some(({ manifest }) => manifest.status !== "done")) return [];
  const again = kind === "run" ? "its command, given again," : `candor sweep --collect ${folder}`;
  try {
    await verifyDrift(
      folder,
      runs.flatMap(({ observations }) => observations),
      again,
    );
    return [];
  } catch (error) {
    if (!(error instanceof DamagedFile)) throw error;
    return [`${error.message}. What is shown here is made from the probes, and not from that file.`];
  }
}
