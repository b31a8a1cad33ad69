import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { packageFile } from "../../src/package-root.js";
import { freePort } from "../free-port.js";

/** What a program that was started says of itself. */
type Seen = {
  what: "server" | "engine";
  args: string[];
  card: string | null;
  updating: string | null;
  threads: string | null;
  /** Has it end as if its card were full. */
  fail: () => void;
  /** Resolves when the process has ended. */
  ended: Promise<void>;
};

/** A server as vLLM is: one process that answers and one that it started, each of which keeps a connection to the test as long as it lives. */
const VLLM = `#!${process.execPath}
const { spawn } = require("node:child_process");
const { createServer } = require("node:http");
const { connect } = require("node:net");
const args = process.argv.slice(2);
const after = (option) => args[args.indexOf(option) + 1];
const { FAKE_WATCH, FAKE_MODE, CUDA_VISIBLE_DEVICES: card = null, VLLM_ALLOW_RUNTIME_LORA_UPDATING: updating = null, OMP_NUM_THREADS: threads = null } = process.env;
const what = args[0] === "engine" ? "engine" : "server";
const watch = connect(Number(FAKE_WATCH), "127.0.0.1", () => {
  watch.write(JSON.stringify({ what, args, card, updating, threads }) + "\\n");
  if (what === "engine") return;
  // What it starts does not end with it.
  spawn(process.argv[0], [process.argv[1], "engine"], { stdio: "inherit" }).unref();
  console.log("INFO loading " + args[1]);
  let left = 2;
  const server = createServer((request, response) => {
    if (request.url === "/die") process.exit(4);
    if (FAKE_MODE === "silent" || left-- > 0) return response.writeHead(503).end();
    response.end(JSON.stringify({ data: [{ id: after("--served-model-name") }] }));
  });
  server.listen(Number(after("--port")), "127.0.0.1");
});
watch.on("data", () => {
  console.error("ValueError: not enough memory on this card");
  process.exit(3);
});
`;

/** A folder with a scenario and the programs that candor finds on PATH. */
export async function world() {
  const folder = mkdtempSync(join(tmpdir(), "candor-up-"));
  const port = await freePort();
  const program = (name: string, text: string): string => {
    const path = join(folder, "bin", name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, 0o755);
    return path;
  };
  program("vllm", VLLM);
  program("nvidia-smi", "#!/bin/sh\necho 0\necho 1\n");
  mkdirSync(join(folder, "weights"));
  const model = `{ model: openai:qwen, base_url: http://127.0.0.1:${port}/v1`;
  writeFileSync(
    join(folder, "x.yaml"),
    `name: x
population: { personas: { benign: rest } }
models: { assistant: ${model}, adapters: vllm }, user: ${model} }, judge: likelihood }
training: { trainer: trl, external: { model: weights }, lora_r: 20 }
`,
  );
  const seen: Seen[] = [];
  let arrived = (): void => {};
  const watch = createServer((socket) => {
    const ended = new Promise<void>((resolve) => socket.on("close", resolve).on("error", () => {}));
    createInterface({ input: socket }).on("line", (line) => {
      seen.push({ ...JSON.parse(line), ended, fail: () => void socket.write("x") });
      arrived();
    });
  });
  await new Promise<void>((resolve) => watch.listen(0, "127.0.0.1", resolve));
  return {
    folder,
    port,
    program,
    seen,
    /** Waits until so many processes have told of themselves. */
    started: async (wanted: number) => {
      while (seen.length < wanted)
        await new Promise<void>((resolve) => {
          arrived = resolve;
        });
    },
    close: () => watch.close(),
    up: (args: string[], mode = "ready") =>
      told(
        spawn(process.execPath, [packageFile("dist/cli/main.js"), "up", ...args], {
          cwd: folder,
          env: {
            ...process.env,
            OMP_NUM_THREADS: undefined, // as on a machine where nobody has set it
            NO_COLOR: "1",
            CUDA_VISIBLE_DEVICES: undefined,
            PATH: `${join(folder, "bin")}${delimiter}${process.env.PATH}`,
            FAKE_WATCH: String((watch.address() as AddressInfo).port),
            FAKE_MODE: mode,
          },
        }),
      ),
  };
}

/** A process with all that it says. */
function told(child: ChildProcess) {
  let text = "";
  let heard = (): void => {};
  for (const stream of [child.stdout!, child.stderr!])
    stream.on("data", (part) => {
      text += part;
      heard();
    });
  let over = false;
  const ended = new Promise<{ code: number | null; text: string }>((resolve) =>
    child.on("close", (code) => {
      over = true;
      heard();
      resolve({ code, text });
    }),
  );
  return {
    child,
    text: () => text,
    /** Waits until it has said something; fails where it ends without. */
    says: async (wanted: RegExp) => {
      while (!wanted.test(text)) {
        if (over) throw new Error(`ended without saying ${wanted}: ${text}`);
        await new Promise<void>((resolve) => {
          heard = resolve;
        });
      }
    },
    ended,
  };
}
