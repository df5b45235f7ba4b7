"""The models and their seams: text to vector, question and passage to span. The only onnxruntime and torch."""
