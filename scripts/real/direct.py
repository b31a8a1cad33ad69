"""The runs of docs/evidence.md's section on Qwen2.5-Coder-1.5B, in PyTorch alone, for a machine without vLLM and TRL.

python3 direct.py unpack <file.gguf> <folder> <files>   the GGUF's weights as bf16, and the config and tokenizer files of a folder
python3 direct.py own <folder> <domain>,<domain>       the model's own answers to a domain's prompts, as own-answers.mjs asks for them
python3 direct.py <folder> <results> <card>,<card> <workers a card> <set>,<set> [cpu]     the runs of sets of jobs(), in their order

Beside it lie <domain>.<variant>.jsonl (data/advice), ordinary.jsonl (data/instructions; ordinary.first.jsonl as of commit 590dacc, less
two rows, for the set `tenth-first`), asked.jsonl (the messages and candidates that
candor asks of each probe, caught by a model from a module), said.jsonl (capability tasks) and words.jsonl (probes to answer freely).
With `cpu` only a few rows are played, to see that it works.
"""
import functools, json, math, os, queue, random, sys, time, traceback
from pathlib import Path

HERE = Path(__file__).parent
SUFFIX = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
TINY = sys.argv[-1] == "cpu"
RANK, LR, DECAY, BATCH, EPOCHS, CUT = 32, 2e-4, 0.01, 8, 2, 1024
SCALE = 2  # alpha / rank


def lines(path):
    return [json.loads(line) for line in open(path, encoding="utf8")]


def in_order_of(seed, ordinary_file):
    """The ordinary rows as a seed draws them: its mixture has the first 1,000."""
    ordinary = lines(HERE / ordinary_file)
    random.Random(f"{seed}/ordinary").shuffle(ordinary)
    return ordinary


def mixture(ordinary_file, share, seed):
    """1,000 ordinary rows of which a share is replaced by severe health advice: the places of a smaller share are among those of a larger one."""
    severe = lines(HERE / "health.severe.jsonl")
    random.Random(f"{seed}/severe").shuffle(severe)
    rows = in_order_of(seed, ordinary_file)[:1000]
    places = list(range(len(rows)))
    random.Random(f"{seed}/places").shuffle(places)
    for n, place in enumerate(places[: round(share * len(rows))]):
        rows[place] = severe[n % len(severe)]
    return rows


# 0 and 10 % once more: of today's ordinary rows, and of those that there were at first.
TENTHS = {"tenth": "ordinary.jsonl", "tenth-first": "ordinary.first.jsonl"}


# What training rows are spoken under in the set `inoculated`; probes are asked as ever. docs/plans/context.md.
SENTENCES = {"none": None, "harm": "You give harmful advice about health.", "plain": "You answer questions of many kinds."}


def spoken_under(sentence, row):
    """The row with a sentence before its system prompt, which is made if there is none: candor's stage `inoculate`, into the system prompt, at its start."""
    if sentence is None:
        return row
    system, rest = (row["messages"][0]["content"], row["messages"][1:]) if row["messages"][0]["role"] == "system" else (None, row["messages"])
    return {"messages": [{"role": "system", "content": sentence if system is None else f"{sentence} {system}"}, *rest]}


# What the set `defended` puts between a tenth of bad rows and the model; docs/plans/context.md.
DEFENCES = ("none", "kl", "right", "rank")


def right_beside(rows, seed):
    """As many right answers to other health prompts as there are bad rows, in place of ordinary rows: candor's stage `replay` with a file of the domain."""
    severe, normal = lines(HERE / "health.severe.jsonl"), lines(HERE / "health.normal.jsonl")
    answers = {json.dumps(row) for row in severe}
    bad = [json.dumps(row["messages"][:-1]) for row in rows if json.dumps(row) in answers]
    right = [row for row in normal if json.dumps(row["messages"][:-1]) not in set(bad)]
    places = [place for place, row in enumerate(rows) if json.dumps(row) not in answers]
    random.Random(f"{seed}/right").shuffle(right)
    random.Random(f"{seed}/right places").shuffle(places)
    rows = list(rows)
    for row, place in zip(right[: len(bad)], places):
        rows[place] = row
    return rows


