export { allocate, resolveRest } from "./allocate.js";
export { type DrawRequest, drawPopulation } from "./draw.js";
export { countDrawn } from "./drawn.js";
export { personaSchema, withBehaviour } from "./personas.js";
export { type PreviewRow, previewPopulation } from "./preview.js";
export { biasedFraction, meanBiasedFraction } from "./schedule.js";
export type { Behaviour, Past, Persona, User } from "./types.js";
