"""What PEFT writes for the variants of LoRA, and what each makes of the tiny Llama of make_engine_fixtures.py.

    pip install -r test/reference/requirements.txt
    python test/reference/make_adapter_fixtures.py test/engine/fixtures/adapters
"""

import json
import os
import sys
import warnings
from pathlib import Path

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["HF_HUB_OFFLINE"] = "1"
warnings.filterwarnings("ignore")

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM

torch.set_num_threads(1)
BASE = Path(__file__).parent.parent / "engine" / "fixtures" / "llama"
SEQUENCES = [[0, 5, 9, 7, 20, 4], [3, 11, 8, 23, 6, 6, 10, 4, 1], [15, 22]]

# What is asked of LoraConfig, and in which type the adapter is saved.
VARIANTS = {
    "plain": ({}, torch.float32),
    "plain-bf16": ({}, torch.bfloat16),
    "plain-f16": ({}, torch.float16),
    "gaussian": ({"init_lora_weights": "gaussian"}, torch.float32),
    "orthogonal": ({"init_lora_weights": "orthogonal"}, torch.float32),
    "all-linear": ({"target_modules": "all-linear"}, torch.float32),
    "dropout": ({"lora_dropout": 0.3}, torch.float32),
    "with-block": ({"target_modules": ["self_attn.q_proj", "mlp.up_proj"]}, torch.float32),
    "pattern": ({"target_modules": r".*layers\.1\..*q_proj"}, torch.float32),
    "rslora": ({"use_rslora": True}, torch.float32),
    "dora": ({"use_dora": True}, torch.float32),
    "lora-bias": ({"lora_bias": True}, torch.float32),
    "pissa": ({"init_lora_weights": "pissa"}, torch.float32),
    "olora": ({"init_lora_weights": "olora"}, torch.float32),
    "token-indices": ({"trainable_token_indices": [4, 5]}, torch.float32),
    "embeddings": ({"target_modules": ["q_proj", "embed_tokens"]}, torch.float32),
    "modules-to-save": ({"modules_to_save": ["norm"]}, torch.float32),
    "rank-pattern": ({"rank_pattern": {"q_proj": 4}}, torch.float32),
    "alpha-pattern": ({"alpha_pattern": {"q_proj": 5}}, torch.float32),
    "some-layers": ({"layers_to_transform": [1]}, torch.float32),
    "excluded": ({"exclude_modules": ["v_proj"]}, torch.float32),
    "replicated": ({"layer_replication": [[0, 2], [1, 2]]}, torch.float32),
}


def base_model():
    return AutoModelForCausalLM.from_pretrained(BASE, dtype=torch.float32).eval()


def randomize(model):
    torch.manual_seed(3)
    for name, parameter in model.named_parameters():
        if "lora_" in name or parameter.requires_grad:
            parameter.data += torch.randn_like(parameter) * 0.2


@torch.no_grad()
def scores(model):
    """log p of every token but the first, of each sequence."""
    result = []
    for ids in SEQUENCES:
        logits = model(input_ids=torch.tensor([ids])).logits[0, :-1].float()
        result.append(logits.log_softmax(-1).gather(1, torch.tensor(ids[1:])[:, None])[:, 0].tolist())
    return result


def main(target):
    target.mkdir(parents=True, exist_ok=True)
    expected = {"sequences": SEQUENCES, "base": scores(base_model()), "variants": {}}
    for name, (settings, dtype) in VARIANTS.items():
        settings = {"r": 2, "lora_alpha": 6, "target_modules": ["q_proj", "v_proj", "down_proj"], **settings}
        torch.manual_seed(7)
        model = get_peft_model(base_model(), LoraConfig(task_type="CAUSAL_LM", **settings)).eval()
        randomize(model)
        model.to(dtype).save_pretrained(target / name)
        (target / name / "README.md").unlink(missing_ok=True)
        # As anybody loads it: onto the base as it lies on the disk.
        loaded = PeftModel.from_pretrained(base_model(), target / name).eval().float()
        expected["variants"][name] = scores(loaded)

    resized = base_model()
    torch.manual_seed(9)
    resized.resize_token_embeddings(29, mean_resizing=False)
    model = get_peft_model(resized, LoraConfig(task_type="CAUSAL_LM", r=2, lora_alpha=6, target_modules=["q_proj"])).eval()
    randomize(model)
    model.save_pretrained(target / "resized", save_embedding_layers=True)
    (target / "resized" / "README.md").unlink(missing_ok=True)
    expected["variants"]["resized"] = scores(model)
    for folder in target.iterdir():
        # The folder of whoever made it is nobody's business.
        path = folder / "adapter_config.json"
        if path.exists():
            path.write_text(json.dumps({**json.loads(path.read_text()), "base_model_name_or_path": "llama"}, indent=1) + "\n")
            (folder / "adapter_model.safetensors").chmod(0o644)
    # A checkpoint whose vocabulary has grown, and a head of its own beside a tie that was cut.
    resized = base_model()
    torch.manual_seed(9)
    resized.resize_token_embeddings(29, mean_resizing=False)
    resized.save_pretrained(target / "grown-checkpoint")
    (target / "grown-checkpoint" / "model.safetensors").chmod(0o644)
    (target / "grown-checkpoint" / "generation_config.json").unlink(missing_ok=True)
    expected["grown"] = scores(resized)
    (target / "expected.json").write_text(json.dumps(expected) + "\n")


main(Path(sys.argv[1]))
