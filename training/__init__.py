"""How the encoder and the reader that ship are made: data, models, recipe, measures. What ships imports none of it."""
