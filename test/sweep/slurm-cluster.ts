import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { freePort } from "../free-port.js";
import { until } from "../until.js";

// Daemons lie in /usr/sbin, which is not on everybody's PATH.
const PATH = `${process.env.PATH}:/usr/sbin:/sbin`;
const NEEDED = ["slurmctld", "slurmd", "munged", "mungekey", "sbatch", "squeue", "sinfo"];

export const hasSlurm = NEEDED.every(
  (program) =>
    spawnSync("sh", ["-c", `command -v ${program}`], { env: { ...process.env, PATH } }).status === 0,
);

export type Cluster = {
  /** Lets `sbatch` and the like find this cluster. */
  env: Record<string, string>;
  stop: () => Promise<void>;
};

/** A Slurm of one node, this machine, run by this user, with everything in a folder of its own. */
export async function startSlurm(): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), "candor-slurm-"));
  chmodSync(folder, 0o755);
  for (const name of ["state", "spool", "log", "munge"]) mkdirSync(join(folder, name), { mode: 0o755 });
  const key = join(folder, "munge/key");
  const socket = join(folder, "munge/socket");
  execFileSync("mungekey", ["--create", `--keyfile=${key}`], { env: { ...process.env, PATH } });
  const [controller, node] = [await freePort(), await freePort()];
  const user = userInfo().username;
  const config = join(folder, "slurm.conf");
  const host = hostname().split(".")[0]!;
  writeFileSync(
    config,
    `ClusterName=candor
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${controller}
SlurmdPort=${node}
SlurmUser=${user}
SlurmdUser=${user}
AuthType=auth/munge
AuthInfo=socket=${socket}
CredType=cred/munge
StateSaveLocation=${join(folder, "state")}
SlurmdSpoolDir=${join(folder, "spool")}
SlurmctldPidFile=${join(folder, "slurmctld.pid")}
SlurmdPidFile=${join(folder, "slurmd.pid")}
SlurmctldLogFile=${join(folder, "log/slurmctld.log")}
SlurmdLogFile=${join(folder, "log/slurmd.log")}
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=1,bf_interval=1
SlurmctldTimeout=10
MessageTimeout=100
ReturnToService=2
MailProg=/bin/true
NodeName=${host} NodeAddr=127.0.0.1 CPUs=${availableParallelism()} State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`,
  );
  const env = { PATH, SLURM_CONF: config };
  const daemons: ChildProcess[] = [];
  const start = (program: string, ...args: string[]): void => {
    daemons.push(spawn(program, args, { env: { ...process.env, ...env }, stdio: "ignore" }));
  };
  const ask = (program: string, ...args: string[]): string =>
    spawnSync(program, args, { env: { ...process.env, ...env }, encoding: "utf8" }).stdout?.trim() ?? "";
  const stop = async (): Promise<void> => {
    // Jobs have processes of their own, which do not end with the daemons.
    ask("scancel", "--user", user);
    await until(() => ask("squeue", "--noheader") === "");
    for (const daemon of daemons.reverse()) {
      if (daemon.exitCode !== null) continue;
      const ended = new Promise((resolve) => daemon.once("exit", resolve));
      daemon.kill("SIGTERM");
      // One that does not end by itself is ended; nothing waits for that.
      const late = setTimeout(() => daemon.kill("SIGKILL"), 3_000);
      await ended;
      clearTimeout(late);
    }
    rmSync(folder, { recursive: true, force: true });
  };
  start(
    "munged",
    ...["--foreground", "--force", `--key-file=${key}`, `--socket=${socket}`],
    ...["pid", "log", "seed"].map((kind) => `--${kind}-file=${join(folder, "munge", kind)}`),
  );
  start("slurmctld", "-D", "-f", config);
  start("slurmd", "-D", "-f", config, "-N", host);
  const ended = (): boolean => daemons.some(({ exitCode }) => exitCode !== null);
  await until(() => ended() || ask("sinfo", "--noheader", "--format=%t") === "idle");
  if (!ended()) return { env, stop };
  const log = ["slurmctld", "slurmd"].map((name) => logOf(folder, name)).join("\n");
  await stop();
  throw new Error(`Slurm did not come up:\n${log}`);
}

function logOf(folder: string, name: string): string {
  try {
    return `${name}: ${readFileSync(join(folder, `log/${name}.log`), "utf8").slice(-1_500)}`;
  } catch {
    return `${name}: no log`;
  }
}