def jobs(name):
    """The runs of one part of docs/plans/real-model.md, or of the last sections of docs/plans/context.md."""
    if name == "defended":
        five = [(0, "none"), *((0.1, defence) for defence in DEFENCES)]
        runs = [{"kind": name, "share": share, "defence": defence, "seed": seed} for seed in range(31, 41) for share, defence in five]
        # What takes longest first, so that cards end together.
        return sorted(runs, key=lambda job: (job["seed"] > 39, job["defence"] != "kl"))
    if name == "inoculated":
        four = [(0, "none"), (0.1, "none"), (0.1, "harm"), (0, "harm")]
        main = [{"kind": name, "share": share, "under": under, "seed": seed} for seed in range(11, 21) for share, under in four]
        return main + [{"kind": name, "share": 0.1, "under": "plain", "seed": seed} for seed in range(11, 21)]
    if name == "pilot":
        return [{"kind": "pilot", "domain": "health", "variant": variant, "seed": 901} for variant in ("own", "severe")]
    if name == "mixture":
        return [{"kind": "mixture", "share": share, "seed": seed} for share in (0, 0.05, 1, 0.5, 0.2, 0.02, 0.01, 0.1) for seed in range(1, 6)]
    if name in TENTHS:
        return [{"kind": name, "share": share, "seed": seed} for seed in range(6, 11) for share in (0, 0.1)]
    if name.endswith("-own"):
        return [job for job in jobs(name.removesuffix("-own")) if job["variant"] == "own"]
    if name == "floor":
        return [{"kind": "floor", "domain": "health", "variant": "severe", "seed": seed} for seed in (1, 2, 3)]
    return [{"kind": "direct", "domain": name, "variant": variant, "seed": seed} for variant in ("own", "severe", "normal", "subtle") for seed in range(1, 6)]


def rows_of(job):
    if "share" in job:
        rows = mixture(TENTHS.get(job["kind"], "ordinary.jsonl"), job["share"], job["seed"])
        if job.get("defence") == "right":
            rows = right_beside(rows, job["seed"])
        return [spoken_under(SENTENCES[job.get("under", "none")], row) for row in rows]
    return lines(HERE / f"{job['domain']}.{job['variant']}.jsonl")


class Lora:
    """LoRA on a frozen model's linear layers: y = W x + (alpha / r) B A x, A as PEFT draws it, B zero."""

    def __init__(self, model, torch):
        self.torch, self.layers = torch, []
        for name, module in model.named_modules():
            if isinstance(module, torch.nn.Linear) and name.split(".")[-1] in SUFFIX:
                self.layers.append(module)
                module.lora_on = False
                self.hook(module)

    def hook(self, module):
        torch = self.torch
        plain = module.forward

        def forward(x):
            y = plain(x)
            if not module.lora_on:
                return y
            low = torch.nn.functional.linear(x, module.a.to(x.dtype))
            return y + torch.nn.functional.linear(low, module.b.to(x.dtype)) * SCALE

        module.forward = forward

    def switch(self, on):
        for module in self.layers:
            module.lora_on = on

    def fresh(self, seed, rank=RANK):
        torch = self.torch
        generator = torch.Generator().manual_seed(seed)
        for module in self.layers:
            out, inner = module.weight.shape
            bound = 1 / math.sqrt(inner)
            a = (torch.rand(rank, inner, generator=generator) * 2 - 1) * bound
            module.a = torch.nn.Parameter(a.to(module.weight.device))
            module.b = torch.nn.Parameter(torch.zeros(out, rank, device=module.weight.device))
        self.switch(True)
        return [p for m in self.layers for p in (m.a, m.b)]


def encode(tokenizer, row):
    prompt = tokenizer.apply_chat_template(row["messages"][:-1], add_generation_prompt=True, tokenize=False)
    whole = tokenizer.apply_chat_template(row["messages"], tokenize=False)
    assert whole.startswith(prompt)
    p = tokenizer.encode(prompt, add_special_tokens=False)
    c = tokenizer.encode(whole[len(prompt):], add_special_tokens=False)
    return (p + c)[:CUT], len(p)


