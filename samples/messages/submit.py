"""Submits a job to Dpvr over RabbitMQ and waits for the answer and for the job's end.

    pip install pika
    python3 submit.py amqp://guest:guest@localhost photos
"""
import json
import sys
import uuid

import pika

url, root = sys.argv[1:3]
connection = pika.BlockingConnection(pika.URLParameters(url))
channel = connection.channel()
channel.confirm_delivery()  # basic_publish then raises unless the broker has the message

replies = channel.queue_declare("", exclusive=True).method.queue
for event in ("JobCompleted", "JobFailed"):
    channel.queue_bind(replies, f"Dpvr.Contracts.Messages:{event}")

custom_id = str(uuid.uuid4())
body = {"idempotency_key": custom_id, "custom_id": custom_id, "source": {"root": root}}
channel.basic_publish("", "dpvr.submit-job", json.dumps(body).encode(),
                      pika.BasicProperties(content_type="application/json", delivery_mode=2, reply_to=replies, correlation_id=custom_id))

for _, properties, content in channel.consume(replies, auto_ack=True, inactivity_timeout=600):
    if content is None:
        sys.exit("nothing came for 10 minutes")
    message = json.loads(content)
    message = message.get("message", message)  # events come in an envelope, answers to a reply_to do not
    if message.get("custom_id") != custom_id:
        continue
    print(json.dumps(message))
    if "is_new" not in message:  # everything but JobAccepted ends it
        break
connection.close()
