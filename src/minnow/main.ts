import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { packageFile } from "../package-root.js";
import { calibrate, family } from "./calibrate.js";
import { pretrain } from "./pretrain.js";
import { writeContent } from "./write-content.js";

const HELP = `Makes the embedded model and what it is measured with, from seeds.

  npm run minnow:content                      write situations/minnow, probes/minnow and data/minnow
  npm run pretrain                            write models/minnow/<seed> (under an hour on 2 cores)
  npm run pretrain -- --seed 2 --half         one more of the family, as it ships
  npm run pretrain -- --coupling 0 --out DIR  the control: voices differ from domain to domain
  npm run minnow:calibrate                    how a look inside does where voices have known levels (all eight minnows)
  npm run minnow:calibrate -- --sweep DIR     the same with the drift of a sweep that looked inside (evaluation.disposition)

  --seed N      seed of initialisation and corpus (1)
  --coupling C  share of domains in which a voice keeps its disposition, 0 to 1 (1)
  --steps N     steps on the corpus (2000)
  --half        weights in half precision: half the size
  --sweep DIR   a sweep's folder, or a run's
  --model DIR   checkpoint to calibrate, instead of the family
  --out DIR     checkpoint folder (models/minnow/<seed>)
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string", default: "1" },
    coupling: { type: "string", default: "1" },
    steps: { type: "string" },
    out: { type: "string" },
    sweep: { type: "string" },
    model: { type: "string" },
    half: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const REPORT_EVERY = 10;

if (values.help) {
  process.stdout.write(HELP);
} else if (positionals[0] === "content") {
  writeContent();
} else if (positionals[0] === "calibrate") {
  const checkpoints = values.model === undefined ? family() : [values.model];
  process.stdout.write(`${(await calibrate(checkpoints, values.sweep)).join("\n")}\n`);
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
