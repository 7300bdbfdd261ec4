"""What serves a model: ONNX Runtime on CPU and torch on GPU, behind one interface for each kind."""
