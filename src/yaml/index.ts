export { check, checked, checkedPart, checkedRow, isOtherForm, readChecked } from "./check.js";
export { didYouMean, nearest, nearNames, slip, slips } from "./did-you-mean.js";
export { truthHint } from "./explain.js";
export {
  dotted,
  type Problem,
  parseYaml,
  problemsIn,
  readYaml,
  type YamlFile,
} from "./file.js";
export { jsonFault, parseJsonText, readCheckedJson, type TextPlace } from "./json.js";
export { fromLines } from "./lines.js";
export { partAt } from "./part-at.js";
export { repeatedKey } from "./repeated-key.js";
