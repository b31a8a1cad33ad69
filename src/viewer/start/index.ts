export { checkDraft, formFacts } from "./draft.js";
export { type Jobs, openJobs } from "./jobs.js";
