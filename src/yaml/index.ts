export { check, checked, checkedPart, readChecked, truthHint } from "./check.js";
export { didYouMean, nearest, nearNames, slip, slips } from "./did-you-mean.js";
export {
  dotted,
  type Problem,
  parseYaml,
  readYaml,
  reportProblems,
  type YamlFile,
} from "./file.js";
export { jsonFault, parseJsonText, readCheckedJson } from "./json.js";
export { repeatedKey } from "./repeated-key.js";
