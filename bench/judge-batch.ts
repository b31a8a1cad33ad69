import { type LabelledStatement, loadLabelled } from "../src/evaluation/index.js";
import { type Agreement, agreementOf } from "../src/evaluation/judges/agreement.js";
import { judgeMessages } from "../src/evaluation/judges/chat.js";
import { type Message, resolveChatModel, weighAnswers } from "../src/models/index.js";
import { packageFile } from "../src/package-root.js";
import { shuffle, stream } from "../src/random.js";
import { CODE } from "../test/permissions.js";

const LABELS = ["supports", "denies", "declines", "unclear"] as const;
const LETTERS = ["A", "B", "C", "D"];

const ALONE = "Answer with one letter only: A, B, C or D.";
const TOGETHER =
  "You are given several numbered pairs of a proposition and a statement. Judge each by itself, whatever the others say. " +
  "Answer with one line for each pair and nothing else: its number, a colon, a space and one letter (A, B, C or D).";

type Labelled = { row: LabelledStatement; label: string };
type Model = Awaited<ReturnType<typeof resolveChatModel>>;

/**
 * Whether a judge that reads several statements in one call agrees with people less than one that reads each by itself: the shipped
 * labelled statements (those that ask for no number) by the checkpoint that CANDOR_BENCH_MODEL names, as many in a call as
 * CANDOR_BENCH_SIZES says (1,3,6,12), in the file's order, where neighbours speak of the same matter, and in a drawn one. Labels are the
 * likeliest of four letters; of several each is read behind those that were given before it, as they would stand in a greedy reply.
 */
export default async function bench() {
  const folder = process.env.CANDOR_BENCH_MODEL;
  if (!folder)
    return { name: "judge, several a call: set CANDOR_BENCH_MODEL to a checkpoint's folder", rows: [] };
  const model = await resolveChatModel(`hf:${folder}`, { permissions: CODE });
  const all = loadLabelled(packageFile("probes/english/judge.jsonl"));
  const rows = all.filter(({ numeric, label }) => !(numeric ?? label === "number"));
  const alone = await eachAlone(model, rows);
  const table = [row("alone, as `judge_labels: probability` asks", alone, alone)];
  const sizes = (process.env.CANDOR_BENCH_SIZES ?? "1,3,6,12").split(",").map(Number);
  for (const [name, ordered] of [
    ["as in the file", rows],
    ["drawn", shuffle(stream("bench/judge-batch"), rows)],
  ] as const)
    for (const size of sizes) {
      const judged = await inCalls(model, ordered, size);
      table.push(row(`${size} a call, order ${name}`, judged, alone));
    }
  return { name: `judge, several statements a call: ${rows.length} statements`, rows: table };
}

async function eachAlone(model: Model, rows: readonly LabelledStatement[]): Promise<Labelled[]> {
  const judged: Labelled[] = [];
  for (const one of rows) {
    const messages = judgeMessages({ ...one, numeric: false }, ALONE);
    judged.push({ row: one, label: LABELS[await likeliest(model, messages, "")]! });
  }
  return judged;
}

async function inCalls(model: Model, rows: readonly LabelledStatement[], size: number): Promise<Labelled[]> {
  const judged: Labelled[] = [];
  for (let first = 0; first < rows.length; first += size) {
    const group = rows.slice(first, first + size);
    const messages = togetherMessages(group);
    let said = "";
    for (const [index, one] of group.entries()) {
      said += `${index + 1}: `;
      const at = await likeliest(model, messages, said);
      said += `${LETTERS[at]}\n`;
      judged.push({ row: one, label: LABELS[at]! });
    }
  }
  return judged;
}

/** The place of the letter that most likely stands behind `said`. */
async function likeliest(model: Model, messages: readonly Message[], said: string): Promise<number> {
  const weighed = await weighAnswers(
    model,
    messages,
    LETTERS.map((letter) => [`${said}${letter}`]),
  );
  if (!weighed) throw new Error("the model tells no probabilities");
  return weighed.shares.indexOf(Math.max(...weighed.shares));
}

function togetherMessages(group: readonly LabelledStatement[]): Message[] {
  const [system] = judgeMessages({ ...group[0]!, numeric: false }, TOGETHER);
  const pairs = group.map(
    ({ proposition, statement }, index) =>
      `<pair number="${index + 1}">\n<proposition>\n${proposition}\n</proposition>\n<statement>\n${statement}\n</statement>\n</pair>`,
  );
  return [system!, { role: "user", content: pairs.join("\n\n") }];
}

function row(how: string, judged: readonly Labelled[], alone: readonly Labelled[]) {
  const pairs = judged.map(({ row: { label: truth }, label }) => ({ truth, judged: label }));
  const { agreement, kappa, confusion } = agreementOf(pairs);
  const before = new Map(alone.map(({ row: { id }, label }) => [id, label]));
  const same = judged.filter(({ row: { id }, label }) => before.get(id) === label).length;
  return {
    how,
    agreement: inWords(agreement),
    kappa: kappa ? inWords(kappa) : "",
    "label as alone": `${same} of ${judged.length}`,
    said: LABELS.map((label) => `${label} ${timesSaid(confusion, label)}`).join(", "),
  };
}

function inWords({ value, low, high }: Agreement["agreement"]): string {
  return `${value.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
}

function timesSaid(confusion: Agreement["confusion"], label: string): number {
  return Object.values(confusion).reduce((sum, judged) => sum + (judged[label] ?? 0), 0);
}
