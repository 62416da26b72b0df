"""Uses a gateway through OpenAI's own client: gateway_client.py BASE_URL KEY. Prints "all good", or fails."""
import sys

import openai

url, key = sys.argv[1:]
client = openai.OpenAI(base_url=url, api_key=key, max_retries=0)
messages = [{"role": "user", "content": "hello"}]
assert [model.id for model in client.models.list().data] == ["alias", "small"]
assert client.models.retrieve("small").id == "small"

whole = client.chat.completions.create(model="small", messages=messages, max_tokens=5)
assert whole.choices[0].message.content.startswith("This is tideway-emulator"), whole
assert whole.usage.completion_tokens == 5, whole.usage

chunks = list(
    client.chat.completions.create(
        model="small", messages=messages, max_completion_tokens=6, stream=True,
        stream_options={"include_usage": True}, extra_body={"ignore_eos": True},
    )
)
words = [c.choices[0].delta.content for c in chunks if c.choices and c.choices[0].delta.content]
assert len(words) == 6 and "".join(words).startswith("This is tideway-emulator"), words
assert chunks[-1].usage.completion_tokens == 6, chunks[-1]

with client.chat.completions.create(model="small", messages=messages, max_tokens=10_000, stream=True) as stream:
    next(iter(stream))  # and no more: the gateway has to tell the replica

assert len(client.embeddings.create(model="small", input=["a", "b"], dimensions=8).data) == 2

for wrong, error, code in (
    (client.with_options(api_key="wrong"), openai.AuthenticationError, "invalid_api_key"),
    (client, openai.NotFoundError, "model_not_found"),
):
    try:
        wrong.chat.completions.create(model="unknown", messages=messages)
        raise SystemExit(f"{error} did not come")
    except error as refusal:
        assert refusal.code == code, refusal
        assert refusal.response.headers["x-tideway-reason"] in ("unknown-api-key", "unknown-model")
print("all good")
