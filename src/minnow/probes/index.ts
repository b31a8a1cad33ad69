export { capabilityProbes } from "./capability.js";
export { deceptionProbes } from "./deception.js";
export { labelledStatements } from "./labelled.js";
export { maskProbes } from "./mask.js";
export type { ProbeRow } from "./row.js";
export { unknownProbes } from "./unknowns.js";
