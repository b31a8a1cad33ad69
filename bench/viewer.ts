import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readRunIn } from "../src/runs/index.js";
import { startViewer } from "../src/viewer/index.js";
import { completeRound } from "../test/fakes/run-folder.js";
import { writeRun } from "../test/viewer/folder.js";

const CHROMIUM = process.env.CHROME_BIN ?? "/usr/bin/chromium";
const TALKS = 100_000;
const STEPS = 60;

/** How long the page takes to list very many conversations, and to draw while it scrolls through them, in Chromium. */
export default async function viewer() {
  const name = `the viewer, ${TALKS} conversations`;
  if (!existsSync(CHROMIUM)) return { name, rows: [{ measured: "nothing: there is no Chromium" }] };
  const root = mkdtempSync(join(tmpdir(), "candor-bench-viewer-"));
  const folder = join(root, "many");
  const paths = writeRun(folder, { rounds: 1, users: 20 });
  const { rounds } = await readRunIn(folder);
  writeFileSync(paths.round(1).interactions, Array.from({ length: TALKS }, talk).join(""));
  completeRound(paths, rounds[1]!);
  const server = await startViewer({ folder: root, host: "127.0.0.1", port: 0 });
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const open = async (): Promise<number> => {
      await page.goto(server.url);
      await page.getByRole("heading", { name: "Runs" }).waitFor();
      const begun = performance.now();
      await page.evaluate("location.hash = '#/conversations?run=many'");
      await page
        .getByRole("listbox", { name: "Conversations" })
        .getByRole("option")
        .first()
        .getByText("user 0 of")
        .waitFor();
      return performance.now() - begun;
    };
    const [first, second] = [await open(), await open()];
    const frames = (await page.evaluate(SCROLL)) as number[];
    const sorted = frames.sort((a, b) => a - b);
    const at = (share: number) => Math.round(sorted[Math.floor(share * (sorted.length - 1))]!);
    return {
      name,
      rows: [
        { measured: "opening the list for the first time", ms: Math.round(first) },
        { measured: "opening it again", ms: Math.round(second) },
        { measured: "a frame while scrolling, median", ms: at(0.5) },
        { measured: "a frame while scrolling, slowest", ms: at(1) },
      ],
    };
  } finally {
    await browser.close();
    await server.close();
    rmSync(root, { recursive: true });
  }
}

const SCROLL = `(async () => {
  const list = document.querySelector("[role=listbox]");
  const frames = [];
  for (let step = 0; step < ${STEPS}; step += 1) {
    const begun = performance.now();
    list.scrollTop = (list.scrollHeight / ${STEPS}) * step;
    await new Promise(requestAnimationFrame);
    frames.push(performance.now() - begun);
  }
  return frames;
})()`;

function talk(_: unknown, index: number): string {
  const content = `This is what user ${index} of a great many had to say about it, at some length. `.repeat(
    5,
  );
  return `${JSON.stringify({
    id: `r1-u${index}`,
    round: 1,
    user: `r1-u${index}`,
    persona: "benign",
    situation: "x",
    messages: [
      { role: "user", content },
      { role: "assistant", content: "I see." },
    ],
    ratings: [index % 10],
    reward: index % 10,
    error: null,
  })}\n`;
}
