"""What `qa ask` is compared with: sentence-transformers and FAISS on one folder, one question, nothing more.

python benchmarks/plain.py FOLDER "Who made the clay figures?"
"""

import os
import sys
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
_, rows = index.search(model.encode([question], normalize_embeddings=True), 1)
print(paragraphs[rows[0][0]])
