import { packageFile } from "../../src/package-root.js";

/** Packs and personas are looked up beside a scenario first: this one lies in the package. */
export const scenario = packageFile("scenarios/default.yaml");

/** The packs in ordinary English, and how many situations each has at least. */
export const packs = { therapy: 50, "action-advice": 8, booking: 8, politics: 8 };
