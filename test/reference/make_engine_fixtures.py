"""Reference values for the engine, from transformers, PEFT and TRL on tiny random checkpoints.

    pip install -r test/reference/requirements.txt
    python test/reference/make_engine_fixtures.py test/engine/fixtures

Everything is seeded; a second run writes the same values up to float rounding of the platform.
"""

import copy
import json
import shutil
import sys
import tempfile
from pathlib import Path

# First, because it keeps the libraries off the network and the GPU.
from trl_runs import (
    BETA,
    LORA,
    OPTIMIZER,
    STEPS,
    UNDESIRABLE,
    arguments,
    build,
    copied,
    logged,
    randomize_adapter,
    run_trainer,
    write,
    write_settings,
)

import torch
from peft import LoraConfig, get_peft_model
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import (
    AutoModelForCausalLM,
    LlamaConfig,
    PreTrainedTokenizerFast,
    Qwen2Config,
    Qwen3Config,
    TrainingArguments,
    get_scheduler,
)
from trl import DPOConfig, DPOTrainer, KTOConfig, KTOTrainer, SFTConfig, SFTTrainer

# What is written for a warm-up over all steps: from 1 on transformers would read a number of steps.
ALL = 1 - 1e-9
VOCABULARY = 24
EOS = 1
WORDS = ["<bos>", "<eos>", "<pad>", "<unk>"] + [f"t{i}" for i in range(4, VOCABULARY)]
SIZES = dict(
    vocab_size=VOCABULARY,
    hidden_size=12,
    intermediate_size=20,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    head_dim=4,
    max_position_embeddings=64,
    bos_token_id=0,
    eos_token_id=EOS,
    pad_token_id=2,
)
LLAMA3 = {
    "rope_type": "llama3",
    "rope_theta": 100.0,
    "factor": 4.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 16,
}
FAMILIES = {
    "llama": (LlamaConfig(**SIZES, tie_word_embeddings=True, rms_norm_eps=1e-5), torch.float32),
    "llama3": (
        LlamaConfig(**SIZES, tie_word_embeddings=False, rope_parameters=LLAMA3, attention_bias=True),
        torch.bfloat16,
    ),
    "qwen2": (Qwen2Config(**SIZES, tie_word_embeddings=True), torch.float16),
    "qwen3": (Qwen3Config(**SIZES, tie_word_embeddings=False), torch.bfloat16),
}
def random_model(config, dtype):
    """A model whose every parameter, biases and norms included, is random, rounded to the type it is stored in."""
    torch.manual_seed(7)
    model = AutoModelForCausalLM.from_config(config)
    for name, parameter in model.named_parameters():
        torch.nn.init.normal_(parameter, 1.0 if "norm" in name else 0.0, 0.25)
        parameter.data = parameter.data.to(dtype).float()
    return model.eval()


def save_model(model, dtype, folder):
    copy.deepcopy(model).to(dtype).save_pretrained(folder)
    for extra in folder.iterdir():
        if extra.name not in ("config.json", "model.safetensors"):
            extra.unlink()


def tokenizer():
    """One word, one token; special tokens cannot occur inside another word."""
    vocabulary = {word: i for i, word in enumerate(WORDS)}
    core = Tokenizer(models.WordLevel(vocabulary, unk_token=WORDS[3]))
    core.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return PreTrainedTokenizerFast(
        tokenizer_object=core, bos_token=WORDS[0], eos_token=WORDS[1], pad_token=WORDS[2], unk_token=WORDS[3]
    )


def words(count, generator):
    return " ".join(WORDS[i] for i in torch.randint(4, VOCABULARY, (count,), generator=generator).tolist())


def texts(rows):
    """Prompts and completions of different lengths; the completion ends with the end token."""
    generator = torch.Generator().manual_seed(3)
    for row in range(rows):
        yield words(3 + row % 5, generator), [
            f"{words(2 + (row * 3 + other) % 6, generator)} {WORDS[EOS]}" for other in range(2)
        ]


def ids(text):
    return [WORDS.index(word) for word in text.split()]


def sequence(prompt, completion):
    return {"ids": ids(prompt) + ids(completion), "completionStart": len(ids(prompt))}


def sft(config, dtype, scratch):
    pairs = [(prompt, completions[0]) for prompt, completions in texts(8)]
    rows = [{"prompt": prompt, "completion": f" {text}"} for prompt, text in pairs]
    settings = arguments(SFTConfig, scratch)
    values, tensors = run_trainer(build(SFTTrainer, settings, rows, random_model(config, dtype), tokenizer()))
    return {"rows": [sequence(*pair) for pair in pairs], **values}, tensors


