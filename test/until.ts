import { setTimeout as pause } from "node:timers/promises";

/**
 * Waits until something holds, however long that takes: how busy the machine is decides when, and the limit of the test alone
 * whether it is a fault. The one place of these tests that lets time pass.
 */
export async function until<T>(holds: () => T | Promise<T>): Promise<NonNullable<T>> {
  for (;;) {
    const found = await holds();
    if (found) return found;
    await pause(20);
  }
}