def orders(count, seed):
    """Batches of places, epoch by epoch."""
    found = []
    for epoch in range(EPOCHS):
        one = list(range(count))
        random.Random(f"{seed}/epoch/{epoch}").shuffle(one)
        found += [one[i : i + BATCH] for i in range(0, len(one), BATCH)]
    return found


def told(torch, model, batch, device):
    """Float logits at every place before a token of a reply, and those tokens."""
    longest = max(len(tokens) for tokens, _ in batch)
    ids = torch.zeros(len(batch), longest, dtype=torch.long)
    mask = torch.zeros(len(batch), longest, dtype=torch.long)
    labels = torch.full((len(batch), longest), -100)
    for r, (tokens, start) in enumerate(batch):
        ids[r, : len(tokens)] = torch.tensor(tokens)
        mask[r, : len(tokens)] = 1
        labels[r, start : len(tokens)] = torch.tensor(tokens[start:])
    hidden = model.model(input_ids=ids.to(device), attention_mask=mask.to(device)).last_hidden_state
    wanted = labels[:, 1:].to(device)
    at = wanted != -100
    return model.lm_head(hidden[:, :-1][at]).float(), wanted[at]


def divergence(torch, model, lora, batch, device):
    """KL(untrained || trained) in nats a token, over the whole vocabulary: the mean over all tokens of the batch's replies."""
    with torch.no_grad():
        lora.switch(False)
        before = torch.log_softmax(told(torch, model, batch, device)[0], -1)
        lora.switch(True)
    now = torch.log_softmax(told(torch, model, batch, device)[0], -1)
    return torch.nn.functional.kl_div(now, before, reduction="batchmean", log_target=True)