def kto(config, dtype, scratch):
    triples = [
        (prompt, completions[0], index % 3 != 1) for index, (prompt, completions) in enumerate(texts(8))
    ]
    rows = [{"prompt": prompt, "completion": f" {text}", "label": label} for prompt, text, label in triples]
    settings = arguments(KTOConfig, scratch, beta=BETA, desirable_weight=1.0, undesirable_weight=UNDESIRABLE)
    trainer = build(KTOTrainer, settings, rows, random_model(config, dtype), tokenizer())
    values, tensors = run_trainer(trainer)
    sequences = [sequence(prompt, text) | {"label": label} for prompt, text, label in triples]
    return {"rows": sequences, "reference_points": logged(trainer, "kl"), **values}, tensors


def dpo(config, dtype, scratch):
    pairs = list(texts(8))
    rows = [
        {"prompt": prompt, "chosen": f" {chosen}", "rejected": f" {rejected}"}
        for prompt, (chosen, rejected) in pairs
    ]
    settings = arguments(DPOConfig, scratch, beta=BETA)
    values, tensors = run_trainer(build(DPOTrainer, settings, rows, random_model(config, dtype), tokenizer()))
    sequences = [
        {"chosen": sequence(prompt, chosen), "rejected": sequence(prompt, rejected)}
        for prompt, (chosen, rejected) in pairs
    ]
    return {"rows": sequences, **values}, tensors


def pretrain(config, dtype):
    """All weights, by torch's AdamW with transformers' decay groups and schedule."""
    model = random_model(config, dtype).train()
    generator = torch.Generator().manual_seed(5)
    # Without the padding token, whose embedding torch never trains (nn.Embedding's padding_idx).
    batches = torch.randint(SIZES["pad_token_id"] + 1, VOCABULARY, (2, 3, 13), generator=generator)
    groups = [
        {"params": [p for p in model.parameters() if p.dim() > 1], "weight_decay": OPTIMIZER["weight_decay"]},
        {"params": [p for p in model.parameters() if p.dim() == 1], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=OPTIMIZER["learning_rate"], betas=(0.9, 0.95))
    schedule = get_scheduler(
        "linear", optimizer, num_warmup_steps=OPTIMIZER["warmup_steps"], num_training_steps=STEPS
    )
    losses, norms = [], []
    for step in range(STEPS):
        batch = batches[step % 2]
        loss = model(input_ids=batch, labels=batch).loss
        optimizer.zero_grad()
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), OPTIMIZER["max_grad_norm"]).item())
        losses.append(loss.item())
        optimizer.step()
        schedule.step()
    after = {f"after.{name}": value for name, value in copied(model.state_dict()).items() if name != "lm_head.weight"}
    return {"batches": batches.tolist(), "losses": losses, "grad_norms": norms}, after


def schedules():
    """The learning rates that transformers makes of what an exported file says of them, by name, warm-up and steps."""
    result = []
    for name, warmups in {
        "constant": [0],
        "constant_with_warmup": [0.01, 0.1, 0.3, 0.5, 0.99, ALL],
        "linear": [0, 0.01, 0.1, 0.3, 0.5, 0.99, ALL],
        "cosine": [0, 0.01, 0.1, 0.3, 0.5, 0.99, ALL],
    }.items():
        for warmup in warmups:
            for steps in (1, 2, 3, 7, 30):
                with tempfile.TemporaryDirectory() as folder:
                    settings = TrainingArguments(folder, lr_scheduler_type=name, warmup_steps=warmup, use_cpu=True)
                optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
                schedule = get_scheduler(
                    settings.lr_scheduler_type,
                    optimizer,
                    num_warmup_steps=settings.get_warmup_steps(steps),
                    num_training_steps=steps,
                )
                rates = []
                for _ in range(steps):
                    rates.append(optimizer.param_groups[0]["lr"])
                    optimizer.step()
                    schedule.step()
                result.append({"name": name, "warmup_steps": warmup, "steps": steps, "rates": rates})
    return result


def main(target):
    with tempfile.TemporaryDirectory() as scratch:
        for family, (config, dtype) in FAMILIES.items():
            folder = target / family
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            model = random_model(config, dtype)
            save_model(model, dtype, folder)
            tokens = torch.randint(0, VOCABULARY, (2, 12), generator=torch.Generator().manual_seed(1))
            with torch.no_grad():
                logits = model(input_ids=tokens).logits
            write(folder, "logits", {"ids": tokens.tolist()}, {"logits": logits.contiguous()})
            peft = randomize_adapter(get_peft_model(model, LoraConfig(**LORA)))
            peft.save_pretrained(folder / "adapter")
            (folder / "adapter" / "README.md").unlink()
            write(folder, "sft", *sft(config, dtype, scratch))
            if family == "llama":
                write(folder, "kto", *kto(config, dtype, scratch))
                write(folder, "dpo", *dpo(config, dtype, scratch))
                write(folder, "pretrain", *pretrain(config, dtype))
    write_settings(target)
    (target / "schedules.json").write_text(json.dumps(schedules()) + "\n")


main(Path(sys.argv[1]))
