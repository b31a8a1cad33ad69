"""Reads prompts with transformers, as far as one needs to know what comes next: logits behind each prompt's last token alone, 32
prompts of like length at a time. The first line of stdin is {model, threads} as JSON, each other line a turn, {prompts}; each is
answered by a line with seconds and processor seconds."""

import json
import sys
import time

import torch
from transformers import AutoModelForCausalLM

TOGETHER = 32


def answer(seconds, processor):
    print(json.dumps({"seconds": seconds, "processor": processor}), flush=True)


setting = json.loads(sys.stdin.readline())
if setting["threads"]:
    torch.set_num_threads(setting["threads"])
model = AutoModelForCausalLM.from_pretrained(setting["model"], dtype=torch.float32).eval()
answer(0, 0)
for line in sys.stdin:
    prompts = sorted(json.loads(line)["prompts"], key=len)
    start, used = time.perf_counter(), time.process_time()
    with torch.inference_mode():
        for first in range(0, len(prompts), TOGETHER):
            batch = prompts[first : first + TOGETHER]
            longest = len(batch[-1])
            ids = torch.tensor([[0] * (longest - len(one)) + one for one in batch])
            mask = torch.tensor([[0] * (longest - len(one)) + [1] * len(one) for one in batch])
            model(ids, attention_mask=mask, logits_to_keep=1, use_cache=False).logits.log_softmax(-1)
    answer(time.perf_counter() - start, time.process_time() - used)
