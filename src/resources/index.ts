export { readRatedPairs } from "./checks.js";
export { copiesIn } from "./copies.js";
export { loadSource } from "./data.js";
export { fewProbesOf } from "./few-probes.js";
export { gather } from "./gather.js";
export { hashPath } from "./hash.js";
export { isShippedLanguage } from "./languages.js";
export { type Load, loadAnew, loadOnce } from "./load.js";
export { requireMeasured, requireMeasuredAlone } from "./measured.js";
export { loadPack, readPack, readSituations } from "./pack.js";
export { type PackText, textsOfPack } from "./pack-texts.js";
export { packOf, personasOf } from "./people.js";
export { loadPersonas, readPersona } from "./personas.js";
export { hasShippedProbes, languageOf, shippedProbes, suiteOfModule } from "./probes.js";
export { loadResources, type Resources } from "./resources.js";
export { loadStages, type StageOptions } from "./stages.js";
export {
  isOwn,
  isShippedPack,
  MINNOW,
  saidBy,
  strangeInPack,
  strangeInScenario,
  strangeInSuite,
} from "./strange.js";
