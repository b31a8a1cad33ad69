export { run, type ScenarioOrPath, sweep } from "./run.js";
