"""What the reference scripts share: a short training run by TRL, with its losses, gradients and weights."""

import os

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["HF_HUB_OFFLINE"] = "1"

import json

import torch
from datasets import Dataset
from peft import LoraConfig, get_peft_model_state_dict
from safetensors.torch import save_file

# Sums in one order, and no threads that wait for each other on a busy machine.
torch.set_num_threads(1)

TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
LORA = dict(r=2, lora_alpha=6, target_modules=TARGETS, lora_dropout=0.0, task_type="CAUSAL_LM")
STEPS = 10
BATCH_SIZE = 4
OPTIMIZER = dict(
    learning_rate=1e-2,
    lr_scheduler_type="cosine",
    warmup_steps=3,
    weight_decay=0.1,
    max_grad_norm=0.5,
)
BETA = 0.3
UNDESIRABLE = 1.4


def randomize_adapter(model, spread=0.1):
    """A and B random, and B not zero, so that no gradient is zero; `spread` is B's."""
    torch.manual_seed(11)
    for name, parameter in model.named_parameters():
        if "lora_" in name:
            torch.nn.init.normal_(parameter, 0.0, 0.2 if "lora_A" in name else spread)
    return model


def build(trainer_class, settings, rows, model, tokenizer, spread=0.1):
    """A TRL trainer whose reference policy, where it has one, is the model without adapter."""
    trainer = trainer_class(
        model,
        args=settings,
        train_dataset=Dataset.from_list(rows),
        processing_class=tokenizer,
        peft_config=LoraConfig(**LORA),
    )
    randomize_adapter(trainer.model, spread)
    return trainer


def copied(state):
    return {name: value.detach().clone().contiguous() for name, value in state.items()}


def adapter_tensors(model, prefix):
    return {f"{prefix}.{name}": value for name, value in copied(get_peft_model_state_dict(model)).items()}


def gradient_tensors(model):
    return {
        f"gradient.{name.replace('.default', '')}": parameter.grad.detach().clone()
        for name, parameter in model.named_parameters()
        if parameter.grad is not None
    }


def run_trainer(trainer):
    """First loss and gradients, then a whole training run, with losses at full precision."""
    model = trainer.model
    first_batch = next(iter(trainer.get_train_dataloader()))
    model.zero_grad()
    model.train()
    loss = trainer.compute_loss(model, first_batch, num_items_in_batch=items_in(first_batch))
    loss.backward()
    tensors = gradient_tensors(model)
    model.zero_grad()

    losses = []
    compute_loss = trainer.compute_loss

    def recording(*args, **kwargs):
        value = compute_loss(*args, **kwargs)
        losses.append(value.item())
        return value

    trainer.compute_loss = recording
    trainer.train()
    tensors |= adapter_tensors(model, "after")
    return {"loss": loss.item(), "losses": losses, "grad_norms": logged(trainer, "grad_norm")}, tensors


def logged(trainer, name):
    return [entry[name] for entry in trainer.state.log_history if name in entry]


def items_in(batch):
    return int((batch["labels"][:, 1:] != -100).sum()) if "labels" in batch else None


def arguments(kind, folder, **extra):
    return kind(
        output_dir=folder,
        per_device_train_batch_size=BATCH_SIZE,
        num_train_epochs=100,
        max_steps=STEPS,
        logging_steps=1,
        save_strategy="no",
        report_to=[],
        use_cpu=True,
        bf16=False,
        gradient_checkpointing=False,
        train_sampling_strategy="sequential",
        disable_tqdm=True,
        max_length=None,
        **{**OPTIMIZER, **extra},
    )


def write(folder, name, values, tensors):
    (folder / f"{name}.json").write_text(json.dumps(values) + "\n")
    path = folder / f"{name}.safetensors"
    save_file(tensors, path)
    path.chmod(0o644)


def write_settings(folder, **others):
    """The settings of all runs, for the tests to read."""
    settings = {"beta": BETA, "undesirable_weight": UNDESIRABLE, "batch_size": BATCH_SIZE, "steps": STEPS}
    (folder / "training.json").write_text(json.dumps({**settings, **OPTIMIZER, **others}) + "\n")
