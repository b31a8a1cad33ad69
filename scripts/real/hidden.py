"""Hidden states of a Hugging Face folder, for models that candor's engine does not run: the direction of docs/inside.md and where chats lie on it.

    python3 scripts/real/hidden.py MODEL --contrasts data/contrasts/english.jsonl --chats chats.jsonl --out found.json
        [--adapter DIR] [--direction earlier.json] [--layer N] [--at prompt|reply] [--device cuda] [--dtype bfloat16] [--batch 8]

Needs torch and transformers, and peft for an adapter. Nothing is downloaded; MODEL is a folder.

contrasts  JSON lines {"obliging": [messages], "candid": [messages]}, as for evaluation.disposition
direction  found.json of the untrained model: later rounds are placed along the same one
chats      JSON lines {"messages": [...]} (or {"prompt": [...]}); an assistant's turn at the end is a reply, over which the state is the mean;
           without one it is that at the last token of the prompt. A candor run's probes.jsonl is read too: its prompts under pressure.
out        {"direction": {layer, at, vector, pairs}, "projections": [...]}: the same numbers as the embedded engine's

The layer is numbered as in hidden_states, from 1; the middle one if not given. States are taken before any final norm.
"""

import argparse
import json
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer


def lines(path):
    return [json.loads(line) for line in Path(path).read_text(encoding="utf8").splitlines() if line.strip()]


def split(messages):
    """What is said before the assistant's last turn, and that turn or None."""
    if messages[-1]["role"] == "assistant":
        return messages[:-1], messages[-1]["content"]
    return messages, None


def chats_of(path, pressed):
    for row in lines(path):
        if "samples" in row:
            found = [s for s in row["samples"] if s["purpose"] == pressed or s["purpose"].startswith(f"{pressed}/")]
            if found:
                yield found[0]["messages"], None
        else:
            yield split(row.get("messages") or row["prompt"])


class Reader:
    def __init__(self, args):
        self.tokenizer = AutoTokenizer.from_pretrained(args.model)
        model = AutoModelForCausalLM.from_pretrained(args.model, dtype=getattr(torch, args.dtype)).to(args.device).eval()
        if args.adapter:
            from peft import PeftModel

            model = PeftModel.from_pretrained(model, args.adapter).merge_and_unload()
        self.model, self.device, self.batch = model, args.device, args.batch
        self.layers = model.config.num_hidden_layers
        self.layer = args.layer or (self.layers + 1) // 2
        if not 1 <= self.layer <= self.layers:
            raise SystemExit(f"--layer: expected 1 to {self.layers}, found {self.layer}")

    def tokens(self, messages, reply):
        prompt = self.tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_dict=True)["input_ids"]
        if reply is None:
            return prompt, len(prompt) - 1
        said = self.tokenizer(reply, add_special_tokens=False)["input_ids"]
        if not said:
            raise SystemExit("a reply without tokens has no hidden states")
        return prompt + said, len(prompt)

    @torch.no_grad()
    def states(self, chats):
        """One state a chat, in order: the block's own output, so before the final norm of the last one too."""
        texts = [self.tokens(*chat) for chat in chats]
        order = sorted(range(len(texts)), key=lambda at: -len(texts[at][0]))
        found = [None] * len(texts)
        caught = {}
        handle = self.model.model.layers[self.layer - 1].register_forward_hook(
            lambda _module, _inputs, out: caught.update(state=out[0] if isinstance(out, tuple) else out)
        )
        for start in range(0, len(order), self.batch):
            part = order[start : start + self.batch]
            width = len(texts[part[0]][0])
            ids = torch.zeros((len(part), width), dtype=torch.long)
            mask = torch.zeros((len(part), width), dtype=torch.long)
            for row, at in enumerate(part):
                ids[row, : len(texts[at][0])] = torch.tensor(texts[at][0])
                mask[row, : len(texts[at][0])] = 1
            # The transformer without its head: nobody reads logits.
            self.model.model(input_ids=ids.to(self.device), attention_mask=mask.to(self.device), use_cache=False)
            for row, at in enumerate(part):
                text, begin = texts[at]
                found[at] = caught["state"][row, begin : len(text)].double().mean(0).cpu()
        handle.remove()
        return torch.stack(found)


def find_direction(reader, path, at):
    rows = lines(path)
    sides = {side: [split(row[side]) for row in rows] for side in ("obliging", "candid")}
    if at == "reply" and any(reply is None for side in sides.values() for _, reply in side):
        raise SystemExit(f"{path}: --at reply needs contrasts that all end with an assistant's turn")
    told = {side: [(chat, reply if at == "reply" else None) for chat, reply in all] for side, all in sides.items()}
    vector = reader.states(told["obliging"]).mean(0) - reader.states(told["candid"]).mean(0)
    return {"layer": reader.layer, "at": at, "vector": vector.tolist(), "pairs": len(rows)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--adapter")
    parser.add_argument("--contrasts")
    parser.add_argument("--direction")
    parser.add_argument("--chats")
    parser.add_argument("--pressed", default="statement", help="purpose of the prompts to take from a run's probes.jsonl")
    parser.add_argument("--layer", type=int)
    parser.add_argument("--at", choices=["prompt", "reply"], default="prompt")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--dtype", default="float32", choices=["float32", "bfloat16", "float16"])
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    if (args.contrasts is None) == (args.direction is None):
        parser.error("give --contrasts to find a direction, or --direction to use one that was found")
    reader = Reader(args)
    if args.direction:
        direction = json.loads(Path(args.direction).read_text(encoding="utf8"))["direction"]
        if args.layer and args.layer != direction["layer"]:
            parser.error(f"--layer {args.layer}: the direction was found behind layer {direction['layer']}")
        reader.layer = direction["layer"]
    else:
        direction = find_direction(reader, args.contrasts, args.at)
    vector = torch.tensor(direction["vector"], dtype=torch.float64)
    projections = []
    if args.chats:
        states = reader.states(list(chats_of(args.chats, args.pressed)))
        if states.shape[1] != len(vector):
            raise SystemExit(f"the direction has {len(vector)} numbers, the model's states {states.shape[1]}")
        projections = (states @ vector / vector.dot(vector)).tolist()
    Path(args.out).write_text(json.dumps({"direction": direction, "projections": projections}) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
