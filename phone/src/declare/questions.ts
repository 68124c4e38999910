/** What the rules in force ask of whoever comes in. Whether somebody lives here is for the officer to see. */
import { ref } from 'vue';
import { call } from '../api/client';
import { askedBy, RESIDENT, type Asked } from '../questions/asked';
import type { Rules } from '../screening/rules';
import { keep, kept } from './memory';

const PATIENCE_MS = 12_000;

export const questions = ref<Asked[]>([]);

/** Without an answer of the server none is asked, or those of before a reload: the officer asks them all the same. */
export async function loadQuestions(): Promise<void> {
  questions.value = kept<Asked[]>('questions') ?? [];
  const reply = await call<Rules>('/api/v1/rules', { timeoutMs: PATIENCE_MS });
  if (reply.kind !== 'OK') return;
  questions.value = askedBy(reply.body, 'IN').filter(({ key }) => key !== RESIDENT);
  keep('questions', questions.value);
}
