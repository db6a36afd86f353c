// OpenAI's own client, as its users have it, against a dpvr server: node run.mjs <address> <key> <folder with pictures>. Every step prints a line; the last is "all done".
import { createRequire } from 'node:module';
import { createReadStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import assert from 'node:assert/strict';

const [address, key, pictures, modules] = process.argv.slice(2);
const require = createRequire(path.join(modules, 'package.json'));
const { OpenAI } = require('openai');
const client = new OpenAI({ baseURL: `${address}/v1`, apiKey: key, maxRetries: 0 });
const folder = mkdtempSync(path.join(tmpdir(), 'dpvr-openai-'));
const model = (await client.models.list()).data[0].id;
assert.equal((await client.models.retrieve(model)).owned_by, 'dpvr');
console.log(`models: ${model}`);

const dataUrl = (name, type = 'image/png') => `data:${type};base64,${readFileSync(path.join(pictures, name)).toString('base64')}`;
const ask = (text, url, more = {}) => ({ model, max_tokens: 40, messages: [{ role: 'user', content: [{ type: 'text', text }, { type: 'image_url', image_url: { url } }] }], ...more });
const line = (id, body) => JSON.stringify({ custom_id: id, method: 'POST', url: '/v1/chat/completions', body });
const upload = async (name, lines) => {
  const file = path.join(folder, name);
  writeFileSync(file, lines.join('\n') + '\n');
  return client.files.create({ file: createReadStream(file), purpose: 'batch' });
};
const until = async (id, ...statuses) => {
  for (;;) {
    const batch = await client.batches.retrieve(id);
    if (statuses.includes(batch.status)) return batch;
    assert.ok(['validating', 'in_progress', 'finalizing', 'cancelling'].includes(batch.status), JSON.stringify(batch));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};
const jsonl = async (id) => (await (await client.files.content(id)).text()).trim().split('\n').map((text) => JSON.parse(text));

try {
  // Upload, create, poll, download output and errors.
  const input = await upload('in.jsonl', [
    line('first', ask('Describe the image.', dataUrl('test-000000.png'))),
    line('second', ask('What colour is it?', dataUrl('test-000000.png'))),
    line('bad', ask('Describe the image.', 'data:image/png;base64,AAAA')),
  ]);
  assert.equal(input.purpose, 'batch');
  const created = await client.batches.create({ input_file_id: input.id, endpoint: '/v1/chat/completions', completion_window: '24h', metadata: { order: '7' } });
  const done = await until(created.id, 'completed');
  assert.deepEqual(done.request_counts, { total: 3, completed: 2, failed: 1 });
  assert.deepEqual(done.metadata, { order: '7' });
  for (const at of ['created_at', 'in_progress_at', 'finalizing_at', 'completed_at', 'expires_at']) assert.ok(done[at] > 1.7e9, at);
  const output = await jsonl(done.output_file_id);
  assert.deepEqual(output.map((o) => o.custom_id), ['first', 'second']);
  assert.equal(output[0].response.status_code, 200);
  assert.equal(output[0].response.body.choices[0].message.role, 'assistant');
  assert.equal(done.usage.total_tokens, output.reduce((sum, o) => sum + o.response.body.usage.total_tokens, 0));
  const errors = await jsonl(done.error_file_id);
  assert.deepEqual(errors.map((e) => [e.custom_id, typeof e.error.code]), [['bad', 'string']]);
  console.log(`batch: ${output[0].response.body.choices[0].message.content}`);

  // A file that is refused; lists with paging.
  const refused = await upload('refused.jsonl', [line('a', ask('Describe.', dataUrl('test-000000.png'))), '{"custom_id": "b"', line('c', { ...ask('x', 'https://example.org/a.png'), model: 'gpt-4o' })]);
  const failed = await until((await client.batches.create({ input_file_id: refused.id, endpoint: '/v1/chat/completions', completion_window: '24h' })).id, 'failed');
  assert.deepEqual(failed.errors.data.map((e) => e.line), [2, 3]);
  const listed = [];
  for await (const batch of client.batches.list({ limit: 1 })) listed.push(batch.id);
  assert.deepEqual(listed.slice(0, 2), [failed.id, done.id]);
  console.log(`refused: ${failed.errors.data.map((e) => e.code).join(', ')}`);

  // Cancel.
  const many = await upload('many.jsonl', Array.from({ length: 300 }, (_, i) => line(`r${i}`, ask(`Describe the image, number ${i}.`, dataUrl('test-000000.png'), { max_tokens: 60 }))));
  const cancelled = await client.batches.create({ input_file_id: many.id, endpoint: '/v1/chat/completions', completion_window: '24h' });
  assert.equal((await client.batches.cancel(cancelled.id)).status, 'cancelling');
  const ended = await until(cancelled.id, 'cancelled');
  assert.ok(ended.cancelling_at && ended.cancelled_at);
  console.log('cancelled');

  // Files: one in the list, deleted, gone.
  assert.equal((await client.files.retrieve(input.id)).filename, 'in.jsonl');
  assert.equal((await client.files.delete(input.id)).deleted, true);
  await assert.rejects(client.files.retrieve(input.id), OpenAI.NotFoundError);
  console.log('files');

  // Chat, whole and as it is made.
  const whole = await client.chat.completions.create(ask('Describe the image.', dataUrl('test-000000.png')));
  assert.equal(whole.choices[0].message.content, output[0].response.body.choices[0].message.content);
  assert.equal(whole.usage.total_tokens, whole.usage.prompt_tokens + whole.usage.completion_tokens);
  let streamed = '', pieces = 0, usage = null, finish = null;
  for await (const chunk of await client.chat.completions.create(ask('Describe the image.', dataUrl('test-000000.png'), { stream: true, stream_options: { include_usage: true } }))) {
    const piece = chunk.choices[0]?.delta?.content;
    if (piece) { streamed += piece; pieces++; }
    finish = chunk.choices[0]?.finish_reason ?? finish;
    usage = chunk.usage ?? usage;
  }
  assert.equal(streamed, whole.choices[0].message.content);
  assert.ok(pieces > 3, `${pieces} pieces`);
  assert.equal(finish, 'stop');
  assert.deepEqual(usage, whole.usage);
  const helper = client.chat.completions.stream(ask('What colour is it?', dataUrl('test-000000.png')));
  assert.ok((await helper.finalContent()).length > 0);
  console.log(`chat: ${pieces} pieces`);

  // Refusals are the client's own errors.
  await assert.rejects(client.chat.completions.create({ ...ask('x', dataUrl('test-000000.png')), model: 'gpt-4o' }), (e) => e instanceof OpenAI.NotFoundError && e.code === 'model_not_found' && e.param === 'model');
  await assert.rejects(client.chat.completions.create(ask('Describe.', 'data:image/png;base64,AAAA')), OpenAI.BadRequestError);
  await assert.rejects(client.chat.completions.create({ model, messages: [{ role: 'user', content: 'no picture' }] }), OpenAI.BadRequestError);
  await assert.rejects(client.batches.create({ input_file_id: 'file-nothing', endpoint: '/v1/chat/completions', completion_window: '24h' }), OpenAI.BadRequestError);
  const stranger = new OpenAI({ baseURL: `${address}/v1`, apiKey: 'sk-wrong', maxRetries: 0 });
  await assert.rejects(stranger.models.list(), OpenAI.AuthenticationError);
  await assert.rejects(stranger.chat.completions.create(ask('x', dataUrl('test-000000.png'))), OpenAI.AuthenticationError);
  console.log('all done');
} finally {
  rmSync(folder, { recursive: true });
}
