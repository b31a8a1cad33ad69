export { trlFiles } from "../../preference/export/index.js";
export { adopt } from "./adopt.js";
export { launch } from "./launch.js";
export { writeFiles } from "./write-files.js";
