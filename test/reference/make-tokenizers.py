"""Writes tokenizers.json: tiny tokenizers with the words of each family, trained on documentation of this repository. pip install tokenizers==0.23.3"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
import json, importlib.metadata as md
from tokenizers import Tokenizer, AddedToken
from tokenizers.models import BPE
from tokenizers.trainers import BpeTrainer
from tokenizers.pre_tokenizers import ByteLevel, Split
from tokenizers.normalizers import Replace

corpus = [
    l
    for f in ["README.md", "docs/privacy.md", "docs/method.md"]
    for l in open(ROOT / f, encoding="utf8").read().split("\n")
]
rx = (
    lambda d: r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"
    + d
    + r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
BL = lambda r: {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": r}
split = lambda d: {
    "type": "Sequence",
    "pretokenizers": [
        {"type": "Split", "pattern": {"Regex": rx(d)}, "behavior": "Isolated", "invert": False},
        BL(False),
    ],
}
FAM = {
    "gpt-2": dict(pre=BL(True), norm=None, ignore=False, added=["<|endoftext|>"], bos=None),
    "smollm": dict(
        pre={"type": "Sequence", "pretokenizers": [{"type": "Digits", "individual_digits": True}, BL(True)]},
        norm=None,
        ignore=False,
        added=["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
        bos=None,
    ),
    "llama-bpe": dict(
        pre=split(r"\p{N}{1,3}"),
        norm=None,
        ignore=True,
        added=[
            "<|begin_of_text|>",
            "<|end_of_text|>",
            "<|start_header_id|>",
            "<|end_header_id|>",
            "<|eot_id|>",
        ],
        bos="<|begin_of_text|>",
    ),
    "qwen2": dict(
        pre=split(r"\p{N}"),
        norm={"type": "NFC"},
        ignore=False,
        added=["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
        bos=None,
    ),
    "gemma": dict(
        pre={"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious", "invert": False},
        norm={"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"},
        ignore=False,
        added=["<pad>", "<eos>", "<bos>", "<unk>", "<start_of_turn>", "<end_of_turn>"],
        bos="<bos>",
    ),
}
texts = [
    "I'LL say we've seen 12345 of 3,14 THEY'D it's I'm",
    "  two  spaces, a tab\there\n\n  and lines\r\n\r\nend  ",
    "caf\u00e9 cafe\u0301 na\u00efve \u6771\u4eac \u0433\u043e\u0440\u043e\u0434 \U0001f642\U0001f469\u200d\U0001f680 \u0662\u0663",
    'x=f(a_b)[0]!! -- "quoted" <b>tag</b> ... \u2026 \u2581 _',
    "\u00a0nbsp\u3000wide\u2028line \u017fharp I'\u017f K'\u212a '\u212a",
    "The private corpus is split; a language model is fine-tuned.",
    " ",
]
# byte-level: merges once, with Llama's words
t = Tokenizer(BPE())
t.pre_tokenizer = ByteLevel(add_prefix_space=False)
t.train_from_iterator(
    corpus, BpeTrainer(vocab_size=256 + 180, initial_alphabet=sorted(ByteLevel.alphabet()), special_tokens=[])
)
m = json.loads(t.to_str())["model"]
out = {
    "source": f"Python package tokenizers {md.version('tokenizers')}: encode(text).ids of tiny tokenizers with the words and special tokens of each family",
    "texts": texts,
    "families": {},
}
byte = {"vocab": m["vocab"], "merges": m["merges"]}
g = Tokenizer(BPE(byte_fallback=True))
g.normalizer = Replace(" ", "\u2581")
g.pre_tokenizer = Split(" ", "merged_with_previous")
g.train_from_iterator(
    corpus,
    BpeTrainer(
        vocab_size=262 + 90 + 120,
        limit_alphabet=90,
        special_tokens=FAM["gemma"]["added"] + [f"<0x{i:02X}>" for i in range(256)],
    ),
)
gm = json.loads(g.to_str())["model"]
for name, f in FAM.items():
    mod = gm if name == "gemma" else byte
    vocab = dict(mod["vocab"])
    added = []
    for a in f["added"]:
        i = vocab.get(a, len(vocab))
        vocab.setdefault(a, i)
        added.append(
            {
                "id": i,
                "content": a,
                "single_word": False,
                "lstrip": False,
                "rstrip": False,
                "normalized": False,
                "special": True,
            }
        )
    post = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": False, "use_regex": True}
    if f["bos"]:
        post = {
            "type": "TemplateProcessing",
            "single": [
                {"SpecialToken": {"id": f["bos"], "type_id": 0}},
                {"Sequence": {"id": "A", "type_id": 0}},
            ],
            "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
            "special_tokens": {f["bos"]: {"id": f["bos"], "ids": [vocab[f["bos"]]], "tokens": [f["bos"]]}},
        }
    dec = (
        {
            "type": "Sequence",
            "decoders": [
                {"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "},
                {"type": "ByteFallback"},
                {"type": "Fuse"},
            ],
        }
        if name == "gemma"
        else {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}
    )
    js = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": added,
        "normalizer": f["norm"],
        "pre_tokenizer": f["pre"],
        "post_processor": post,
        "decoder": dec,
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": "<unk>" if name == "gemma" else None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": name == "gemma",
            "byte_fallback": name == "gemma",
            "ignore_merges": f["ignore"],
            "vocab": vocab if name == "gemma" else {k: v for k, v in vocab.items() if k not in f["added"]},
            "merges": mod["merges"],
        },
    }
    tk = Tokenizer.from_str(json.dumps(js))
    ids = [tk.encode(x).ids for x in texts + [" and ".join(f["added"]) + " x"]]
    if name != "gemma":
        js["model"] = {**js["model"], "vocab": None, "merges": None}
    out["families"][name] = {
        "json": js,
        "special": " and ".join(f["added"]) + " x",
        "ids": ids,
        "decoded": [tk.decode(i) for i in ids],
    }
out["byteLevel"] = {
    "vocab": sorted(byte["vocab"], key=byte["vocab"].get),
    "merges": [" ".join(x) if isinstance(x, list) else x for x in byte["merges"]],
}
json.dump(out, open(ROOT / "test/reference/tokenizers.json", "w"), ensure_ascii=True, separators=(",", ":"))
