"""Several documents of one vendor in one contract."""
