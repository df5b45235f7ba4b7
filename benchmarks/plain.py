"""What `qa ask` is compared with: sentence-transformers and FAISS on one folder, one question, nothing more.

python benchmarks/plain.py FOLDER "Who made the clay figures?" [SAVED [WARM]]

The index is kept in SAVED. With WARM that many questions follow in the open process, and the last line is the processor
seconds of each as JSON.
"""

import json
import os
import sys
import time
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import faiss
from sentence_transformers import SentenceTransformer

from qa.models.sentence_encoder import BASE_ENCODER, model_folder

folder, question = Path(sys.argv[1]), sys.argv[2]
paragraphs = [
    paragraph.strip()
    for path in sorted(folder.glob("*.*"))
    for paragraph in path.read_text(encoding="utf-8").split("\n\n")
    if paragraph.strip()
]
saved = Path(sys.argv[3]) if len(sys.argv) > 3 else None
model = SentenceTransformer(str(model_folder(BASE_ENCODER)), device="cpu")
if saved is not None and saved.exists():
    index = faiss.read_index(str(saved))
else:
    index = faiss.IndexFlatIP(384)
    index.add(model.encode(paragraphs, normalize_embeddings=True))
    if saved is not None:
        faiss.write_index(index, str(saved))


def nearest(question: str) -> str:
    """The paragraph nearest to a question."""
    _, rows = index.search(model.encode([question], normalize_embeddings=True), 1)
    return paragraphs[rows[0][0]]


print(nearest(question))
took = []
for number in range(int(sys.argv[4]) if len(sys.argv) > 4 else 0):
    began = time.process_time()
    nearest(f"{question} {number}")
    took.append(time.process_time() - began)
print(json.dumps(took))
