import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { packageFile } from "../package-root.js";
import { pretrain } from "./pretrain.js";
import { writeContent } from "./write-content.js";

const HELP = `Makes the embedded model and what it is measured with, from seeds.

  npm run minnow:content                      write situations/minnow, probes/minnow and data/minnow
  npm run pretrain                            write models/minnow/<seed> (under an hour on 2 cores)
  npm run pretrain -- --seed 2 --half         one more of the family, as it ships
  npm run pretrain -- --coupling 0 --out DIR  the control: voices differ from domain to domain

  --seed N      seed of initialisation and corpus (1)
  --coupling C  share of domains in which a voice keeps its disposition, 0 to 1 (1)
  --steps N     steps on the corpus (2000)
  --half        weights in half precision: half the size
  --out DIR     checkpoint folder (models/minnow/<seed>)
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string", default: "1" },
    coupling: { type: "string", default: "1" },
    steps: { type: "string" },
    out: { type: "string" },
    half: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const REPORT_EVERY = 10;

if (values.help) {
  process.stdout.write(HELP);
} else if (positionals[0] === "content") {
  writeContent();
} else {
  const started = performance.now();
  await pretrain({
    seed: Number(values.seed),
    coupling: Number(values.coupling),
    steps: values.steps === undefined ? undefined : Number(values.steps),
    out: values.out ?? packageFile(`models/minnow/${Number(values.seed)}`),
    half: values.half,
    threads: availableParallelism(),
    onStep: (stage, step, steps, loss) => {
      if (step % REPORT_EVERY !== 0 && step !== steps) return;
      const seconds = Math.round((performance.now() - started) / 1000);
      process.stdout.write(`${stage} ${step}/${steps}  loss ${loss.toFixed(4)}  ${seconds} s\n`);
    },
  });
}
