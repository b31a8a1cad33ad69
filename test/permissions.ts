import { NOTHING, type Permissions } from "../src/permissions/index.js";

/** What a user says who trusts a scenario in one way. */
export const CODE: Permissions = { ...NOTHING, modules: true };
export const PATHS: Permissions = { ...NOTHING, paths: true };
export const KEYS: Permissions = { ...NOTHING, keys: true };
