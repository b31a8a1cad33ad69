// Preloaded (`node --import`) into a candor whose workers ask it when they may call a server: it writes down each question and its
// answer, with the time just before the limiter was asked and just after it had answered, by a clock that all processes of a machine
// share. Between the two lies the moment by which the limiter reckoned, however busy the machine is.
import { ChildProcess } from "node:child_process";
import { appendFileSync } from "node:fs";

const { emit } = ChildProcess.prototype;
const now = () => performance.timeOrigin + performance.now();
/** Questions that are not answered yet, for each worker. */
const open = new Map();

/** A worker's channel has a `send` of its own. */
function note(worker) {
  const { send } = worker;
  const asked = new Map();
  worker.send = (message, ...rest) => {
    if (message.type === "rate") {
      const place = {
        ...asked.get(message.id),
        parent: process.pid,
        worker: worker.pid,
        wait: message.ms,
        told: now(),
      };
      appendFileSync(process.env.CANDOR_PLACES, `${JSON.stringify(place)}\n`);
      asked.delete(message.id);
    }
    return send.call(worker, message, ...rest);
  };
  open.set(worker, asked);
  return asked;
}

ChildProcess.prototype.emit = function (event, message, ...rest) {
  if (event === "message" && message?.type === "rate")
    (open.get(this) ?? note(this)).set(message.id, { ...message, asked: now() });
  return emit.call(this, event, message, ...rest);
};
