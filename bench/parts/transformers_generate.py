"""Draws texts with transformers: {model, prompts by turn, max_new_tokens} as JSON on stdin, {seconds, tokens} of each turn out."""

import json
import sys
import time

import torch
from transformers import AutoModelForCausalLM

request = json.load(sys.stdin)
model = AutoModelForCausalLM.from_pretrained(request["model"], dtype=torch.float32).eval()
turns = []
for turn, prompts in enumerate(request["prompts"]):
    ids = torch.tensor(prompts)
    torch.manual_seed(turn)
    start = time.perf_counter()
    with torch.inference_mode():
        out = model.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            max_new_tokens=request["max_new_tokens"],
            do_sample=True,
            temperature=1.0,
            top_k=0,
            top_p=1.0,
        )
    seconds = time.perf_counter() - start
    turns.append({"seconds": seconds, "tokens": out[:, ids.shape[1] :].numel()})
# The first warms up.
print(json.dumps(turns[1:]))
