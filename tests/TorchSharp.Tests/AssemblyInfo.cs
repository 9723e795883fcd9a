// Torch itself uses every core; and counts of live tensors are per thread.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
