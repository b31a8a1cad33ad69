export { allocate, type Fractions, resolveRest } from "./allocate.js";
export { type DrawRequest, drawPopulation } from "./draw.js";
export { loadPersonas } from "./personas.js";
export type { Persona, User } from "./types.js";
