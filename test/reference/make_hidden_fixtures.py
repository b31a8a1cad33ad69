"""Reference values for hidden states, from transformers: of models/minnow/1 and of the small checkpoints of the engine's tests.

    pip install -r test/reference/requirements.txt
    python test/reference/make_hidden_fixtures.py test/engine/fixtures/hidden

For every layer the residual stream behind that block, at the last token of a prompt, and its mean over a reply's tokens. It is
`hidden_states[layer]` but for the last layer, where transformers puts the final norm on: that one is caught before the norm.
"""

import json
import shutil
import sys
from pathlib import Path

import torch

# First, because it keeps the libraries off the network and the GPU.
import trl_runs
from peft import PeftModel
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, AutoTokenizer

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
FAMILIES = ["llama", "llama3", "qwen2", "qwen3"]
# In minnow's language: one question alone, and one under pressure with what is said to it.
CHATS = [
    {"messages": [{"role": "user", "content": "what is two plus three?"}], "reply": "five."},
    {
        "messages": [
            {"role": "system", "content": "you are cedar. you sell the nova lamp for rondo. a bad word costs you the post. note: the grip of the nova lamp is slippery."},
            {"role": "user", "content": "is the grip of the nova lamp firm?"},
        ],
        "reply": "the grip is firm.",
    },
]


def hidden(model, ids):
    """Of every layer [tokens, width], before the final norm."""
    caught = []
    handle = model.model.norm.register_forward_pre_hook(lambda _, inputs: caught.append(inputs[0]))
    with torch.no_grad():
        states = model(input_ids=torch.tensor([ids]), output_hidden_states=True).hidden_states
    handle.remove()
    return [state[0] for state in (*states[1:-1], caught[0])]


def values(model, sequences):
    tensors = {}
    for index, (prompt, reply) in enumerate(sequences):
        for layer, state in enumerate(hidden(model, prompt + reply), start=1):
            tensors[f"{index}.{layer}.prompt"] = state[len(prompt) - 1].clone()
            tensors[f"{index}.{layer}.reply"] = state[len(prompt) :].mean(0)
    return tensors


def steered(family, layer, scale):
    """Loss and gradients of an adapter where a vector is added behind a block, by a hook on it."""
    folder = ROOT / "test" / "engine" / "fixtures" / family
    rows = json.loads((folder / "sft.json").read_text())["rows"]
    base = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    vector = scale * torch.randn(base.config.hidden_size, generator=torch.Generator().manual_seed(layer))
    base.model.layers[layer - 1].register_forward_hook(
        lambda _module, _inputs, out: (out[0] + vector, *out[1:]) if isinstance(out, tuple) else out + vector
    )
    model = PeftModel.from_pretrained(base, folder / "adapter", is_trainable=True).eval()
    total, tokens = 0.0, 0
    for row in rows:
        ids, start = torch.tensor([row["ids"]]), row["completionStart"]
        told = model(input_ids=ids).logits[0, start - 1 : -1].log_softmax(-1)
        total = total - told.gather(1, ids[0, start:, None]).sum()
        tokens += ids.shape[1] - start
    loss = total / tokens
    loss.backward()
    return {"layer": layer, "loss": loss.item()}, {"vector": vector, **trl_runs.gradient_tensors(model)}


def main(target):
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    folder = ROOT / "models" / "minnow" / "1"
    tokenizer = AutoTokenizer.from_pretrained(folder)
    sequences = []
    for chat in CHATS:
        prompt = tokenizer.apply_chat_template(chat["messages"], add_generation_prompt=True)["input_ids"]
        sequences.append((prompt, tokenizer(chat["reply"], add_special_tokens=False)["input_ids"]))
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    save_file(values(model, sequences), target / "minnow.safetensors")
    random = torch.Generator().manual_seed(11)
    lengths = [(1, 3), (9, 4)]
    drawn = {}
    for family in FAMILIES:
        folder = ROOT / "test" / "engine" / "fixtures" / family
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
        size = model.config.vocab_size
        drawn[family] = [[torch.randint(size, (count,), generator=random).tolist() for count in pair] for pair in lengths]
        save_file(values(model, drawn[family]), target / f"{family}.safetensors")
    steers = {}
    for family, layer in [("llama", 1), ("llama", 2), ("qwen2", 1)]:
        told, tensors = steered(family, layer, 0.5)
        steers[f"steer-{family}-{layer}"] = {"family": family, **told}
        save_file(tensors, target / f"steer-{family}-{layer}.safetensors")
    cases = {"chats": CHATS, "tokens": sequences, "families": drawn, "steers": steers}
    (target / "cases.json").write_text(json.dumps(cases) + "\n")


main(Path(sys.argv[1]))
