"""Makes the fixtures of this folder anew: one JSON file a model family, computed by Hugging Face transformers.

    pip install torch==2.9.1 transformers==5.24.0 numpy==2.4.6 gguf==0.19.0
    python test/reference/families/make.py

Each family is a tiny checkpoint whose weights follow from a formula of tensor name and index (`numbers`, the same as in
family-fixture.ts), so that only config, tensor shapes and results are stored:

    config      config.json as transformers writes it
    tensors     shape of each tensor, the mean of its values (1 for most norms), and its name in llama.cpp's GGUF files
    logits      of the first sequence in full, of the second at some positions, without adapter
    losses      mean target NLL of each record, in nats, with the LoRA adapter
    lora        d loss / d A and d loss / d B of each record and site: y = x W + scale (x A) B
    prompt      d loss / d prompt embedding of each record, where the prompt stands before the tokens; no LoRA
    parameters  for the gradient of each whole tensor and record: its squared norm, and its inner product with
                `numbers("probe/" + name)`; no LoRA

All in float64: transformers casts parts of its models to float32 by itself, which `really_double` undoes.
"""

import json
import math
from pathlib import Path

import gguf
import numpy as np
import torch
import transformers
from transformers import AutoConfig, AutoModelForCausalLM

SPREAD = 0.8
RANK = 2
SCALE = 2.0
PROMPT = 3
SITES = ["q", "k", "v", "o", "gate", "up", "down"]
common = dict(vocab_size=40, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4)

FAMILIES = {
    # rope_theta 100 and 32 original positions: one of the four frequencies stays, one is blended, two are divided.
    "llama": dict(
        model_type="llama", **common, num_key_value_heads=2, head_dim=8, tie_word_embeddings=False,
        max_position_embeddings=128, rms_norm_eps=1e-5, attention_bias=True, mlp_bias=True,
        rope_parameters=dict(rope_type="llama3", rope_theta=100.0, factor=4.0, low_freq_factor=1.0,
                             high_freq_factor=4.0, original_max_position_embeddings=32),
    ),
    "qwen2": dict(
        model_type="qwen2", **common, num_key_value_heads=2, tie_word_embeddings=True, rms_norm_eps=1e-6,
        rope_parameters=dict(rope_type="default", rope_theta=1_000_000.0),
    ),
    "qwen3": dict(
        model_type="qwen3", **common, num_key_value_heads=2, head_dim=8, tie_word_embeddings=False, rms_norm_eps=1e-6,
        rope_parameters=dict(rope_type="default", rope_theta=1_000_000.0),
    ),
    "gpt2": dict(
        model_type="gpt2", vocab_size=40, n_embd=16, n_head=4, n_layer=2, n_inner=24, n_positions=64,
        attn_pdrop=0.0, embd_pdrop=0.0, resid_pdrop=0.0, bos_token_id=None, eos_token_id=None,
    ),
    "gemma3": dict(
        model_type="gemma3_text", **common, num_key_value_heads=2, head_dim=8, query_pre_attn_scalar=12,
        sliding_window=6, layer_types=["sliding_attention", "full_attention"], tie_word_embeddings=True,
        # PyTorch leaves the padding token out of the gradient of the embeddings: here it is a token like any other.
        max_position_embeddings=128, rms_norm_eps=1e-6, pad_token_id=None,
        rope_parameters=dict(
            sliding_attention=dict(rope_type="default", rope_theta=100.0),
            full_attention=dict(rope_type="linear", rope_theta=1000.0, factor=8.0),
        ),
    ),
}


def numbers(name: str, count: int) -> np.ndarray:
    """`count` numbers in [-0.5, 0.5): FNV-1a of the name as seed, then a 32-bit mixer of seed and index."""
    seed = 0x811C9DC5
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x01000193) & 0xFFFFFFFF
    x = np.uint32(seed) + np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B9)
    x = (x ^ (x >> np.uint32(16))) * np.uint32(0x7FEB352D)
    x = (x ^ (x >> np.uint32(15))) * np.uint32(0x846CA68B)
    x = x ^ (x >> np.uint32(16))
    return (x >> np.uint32(8)).astype(np.float64) / 2**24 - 0.5


def tensor(name: str, shape: list[int], mean: float = 0.0) -> torch.Tensor:
    """Formula weights, rounded to float32 as a weights file would hold them."""
    values = (mean + SPREAD * numbers(name, math.prod(shape))).astype(np.float32)
    return torch.from_numpy(values.astype(np.float64)).reshape(shape)


def tokens(name: str, count: int) -> list[int]:
    return [int((u + 0.5) * 40) for u in numbers(name, count)]


RECORDS = [
    dict(ids=tokens("record/0", 40), prefixLength=7),
    dict(ids=tokens("record/1", 24), prefixLength=3),
]


def really_double() -> None:
    """Makes every cast to float32 inside transformers a cast to float64."""
    torch.set_default_dtype(torch.float64)
    torch.float32 = torch.float = torch.float64
    torch.Tensor.float = torch.Tensor.double


def build(family: str):
    kind = dict(FAMILIES[family])
    config = AutoConfig.for_model(kind.pop("model_type"), **kind)
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager").eval()
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH[family.upper()], config.num_hidden_layers)
    shapes = {}
    for name, parameter in model.named_parameters():
        is_norm = name.endswith("norm.weight") or ".ln_" in name and name.endswith(".weight")
        mean = 1.0 if is_norm and family != "gemma3" else 0.0
        gguf_name = names.get_name(name, try_suffixes=(".weight", ".bias"))
        shapes[name] = dict(shape=list(parameter.shape), mean=mean, gguf=gguf_name)
        parameter.data = tensor(name, list(parameter.shape), mean).to(parameter.dtype)
    return model, config, shapes


