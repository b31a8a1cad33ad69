import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What takes longest begins first, so that no core waits for it at the end; a clean clone has no times of its own yet. */
export const HEAVIEST = [
  "docs/played",
  "sweep/kill",
  "viewer/page",
  "sweep/durability",
  "sweep/queue",
  "sweep/slurm",
  "training/trl",
  "docs/tutorial",
  "training/trainer-contract",
  "training/grid",
  "sweep/rate-limiter",
  "up/up",
  "docs/logs",
  "reference/remake",
  "docs/gate",
  "decide/gate",
  "security/secrets",
].map((name) => `test/${name}.test.ts`);

const place = ({ moduleId, project }: TestSpecification): number => {
  // A process of its own in between would end one that others share.
  if (project.name === "alone") return -1;
  const at = HEAVIEST.findIndex((file) => moduleId.endsWith(`/${file}`));
  return at < 0 ? HEAVIEST.length : at;
};

export class HeaviestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => place(one) - place(other));
  }
}
