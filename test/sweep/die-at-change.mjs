// Preloaded (`node --import`) into a candor that is to be killed: at the CANDOR_DIE_AT-th change below the working folder (a
// write, a synchronisation, a rename, ...) it kills itself with SIGKILL. Of a write, the share CANDOR_TORN has then come
// through, as in a power cut. Between two changes the disk stays as it is, so these are all the moments there are. One that
// is not killed says on stderr how many changes it made.
//
// With CANDOR_STOP_AT, a part of a path, the first process that is about to change such a path stops itself there (SIGSTOP), once it has
// written its number into the file CANDOR_STOPPED: whoever waits for that finds it at work, however busy the machine is.
//
// With CANDOR_FULL_AT, a part of a path, it fills the disk of the working folder before the first change of such a path, by a file
// called `filled`: what is then written meets a full disk.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { resolve, sep } from "node:path";

const { CANDOR_DIE_AT, CANDOR_TORN, CANDOR_STOP_AT, CANDOR_STOPPED, CANDOR_FULL_AT } = process.env;
const dieAt = Number(CANDOR_DIE_AT ?? Number.POSITIVE_INFINITY);
const torn = Number(CANDOR_TORN ?? 0);
const { openSync, closeSync, writeSync, readlinkSync, existsSync, writeFileSync } = fs;
const world = process.cwd() + sep;
let changes = 0;

function stopAt(path) {
  if (!path.includes(CANDOR_STOP_AT) || path === CANDOR_STOPPED || existsSync(CANDOR_STOPPED)) return;
  try {
    writeFileSync(CANDOR_STOPPED, String(process.pid), { flag: "wx" });
  } catch {
    return; // another was first
  }
  process.kill(process.pid, "SIGSTOP");
}

function fill() {
  const filled = openSync(`${world}filled`, "a");
  for (let size = 2 ** 16; size >= 1; )
    try {
      writeSync(filled, Buffer.alloc(size));
    } catch {
      size /= 2;
    }
  closeSync(filled);
}

/** `target`: a path, or the number of an open file. `to`: what it becomes. `data`: what is about to be written to it. */
function change(target, { to, data, flags } = {}) {
  const path = typeof target === "number" ? readlinkSync(`/proc/self/fd/${target}`) : resolve(String(target));
  if (!path.startsWith(world)) return;
  if (CANDOR_STOP_AT) {
    for (const one of [path, to]) if (typeof one === "string") stopAt(one);
    return;
  }
  if (CANDOR_FULL_AT && !path.slice(world.length).includes(CANDOR_FULL_AT)) return;
  changes += 1;
  if (CANDOR_FULL_AT && changes === 1) fill();
  if (changes < dieAt) return;
  if (data !== undefined) {
    const bytes = Buffer.from(data);
    const file = typeof target === "number" ? target : openSync(path, flags);
    writeSync(file, bytes, 0, Math.floor(torn * bytes.length));
  }
  process.kill(process.pid, "SIGKILL");
}

/** Puts `before` in front of a function of `owner`, which keeps its other properties. */
function watch(owner, name, before) {
  owner[name] = new Proxy(owner[name], {
    apply: (inner, self, args) => {
      before(args, self);
      return Reflect.apply(inner, self, args);
    },
  });
}

const file = await fs.promises.open(process.execPath, "r");
const handles = Object.getPrototypeOf(file);
await file.close();

for (const name of ["rename", "link", "unlink", "rm", "rmdir", "mkdir", "truncate", "copyFile"]) {
  for (const owner of [fs, fs.promises]) watch(owner, name, ([path, to]) => change(path, { to }));
  watch(fs, `${name}Sync`, ([path, to]) => change(path, { to }));
}
for (const name of ["fsync", "ftruncate"])
  for (const each of [name, `${name}Sync`]) watch(fs, each, ([number]) => change(number));
for (const name of ["write", "writeSync"])
  watch(fs, name, ([number, data]) => number > 2 && change(number, { data }));
watch(fs, "writeFileSync", ([target, data]) => change(target, { data, flags: "w" }));
for (const [name, flags] of [
  ["writeFile", "w"],
  ["appendFile", "a"],
])
  watch(fs.promises, name, ([path, data]) => change(path, { data, flags }));
for (const name of ["write", "writeFile", "appendFile"])
  watch(handles, name, ([data], { fd }) => change(fd, { data }));
for (const name of ["sync", "datasync", "truncate"]) watch(handles, name, (_args, { fd }) => change(fd));
syncBuiltinESMExports();

if (!CANDOR_STOP_AT) process.on("exit", () => process.stderr.write(`changes: ${changes}\n`));