def sites_of(model, family: str):
    """(block, [(site, inputs, outputs)], module) of each linear map; GPT-2 computes q, k and v in one."""
    for block in range(2):
        if family == "gpt2":
            at = model.transformer.h[block]
            width = at.attn.embed_dim
            yield block, [("q", width, width), ("k", width, width), ("v", width, width)], at.attn.c_attn
            yield block, [("o", *at.attn.c_proj.weight.shape)], at.attn.c_proj
            yield block, [("up", *at.mlp.c_fc.weight.shape)], at.mlp.c_fc
            yield block, [("down", *at.mlp.c_proj.weight.shape)], at.mlp.c_proj
        else:
            at = model.model.layers[block]
            for site in SITES:
                module = getattr(at.self_attn if site in "qkvo" else at.mlp, f"{site}_proj")
                yield block, [(site, module.in_features, module.out_features)], module


def attach_lora(model, family: str):
    """Adds scale (x A) B to the output of each linear map. Returns {site: (A, B)} and what removes it again."""
    adapters, hooks = {}, []
    for block, parts, module in sites_of(model, family):
        own = []
        for site, inputs, outputs in parts:
            a = tensor(f"lora/{block}/{site}/A", [inputs, RANK]).requires_grad_()
            b = tensor(f"lora/{block}/{site}/B", [RANK, outputs]).requires_grad_()
            adapters[f"{block}/{site}"] = (a, b)
            own.append((a, b))

        def add(_, inputs, output, own=own):
            return output + SCALE * torch.cat([inputs[0] @ a @ b for a, b in own], dim=-1)

        hooks.append(module.register_forward_hook(add))
    return adapters, lambda: [hook.remove() for hook in hooks]


def loss_of(model, record, prompt=None):
    """Mean NLL of the tokens after the prefix, in nats."""
    ids = torch.tensor([record["ids"]])
    embedded = model.get_input_embeddings()(ids)
    shift = 0
    if prompt is not None:
        embedded = torch.cat([prompt[None], embedded], dim=1)
        shift = len(prompt)
    logits = model(inputs_embeds=embedded, use_cache=False).logits[0]
    first = record["prefixLength"]
    rows = logits[shift + first - 1 : shift + len(record["ids"]) - 1]
    return torch.nn.functional.cross_entropy(rows, ids[0, first:])


def rounded(values) -> list:
    values = values.detach() if isinstance(values, torch.Tensor) else torch.as_tensor(values)
    return [rounded(v) for v in values] if values.ndim > 0 else float(f"{values.item():.8g}")


def make(family: str, float32_logits: list[torch.Tensor]) -> dict:
    model, config, shapes = build(family)
    with torch.no_grad():
        logits = [model(torch.tensor([r["ids"]]), use_cache=False).logits[0] for r in RECORDS]
    for ours, plain in zip(logits, float32_logits):
        assert (ours - plain).abs().max() < 1e-4, f"{family}: float64 differs from transformers as it is"

    parameters, prompts = [], []
    for record in RECORDS:
        model.zero_grad()
        loss_of(model, record).backward()
        parameters.append({
            name: rounded([
                (p.grad**2).sum(),
                (p.grad.flatten() @ torch.from_numpy(numbers(f"probe/{name}", p.numel()))),
            ])
            for name, p in model.named_parameters()
        })
        prompt = tensor("prompt", [PROMPT, config.hidden_size]).requires_grad_()
        loss_of(model, record, prompt).backward()
        prompts.append(rounded(prompt.grad))
        with torch.no_grad():
            step = 1e-5 * prompt.grad / prompt.grad.norm()
            slope = (loss_of(model, record, prompt + step) - loss_of(model, record, prompt - step)) / 2e-5
            assert abs(slope / prompt.grad.norm() - 1) < 1e-7, f"{family}: something is not float64"

    adapters, detach = attach_lora(model, family)
    losses, lora = [], []
    for record in RECORDS:
        for pair in adapters.values():
            for t in pair:
                t.grad = None
        loss = loss_of(model, record)
        loss.backward()
        losses.append(rounded(loss))
        lora.append({site: dict(dA=rounded(a.grad.flatten()), dB=rounded(b.grad.flatten())) for site, (a, b) in adapters.items()})
    detach()

    positions = [list(range(len(RECORDS[0]["ids"]))), list(range(0, len(RECORDS[1]["ids"]), 4))]
    written = json.loads(config.to_json_string())
    written.pop("transformers_version", None)
    return dict(
        madeWith=f"torch {torch.__version__.split('+')[0]}, transformers {transformers.__version__}, float64",
        config=written, spread=SPREAD, tensors=shapes, records=RECORDS,
        logits=[
            {str(p): [float(f"{v:.7g}") for v in own[p].tolist()] for p in chosen}
            for own, chosen in zip(logits, positions)
        ],
        rank=RANK, scale=SCALE, losses=losses, lora=lora, promptLength=PROMPT, prompt=prompts, parameters=parameters,
    )


def main() -> None:
    plain = {}
    for family in FAMILIES:
        model, _, _ = build(family)
        with torch.no_grad():
            plain[family] = [model(torch.tensor([r["ids"]]), use_cache=False).logits[0].double() for r in RECORDS]
    really_double()
    for family in FAMILIES:
        fixture = make(family, plain[family])
        lines = [f"{json.dumps(key)}: {json.dumps(value, separators=(',', ':'))}" for key, value in fixture.items()]
        path = Path(__file__).parent / f"{family}.json"
        path.write_text("{\n" + ",\n".join(lines) + "\n}\n")
        print(family, path.stat().st_size, "bytes; losses", fixture["losses"])


if __name__ == "__main__":
    main()
