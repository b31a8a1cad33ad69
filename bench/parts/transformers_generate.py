"""Draws texts with transformers: {model, turns, max_new_tokens, threads} as JSON on stdin, each turn a list of prompts of one
length; for each turn seconds, processor seconds and tokens out."""

import json
import sys
import time

import torch
from transformers import AutoModelForCausalLM

request = json.load(sys.stdin)
if request["threads"]:
    torch.set_num_threads(request["threads"])
model = AutoModelForCausalLM.from_pretrained(request["model"], dtype=torch.float32).eval()
measured = []
for seed, prompts in enumerate(request["turns"]):
    ids = torch.tensor(prompts)
    torch.manual_seed(seed)
    start, used = time.perf_counter(), time.process_time()
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
    seconds, processor = time.perf_counter() - start, time.process_time() - used
    measured.append({"seconds": seconds, "processor": processor, "tokens": out[:, ids.shape[1] :].numel()})
print(json.dumps(measured))
