"""Pages to records to documents to chunks to vectors. Imports `corpus` only."""
