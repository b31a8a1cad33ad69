export { checkFile, fileKinds } from "./check-file.js";
export type { Checked, CheckOptions } from "./types.js";
