"""`rplay models …`: the configured models, and models on this machine."""

import click

from rplay.commands.base import Commands, as_json, look, tell

COLUMNS = {"state": "State", "purpose": "For", "model": "Model", "server": "At", "ends": "Ends", "text": ""}


@click.group(cls=Commands, invoke_without_command=True)
@as_json
@click.pass_context
def models(context: click.Context, as_json: bool) -> None:
    """Check the configured models and their end dates.

    \b
        rplay models

    Asks each server for its list of models, which costs nothing, and compares announced end dates. Ends with 3 if a
    model is not offered, has ended or its server does not answer; warns from 90 days before an end.
    """
    if context.invoked_subcommand:
        return
    from dataclasses import asdict

    from rplay.commands.model_list import configured, examined
    from rplay.commands.opening import settings
    from rplay.commands.output import show

    results = [examined(one) for one in configured(settings())]
    show([asdict(one) for one in results], COLUMNS, as_json)
    if not results:
        tell("No model is configured: the rehearsal plays the client, and the voice is local if there is one.")
    if any(one.state == "failed" for one in results):
        look()


@models.command()
@click.argument("name")
def use(name: str) -> None:
    """Let a model on this machine play the client.

    \b
        rplay models use ollama
        rplay models use qwen3:8b

    NAME is ollama, lm-studio or llama.cpp (found on ports 11434, 1234 and 8080), or one of their models. Writes
    model.env in INSTANCE_DIR, which the server reads when it starts. OPENAI_API_KEY, OPENAI_BASE_URL and
    AZURE_AI_PROJECT_ENDPOINT take precedence over it.
    """
    from rplay import config
    from rplay.commands.model_choice import choice, write
    from rplay.commands.opening import environment, settings
    from rplay.server.model_servers import running

    here = settings()
    server, model = choice(running(), name)
    path = write(here, server, model)
    tell(f"{path} names {model} of {server.title}. Start the server again, and it plays the client.")
    outranked = config.set_of(environment(), (*config.MODELS_BY, "OPENAI_MODEL"))
    if outranked:
        tell(f"But {outranked} is set, and wins over what stands there.")
        look()
