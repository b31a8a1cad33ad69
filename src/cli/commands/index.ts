import type { RegisterCommand } from "../command.js";
import { registerCells } from "./cells.js";
import { registerChat } from "./chat.js";
import { registerCheck } from "./check.js";
import { registerCheckDrift } from "./check-drift.js";
import { registerCompare } from "./compare.js";
import { registerData } from "./data.js";
import { registerDoctor } from "./doctor.js";
import { registerEval } from "./eval.js";
import { registerExport } from "./export.js";
import { registerImport } from "./import.js";
import { registerInit } from "./init.js";
import { registerJudge } from "./judge.js";
import { registerPopulation } from "./population.js";
import { registerRater } from "./rater.js";
import { registerReport } from "./report.js";
import { registerRun } from "./run.js";
import { registerRuns } from "./runs.js";
import { registerSchema } from "./schema.js";
import { registerServe } from "./serve.js";
import { registerShow } from "./show.js";
import { registerSweep } from "./sweep.js";
import { registerUp } from "./up.js";
import { registerUsers } from "./users.js";
import { registerView } from "./view.js";
import { registerWorker } from "./worker.js";

/** Every command of the program, in the order of its help. A new command is a file here and a line in this list. */
export const commands: readonly RegisterCommand[] = [
  registerInit,
  registerCheck,
  registerRun,
  registerSweep,
  registerWorker,
  registerCells,
  registerEval,
  registerJudge,
  registerRater,
  registerRuns,
  registerShow,
  registerCheckDrift,
  registerCompare,
  registerPopulation,
  registerUsers,
  registerReport,
  registerView,
  registerServe,
  registerUp,
  registerChat,
  registerData,
  registerExport,
  registerImport,
  registerSchema,
  registerDoctor,
];
