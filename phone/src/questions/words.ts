import type { useWords } from '../i18n';
import type { Answer } from '../screening/decide';
import type { Asked } from './asked';

type Words = Pick<ReturnType<typeof useWords>, 't' | 'pick'>;

export function questionWords({ words }: Asked, { t, pick }: Words): string {
  return words ? pick(words) : t('questions.resident');
}

/** The answers that are tapped; a number has none. */
export function answersTo({ kind, choices }: Asked, { t, pick }: Words): { answer: Answer; id: string; label: string }[] {
  if (kind === 'CHOICE') return choices.map((one) => ({ answer: one.code, id: one.code, label: pick(one) }));
  if (kind === 'NUMBER') return [];
  return [
    { answer: true, id: 'YES', label: t('questions.yes') },
    { answer: false, id: 'NO', label: t('questions.no') },
  ];
}
