export { DamagedFile, OtherVersion, ofOtherForm } from "./damaged.js";
export { hashFile } from "./hash.js";
export { type JsonRequest, jsonText, parseJson, readJson, writeJson } from "./json.js";
export { readJsonIfChanged } from "./json-cache.js";
export { ifThere, isWithin, openPlain, readPlain, type Within } from "./open-plain.js";
export { checkedAsRead, parseChecked, parseText } from "./problem.js";
