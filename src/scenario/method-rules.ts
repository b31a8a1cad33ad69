import { type Method, methodOf, methodsFor } from "../methods/index.js";
import { trainerKind, trainerKinds } from "../training/kinds/index.js";
import { checkedPart, type Problem } from "../yaml/index.js";
import { scenarioSchema } from "./schema.js";
import { sourceKind } from "./sources.js";

/** Whether simulated users are what rows come from. */
export function isInteraction(value: unknown): boolean {
  return checkedPart(scenarioSchema, value, ["source"]) === "interaction";
}

/** A level of selection that would select nothing otherwise than without it. */
export function levelProblems(value: unknown): Problem[] {
  const path = ["preference", "level"];
  const level = checkedPart(scenarioSchema, value, path);
  if (level === undefined || level === "global") return [];
  const method = methodOf(checkedPart(scenarioSchema, value, ["training", "method"]));
  const source = checkedPart(scenarioSchema, value, ["source"]);
  if (method?.from === "all")
    return [
      {
        path,
        message: `${method.name} selects no conversations: it learns from all; leave it out`,
        at: "value",
      },
    ];
  if (source === undefined || sourceKind(source).simulated) return [];
  if (level === "situation" && sourceKind(source).rated) return [];
  const message = `with source: ${sourceKind(source).name} nobody knows of a ${String(level)}; leave it out`;
  return [{ path, message, at: "value" }];
}

/** Choices between replies that nobody is shown, or that the method does not learn from. */
export function choiceProblems(value: unknown): Problem[] {
  const path = ["interaction", "feedback"];
  if (checkedPart(scenarioSchema, value, path) !== "choices")
    return checkedPart(scenarioSchema, value, ["interaction", "choosing"]) === undefined
      ? []
      : [
          {
            path: ["interaction", "choosing"],
            message:
              "users who give marks choose nothing; set interaction.feedback to choices, or leave it out",
            at: "key",
          },
        ];
  const problem = (message: string): Problem[] => [{ path, message, at: "value" }];
  if (!isInteraction(value))
    return problem("only simulated users are shown two replies to a turn; leave it out");
  const method = methodOf(checkedPart(scenarioSchema, value, ["training", "method"]));
  if (method && method.rows !== "pair")
    return problem(
      `${method.name} learns from marks, and users who choose give none; use training.method: ${methodsFor("pair").join(" or ")}`,
    );
  return checkedPart(scenarioSchema, value, ["preference", "samples_per_turn"]) === 2
    ? []
    : problem("users choose between two replies; set preference.samples_per_turn to 2");
}

/** Reasons and edits of users who are not simulated or give no marks, or that the method does not learn from. */
export function explainProblems(value: unknown): Problem[] {
  const interaction = checkedPart(scenarioSchema, value, ["interaction"]);
  const method = methodOf(checkedPart(scenarioSchema, value, ["training", "method"]));
  return (["reasons", "edits_to"] as const).flatMap((field): Problem[] => {
    const set = interaction?.[field];
    if (set === undefined || set === false) return [];
    const problem = (message: string): Problem[] => [{ path: ["interaction", field], message, at: "key" }];
    if (!isInteraction(value))
      return problem("only simulated users are asked; real ones say so in source.columns; leave it out");
    if (interaction?.feedback === "choices")
      return problem("users who choose give no marks to explain or to go by; leave it out");
    return field === "edits_to" && method?.draws === "online"
      ? problem(`${method.name} learns from marks on what it draws itself, and not from edits; leave it out`)
      : [];
  });
}

/** A method that needs what the talks do not give. */
export function methodProblems(value: unknown): Problem[] {
  const path = ["training", "method"];
  const method = methodOf(checkedPart(scenarioSchema, value, path));
  const source = checkedPart(scenarioSchema, value, ["source"]);
  if (method?.draws === "online" && source !== undefined && !sourceKind(source).simulated) {
    const { name } = sourceKind(source);
    const message = `${method.name} has users rate replies while it learns, and with source: ${name} there are none to ask; use another method`;
    return [{ path, message, at: "value" }];
  }
  if (method?.rows !== "pair") return [];
  if (!isInteraction(value)) return [];
  if (checkedPart(scenarioSchema, value, ["preference", "samples_per_turn"]) !== 1) return [];
  const message = `${method.name} compares several replies to one turn; set preference.samples_per_turn to 2 or more`;
  return [{ path, message, at: "value" }];
}

