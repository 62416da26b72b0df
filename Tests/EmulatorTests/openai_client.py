"""Uses a server through OpenAI's own client: openai_client.py BASE_URL. Prints "all good", or fails."""
import sys

import openai

client = openai.OpenAI(base_url=sys.argv[1], api_key="none", max_retries=0)
messages = [{"role": "user", "content": "hello"}]
name = client.models.list().data[0].id

whole = client.chat.completions.create(model=name, messages=messages, max_tokens=5)
assert whole.choices[0].message.content.startswith("This is tideway-emulator"), whole
assert whole.choices[0].finish_reason == "length"
assert whole.usage.completion_tokens == 5 and whole.usage.prompt_tokens == 2, whole.usage

chunks = list(
    client.chat.completions.create(
        model=name, messages=messages, max_completion_tokens=6, stream=True, stream_options={"include_usage": True},
        extra_headers={"x-tideway-prompt-tokens": "777"}, extra_body={"ignore_eos": True},
    )
)
words = [c.choices[0].delta.content for c in chunks if c.choices and c.choices[0].delta.content]
assert len(words) == 6 and "".join(words).startswith("This is tideway-emulator"), words
assert chunks[-1].usage.prompt_tokens == 777 and chunks[-1].usage.completion_tokens == 6, chunks[-1]

text = client.completions.create(model=name, prompt="hello", max_tokens=3)
assert text.choices[0].text == "This is tideway-emulator:", text
pieces = list(client.completions.create(model=name, prompt="hello", max_tokens=3, stream=True))
assert "".join(p.choices[0].text for p in pieces) == "This is tideway-emulator:", pieces

vectors = client.embeddings.create(model=name, input=["a", "b"], dimensions=8)
assert [len(v.embedding) for v in vectors.data] == [8, 8], vectors
assert abs(sum(x * x for x in vectors.data[0].embedding) - 1) < 1e-4

for wrong, error in (
    (dict(model="other", messages=messages), openai.NotFoundError),
    (dict(model=name, messages=messages, max_tokens=10**8), openai.BadRequestError),
):
    try:
        client.chat.completions.create(**wrong)
        raise SystemExit(f"{wrong} was answered")
    except error as refusal:
        assert refusal.code in ("model_not_found", "context_length_exceeded"), refusal
print("all good")
