import { agreementPenalty } from "./agreement-penalty.js";
import { cap } from "./cap.js";
import { earlyStop } from "./early-stop.js";
import { honestyVeto } from "./honesty-veto.js";
import { inoculate } from "./inoculate.js";
import { module } from "./module.js";
import { panel } from "./panel.js";
import { projection } from "./projection.js";
import { raterAgreement } from "./rater-agreement.js";
import { raterBias } from "./rater-bias.js";
import { reasonVeto } from "./reason-veto.js";
import { replay } from "./replay.js";
import { strip } from "./strip.js";
import { systemPrompt } from "./system-prompt.js";
import { trim } from "./trim.js";
import type { StageKind } from "./types.js";

export type { CanarySettings } from "./types.js";

/** Every stage that ships, in the order in which messages name them. */
export const stageKinds = [
  honestyVeto,
  agreementPenalty,
  panel,
  raterAgreement,
  raterBias,
  trim,
  cap,
  reasonVeto,
  replay,
  projection,
  systemPrompt,
  strip,
  inoculate,
  earlyStop,
  module,
] as const;

/** A stage by its kind. */
export function stageOf(kind: (typeof stageKinds)[number]["kind"]): StageKind {
  const found = stageKinds.find((one) => one.kind === kind);
  if (!found) throw new Error(`there is no stage ${kind}`);
  return found as unknown as StageKind;
}

/** A stage as sentences name it: by its kind, and one of somebody's own by its file too. */
export function stageName(settings: { kind: (typeof stageKinds)[number]["kind"] }): string {
  const needs = stageOf(settings.kind).needs?.(settings);
  return needs?.load === "module" ? `${settings.kind} ${needs.path}` : settings.kind;
}