/** What the method cannot do with the settings, or the trainer with the method. */
export function settingProblems(value: unknown): Problem[] {
  const given = (field: string) => checkedPart(scenarioSchema, value, ["training", field]);
  const method = methodOf(given("method"));
  if (!method) return [];
  const reference = referenceProblem(method, given);
  const settings = {
    batch_size: given("batch_size"),
    loss_type: given("loss_type"),
    num_generations: given("num_generations"),
  };
  const problems = (method.problems?.(settings) ?? []).map(
    ({ field, message }): Problem => ({ path: ["training", field], message, at: "value" }),
  );
  for (const { field, message } of embeddedOnly(given))
    problems.push({ path: ["training", field], message, at: "key" });
  if (method.embeddedOnly && isOutside(given))
    problems.push({
      path: ["training", "method"],
      message: `${String(given("trainer"))} does not know ${method.name}; use trainer: ${EMBEDDED}, or another method`,
      at: "value",
    });
  for (const field of ["num_generations", "steps_per_generation", "epsilon", "reward_model"] as const)
    if (given(field) !== undefined && !method.settings.includes(field))
      problems.push({
        path: ["training", field],
        message: `${method.name} does not go by it; leave it out`,
        at: "key",
      });
  const room = roomProblem(value, method);
  if (room !== null) problems.push({ path: ["training", "max_length"], message: room, at: "value" });
  if (reference !== null) problems.push({ path: ["training", "reference"], message: reference, at: "value" });
  const read = Object.fromEntries(method.settings.map((field) => [field, given(field)]));
  for (const { field, message } of trainerKind(given("trainer"))?.problems?.(read) ?? [])
    problems.push({ path: ["training", field], message, at: "value" });
  return problems;
}

/** Why replies that are drawn would not fit into rows. */
function roomProblem(value: unknown, { name, draws }: Method): string | null {
  const most = checkedPart(scenarioSchema, value, ["training", "max_length"]);
  const drawn = checkedPart(scenarioSchema, value, ["interaction", "max_tokens"]);
  if (!draws || typeof most !== "number" || typeof drawn !== "number" || most > drawn) return null;
  return `${name} draws replies of up to ${drawn} tokens (interaction.max_tokens), which leaves no room for what they answer; raise it`;
}

/** The trainers in this process, for messages. */
const EMBEDDED = trainerKinds
  .filter(({ embedded }) => embedded)
  .map(({ name }) => name)
  .join(" or ");

/** Whether a trainer outside this process is named, one that nobody knows included. */
function isOutside(given: (field: string) => unknown): boolean {
  const trainer = given("trainer");
  return trainer !== undefined && !trainerKind(trainer)?.embedded;
}

/** What a trainer in this process alone can do, as the end of a sentence. */
const EMBEDDED_ONLY = {
  kl: "hold the model to the untrained one on other rows",
  interleave: "imitate other rows beside those that users taught",
  steer: "move the residual stream while it trains",
  save_steps: "let the model be evaluated within a round",
} as const;

function embeddedOnly(given: (field: string) => unknown): { field: string; message: string }[] {
  if (!isOutside(given)) return [];
  return Object.entries(EMBEDDED_ONLY).flatMap(([field, what]) =>
    given(field) === undefined
      ? []
      : [
          {
            field,
            message: `${String(given("trainer"))} cannot ${what}; use trainer: ${EMBEDDED}, or leave it out`,
          },
        ],
  );
}

/** Why a reference policy of its own round cannot be had. */
function referenceProblem(method: Method, given: (field: string) => unknown): string | null {
  if (given("reference") !== "previous") return null;
  if (!method.settings.includes("beta"))
    return `${method.name} compares with no reference policy; leave it out`;
  if (isOutside(given))
    return `${String(given("trainer"))} compares with the initial policy alone; use trainer: ${EMBEDDED}, or leave it out`;
  if (given("start_from") === "initial")
    return "every round starts from the initial policy, which is the reference then; leave it out, or use start_from: previous";
  return null;
}
