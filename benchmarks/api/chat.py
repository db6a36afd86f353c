"""Time of chats at a running server: python3 benchmarks/api/chat.py http://127.0.0.1:8080 samples/scenes/test-000000.png 40"""
import base64
import json
import sys
import time
import urllib.request

base, picture, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
url = "data:image/png;base64," + base64.b64encode(open(picture, "rb").read()).decode()
model = json.load(urllib.request.urlopen(base + "/v1/models"))["data"][0]["id"]


def ask(stream):
    """Seconds to the whole answer, and to its first piece."""
    content = [{"type": "text", "text": "Describe the image."}, {"type": "image_url", "image_url": {"url": url}}]
    body = json.dumps({"model": model, "stream": stream, "messages": [{"role": "user", "content": content}]}).encode()
    begun, first = time.perf_counter(), None
    with urllib.request.urlopen(urllib.request.Request(base + "/v1/chat/completions", body, {"Content-Type": "application/json"})) as answer:
        for line in answer:
            if first is None and b'"content":"' in line and b'"content":""' not in line:
                first = time.perf_counter() - begun
    return time.perf_counter() - begun, first


def show(name, seconds):
    seconds = sorted(seconds)
    print(f"{name}: p50 {seconds[len(seconds) // 2] * 1000:.0f} ms, p95 {seconds[int(len(seconds) * 0.95)] * 1000:.0f} ms, n={len(seconds)}")


ask(False)
show("whole", [ask(False)[0] for _ in range(count)])
show("first piece", [ask(True)[1] for _ in range(count)])
