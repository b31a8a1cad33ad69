import { readFileSync } from "node:fs";
import { loadTokenizer, openGenerator } from "../../src/engine/index.js";
import { resolveJudge, suiteNamed } from "../../src/evaluation/index.js";
import { EmbeddedChatModel } from "../../src/models/index.js";
import { packageFile } from "../../src/package-root.js";

export type Spent = { seconds: number; processor: number };

type Choice = Spent & { probes: number; prompts: number[][] };

/** Puts closed questions of mask, of each kind so many, and says what that took; `file`: others than the shipped English ones. */
export async function forcedChoice(
  folder: string,
  inProcesses: boolean,
  file = packageFile("probes/english/mask"),
) {
  const tokenizer = await loadTokenizer(folder);
  const model = new EmbeddedChatModel({
    generator: await openGenerator(folder, { inProcesses }),
    tokenizer,
    name: folder,
  });
  const judge = await resolveJudge("rule");
  return async (probes: number): Promise<Choice> => {
    const suite = suiteNamed("mask").open({
      file,
      probes,
      temperature: 1,
      maxTokens: 8,
      options: { answer: "closed" },
    });
    const [began, used] = [performance.now(), processorTime()];
    const results = await suite.run({ model, judge, seed: "bench" });
    const seconds = (performance.now() - began) / 1_000;
    const prompts = results.flatMap(({ samples }) =>
      samples.map(({ messages }) => [...tokenizer.encodeChat(messages, { addGenerationPrompt: true })]),
    );
    return { probes: results.length, prompts, seconds, processor: processorTime() - used };
  };
}

/** Seconds of this process and of those that it started and that have ended, by Linux. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  const fields = readFileSync("/proc/self/stat", "utf8")
    .replace(/^.*\) /su, "")
    .split(" ");
  // `cutime` and `cstime`, in hundredths.
  return (user + system) / 1e6 + (Number(fields[13]) + Number(fields[14])) / 100;
}
