"""Reference values for tokenizers and chat templates, from transformers on small tokenizers made here.

    pip install -r test/reference/requirements.txt
    python test/reference/make_tokenizer_fixtures.py test/engine-generate/fixtures
"""

import json
import os
import random
import sys
import tempfile
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import AutoTokenizer, PreTrainedTokenizerFast

CORPUS = [
    "The small boat waited at the quiet harbour while the tide went out, and nobody minded the wait.",
    "Please tell me whether the boat is safe; I'd rather know the truth than hear something pleasant.",
    "It's 1234 metres to the harbour. We'll walk, you'll row, they've already gone. That isn't far!",
    "Naïve café façade — résumé: 12.5 % of 300 is 37.5, isn't it?",
]

TEXTS = [
    "the boat is safe.",
    "The boat's safe; isn't it?  Two  spaces,\n\nand lines.",
    "12345 metres, 3.5 km",
    "naïve café — 日本語 🙂",
    " leading and trailing ",
    "<|user|>the boat<|end|>",
    "<|im_start|>user\nboat<|im_end|>",
    "x != y . I said 'yes' , do n't !",
    "",
]

CHATS = [
    [{"role": "user", "content": "Is the boat safe?"}],
    [
        {"role": "system", "content": "You tell the truth."},
        {"role": "user", "content": "Is the boat safe?"},
        {"role": "assistant", "content": "It isn't. Please wait."},
        {"role": "user", "content": " Why? "},
    ],
]

ROLE_TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
CHATML = """{% for message in messages %}
{% if loop.first and messages[0]['role'] != 'system' %}
{{ '<|im_start|>system\nYou are helpful.<|im_end|>\n' }}
{% endif %}
{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}
{% endfor %}
{% if add_generation_prompt %}
{{ '<|im_start|>assistant\n' }}
{% endif %}
"""
HEADERS = (
    "{{- bos_token }}{%- set date = '26 Jul 2024' %}"
    "{%- for message in messages %}"
    "{{- '<|start|>' + message.role + '<|stop|>\n\n' + message.content | trim + '<|end|>' }}"
    "{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|start|>assistant<|stop|>\n\n' }}{%- endif %}"
)


def word_piece():
    specials = ["<|pad|>", "<|system|>", "<|user|>", "<|assistant|>", "<|end|>"]
    words = sorted({word for text in CORPUS[:2] for word in text.lower().replace(",", "").replace(".", "").replace(";", "").split() if word.isalpha()})
    characters = list("abcdefghijklmnopqrstuvwxyz0123456789.,?!;:'\"()-%")
    tokens = [*specials, "[UNK]", *characters, *(f"##{c}" for c in characters if c.isalnum()), *words]
    vocabulary = {token: index for index, token in enumerate(dict.fromkeys(tokens))}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=64))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece(prefix="##", cleanup=True)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<|pad|>", eos_token="<|end|>", unk_token="[UNK]",
        extra_special_tokens=["<|system|>", "<|user|>", "<|assistant|>"], clean_up_tokenization_spaces=False,
    ), ROLE_TEMPLATE


def byte_pairs(pre_tokenizer, specials):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(
        CORPUS,
        trainers.BpeTrainer(
            vocab_size=420, special_tokens=specials, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
        ),
    )
    return tokenizer


def cleaned(make):
    """The same tokenizer, asked to take spaces out of what it says: byte pairs do not, word pieces do."""
    tokenizer, template = make()
    tokenizer.clean_up_tokenization_spaces = True
    return tokenizer, template


def plain_word_piece():
    """Word pieces whose own decoder takes no spaces out."""
    tokenizer, template = word_piece()
    tokenizer.backend_tokenizer.decoder = decoders.WordPiece(prefix="##", cleanup=False)
    tokenizer.clean_up_tokenization_spaces = True
    return tokenizer, template


def smol():
    """SmolLM2's way: single digits, then GPT-2's splitting."""
    pre = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    tokenizer = byte_pairs(pre, ["<|endoftext|>", "<|im_start|>", "<|im_end|>"])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<|im_start|>", eos_token="<|im_end|>", pad_token="<|im_end|>",
        clean_up_tokenization_spaces=False,
    ), CHATML


def llama():
    """Llama 3's and Qwen's way: a regular expression, bytes, and a beginning of text."""
    split = (
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    )
    pre = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(split), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    tokenizer = byte_pairs(pre, ["<|begin|>", "<|end|>", "<|start|>", "<|stop|>"])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<|begin|> $A", pair="<|begin|> $A <|begin|> $B", special_tokens=[("<|begin|>", tokenizer.token_to_id("<|begin|>"))]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<|begin|>", eos_token="<|end|>", clean_up_tokenization_spaces=False
    ), HEADERS


