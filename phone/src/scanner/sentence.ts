/** An outcome in words. */
import type { useWords } from '../i18n';
import type { Outcome } from './receive';

type Translate = ReturnType<typeof useWords>['t'];

export function sentenceOf(read: Outcome, t: Translate): string {
  switch (read.kind) {
    case 'PART':
      return t('scan.parts', { have: read.have, of: read.of });
    case 'FILLED':
      return read.elsewhere ? t('scanned.elsewhere', { checkpoint: read.elsewhere, n: read.people }) : t('scanned.filled', { n: read.people });
    case 'PERSON':
      return t('scanned.person');
    case 'PLATE':
      return t('scanned.plate');
    case 'USED':
      return usedWords(read.where, read.minutes, t);
    case 'ENROLMENT':
      return t('scanned.enrolment');
    case 'ROSTER':
      return '';
    case 'REFUSED':
      return t(`scanned.why.${read.why}`);
  }
}

function usedWords(where: 'CAR' | 'PHONE', minutes: number, t: Translate): string {
  if (where === 'CAR') return t('scanned.usedForCar');
  return minutes < 60 ? t('scanned.usedMinutes', { n: minutes }) : t('scanned.usedHours', { n: Math.round(minutes / 60) });
}

export function toneOf(read: Outcome): 'good' | 'bad' | 'warn' {
  if (read.kind === 'REFUSED') return 'bad';
  return read.kind === 'USED' || (read.kind === 'FILLED' && read.elsewhere) ? 'warn' : 'good';
}
