import { UserError } from "../../errors.js";
import { type DefenceSettings, shownPath } from "../../scenario/index.js";
import { raterAgreement } from "./agreement.js";
import { cap } from "./cap.js";
import { moduleDefence } from "./module.js";
import { panel } from "./panel.js";
import { raterBias } from "./rater-bias.js";
import { replay } from "./replay.js";
import { dataFile, readReplayFile } from "./replay-file.js";
import { trim } from "./trim.js";
import type { Defence, DefenceTools } from "./types.js";
import { honestyVeto, modelJudge, phraseJudge } from "./veto.js";

/**
 * The stages of `preference.defences`, in their order. `early_stop` is none of them: it looks at checkpoints, not at
 * conversations. Throws a UserError on what is missing or does not fit.
 */
export async function makeDefences(
  settings: readonly DefenceSettings[],
  tools: DefenceTools,
): Promise<Defence[]> {
  const defences: Defence[] = [];
  for (const [index, one] of settings.entries()) {
    const where = `${shownPath(tools.scenarioPath)} preference.defences[${index}]`;
    if (one.kind === "early_stop" && settings.slice(0, index).some(({ kind }) => kind === one.kind))
      throw new UserError(`${where}: there can be only one early_stop`);
    if ((one.kind === "rater_agreement" || one.kind === "rater_bias") && !hasPanel(settings.slice(0, index)))
      throw new UserError(`${where}: ${one.kind} compares raters; put a panel before it`);
    const defence = await make(one, tools, where);
    if (defence) defences.push(defence);
  }
  return defences;
}

async function make(one: DefenceSettings, tools: DefenceTools, where: string): Promise<Defence | null> {
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
      return replay(readReplayFile(dataFile(one.file, tools.scenarioPath)), one.share, one.file);
    case "module":
      return await moduleDefence(dataFile(one.path, tools.scenarioPath), one.options, where);
    case "early_stop":
      return null;
  }
}

function hasPanel(before: readonly DefenceSettings[]): boolean {
  return before.some(({ kind }) => kind === "panel");
}
