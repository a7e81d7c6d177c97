"""Files: models in safetensors files."""
