export { importAll, importFile, requireCode } from "./code.js";
export { isLoopback, maySendKey } from "./keys.js";
export { liesIn, mayTouch } from "./paths.js";
export { NOTHING, type Permissions, withMore } from "./permissions.js";