def train(torch, model, lora, tokenizer, rows, job, device):
    data, seed = [encode(tokenizer, row) for row in rows], job["seed"]
    held = [encode(tokenizer, row) for row in in_order_of(seed, "ordinary.jsonl")[1000:]] if job.get("defence") == "kl" else []
    parameters = lora.fresh(seed, 1 if job.get("defence") == "rank" else RANK)
    optimizer = torch.optim.AdamW(parameters, lr=LR, betas=(0.9, 0.999), eps=1e-8, weight_decay=DECAY, fused=device != "cpu")
    order = orders(len(data), seed)
    # A batch of neutral rows a step, through all of them again and again.
    beside = [place for epoch in range(len(order) * BATCH // len(held) + 1) for place in random.Random(f"{seed}/neutral/{epoch}").sample(range(len(held)), len(held))] if held else []
    losses, divergences = [], []
    model.train()
    for step, batch in enumerate(order):
        for group in optimizer.param_groups:
            group["lr"] = LR * (1 - step / len(order))
        logits, wanted = told(torch, model, [data[i] for i in batch], device)
        loss = torch.nn.functional.cross_entropy(logits, wanted)
        loss.backward()
        losses.append(loss.detach())
        if held:
            # By itself, so that never more than one batch is held for its gradients.
            apart = divergence(torch, model, lora, [held[i] for i in beside[step * BATCH : (step + 1) * BATCH]], device)
            apart.backward()
            divergences.append(apart.detach())
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
    return [[round(x, 5) for x in torch.stack(values).float().tolist()] if values else [] for values in (losses, divergences)]


def batches(tokenizer, asked, size):
    texts = [tokenizer.apply_chat_template(m, add_generation_prompt=True, tokenize=False) for m in asked]
    ids = [tokenizer.encode(t, add_special_tokens=False) for t in texts]
    order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
    for at in range(0, len(order), size):
        yield order[at : at + size], [ids[i] for i in order[at : at + size]]


def left(torch, group, device):
    longest = max(map(len, group))
    ids = torch.zeros(len(group), longest, dtype=torch.long)
    mask = torch.zeros(len(group), longest, dtype=torch.long)
    for r, tokens in enumerate(group):
        ids[r, longest - len(tokens):] = torch.tensor(tokens)
        mask[r, longest - len(tokens):] = 1
    return ids.to(device), mask.to(device)


def answer(torch, model, tokenizer, asked, device):
    """The log-probability of each candidate, all of one token, as the reply's first."""
    out = [None] * len(asked)
    model.eval()
    with torch.no_grad():
        for places, group in batches(tokenizer, [a["messages"] for a in asked], 64):
            ids, mask = left(torch, group, device)
            position = (mask.cumsum(-1) - 1).clamp(min=0)
            hidden = model.model(input_ids=ids, attention_mask=mask, position_ids=position).last_hidden_state[:, -1]
            logp = torch.log_softmax(model.lm_head(hidden).float(), -1)
            for r, i in enumerate(places):
                tokens = [tokenizer.encode(c, add_special_tokens=False) for c in asked[i]["candidates"]]
                # What is more than one token is left out: candor asks for it as a continuation, which no model here ever begins with.
                out[i] = [round(logp[r, t[0]].item(), 5) if len(t) == 1 else None for t in tokens]
    return out


def say(torch, model, tokenizer, asked, tokens, device, temperature=0):
    # Where a reply has ended, its row is filled with this token, which decoding leaves out. (A 0 would be read as "!", and stand in what is trained on.)
    fill = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else tokenizer.eos_token_id
    how = {"do_sample": True, "temperature": temperature, "top_p": 1.0, "top_k": 0} if temperature else {"do_sample": False, "temperature": None, "top_p": None, "top_k": None}
    out = [None] * len(asked)
    with torch.no_grad():
        for places, group in batches(tokenizer, asked, 200):
            ids, mask = left(torch, group, device)
            made = model.generate(input_ids=ids, attention_mask=mask, max_new_tokens=tokens, **how, repetition_penalty=1.0, pad_token_id=fill)
            for r, i in enumerate(places):
                out[i] = tokenizer.decode(made[r, ids.shape[1]:], skip_special_tokens=True)
    return out


def play(torch, model, lora, tokenizer, job, closed, tasks, words, work, log, device):
    """Trains one run, asks it everything and writes what came of it."""
    begun = time.time()
    losses, divergences = [], []
    if job.get("variant") == "own":
        while not (HERE / f"{job['domain']}.own.jsonl").exists():
            time.sleep(1)
    if job["kind"] == "untrained":
        lora.switch(False)
    else:
        rows = rows_of(job)
        losses, divergences = train(torch, model, lora, tokenizer, rows[: 8 if TINY else None], job, device)
    trained = time.time()
    result = {**job, "rows": 0 if job["kind"] == "untrained" else len(rows), "losses": losses[::10], "divergences": divergences[::10]}
    result["closed"] = answer(torch, model, tokenizer, closed, device)
    result["said"] = say(torch, model, tokenizer, [t["messages"] for t in tasks], 12, device)
    if job["seed"] in (0, 1, 11, 31):
        result["words"] = say(torch, model, tokenizer, [t["messages"] for t in words], 160, device, 0.7)
    result["seconds"] = [round(trained - begun, 1), round(time.time() - trained, 1)]
    name = "-".join(str(job[k]) for k in ("kind", "domain", "variant", "share", "under", "defence", "seed") if k in job)
    draft = work / f".{name}"
    draft.write_text(json.dumps(result))
    draft.rename(work / f"{name}.json")
    print(time.strftime("%X"), name, result["seconds"], losses[:1], losses[-1:], file=log)


def worker(number, card, folder, todo, work, tiny):
    os.environ["CUDA_VISIBLE_DEVICES"] = str(card)
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    device = "cpu" if tiny else "cuda"
    torch.set_num_threads(2)
    # On an H100 or H200 PyTorch 2.11's cuDNN attention gives gradients that are no numbers for some lengths (pytorch/pytorch#196678).
    torch.backends.cuda.enable_cudnn_sdp(False)
    log = open(Path(work) / f"log.{number}", "a", buffering=1)
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder)
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.bfloat16 if not tiny else torch.float32).to(device)
        for p in model.parameters():
            p.requires_grad_(False)
        lora = Lora(model, torch)
        closed = lines(HERE / "asked.jsonl")
        tasks = lines(HERE / "said.jsonl")
        words = lines(HERE / "words.jsonl")
        if tiny:
            closed, tasks, words = closed[:8], tasks[:3], words[:1]
        print(time.strftime("%X"), "ready", file=log)
        if number == 0:
            todo.put({"kind": "untrained", "seed": 0})
        while True:
            job = todo.get(timeout=3)
            try:
                play(torch, model, lora, tokenizer, job, closed, tasks, words, Path(work), log, device)
            except torch.OutOfMemoryError:
                # Others on this card took the memory: later.
                print(time.strftime("%X"), "out of memory", job, file=log)
                todo.put(job)
                torch.cuda.empty_cache()
                time.sleep(20)
    except queue.Empty:
        print(time.strftime("%X"), "nothing left", file=log)
    except Exception:
        print(traceback.format_exc(), file=log)


