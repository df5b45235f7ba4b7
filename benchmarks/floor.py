"""What no question on the command line can do without: Python, the runtime, and both small models loaded as the
runtime does by itself, and one of them run once.

python benchmarks/floor.py
"""

from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

WEIGHTS = Path(__file__).parent.parent / "qa" / "models" / "weights"
for name in ("reader", "encoder"):
    tokenizer = Tokenizer.from_file(str(WEIGHTS / name / "tokenizer.json"))
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(WEIGHTS / name / "model.ort"), options)
ids = np.array([tokenizer.encode("Who made the clay figures?").ids], np.int64)
print(session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0].shape)
