"""What tests do with a stub beside calling it: sessions, faults, queued answers, the journal."""
