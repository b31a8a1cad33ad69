"""Reference values for reward models and RLOO, from transformers, PEFT and TRL on models/minnow/1 and the pairs of minnow-rows.jsonl.

    pip install -r test/reference/requirements.txt
    python test/reference/make_feedback_fixtures.py test/engine/fixtures/feedback

The reward model is TRL's: the model for sequence classification of one label with LoRA, its head trained as well. RLOO's replies are
drawn and rewarded by TRL; then the policy is moved, so that some ratios leave the clipping range, and its loss taken.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

# First, because it keeps the libraries off the network and the GPU.
from trl_runs import (
    BATCH_SIZE,
    LORA,
    adapter_tensors,
    arguments,
    gradient_tensors,
    randomize_adapter,
    run_trainer,
    write,
    write_settings,
)
import torch
from datasets import Dataset
from peft import LoraConfig
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification, AutoTokenizer
from trl import RewardConfig, RewardTrainer, RLOOConfig, RLOOTrainer

HERE = Path(__file__).parent
MINNOW = HERE.parent.parent / "models" / "minnow" / "1"
SPREAD = 0.02
LEARNING_RATE = 1e-3


def plain(tensors):
    """PEFT's names in files: of the head that trains, and none of the copy that does not."""
    return {
        name.replace("score.modules_to_save.", "score."): value
        for name, value in tensors.items()
        if "original_module" not in name
    }


def reward(target, tokenizer, rows):
    model = AutoModelForSequenceClassification.from_pretrained(MINNOW, num_labels=1)
    torch.manual_seed(5)
    torch.nn.init.normal_(model.score.weight, 0.0, SPREAD)
    with tempfile.TemporaryDirectory() as scratch:
        trainer = RewardTrainer(
            model,
            args=arguments(RewardConfig, scratch, learning_rate=LEARNING_RATE),
            train_dataset=Dataset.from_list(rows),
            processing_class=tokenizer,
            peft_config=LoraConfig(**{**LORA, "task_type": "SEQ_CLS", "modules_to_save": ["score"]}),
        )
        randomize_adapter(trainer.model, SPREAD)
        before = plain(adapter_tensors(trainer.model, "before"))
        texts = [row["prompt"] + row[side] for row in rows for side in ("chosen", "rejected")]
        tokens = [tokenizer.apply_chat_template(text)["input_ids"] for text in texts]
        trainer.model.eval()
        with torch.no_grad():
            values = [trainer.model(input_ids=torch.tensor([ids])).logits.item() for ids in tokens]
        told, tensors = run_trainer(trainer)
    write(target, "reward", {"tokens": tokens, "values": values, **told}, before | plain(tensors))


def mark(text):
    """Something that differs from reply to reply."""
    return float(sum(map(ord, text)) % 19) / 2


def drawn(batch, tokenizer):
    """The rows of a batch, which TRL has shuffled, prompt by prompt and without padding: tokens, where the reply begins, and what TRL made of them."""
    rows = []
    for at in range(len(batch["advantages"])):
        prompt = batch["prompt_ids"][at][batch["prompt_mask"][at].bool()].tolist()
        reply = batch["completion_ids"][at][batch["completion_mask"][at].bool()].tolist()
        rows.append(
            {
                "ids": prompt + reply,
                "completionStart": len(prompt),
                "drawnLogProb": batch["old_logps"][at].item(),
                "advantage": batch["advantages"][at].item(),
                "reward": mark(tokenizer.decode(reply, skip_special_tokens=True)),
            }
        )
    return sorted(rows, key=lambda row: row["ids"][: row["completionStart"]])


def rloo(target, tokenizer, rows):
    def rated(completions, **_):
        return [mark(reply[0]["content"]) for reply in completions]

    settings = {
        "num_generations": 4,
        "beta": 0.05,
        "epsilon": 0.2,
        "max_completion_length": 12,
        "temperature": 1.0,
    }
    with tempfile.TemporaryDirectory() as scratch:
        trainer = RLOOTrainer(
            AutoModelForCausalLM.from_pretrained(MINNOW),
            reward_funcs=rated,
            args=RLOOConfig(
                output_dir=scratch,
                per_device_train_batch_size=3 * BATCH_SIZE,
                steps_per_generation=1,
                report_to=[],
                use_cpu=True,
                bf16=False,
                gradient_checkpointing=False,
                disable_tqdm=True,
                seed=3,
                **settings,
            ),
            train_dataset=Dataset.from_list([{"prompt": row["prompt"]} for row in rows]),
            processing_class=tokenizer,
            peft_config=LoraConfig(**LORA),
        )
        model = randomize_adapter(trainer.model, SPREAD)
        start = adapter_tensors(model, "drawn")
        torch.manual_seed(3)
        model.train()
        batch = trainer._prepare_inputs(next(iter(trainer.get_train_dataloader())))
        for name, parameter in model.named_parameters():
            if "lora_B" in name:
                parameter.data *= 1.7
        moved = adapter_tensors(model, "moved")
        model.zero_grad()
        loss = trainer._compute_loss(model, batch)
        loss.backward()
        clipped = {name: values[-1] for name, values in trainer._metrics["train"].items() if "clip_ratio" in name}
        write(
            target,
            "rloo",
            {"rows": drawn(batch, tokenizer), "loss": loss.item(), "clipped": clipped, **settings},
            start | moved | gradient_tensors(model),
        )


def main(target):
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    tokenizer = AutoTokenizer.from_pretrained(MINNOW)
    lines = [json.loads(line) for line in (HERE / "minnow-rows.jsonl").read_text().splitlines()]
    pairs = [{part: row[part] for part in ("prompt", "chosen", "rejected")} for row in lines if row["method"] == "dpo"]
    reward(target, tokenizer, pairs)
    rloo(target, tokenizer, pairs)
    write_settings(target, learning_rate=LEARNING_RATE)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
