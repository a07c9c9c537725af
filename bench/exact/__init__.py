"""How exactly models keep the meaning of schemas; `python -m bench.exact --help` says what is measured."""
