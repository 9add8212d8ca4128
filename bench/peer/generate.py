"""Texts by the `generate` of transformers, in batches of one size; greedy texts and log-likelihoods as a check."""

import time

import torch
from task import give_result, read_task
from transformers import AutoModelForCausalLM

task = read_task()
stop, max_tokens, batch_size = task["stop"], task["maxTokens"], task["batch"]
model = AutoModelForCausalLM.from_pretrained(
    task["model"], dtype=torch.float32, attn_implementation="sdpa"
).eval()


def generate(prefixes, new_tokens, **sampling):
    """Token ids without prefix and stop token. Prefixes are padded on the left, as transformers wants it."""
    width = max(len(prefix) for prefix in prefixes)
    ids = torch.full((len(prefixes), width), stop)
    mask = torch.zeros_like(ids)
    for row, prefix in enumerate(prefixes):
        ids[row, width - len(prefix) :] = torch.tensor(prefix)
        mask[row, width - len(prefix) :] = 1
    output = model.generate(
        input_ids=ids,
        attention_mask=mask,
        max_new_tokens=new_tokens,
        min_new_tokens=1,
        eos_token_id=stop,
        pad_token_id=stop,
        **sampling,
    )
    texts = output[:, width:].tolist()
    return [text[: text.index(stop)] if stop in text else text for text in texts]


def nll(text):
    logits = model(input_ids=torch.tensor([text])).logits[0, :-1]
    return torch.nn.functional.cross_entropy(
        logits, torch.tensor(text[1:]), reduction="sum"
    ).item()


with torch.inference_mode():
    # The check, which also warms up.
    likelihoods = [nll(text) for text in task["textIds"]]
    greedy = generate(task["prefixes"], task["greedyTokens"], do_sample=False)

    wanted = [
        prefix
        for prefix, count in zip(task["prefixes"], task["counts"])
        for _ in range(count)
    ]
    torch.manual_seed(task["seed"])
    tokens = 0
    started = time.perf_counter()
    for begin in range(0, len(wanted), batch_size):
        texts = generate(
            wanted[begin : begin + batch_size],
            max_tokens,
            do_sample=True,
            temperature=task["temperature"],
            top_p=task["topP"],
            top_k=0,
        )
        tokens += sum(map(len, texts))
    seconds = time.perf_counter() - started
give_result(nll=likelihoods, greedy=greedy, tokens=tokens, seconds=seconds)
