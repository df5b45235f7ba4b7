"""Gold questions asked and measured: gold sets, measures, answerers, reports, the gate."""
