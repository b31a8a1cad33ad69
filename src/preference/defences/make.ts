import type { DefenceSettings } from "../../scenario/index.js";
import { inoculate } from "../context/inoculate.js";
import { strip } from "../context/strip.js";
import { systemPrompt } from "../context/system-prompt.js";
import { raterAgreement } from "./agreement.js";
import { cap } from "./cap.js";
import { makeModuleDefence } from "./module.js";
import { panel } from "./panel.js";
import { raterBias } from "./rater-bias.js";
import { replay } from "./replay.js";
import { trim } from "./trim.js";
import type { Defence, DefenceTools } from "./types.js";
import { honestyVeto, modelJudge, phraseJudge } from "./veto.js";

/**
 * The stages of `preference.defences`, in their order. `early_stop` is none of them: it looks at checkpoints, not at
 * conversations. Throws a UserError on a module that gives no stage.
 */
export async function makeDefences(
  settings: readonly DefenceSettings[],
  tools: DefenceTools,
): Promise<Defence[]> {
  const defences: Defence[] = [];
  for (const [index, one] of settings.entries()) {
    const gone = settings.slice(0, index).flatMap((other) => (other.kind === "strip" ? other.parts : []));
    const defence =
      one.kind === "strip" ? strip(one, tools, gone) : await make(one, tools, tools.files[index] ?? null);
    if (defence) defences.push(defence);
  }
  return defences;
}

async function make(
  one: Exclude<DefenceSettings, { kind: "strip" }>,
  tools: DefenceTools,
  file: DefenceTools["files"][number],
): Promise<Defence | null> {
  switch (one.kind) {
    case "honesty_veto": {
      if (one.judge === "rule") return honestyVeto(phraseJudge(one.phrases), one.threshold);
      const model = await tools.resolveModel(one.judge);
      return honestyVeto(modelJudge(model), one.threshold);
    }
    case "panel":
      return panel(one, tools);
    case "rater_agreement":
      return raterAgreement(one.spread, tools.interaction.reward);
    case "rater_bias":
      return raterBias(one.iterations, tools.pack.scale);
    case "trim":
      return trim(one);
    case "cap":
      return cap(one);
    case "replay":
      if (!file || !("replay" in file)) throw new Error(`the rows of ${one.file} were not loaded`);
      return replay(file.replay, one.share, one.file);
    case "module":
      if (!file || !("module" in file)) throw new Error(`${one.path} was not loaded`);
      return await makeModuleDefence(file.module, one.options, file.where);
    case "system_prompt":
      return systemPrompt(one, tools);
    case "inoculate":
      return inoculate(one);
    case "early_stop":
      return null;
  }
}