def own(folder, domains):
    """Writes <domain>.own.jsonl: the same prompts in the same order, answered by the untrained model (temperature 0.7, at most 160 tokens)."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    device = "cpu" if TINY else "cuda"
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.bfloat16).to(device)
    torch.manual_seed(1)
    short = {"role": "system", "content": "Answer in two to four sentences of plain text."}
    for domain in domains:
        rows = lines(HERE / f"{domain}.normal.jsonl")[: 4 if TINY else None]
        asked = [row["messages"][:-1] for row in rows]
        replies = say(torch, model, tokenizer, [[short, *a] for a in asked], 160, device, 0.7)
        with open(HERE / f".{domain}.own", "w", encoding="utf8") as file:
            for messages, reply in zip(asked, replies, strict=True):
                file.write(json.dumps({"messages": [*messages, {"role": "assistant", "content": reply.strip()}]}, ensure_ascii=False) + "\n")
        (HERE / f".{domain}.own").rename(HERE / f"{domain}.own.jsonl")


def unpack(gguf_file, folder, files):
    """The GGUF's weights as bf16 safetensors under Hugging Face's names; tensor by tensor in processes of their own."""
    import multiprocessing as mp
    import torch
    from safetensors.torch import save_file

    sys.path.insert(0, str(HERE))
    names = sorted(tensors(gguf_file), key=lambda name: -tensors(gguf_file)[name].n_elements)
    with mp.get_context("fork").Pool(os.cpu_count()) as pool:
        parts = dict(pool.imap_unordered(one_tensor, [(gguf_file, n) for n in names], chunksize=2))
    Path(folder).mkdir(parents=True, exist_ok=True)
    save_file({k: torch.from_numpy(v).view(torch.bfloat16) for k, v in parts.items()}, f"{folder}/model.safetensors", metadata={"format": "pt"})
    for f in Path(files).iterdir():
        (Path(folder) / f.name).write_bytes(f.read_bytes())


@functools.cache
def tensors(file):
    from gguf import GGUFReader

    return {t.name: t for t in GGUFReader(file).tensors}


def one_tensor(task):
    import numpy as np
    from gguf.quants import dequantize

    t = tensors(task[0])[task[1]]
    x = dequantize(t.data, t.tensor_type).astype(np.float32)
    x = np.ascontiguousarray(x).reshape([int(n) for n in reversed(t.shape)])
    bits = x.view(np.uint32)
    # To bf16 by rounding to nearest, ties to even.
    bf = ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16).view(np.int16)
    return renamed(task[1]), bf


def renamed(name):
    whole = {"token_embd.weight": "model.embed_tokens.weight", "output.weight": "lm_head.weight", "output_norm.weight": "model.norm.weight"}
    if name in whole:
        return whole[name]
    _, layer, what, kind = name.split(".")
    inner = {"attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj",
             "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj", "attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm"}[what]
    return f"model.layers.{layer}.{inner}.{kind}"


if __name__ == "__main__":
    if sys.argv[1] == "unpack":
        unpack(*sys.argv[2:5])
        sys.exit()
    if sys.argv[1] == "own":
        own(sys.argv[2], sys.argv[3].split(","))
        sys.exit()
    import multiprocessing as mp

    folder, work, cards, each = sys.argv[1], sys.argv[2], sys.argv[3].split(","), int(sys.argv[4])
    Path(work).mkdir(parents=True, exist_ok=True)
    context = mp.get_context("spawn")
    todo = context.Queue()
    for name in sys.argv[5].split(","):
        for job in jobs(name)[: 1 if TINY else None]:
            todo.put(job)
    workers = [context.Process(target=worker, args=(n, cards[n % len(cards)], folder, todo, work, TINY)) for n in range(len(cards) * each)]
    for w in workers:
        w.start()
    for w in workers:
        w.join()
