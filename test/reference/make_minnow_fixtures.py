"""Reference values for training minnow, from transformers, PEFT and TRL on models/minnow/1 and rows of its own talks.

    pip install -r test/reference/requirements.txt
    python test/reference/make_minnow_fixtures.py test/engine/fixtures/minnow

TRL reads the messages and tokenises them with transformers, so the values check our reading of chats too. The rows
(minnow-rows.jsonl) are the first 16 of round 1, of a run by KTO (its desirable ones for SFT) and one by DPO:

    candor run scenarios/ten-percent.yaml --set rounds=1 --set population.size=24
        --set population.personas.biased=0.5 --set training.method=kto --set preference.bottom=0.5
    ... --set training.method=dpo --set preference.samples_per_turn=4 --set preference.margin=2
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

# First, because it keeps the libraries off the network and the GPU.
from trl_runs import BETA, UNDESIRABLE, arguments, build, logged, run_trainer, write, write_settings
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import DPOConfig, DPOTrainer, KTOConfig, KTOTrainer, SFTConfig, SFTTrainer

HERE = Path(__file__).parent
MINNOW = HERE.parent.parent / "models" / "minnow" / "1"
# An adapter that changes minnow's replies without drowning them, and the default scenarios' learning rate.
SPREAD = 0.02
LEARNING_RATE = 1e-3
METHODS = {
    "sft": (SFTTrainer, SFTConfig, {}),
    "kto": (KTOTrainer, KTOConfig, dict(beta=BETA, desirable_weight=1.0, undesirable_weight=UNDESIRABLE)),
    "dpo": (DPOTrainer, DPOConfig, dict(beta=BETA)),
}


def tokens(tokenizer, row):
    """What TRL makes of a row: the whole chat, and where the reply begins."""

    def sequence(completion):
        prompt = tokenizer.apply_chat_template(row["prompt"], add_generation_prompt=True)["input_ids"]
        whole = tokenizer.apply_chat_template(row["prompt"] + completion)["input_ids"]
        assert whole[: len(prompt)] == prompt
        return {"ids": whole, "completionStart": len(prompt)}

    return {part: sequence(row[part]) for part in ("completion", "chosen", "rejected") if part in row}


def main(target):
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    tokenizer = AutoTokenizer.from_pretrained(MINNOW)
    lines = [json.loads(line) for line in (HERE / "minnow-rows.jsonl").read_text().splitlines()]
    for method, (trainer_class, config_class, extra) in METHODS.items():
        rows = [row for row in lines if row["method"] == method]
        data = [{name: value for name, value in row.items() if name != "method"} for row in rows]
        model = AutoModelForCausalLM.from_pretrained(MINNOW)
        with tempfile.TemporaryDirectory() as scratch:
            settings = arguments(config_class, scratch, learning_rate=LEARNING_RATE, **extra)
            trainer = build(trainer_class, settings, data, model, tokenizer, SPREAD)
            if method == "sft":
                trainer.model.peft_config["default"].base_model_name_or_path = "models/minnow/1"
                trainer.model.save_pretrained(target / "adapter")
                (target / "adapter" / "README.md").unlink()
            values, tensors = run_trainer(trainer)
        points = {"reference_points": logged(trainer, "kl")} if method == "kto" else {}
        values = {"tokens": [tokens(tokenizer, row) for row in rows], **points, **values}
        write(target, method, values, tensors)
    write_settings(target, learning_rate=LEARNING_RATE)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
