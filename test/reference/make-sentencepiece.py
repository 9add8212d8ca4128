"""Writes sentencepiece.json: two tiny SentencePiece models, trained on documentation of this repository. pip install sentencepiece==0.2.3"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
import sentencepiece as spm, json, io, importlib.metadata as md

corpus = [
    l
    for f in ["README.md", "docs/privacy.md", "docs/method.md"]
    for l in open(ROOT / f, encoding="utf8").read().split("\n")
    if l.strip()
]
out = {
    "source": f"Python package sentencepiece {md.version('sentencepiece')}: byte-pair models trained on documentation text, in the fields that a GGUF file holds of them; ids of EncodeAsIds",
    "models": {},
}
texts = [
    "The private corpus is split; a language model is fine-tuned.",
    "  two  spaces,   three\n\nlines\tand a tab  ",
    "caf\u00e9 \u6771\u4eac \U0001f642 12345 <b>tag</b>",
    "aaa aaaa aaaaa ssss mississippi",
    "epsilon=8, delta=1e-5 (n^-1.1)",
    " x",
    "<table>y",
]
for name, kw, prefix in [
    ("llama", dict(add_dummy_prefix=True), True),
    (
        "gemma",
        dict(
            add_dummy_prefix=False,
            user_defined_symbols=[
                "\u2581\u2581",
                "\u2581\u2581\u2581",
                "\n\n",
                "<table>",
                "<start_of_turn>",
                "<end_of_turn>",
            ],
            pad_id=0,
            eos_id=1,
            bos_id=2,
            unk_id=3,
            pad_piece="<pad>",
            eos_piece="<eos>",
            bos_piece="<bos>",
        ),
        False,
    ),
]:
    b = io.BytesIO()
    spm.SentencePieceTrainer.train(
        sentence_iterator=iter(corpus),
        model_writer=b,
        model_type="bpe",
        vocab_size=500,
        byte_fallback=True,
        normalization_rule_name="identity",
        remove_extra_whitespaces=False,
        split_digits=True,
        character_coverage=1.0,
        minloglevel=2,
        **kw,
    )
    sp = spm.SentencePieceProcessor(model_proto=b.getvalue())
    n = sp.vocab_size()
    types = [
        (
            2
            if sp.is_unknown(i)
            else (
                3
                if sp.is_control(i)
                else (
                    6
                    if sp.is_byte(i)
                    else 4 if sp.id_to_piece(i) in kw.get("user_defined_symbols", []) else 1
                )
            )
        )
        for i in range(n)
    ]
    out["models"][name] = {
        "addSpacePrefix": prefix,
        "bos": sp.bos_id(),
        "eos": sp.eos_id(),
        "tokens": [sp.id_to_piece(i) for i in range(n)],
        "types": "".join(map(str, types)),
        "scores": [round(sp.get_score(i), 4) for i in range(n)],
        "ids": [sp.encode(t) for t in texts],
        "decoded": [sp.decode(sp.encode(t)) for t in texts],
    }
out["texts"] = texts
json.dump(
    out, open(ROOT / "test/reference/sentencepiece.json", "w"), ensure_ascii=True, separators=(",", ":")
)
