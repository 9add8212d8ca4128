"""Starts an experiment from Python, shows its progress, and prints its result:

    pip install temporalio
    python examples/start_experiment.py examples/topics.json

The workers run with the Temporal server at TEMPORAL_ADDRESS (default: localhost:7233).
`npx dpsynth schema experiment` prints the JSON Schema of the input.
"""

import asyncio
import json
import sys
import uuid

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.envconfig import ClientConfig
from temporalio.service import RPCError

TASK_QUEUE = "dpsynth-control"


async def start(path: str) -> None:
    with open(path, encoding="utf-8") as file:
        config = json.load(file)
    settings = {"target_host": "localhost:7233", **ClientConfig.load_client_connect_config()}
    client = await Client.connect(**settings)

    # The workflow id is the name of the run: letters, digits, dots, dashes and underscores.
    run = f"from-python-{uuid.uuid4().hex[:8]}"
    handle = await client.start_workflow("experiment", config, id=run, task_queue=TASK_QUEUE)
    print("Run", run)

    shown = None
    while (await handle.describe()).status == WorkflowExecutionStatus.RUNNING:
        try:
            state = await handle.query("experimentState")
        except RPCError:
            state = None  # No worker has answered yet.
        stages = state["stages"] if state else []
        running = [f"{s['stage']} {s['done']}/{s['of']}" for s in stages if s["status"] == "running"]
        if running and running != shown:
            shown = running
            print(", ".join(running))
        await asyncio.sleep(1)

    # If the run has failed, this raises WorkflowFailureError, whose cause says what was wrong.
    result = await handle.result()
    print(result["statement"])
    print("Release:", result["release"]["uri"])
    for row in (result["published"] or {"rows": []})["rows"]:
        print(f"{row['source']}: accuracy {row['mean']['accuracy']}")


async def main() -> None:
    try:
        await start(sys.argv[1])
    finally:
        # Threads of the SDK still use the interpreter for a moment, and may crash it if it exits at once:
        # https://github.com/temporalio/sdk-python/issues/300
        await asyncio.sleep(0.5)


asyncio.run(main())
