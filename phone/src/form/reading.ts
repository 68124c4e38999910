/** What is said beside a document number while it is typed. */
import type { DocumentReading } from '../identity/documents';
import type { useWords } from '../i18n';

type Translate = ReturnType<typeof useWords>['t'];

/** The class of the note: what is wrong, what is settled, what is only on its way. */
export function toneOf(reading: DocumentReading): 'bad' | 'good' | 'quiet' {
  if (reading.state === 'FAULTY' || reading.state === 'ODD') return 'bad';
  return reading.state === 'VALID' ? 'good' : 'quiet';
}

export function documentNote(reading: DocumentReading, ageOf: (bornOn: string) => number, t: Translate): string {
  switch (reading.state) {
    case 'EMPTY':
    case 'ACCEPTED':
      return '';
    case 'TYPING':
      return t('reading.TYPING', { n: reading.missing });
    case 'ODD':
      return t('reading.ODD');
    case 'FAULTY':
      return t(`reading.${reading.fault}`);
    case 'VALID':
      return `✓ ${reading.bornOn} · ${t(`person.${reading.sex}`)} · ${t('person.age', { years: ageOf(reading.bornOn) })}`;
  }
}
