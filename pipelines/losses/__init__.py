"""What models learn by, beside the losses that their own pipelines have."""
