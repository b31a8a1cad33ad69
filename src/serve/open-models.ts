import { UserError } from "../errors.js";
import {
  type EmbeddedSource,
  embeddedSource,
  isSmallCheckpoint,
  openEmbedded,
  providers,
} from "../models/index.js";
import type { Permissions } from "../permissions/index.js";
import { type Engine, engineOf } from "./engine.js";
import type { ServedModel } from "./models.js";
import { openPool } from "./pool.js";

type Opened = { models: Map<string, ServedModel>; release: () => Promise<void> };

/** Opens the models that clients ask for by these names: small ones in the workers, if there are any, the others here. */
export async function openModels(
  specs: Readonly<Record<string, string>>,
  { threads, workers = 0, permissions }: { threads?: number; workers?: number; permissions?: Permissions },
): Promise<Opened> {
  const sources = new Map<string, EmbeddedSource>();
  for (const [id, spec] of Object.entries(specs))
    sources.set(id, { ...(await locate(spec, permissions)), threads });
  const small: string[] = [];
  if (workers > 0)
    for (const [id, { checkpoint }] of sources) if (await isSmallCheckpoint(checkpoint)) small.push(id);
  const engines = new Map<string, Engine>();
  const releases: (() => Promise<void>)[] = [];
  const release = async (): Promise<void> => {
    await Promise.all(releases.map((end) => end()));
  };
  try {
    if (small.length > 0) {
      const pool = await openPool(
        small.map((id) => sources.get(id)!),
        workers,
      );
      releases.push(pool.release);
      for (const [index, id] of small.entries()) engines.set(id, pool.engines[index]!);
    }
    for (const [id, source] of sources) {
      if (engines.has(id)) continue;
      const model = await openEmbedded(source);
      releases.push(() => model.release());
      engines.set(id, engineOf(model));
    }
  } catch (error) {
    await release();
    throw error;
  }
  const served = [...sources.keys()].map((id) => [id, { id, engine: engines.get(id)! }] as const);
  return { models: new Map(served), release };
}

const SERVED = providers.flatMap(({ embedded, forms }) => (embedded ? forms : []));

async function locate(spec: string, permissions: Permissions | undefined): Promise<EmbeddedSource> {
  const source = await embeddedSource(spec, permissions);
  if (source) return source;
  throw new UserError(`${spec} does not run on the embedded engine; only ${SERVED.join(", ")} can be served`);
}
