import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { findDirection, middleLayer, project } from "../disposition/index.js";
import { UserError } from "../errors.js";
import { hasHiddenStates } from "../models/index.js";
import type { DefenceTools } from "../preference/index.js";

/** What tells defences how far replies lie on the way that contrasts show; `open` opens the untrained assistant. */
export function projectorOf(open: () => Promise<BaseChatModel>): DefenceTools["projector"] {
  return async (contrasts, { layer: asked, at }) => {
    const model = await open();
    if (!hasHiddenStates(model))
      throw new UserError("preference.defences: the assistant tells no hidden states; leave projection out");
    const layer = asked ?? middleLayer(model.layers);
    if (layer > model.layers)
      throw new UserError(
        `preference.defences: projection.layer: expected 1 to ${model.layers}, the blocks of the assistant, found ${layer}`,
      );
    const direction = await findDirection(model, contrasts, { layer, at });
    return async (replies) => {
      const readings = replies.map(({ prompt, completion }) => ({
        messages: prompt,
        reply: completion.at(-1)!.content,
        layer,
      }));
      return (await model.hiddenStates(readings)).map((state) => project(direction, state));
    };
  };
}
