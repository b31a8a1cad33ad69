"""Draws texts with transformers. The first line of stdin is {model, max_new_tokens, threads} as JSON, each other line a turn,
{prompts, seed}, with prompts of one length; each is answered by a line with seconds, processor seconds and tokens."""

import json
import sys
import time

import torch
from transformers import AutoModelForCausalLM


def answer(seconds, processor, tokens):
    print(json.dumps({"seconds": seconds, "processor": processor, "tokens": tokens}), flush=True)


setting = json.loads(sys.stdin.readline())
if setting["threads"]:
    torch.set_num_threads(setting["threads"])
model = AutoModelForCausalLM.from_pretrained(setting["model"], dtype=torch.float32).eval()
answer(0, 0, 0)
for line in sys.stdin:
    turn = json.loads(line)
    ids = torch.tensor(turn["prompts"])
    torch.manual_seed(turn["seed"])
    start, used = time.perf_counter(), time.process_time()
    with torch.inference_mode():
        out = model.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            max_new_tokens=setting["max_new_tokens"],
            do_sample=True,
            temperature=1.0,
            top_k=0,
            top_p=1.0,
        )
    seconds, processor = time.perf_counter() - start, time.process_time() - used
    answer(seconds, processor, out[:, ids.shape[1] :].numel())
