"""One question to a peer of `qa ask`: txtai, Haystack or LangChain on one folder, with the encoder of `plain.py`.

    PYTHON benchmarks/peer.py txtai|haystack|langchain MODEL FOLDER QUESTION SAVED [WARM]

PYTHON is that of the peer's own environment, which has nothing of qa; MODEL is the encoder's folder. The paragraphs of
FOLDER are indexed into SAVED unless it is there. Each finds the nearest paragraph and reads nothing. With WARM that
many questions follow in the open process, and the last line is the processor seconds of each as JSON.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ |= {"HF_HUB_OFFLINE": "1", "HAYSTACK_TELEMETRY_ENABLED": "False"}

Search = Callable[[str], str]


def txtai(model: str, saved: Path, paragraphs: list[str]) -> Search:
    from txtai import Embeddings

    found = Embeddings(path=model, content=True)
    if saved.exists():
        found.load(str(saved))
    else:
        found.index(paragraphs)
        found.save(str(saved))
    return lambda question: str(found.search(question, 1)[0]["text"])


def haystack(model: str, saved: Path, paragraphs: list[str]) -> Search:
    from haystack import Document
    from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore
    from haystack.document_stores.types import DuplicatePolicy
    from haystack.utils import ComponentDevice
    from haystack_integrations.components.embedders.sentence_transformers import (
        SentenceTransformersDocumentEmbedder,
        SentenceTransformersTextEmbedder,
    )

    device = ComponentDevice.from_str("cpu")
    if saved.exists():
        store = InMemoryDocumentStore.load_from_disk(str(saved))
    else:
        store = InMemoryDocumentStore()
        embedder = SentenceTransformersDocumentEmbedder(model=model, device=device, progress_bar=False)
        embedder.warm_up()
        embedded = embedder.run([Document(content=text) for text in paragraphs])["documents"]
        store.write_documents(embedded, policy=DuplicatePolicy.SKIP)  # a paragraph that stands twice is one document
        store.save_to_disk(str(saved))
    asked = SentenceTransformersTextEmbedder(model=model, device=device, progress_bar=False)
    asked.warm_up()
    retriever = InMemoryEmbeddingRetriever(store, top_k=1)
    return lambda question: str(retriever.run(asked.run(question)["embedding"])["documents"][0].content)


def langchain(model: str, saved: Path, paragraphs: list[str]) -> Search:
    from langchain_core.vectorstores import InMemoryVectorStore
    from langchain_huggingface import HuggingFaceEmbeddings

    encoder = HuggingFaceEmbeddings(model_name=model, model_kwargs={"device": "cpu"})
    if saved.exists():
        store = InMemoryVectorStore.load(str(saved), encoder)
    else:
        store = InMemoryVectorStore(encoder)
        store.add_texts(paragraphs)
        store.dump(str(saved))
    return lambda question: str(store.similarity_search(question, k=1)[0].page_content)


def main() -> None:
    name, model, folder, question, saved, *warm = sys.argv[1:]
    paragraphs = [
        paragraph.strip()
        for path in sorted(Path(folder).glob("*.*"))
        for paragraph in path.read_text(encoding="utf-8").split("\n\n")
        if paragraph.strip()
    ]
    search = {"txtai": txtai, "haystack": haystack, "langchain": langchain}[name](model, Path(saved), paragraphs)
    print(search(question))
    took = []
    for number in range(int(warm[0]) if warm else 0):
        began = time.process_time()
        search(f"{question} {number}")
        took.append(time.process_time() - began)
    print(json.dumps(took))


if __name__ == "__main__":
    main()
