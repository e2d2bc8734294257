"""The machinery of the benchmarks: load, processor time, table. The numbers themselves prove nothing here."""