def pieces():
    """Llama 2's way: marks for spaces, and bytes for what has no piece."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    single = [f"<0x{byte:02X}>" for byte in range(256)]
    trainer = trainers.BpeTrainer(vocab_size=420, special_tokens=["<unk>", "<s>", "</s>", *single], show_progress=False)
    tokenizer.train_from_iterator(CORPUS, trainer)
    written = json.loads(tokenizer.to_str())
    written["added_tokens"] = [token for token in written["added_tokens"] if token["content"] not in single]
    tokenizer = Tokenizer.from_str(json.dumps(written))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", tokenizer.token_to_id("<s>"))]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", unk_token="<unk>", clean_up_tokenization_spaces=False
    ), ROLE_TEMPLATE


NORMALIZERS = [
    {"type": "Lowercase"},
    {"type": "NFC"},
    {"type": "NFKC"},
    {"type": "Sequence", "normalizers": [{"type": "NFD"}, {"type": "Lowercase"}, {"type": "StripAccents"}]},
    {"type": "Replace", "pattern": {"String": "oo"}, "content": "u"},
]
ADDED = [
    *["<Tool>", "[INST]", "Foo", "foo", "the", "BOAT", "boat", "<sep>", " spaced", "é", "E\u0301", "##ing", "a b", "ab", "abc"],
    *["ß", "ﬁ", "oo", "oot", "Ā", "日本", "\n\n", "  ", "<0x41>"],
]
MIXED = [
    *["the Boat.", "THE BOAT <Tool> the <tool> [inst] [INST]", "foo Foo FOO oot boot", " spaced  spaced x", "abcab AB a b"],
    *["é E\u0301 É é", "walking##ing", " <sep>  <sep> ", "ﬁsh ß SS", "\n\nx\n\n  y", "a<0x41>b Ā 日本", "<|END|>", "\ufeffa\ufeff"],
]


def added(folder):
    """Tokens that were added in every way to each kind of tokenizer, and texts in which they stand."""
    draw, cases = random.Random(12), []
    while len(cases) < 32:
        base = draw.choice(["word-piece", "smol", "llama", "pieces"])
        source = json.loads((folder / base / "tokenizer.json").read_text())
        normalizer = draw.choice([source["normalizer"], *([] if base == "pieces" else NORMALIZERS)])
        names = draw.sample(ADDED, draw.randint(1, 4))
        next_id = max([*source["model"]["vocab"].values(), *(token["id"] for token in source["added_tokens"])]) + 1
        tokens = []
        for name in names:
            known = source["model"]["vocab"].get(name)
            flags = {
                **{flag: draw.random() < 0.2 for flag in ("single_word", "lstrip", "rstrip")},
                "normalized": draw.random() < 0.6,
                "special": draw.random() < 0.3,
            }
            tokens.append({"id": next_id if known is None else known, "content": name, **flags})
            next_id += known is None
        source.update(normalizer=normalizer, added_tokens=[*source["added_tokens"], *tokens])
        with tempfile.TemporaryDirectory() as scratch:
            PreTrainedTokenizerFast(tokenizer_object=Tokenizer.from_str(json.dumps(source))).save_pretrained(scratch)
            tokenizer = AutoTokenizer.from_pretrained(scratch)
        beside = ["", " ", "x", "\n", *names, *(name.upper() for name in names), *MIXED]
        texts = [*MIXED, *("".join(draw.choice(beside) for _ in range(6)) for _ in range(3))]
        rows = []
        for text in texts:
            try:
                ids = tokenizer.encode(text, add_special_tokens=False)
            except BaseException as error:  # Rust's panics: tokens that take each other along.
                assert "bad split" in str(error), error
                continue
            drawn = [draw.randrange(next_id) for _ in range(10)]
            decoded = [[tokenizer.decode(some, skip_special_tokens=skip) for skip in (True, False)] for some in (ids, drawn)]
            rows.append({"text": text, "ids": ids, "drawn": drawn, "decoded": decoded})
        cases.append({"base": base, "normalizer": normalizer, "added": tokens, "rows": rows})
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    (folder / "added.json").write_text(f"[\n{lines}\n]\n")


def main(folder):
    kinds = {
        "word-piece": word_piece,
        "smol": smol,
        "llama": llama,
        "smol-cleaned": lambda: cleaned(smol),
        "word-piece-cleaned": plain_word_piece,
        "pieces": pieces,
    }
    for name, make in kinds.items():
        directory = Path(folder) / name
        directory.mkdir(parents=True, exist_ok=True)
        made, template = make()
        made.chat_template = template
        made.save_pretrained(directory)
        tokenizer = AutoTokenizer.from_pretrained(directory)
        expected = {
            "eos": tokenizer.eos_token_id,
            "texts": [
                {
                    "text": text,
                    "ids": tokenizer.encode(text, add_special_tokens=False),
                    "with_special": tokenizer.encode(text),
                    "decoded": tokenizer.decode(tokenizer.encode(text, add_special_tokens=False), skip_special_tokens=True),
                    "decoded_all": tokenizer.decode(tokenizer.encode(text, add_special_tokens=False)),
                }
                for text in TEXTS
            ],
            "chats": [
                {
                    "messages": chat,
                    "text": tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=prompt),
                    "ids": tokenizer.apply_chat_template(chat, add_generation_prompt=prompt, return_dict=False),
                    "add_generation_prompt": prompt,
                }
                for chat in CHATS
                for prompt in (True, False)
            ],
        }
        (directory / "expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n")
    added(Path(folder))


main(sys.argv[1])
