"""Writes gguf-number-formats.json: random blocks of each format and what the package `gguf` decodes them to. pip install gguf==0.19.0"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
import numpy as np, json, base64, gguf
from gguf import GGMLQuantizationType as T, GGML_QUANT_SIZES
from gguf.quants import dequantize

rng = np.random.default_rng(20250101)
b64 = lambda a: base64.b64encode(a.tobytes()).decode()
# where the f16 scales of a block are
scales = {
    "Q4_0": [0],
    "Q4_1": [0, 2],
    "Q5_0": [0],
    "Q5_1": [0, 2],
    "Q8_0": [0],
    "Q4_K": [0, 2],
    "Q5_K": [0, 2],
    "Q6_K": [208],
}
out = {
    "source": f'gguf {__import__("importlib.metadata").metadata.version("gguf")} of the Python registry, gguf.quants.dequantize, on random blocks; bytes and float32 values in base64',
    "formats": {},
}
for n in ["F16", "BF16", *scales]:
    vals, size = GGML_QUANT_SIZES[T[n]]
    blocks = 1 if vals == 256 else 3
    if vals == 1:
        x = rng.normal(size=24).astype(np.float32)
        raw = (
            x.astype(np.float16).view(np.uint8)
            if n == "F16"
            else (x.view(np.uint32) >> 16).astype(np.uint16).view(np.uint8)
        )
    else:
        raw = rng.integers(0, 256, size=(blocks, size), dtype=np.uint8)
        for at in scales[n]:
            raw[:, at : at + 2] = rng.normal(size=(blocks, 1)).astype(np.float16).view(np.uint8)
        raw = raw.reshape(-1)
    y = (
        dequantize(raw.reshape(1, -1) if vals > 1 else raw.view(np.float16 if n == "F16" else np.uint8), T[n])
        .astype(np.float32)
        .reshape(-1)
    )
    out["formats"][n] = {"values": int(y.size), "bytes": b64(np.ascontiguousarray(raw)), "expected": b64(y)}
json.dump(out, open(ROOT / "test/reference/gguf-number-formats.json", "w"), indent=1)
