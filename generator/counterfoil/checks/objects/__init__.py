"""The objects that operations make, show and change, as the contract lets one infer."""
