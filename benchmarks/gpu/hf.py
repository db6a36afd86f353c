"""Hugging Face transformers' LLaVA generate on the same shape with random weights: bfloat16, SDPA, greedy, 64 new tokens.

A row (JSON) for every run; a batch that does not fit gives a row that says so.
usage: hf.py --shape llava-7b|tiny --device cuda|cpu --runs N [--batch-size N ...]
"""
import argparse
import json
import time

import torch
from transformers import CLIPVisionConfig, LlamaConfig, LlavaConfig, LlavaForConditionalGeneration

SHAPES = {
    "llava-7b": dict(
        text=dict(vocab_size=32064, hidden_size=4096, intermediate_size=11008, num_hidden_layers=32, num_attention_heads=32, max_position_embeddings=4096),
        vision=dict(hidden_size=1024, intermediate_size=4096, num_hidden_layers=24, num_attention_heads=16, image_size=336, patch_size=14, projection_dim=768),
        image_token=32000),
    "tiny": dict(
        text=dict(vocab_size=512, hidden_size=64, intermediate_size=128, num_hidden_layers=4, num_attention_heads=4, max_position_embeddings=256),
        vision=dict(hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2, image_size=56, patch_size=14, projection_dim=32),
        image_token=511),
}


def build(shape, device):
    tokens = (shape["vision"]["image_size"] // shape["vision"]["patch_size"]) ** 2
    config = LlavaConfig(
        vision_config=CLIPVisionConfig(**shape["vision"]), text_config=LlamaConfig(**shape["text"]),
        image_token_index=shape["image_token"], image_seq_length=tokens, vision_feature_layer=-2, vision_feature_select_strategy="default")
    config._attn_implementation = "sdpa"
    half = torch.bfloat16 if device == "cuda" else torch.float32
    torch.set_default_dtype(half)
    with torch.device(device):
        model = LlavaForConditionalGeneration(config)
    torch.set_default_dtype(torch.float32)
    return model.to(half).eval(), tokens, half


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--shape", choices=SHAPES, default="llava-7b")
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--batch-size", type=int, nargs="*", default=[8, 32, 64, 128, 1])
    options = parser.parse_args()
    shape, device = SHAPES[options.shape], options.device.split(":")[0]
    model, image_tokens, half = build(shape, device)
    text = 40

    def run(batch, new):
        before = torch.randint(3, 500, (batch, text // 2), device=device)
        image = torch.full((batch, image_tokens), shape["image_token"], device=device)
        after = torch.randint(3, 500, (batch, text // 2), device=device)
        ids = torch.cat([before, image, after], 1)
        size = shape["vision"]["image_size"]
        pixels = torch.randn(batch, 3, size, size, device=device, dtype=half)
        begun = time.perf_counter()
        with torch.inference_mode():
            made = model.generate(input_ids=ids, attention_mask=torch.ones_like(ids), pixel_values=pixels,
                                  do_sample=False, max_new_tokens=new, min_new_tokens=new, use_cache=True, pad_token_id=0)
        if device == "cuda":
            torch.cuda.synchronize()
        assert made.shape[1] in (new, ids.shape[1] + new), made.shape
        return time.perf_counter() - begun

    for batch in options.batch_size:
        try:
            run(batch, 4)
            rates = []
            for _ in range(options.runs):
                seconds = run(batch, 64)
                rates.append(batch / seconds)
                print(json.dumps({"engine": "transformers", "batch": batch, "seconds": seconds, "images_per_second": rates[-1]}), flush=True)
        except torch.OutOfMemoryError:
            torch.cuda.empty_cache()
            print(json.dumps({"engine": "transformers", "batch": batch, "error": "out of memory"}), flush=True)
            continue


main()
