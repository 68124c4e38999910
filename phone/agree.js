/**
 * The phone's engine, asked from outside: each line of standard input is {content, lapsed, facts: [Facts]}, or has, instead of
 * facts, records: [[day, person, passage]] as they are sent; each line of standard output is {hash, facts, verdicts}, or {failed}.
 * `lianfang screening agree` compares them with the server's.
 */
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const own = async (name) => (await runnerImport(fileURLToPath(new URL(`src/screening/${name}.ts`, import.meta.url)), { logLevel: 'error' })).module;
const { decide } = await own('decide');
const { hashOf } = await own('content');
const { factsOf } = await own('people');

async function answer({ content, lapsed, records, facts = records.map(([on, person, passage]) => factsOf(person, passage, on)) }) {
  try {
    return { hash: await hashOf(content), facts, verdicts: facts.map((one) => decide(content, one, { lapsed })) };
  } catch (error) {
    return { failed: String(error) };
  }
}

console.log('ready');
for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(await answer(JSON.parse(line))));
