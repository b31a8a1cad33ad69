import { existsSync } from "node:fs";
import { copyFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { checkWeightsFile } from "../../engine/index.js";
import { OutsideFailed } from "../../errors.js";
import { replaceFolder } from "../../whole/index.js";

/** What a trainer leaves beside the adapter that nobody loads: its own arguments, whose format is Python's pickle. */
const LEFT_BEHIND = /^(?:training_args\.bin|optimizer\.pt|scheduler\.pt|rng_state.*\.pth)$/;

/**
 * Puts the adapter that a trainer wrote into its place, whole or not at all. Copies, because the two may lie on different
 * file systems. Throws if there is no adapter, or one whose weights are not finite.
 */
export async function adopt(written: string, output: string): Promise<void> {
  if (
    !existsSync(join(written, "adapter_config.json")) ||
    !existsSync(join(written, "adapter_model.safetensors"))
  )
    throw new OutsideFailed(
      `the trainer left no adapter in ${written}: expected adapter_config.json and adapter_model.safetensors`,
    );
  await checkWeightsFile(join(written, "adapter_model.safetensors"));
  await replaceFolder(output, async (draft) => {
    for (const entry of await readdir(written, { withFileTypes: true })) {
      if (entry.isFile() && !LEFT_BEHIND.test(entry.name))
        await copyFile(join(written, entry.name), join(draft, entry.name));
    }
  });
}
