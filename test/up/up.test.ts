import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { world } from "./fake-vllm.js";

let here: Awaited<ReturnType<typeof world>>;
beforeEach(async () => {
  here = await world();
});
afterEach(() => here.close());

const allEnded = async () => await Promise.all(here.seen.map(({ ended }) => ended));
const base = () => `http://127.0.0.1:${here.port}/v1`;

/** A command that asks the server, says so, and waits for a signal; then it asks once more. */
const waiting = () => [
  process.execPath,
  "-e",
  `const ask = async () => (await fetch("${base()}/models")).status;
   const on = async (name) => { console.log("told " + name + ", server " + await ask()); process.exit(130); };
   process.on("SIGINT", on); process.on("SIGTERM", on);
   setInterval(() => {}, 1000);
   ask().then((status) => console.log("command runs, server " + status));`,
];

describe("candor up", () => {
  test("starts a server a card, waits until all answer, runs the command with their addresses, and ends them with it", async () => {
    const own = here.program("candor", '#!/bin/sh\necho "got $*" on $CUDA_VISIBLE_DEVICES\nexit 7\n');
    const { code, text } = await here.up(["x.yaml", "--", own, "sweep", "x.yaml", "--workers", "2"]).ended;
    expect(text).toMatch(
      /waiting for qwen at http:\/\/127.0.0.1:\d+\/v1 \(card 1; its log: runs\/.servers\/vllm-\d+.log\)/u,
    );
    const [, both, first, second] =
      /got sweep --set=models.assistant.base_url=(\["([^"]+)","([^"]+)"\]) --set=models.user.base_url=\1 x.yaml --workers 2 on 0,1/u.exec(
        text,
      ) ?? [];
    expect([code, first]).toEqual([7, base()]);
    expect(text).toContain(`models.assistant, models.user: qwen at ${first} ${second}`);
    expect(JSON.parse(both!)).toHaveLength(2);
    const servers = here.seen.filter(({ what }) => what === "server");
    expect(servers.map(({ card }) => card).sort()).toEqual(["0", "1"]);
    for (const { args, updating, threads } of servers) {
      expect(updating).toBe("True");
      // Not one for each core in every server.
      expect(threads).toBe("1");
      const line = args.join(" ");
      expect(line).toContain(
        `serve ${join(here.folder, "weights")} --served-model-name qwen --host 127.0.0.1`,
      );
      // Room for rank 20, and memory for the trainers beside it.
      expect(line).toContain("--gpu-memory-utilization 0.4 --enable-lora --max-lora-rank 32 ");
      expect(line).toContain("--lora-target-modules q_proj k_proj v_proj o_proj gate_proj up_proj down_proj");
    }
    expect(readFileSync(join(here.folder, `runs/.servers/vllm-${here.port}.log`), "utf8")).toMatch(
      /INFO loading/u,
    );
    expect(here.seen).toHaveLength(4);
    await allEnded();
  });

  test("tells the command no addresses of a model that it sets itself", async () => {
    const own = here.program("candor", '#!/bin/sh\necho "got $*"\n');
    const { code, text } = await here.up([
      "x.yaml",
      "--",
      own,
      "run",
      "x.yaml",
      "--set=models.assistant=minnow",
      "--set",
      "models.user.base_url=http://localhost:9/v1",
    ]).ended;
    expect(text).toContain(
      "got run x.yaml --set=models.assistant=minnow --set models.user.base_url=http://localhost:9/v1\n",
    );
    expect(code).toBe(0);
  });

  test("tells of a server that dies with the end of its log, ends the others and runs nothing", async () => {
    const running = here.up(
      ["x.yaml", "--gpus", "0", "--", process.execPath, "-e", "console.log('ran')"],
      "silent",
    );
    await here.started(2);
    here.seen.find(({ what }) => what === "server")!.fail();
    const { code, text } = await running.ended;
    expect(code).toBe(1);
    expect(text).toMatch(
      /vLLM of qwen at \S+ ended with code 3 before it answered; the end of runs\/.servers\/vllm-\d+.log:\n.*\n.*ValueError: not enough memory on this card/u,
    );
    expect(text).not.toMatch(/^ran$/mu);
    await allEnded();
  });

  test("gives up on one that never answers, after the time that was given", async () => {
    const { code, text } = await here.up(["x.yaml", "--wait", "1", "--", "true"], "silent").ended;
    expect([code, text]).toEqual([
      1,
      expect.stringMatching(/qwen at \S+ does not answer after \d+ s \(--wait says/u),
    ]);
    await allEnded();
  });

  test.each(["SIGINT", "SIGTERM"] as const)("leaves nothing on %s while it waits", async (name) => {
    const running = here.up(["x.yaml", "--", "true"], "silent");
    await here.started(4);
    running.child.kill(name);
    expect((await running.ended).code).toBe(130);
    await allEnded();
  });

  test.each(["SIGINT", "SIGTERM"] as const)(
    "passes %s on once and leaves the servers up until the command has ended",
    async (name) => {
      const running = here.up(["x.yaml", "--gpus", "none", "--", ...waiting()]);
      await running.says(/command runs, server 200/u);
      running.child.kill(name);
      const { code, text } = await running.ended;
      expect([code, text]).toEqual([130, expect.stringContaining(`told ${name}, server 200`)]);
      expect(here.seen.map(({ card }) => card)).toEqual([null, null]);
      await allEnded();
    },
  );

  test("tells of a server that ends while the command runs", async () => {
    const running = here.up(["x.yaml", "--gpus", "0", "--", ...waiting()]);
    await running.says(/command runs, server 200/u); // its own text is told before it runs
    await fetch(`http://127.0.0.1:${here.port}/die`).catch(() => {});
    await running.says(/vLLM of qwen at \S+ ended with code 4; the end of/u);
    running.child.kill("SIGTERM");
    await running.ended;
    await allEnded();
  });

  test("without a command keeps them up until Ctrl-C", async () => {
    const running = here.up(["x.yaml"]);
    await running.says(/--set 'models.user.base_url=\["\S+","\S+"\]'\nCtrl-C stops them/u);
    running.child.kill("SIGINT");
    await running.ended;
    await allEnded();
  });
});

describe("candor up refuses, and starts nothing,", () => {
  test.each([
    [
      "a scenario without servers of this machine",
      [
        "--set",
        "models.assistant=minnow",
        "--set",
        "models.user=minnow",
        "--set",
        "training.trainer=embedded",
      ],
      /no model of the scenario has a base_url on this machine/u,
    ],
    [
      "a model whose weights nobody names",
      ["--set", "models.user.model=openai:other", "--set", "models.user.base_url=http://localhost:9/v1"],
      /models.user: nothing says where the weights of other are; add --model other=<folder>/u,
    ],
    [
      "two models at one address",
      ["--set", "models.user.model=openai:other", "--model", "other=weights"],
      /models.assistant and models.user are different models at one address/u,
    ],
    ["a folder without a name", ["--model", "weights"], /--model weights: expected name=folder/u],
    [
      "an address that vLLM has not",
      ["--set", "models.user.base_url=http://127.0.0.1:9/api"],
      /models.user.base_url: http:\/\/127.0.0.1:9\/api: vLLM answers at/u,
    ],
  ])("%s", async (_what, args, message) => {
    const { code, text } = await here.up(["x.yaml", ...args, "--", "true"]).ended;
    expect([code, text, here.seen]).toEqual([2, expect.stringMatching(message), []]);
  });

  test("a port where somebody listens, and a machine without cards", async () => {
    const other = createServer().listen(here.port, "127.0.0.1");
    const taken = await here.up(["x.yaml", "--", "true"]).ended;
    other.close();
    expect([taken.code, taken.text]).toEqual([2, expect.stringMatching(/something listens at \S+ already/u)]);
    here.program("nvidia-smi", "#!/bin/sh\nexit 9\n");
    const without = await here.up(["x.yaml", "--", "true"]).ended;
    expect([without.code, without.text]).toEqual([
      2,
      expect.stringMatching(/nvidia-smi lists no card; --gpus names/u),
    ]);
  });

  test("a machine without vLLM", async () => {
    here.program("vllm", "#!/nowhere/at/all\n");
    const { code, text } = await here.up(["x.yaml", "--", "true"]).ended;
    expect([code, text]).toEqual([2, expect.stringMatching(/vllm: no such program/u)]);
  });
});
