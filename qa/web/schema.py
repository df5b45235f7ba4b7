"""The JSON Schema of an answer, made from its shape: ``python -m qa.web.schema >qa/answer.schema.json``."""

import json

from pydantic import TypeAdapter

from qa.shape import AnswerJson


def answer_schema() -> str:
    """The text of ``qa/answer.schema.json``."""
    schema = TypeAdapter(AnswerJson).json_schema()
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "answer.schema.json"}
    return json.dumps(head | schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(answer_schema(), end="")
