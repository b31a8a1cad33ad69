import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { UserError } from "../errors.js";
import { findNamed, type ModelSpec } from "../models/index.js";
import { isLoopback } from "../permissions/index.js";
import { expandSweep, rolesAsked, type Scenario } from "../scenario/index.js";
import type { ServedModel } from "./types.js";

/** Where a model's weights are, by its name, where the scenario does not say. */
export type Folders = Readonly<Record<string, string>>;

type Asked = { field: string; spec: ModelSpec };

/**
 * The models of a scenario whose addresses are on this machine, each once. Throws a UserError where there is none, two of them share an address, or
 * nothing says where the weights are.
 */
export function servedModels(scenario: Scenario, folders: Folders): ServedModel[] {
  const models: ServedModel[] = [];
  for (const { field, spec } of askedOf(scenario)) {
    const one = servedModel(scenario, field, spec);
    if (!one) continue;
    const same = models.findIndex(
      ({ name, addresses }) => name === one.name && shares(addresses, one.addresses),
    );
    const before = models[same];
    if (before)
      models[same] = {
        ...before,
        fields: [...before.fields, field],
        lora: before.lora ?? one.lora,
        key: before.key ?? one.key,
      };
    else models.push({ ...one, folder: "" });
  }
  if (models.length === 0)
    throw new UserError(
      "no model of the scenario has a base_url on this machine, such as http://127.0.0.1:8000/v1; there is nothing to start",
    );
  for (const [index, { addresses, fields }] of models.entries()) {
    const other = models.slice(index + 1).find((one) => shares(one.addresses, addresses));
    if (other)
      throw new UserError(
        `${fields[0]} and ${other.fields[0]} are different models at one address; give each its own base_url`,
      );
  }
  return models.map((one) => ({ ...one, folder: folderOf(one, scenario, folders) }));
}

const shares = (some: readonly string[], others: readonly string[]): boolean =>
  some.some((address) => others.includes(address));

function askedOf(scenario: Scenario): Asked[] {
  const { models, preference } = scenario;
  const judges = preference.defences.flatMap((one, index) =>
    "judge" in one ? [{ field: `preference.defences.${index}.judge`, spec: one.judge }] : [],
  );
  return [
    ...rolesAsked(scenario).map((role) => ({ field: `models.${role}`, spec: models[role] })),
    ...judges,
  ];
}

function servedModel(scenario: Scenario, field: string, spec: ModelSpec): Omit<ServedModel, "folder"> | null {
  const found = findNamed(spec);
  if (!found) return null;
  const { rest: name, fields } = found;
  const [first, ...others] = [fields.base_url ?? []]
    .flat()
    .filter(isHere)
    .map((address) => plain(field, address));
  if (first === undefined) return null;
  const lora = fields.adapters === undefined ? null : loraOf(scenario);
  return { name, fields: [field], addresses: [first, ...others], lora, key: fields.api_key_env ?? null };
}

function isHere(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === "http:" && isLoopback(hostname);
}

/** The address without what vLLM would not have there. */
function plain(field: string, address: string): string {
  const { pathname, port, hostname } = new URL(address);
  if (pathname.replace(/\/$/u, "") !== "/v1" || port === "")
    throw new UserError(
      `${field}.base_url: ${address}: vLLM answers at addresses such as http://127.0.0.1:8000/v1`,
    );
  return `http://${hostname}:${port}/v1`;
}

/** The largest rank and all modules of the runs of a sweep. */
function loraOf(scenario: Scenario): ServedModel["lora"] {
  const all = expandSweep(scenario).map((cell) => cell.scenario.training);
  const modules = new Set(all.flatMap(({ target_modules }) => target_modules));
  return { rank: Math.max(...all.map(({ lora_r }) => lora_r)), modules: [...modules] };
}

function folderOf({ name, fields }: ServedModel, { training }: Scenario, folders: Folders): string {
  const trained = fields.includes("models.assistant") ? training.external?.model : undefined;
  const folder = Object.hasOwn(folders, name) ? folders[name] : trained;
  if (folder !== undefined) return existsSync(folder) ? resolve(folder) : folder;
  throw new UserError(
    `${fields[0]}: nothing says where the weights of ${name} are; add --model ${name}=<folder>${fields.includes("models.assistant") ? ", or training.external.model to the scenario" : ""}`,
  );
}
