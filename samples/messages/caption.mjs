// Sends pictures to Dpvr over RabbitMQ and prints their captions, one JSON object a line, as they come.
//   npm ci && node caption.mjs amqp://guest:guest@localhost photo1.jpg photo2.jpg
import { readFile } from 'node:fs/promises';
import amqp from 'amqplib';

const [url, ...files] = process.argv.slice(2);
const connection = await amqp.connect(url);
const channel = await connection.createConfirmChannel();
const { queue } = await channel.assertQueue('', { exclusive: true });

const open = new Set(files);
const done = new Promise((resolve) => channel.consume(queue, (message) => {
  // An answer may come twice: custom_id says whose it is.
  const answer = JSON.parse(message.content.toString());
  if (open.delete(answer.custom_id)) console.log(JSON.stringify({ ...answer, correlation: message.properties.correlationId }));
  if (open.size === 0) resolve();
}, { noAck: true }));

for (const [i, file] of files.entries()) {
  const body = { custom_id: file, data: (await readFile(file)).toString('base64'), prompt: 'Describe the image.' };
  channel.sendToQueue('dpvr.caption-image', Buffer.from(JSON.stringify(body)), {
    contentType: 'application/json', persistent: true, messageId: crypto.randomUUID(), correlationId: `picture-${i}`, replyTo: queue,
  });
}
await channel.waitForConfirms();
await done;
await connection.close();
