import type { DefenceSettings } from "../../scenario/index.js";
import { stageOf } from "../stages/index.js";
import type { Defence, DefenceTools } from "./types.js";

/**
 * The stages of `preference.defences`, in their order. `early_stop` is none of them: it looks at checkpoints, not at
 * conversations. Throws a UserError on a module that gives no stage; those that were made before are released then.
 */
export async function makeDefences(
  settings: readonly DefenceSettings[],
  tools: DefenceTools,
  at: <T>(index: number, make: () => Promise<T>) => Promise<T> = (_index, make) => make(),
): Promise<Defence[]> {
  const defences: Defence[] = [];
  try {
    for (const [index, one] of settings.entries()) {
      const file = tools.files[index] ?? null;
      const defence = await at(index, async () =>
        stageOf(one.kind).make(one, tools, file, settings.slice(0, index)),
      );
      if (defence) defences.push(defence);
    }
  } catch (error) {
    for (const defence of defences.reverse()) await defence.release?.();
    throw error;
  }
  return defences;
}
