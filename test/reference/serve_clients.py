"""Asks a running `candor serve` by the clients that people have, and compares lm-eval's log-likelihoods with those of transformers.

    pip install -r test/reference/requirements.txt -r test/reference/clients.txt
    python test/reference/serve_clients.py http://127.0.0.1:8000/v1 MODEL FOLDER

Prints one JSON object: what each client was told.
"""

import asyncio
import json
import logging
import os
import random
import sys

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["OPENAI_API_KEY"] = "none"
logging.disable(logging.WARNING)

import torch
from inspect_ai.model import GenerateConfig, get_model
from langchain_openai import ChatOpenAI, OpenAI as CompletionOpenAI
from lm_eval.api.instance import Instance
from lm_eval.models.openai_completions import LocalCompletionsAPI
from openai import OpenAI
from transformers import AutoModelForCausalLM

torch.set_num_threads(1)
MESSAGES = [{"role": "system", "content": "tell the truth"}, {"role": "user", "content": "is the boat safe"}]
WORDS = "the boat is safe and you can wait at sea for some time but not too long it's 12.5 metres".split()


def openai(url, model):
    client = OpenAI(base_url=url, api_key="none")
    settings = dict(model=model, messages=MESSAGES, temperature=0, max_tokens=8)
    whole = client.chat.completions.create(**settings, logprobs=True, top_logprobs=3)
    stream = client.chat.completions.create(**settings, stream=True, stream_options={"include_usage": True})
    pieces = [event for event in stream]
    completion = client.completions.create(model=model, prompt="the boat", max_tokens=4, temperature=0, logprobs=2, echo=True)
    tokens = whole.choices[0].logprobs.content
    shown = completion.choices[0].logprobs
    return {
        "models": [one.id for one in client.models.list()],
        "text": whole.choices[0].message.content,
        "streamed": "".join(event.choices[0].delta.content or "" for event in pieces if event.choices),
        "usage": [pieces[-1].usage.total_tokens, whole.usage.total_tokens],
        "bytes": bytes(byte for token in tokens for byte in token.bytes).decode(),
        "greedy": all(token.logprob == max(top.logprob for top in token.top_logprobs) for token in tokens),
        "completion": completion.choices[0].text,
        "columns": [len(shown.tokens), len(shown.token_logprobs), len(shown.top_logprobs), len(shown.text_offset)],
    }


def langchain(url, model):
    chat = ChatOpenAI(base_url=url, api_key="none", model=model, temperature=0, max_tokens=8)
    completion = CompletionOpenAI(base_url=url, api_key="none", model=model, temperature=0, max_tokens=4)
    messages = [(message["role"], message["content"]) for message in MESSAGES]
    return {
        "text": chat.invoke(messages).content,
        "streamed": "".join(piece.content for piece in chat.stream(messages)),
        "completion": completion.invoke("the boat"),
    }


def inspect(url, model):
    from inspect_ai.model import ChatMessageSystem, ChatMessageUser

    named = get_model(f"openai-api/candor/{model}", base_url=url, api_key="none")
    messages = [ChatMessageSystem(content=MESSAGES[0]["content"]), ChatMessageUser(content=MESSAGES[1]["content"])]
    output = asyncio.run(named.generate(messages, config=GenerateConfig(temperature=0, max_tokens=8)))
    return {"text": output.completion, "stop": output.stop_reason}


@torch.no_grad()
def lm_eval(url, model, folder):
    harness = LocalCompletionsAPI(
        model=model, base_url=f"{url}/completions", tokenizer=folder, tokenizer_backend="huggingface",
        num_concurrent=2, batch_size=4, max_length=500,
    )
    reference = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    draw = random.Random(11)
    text = lambda most: " ".join(draw.choice(WORDS) for _ in range(draw.randint(1, most)))
    pairs = [(text(60), " " + text(8)) for _ in range(200)]
    requests = [Instance(request_type="loglikelihood", doc={}, arguments=pair, idx=at) for at, pair in enumerate(pairs)]
    worst, alike = 0.0, 0
    for (context, continuation), (value, greedy) in zip(pairs, harness.loglikelihood(requests, disable_tqdm=True)):
        before, after = harness._encode_pair(context, continuation)
        logits = reference(input_ids=torch.tensor([before + after])).logits[0, len(before) - 1 : -1]
        wanted = logits.log_softmax(-1).gather(1, torch.tensor(after)[:, None]).sum().item()
        worst = max(worst, abs(wanted - value))
        alike += bool(greedy) == bool((logits.argmax(-1) == torch.tensor(after)).all())
    return {"requests": len(pairs), "worst": worst, "greedy_alike": alike}


def main(url, model, folder):
    print(
        json.dumps(
            {
                "openai": openai(url, model),
                "langchain": langchain(url, model),
                "inspect": inspect(url, model),
                "lm_eval": lm_eval(url, model, folder),
            }
        )
    )


main(*sys.argv[1:])
