"""How the encoder and the reader that ship were trained: invented data, models, recipes, measures. ``qa`` needs none."""
