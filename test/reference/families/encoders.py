"""Makes encoders.json anew: tiny BERT and DistilBERT models, computed by Hugging Face transformers in float64.

    pip install torch==2.9.1 transformers==5.24.0 numpy==2.4.6 gguf==0.19.0
    python test/reference/families/encoders.py

    config   config.json as transformers writes it
    tensors  shape of each tensor, and the mean of its values; they follow from the formula of make.py
    records  token ids; all records stand in one batch, padded
    hidden   the hidden states of the last block at the tokens of each record
"""

import json
from pathlib import Path

import torch
from make import SPREAD, really_double, rounded, tensor, tokens
from transformers import AutoConfig, AutoModel

sizes = dict(vocab_size=40, max_position_embeddings=20)
ENCODERS = {
    "bert": dict(hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4, **sizes),
    "distilbert": dict(dim=16, hidden_dim=24, n_layers=2, n_heads=4, **sizes),
}
RECORDS = [tokens("record/0", 12), tokens("record/1", 7)]


def make(kind: str) -> dict:
    config = AutoConfig.for_model(kind, **ENCODERS[kind])
    model = AutoModel.from_config(config, attn_implementation="eager").eval()
    shapes = {}
    for name, parameter in model.named_parameters():
        mean = 1.0 if "norm" in name.lower() and name.endswith("weight") else 0.0
        shapes[name] = dict(shape=list(parameter.shape), mean=mean)
        parameter.data = tensor(name, list(parameter.shape), mean)
    ids = torch.zeros(len(RECORDS), max(map(len, RECORDS)), dtype=torch.long)
    mask = torch.zeros_like(ids)
    for row, record in enumerate(RECORDS):
        ids[row, : len(record)] = torch.tensor(record)
        mask[row, : len(record)] = 1
    with torch.no_grad():
        hidden = model(input_ids=ids, attention_mask=mask).last_hidden_state
    own = [hidden[row, : len(record)] for row, record in enumerate(RECORDS)]
    return dict(
        config=config.to_diff_dict() | dict(model_type=kind),
        spread=SPREAD,
        tensors=shapes,
        records=RECORDS,
        hidden=[rounded(rows) for rows in own],
    )


if __name__ == "__main__":
    really_double()
    result = {kind: make(kind) for kind in ENCODERS}
    Path(__file__).with_name("encoders.json").write_text(json.dumps(result) + "\n")
