"""DP fine-tuning of LoRA with PyTorch, PEFT and Opacus: the loss and gradient norms of a few records, then the time of whole updates."""

import time

import torch
from opacus import PrivacyEngine
from opacus.utils.batch_memory_manager import BatchMemoryManager
from peft import LoraConfig, get_peft_model, set_peft_model_state_dict
from safetensors.torch import load_file
from task import give_result, read_task
from torch.utils.data import DataLoader, TensorDataset
from transformers import AutoModelForCausalLM

task = read_task()
ids = torch.tensor(task["records"])

model = AutoModelForCausalLM.from_pretrained(
    task["model"], dtype=torch.float32, attn_implementation="sdpa"
)
model = get_peft_model(
    model,
    LoraConfig(
        r=task["rank"],
        lora_alpha=task["alpha"],
        lora_dropout=0.0,
        target_modules=[f"{matrix}_proj" for matrix in task["matrices"]],
    ),
)
loaded = set_peft_model_state_dict(model, load_file(task["adapter"]))
assert not loaded.unexpected_keys, loaded.unexpected_keys
# Opacus wants training mode; the model has no dropout, so nothing else differs.
model.train()

trained = [p for p in model.parameters() if p.requires_grad]
optimizer = torch.optim.Adam(trained, lr=task["learningRate"])
loader = DataLoader(TensorDataset(ids), batch_size=task["expectedBatchSize"])
model, optimizer, loader = PrivacyEngine().make_private(
    module=model,
    optimizer=optimizer,
    data_loader=loader,
    noise_multiplier=task["noiseMultiplier"],
    max_grad_norm=task["clippingNorm"],
    poisson_sampling=True,
)


def losses_of(batch):
    """Mean loss of each record over its tokens after the first, which no token stands before."""
    logits = model(input_ids=batch, use_cache=False).logits[:, :-1]
    nll = torch.nn.functional.cross_entropy(
        logits.reshape(-1, logits.shape[-1]), batch[:, 1:].reshape(-1), reduction="none"
    )
    return nll.reshape(len(batch), -1).mean(1)


# The check, which also warms up.
losses, norms = [], []
for batch in ids[: task["checked"]].split(task["microBatch"]):
    per_record = losses_of(batch)
    per_record.mean().backward()
    losses += per_record.tolist()
    squares = sum(p.grad_sample.flatten(1).square().sum(1) for p in trained)
    norms += squares.sqrt().tolist()
    optimizer.zero_grad(set_to_none=True)

updates, drawn = 0, 0
started = time.perf_counter()
while updates < task["updates"]:
    with BatchMemoryManager(
        data_loader=loader,
        max_physical_batch_size=task["microBatch"],
        optimizer=optimizer,
    ) as physical:
        for (batch,) in physical:
            losses_of(batch).mean().backward()
            drawn += len(batch)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            if not optimizer._is_last_step_skipped:
                updates += 1
                if updates == task["updates"]:
                    break
give_result(
    losses=losses, norms=norms, records=drawn, seconds=time.perf_counter() - started
)
