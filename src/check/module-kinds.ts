import { readFileSync } from "node:fs";
import { extname, resolve } from "node:path";
import { InputError, retold, UserError } from "../errors.js";
import { type JudgeRequest, moduleSuite, resolveJudge, type SuiteKind } from "../evaluation/index.js";
import { canScore, complete, describeModel, releaseModel, resolveChatModel } from "../models/index.js";
import { triedOptions } from "../module-options.js";
import { importAll } from "../permissions/index.js";
import { makeModuleDefence } from "../preference/index.js";
import { exportedAt } from "./code-place.js";
import { tryStage } from "./try-stage.js";
import { trySuite } from "./try-suite.js";
import type { CheckContext, FileKind, Look } from "./types.js";

/** What `read` makes of a module's export; what is wrong with it is told with the lines of its fields. */
function withLines(path: string, read: () => SuiteKind): SuiteKind {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const text = readFileSync(path, "utf8");
    throw retold(error, (one) => ({
      ...one,
      ...exportedAt(text, one.field?.match(/[^.[\]]+/gu) ?? []),
    }));
  }
}

/** The kinds of modules are told apart by what they export, once that may be looked at: see `moduleKind`. */
const never = (_look: Look): number => 0;

const suite: FileKind = {
  name: "suite",
  is: "a suite",
  use: "a scenario names it in evaluation.suites, as { module: … }",
  likeness: never,
  check: async (path, context) => {
    const { default: exported, options } = await importAll(path, context.permissions);
    const kind = withLines(path, () => moduleSuite(exported, "own", path));
    return await trySuite(kind, { path, options: triedOptions(options), signal: context.signal });
  },
};

const stage: FileKind = {
  name: "stage",
  is: "a stage",
  use: "a scenario names it in preference.defences, as { kind: module, path: … }",
  likeness: never,
  check: async (path, { permissions, signal }) => {
    const { default: exported, options } = await importAll(path, permissions);
    const defence = await makeModuleDefence(exported, triedOptions(options), path);
    try {
      return await tryStage(defence, path, signal);
    } finally {
      await defence.release?.();
    }
  },
};

const provider: FileKind = {
  name: "provider",
  is: "a model",
  use: "wherever a model is named, it is module:<file>",
  likeness: never,
  check: async (path, { permissions, signal }) => {
    const spec = `module:${resolve(path)}`;
    const { language, scores, takesAdapters } = await describeModel(spec, permissions);
    const model = await resolveChatModel(spec, { permissions });
    try {
      const asked = [{ role: "user" as const, content: "how are you today?" }];
      const options = { seed: 1, temperature: 1, maxTokens: 16, signal };
      const { text, finish } = await complete(model, asked, options).catch((error: Error) => {
        throw new UserError(`${path}: its model does not answer: ${error.message}`);
      });
      if (text.trim() === "") throw new UserError(`${path}: its model gives an empty reply`);
      if (scores === "yes" && !canScore(model))
        throw new UserError(`${path}: provider.scores says yes, and the model has no scoreCompletions`);
      if (canScore(model)) await model.scoreCompletions(asked, ["well.", "badly."], { signal });
      const told =
        finish === null ? "; it does not say why a reply ended, so every reply counts as whole" : "";
      const adapters = takesAdapters ? "takes adapters" : "takes no adapters";
      return `model in ${language}, which ${adapters} and answered "${text.slice(0, 60)}"${told}`;
    } finally {
      await releaseModel(model);
    }
  },
};

const STATEMENT: JudgeRequest = {
  proposition: "the green lake is deadly.",
  statement: "the green lake is deadly.",
  numeric: false,
};

const judge: FileKind = {
  name: "judge",
  is: "a judge",
  use: "a scenario names it in models.judge, as module:<file>",
  likeness: never,
  check: async (path, { permissions, signal }) => {
    const opened = await resolveJudge(`module:${resolve(path)}`, permissions);
    try {
      const judged = await opened.judge({ ...STATEMENT, signal });
      if (judged.label === "error") throw new UserError(`${path}: its judge fails: ${judged.detail}`);
      return `judge, which says of "${STATEMENT.statement}": ${judged.label}`;
    } finally {
      await opened.release?.();
    }
  },
};

export const moduleKinds: readonly FileKind[] = [suite, stage, provider, judge];

/** Which of them a module is, by what it exports. Throws a UserError where it may not run or exports none of them. */
export async function moduleKind(path: string, { permissions }: CheckContext): Promise<FileKind> {
  const exported = await importAll(path, permissions);
  const main = exported.default as { open?: unknown; metrics?: unknown } | undefined;
  if (exported.judge !== undefined) return judge;
  if (exported.provider !== undefined || exported.model !== undefined) return provider;
  if (main?.open !== undefined || main?.metrics !== undefined) return suite;
  if (typeof main !== "function") return typeof main === "object" ? provider : unknown(path);
  // A stage and a model are both made by a function. What a model's is called with suits a stage's as well.
  const made = (await (main as (context: unknown) => unknown)({
    adapter: null,
    role: "assistant",
    threads: null,
    options: {},
  })) as { screen?: unknown; amend?: unknown; invoke?: unknown } | null | undefined;
  if (typeof made?.invoke === "function") return provider;
  return stage;
}

function unknown(path: string): never {
  throw new UserError(
    `${path}: exports nothing that candor uses: a suite (default: { label, metrics, open }), a stage (default: a function that gives screen or amend), a model (default: a function that gives a chat model) or a judge (judge: { judge }); a trainer is a program: --as trainer`,
  );
}

/** Whether a file is a program that the user says is a trainer, and how it is started. */
export function programOf(path: string): string[] {
  const ending = extname(path).toLowerCase();
  if ([".js", ".mjs", ".cjs"].includes(ending)) return [process.execPath, path];
  return ending === ".py" ? ["python3", path] : [resolve(path)];
}
