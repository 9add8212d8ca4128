"""Makes smollm2.json anew: logits of SmolLM2-135M by Hugging Face transformers, on the weights of our GGUF file.

    pip install torch==2.9.1 transformers==5.24.0 gguf==0.19.0
    python test/reference/families/smollm2.py path/to/SmolLM2-135M-Instruct.Q4_1.gguf

For each position of each text of ../smollm2-nll.json: the ids of the eight highest logits, those logits, and the
logarithm of the sum of the exponentials of all, which no other logit can differ without changing. In float64.
"""

import json
import sys
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM

from make import really_double

HERE = Path(__file__).parent
HIGHEST = 8


def main(path: Path) -> None:
    model = AutoModelForCausalLM.from_pretrained(path.parent, gguf_file=path.name, dtype=torch.float32).eval()
    weights = model.state_dict()
    really_double()
    # Made anew in float64, so that the rotary frequencies are float64 as well.
    exact = AutoModelForCausalLM.from_config(model.config, attn_implementation="eager").eval()
    exact.load_state_dict({name: value.double() for name, value in weights.items()})
    rows = []
    for text in json.loads((HERE / "../smollm2-nll.json").read_text()):
        with torch.no_grad():
            logits = exact(torch.tensor([text["ids"]]), use_cache=False).logits[0]
        values, ids = logits.topk(HIGHEST)
        number = lambda v: float(f"{v:.8g}")
        rows.append(dict(
            ids=text["ids"],
            highest=ids.tolist(),
            logits=[[number(v) for v in row] for row in values.tolist()],
            logSumExp=[number(v) for v in logits.logsumexp(-1).tolist()],
        ))
    lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
    (HERE / "smollm2.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
