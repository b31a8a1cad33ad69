"""Turns a GGUF file into a folder in the Hugging Face layout with plain bf16 weights: convert.py <file.gguf> <folder>."""

import sys
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

file, folder = Path(sys.argv[1]), sys.argv[2]
place = {"gguf_file": file.name}
model = AutoModelForCausalLM.from_pretrained(file.parent, dtype=torch.bfloat16, **place)
# transformers does not save a model that it holds for quantised; a plain one with the same weights it does.
if hasattr(model.config, "quantization_config"):
    del model.config.quantization_config
# Random weights that are overwritten would take longer than the reading.
with torch.device("meta"):
    plain = AutoModelForCausalLM.from_config(model.config, dtype=torch.bfloat16)
plain.load_state_dict(model.state_dict(), assign=True)
plain.tie_weights()
plain.save_pretrained(folder)
AutoTokenizer.from_pretrained(file.parent, **place).save_pretrained(folder)
