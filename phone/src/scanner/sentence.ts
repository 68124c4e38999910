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
    case 'ALREADY':
      return t('scanned.already');
    case 'USED':
      return read.minutes < 60 ? t('scanned.usedMinutes', { n: read.minutes }) : t('scanned.usedHours', { n: Math.round(read.minutes / 60) });
    case 'ENROLMENT':
      return t('scanned.enrolment');
    case 'ROSTER':
      return t('scanned.roster');
    case 'REFUSED':
      return t(`scanned.why.${read.why}`);
  }
}

export function toneOf(read: Outcome): 'good' | 'bad' | 'warn' {
  if (read.kind === 'REFUSED') return 'bad';
  return read.kind === 'USED' || (read.kind === 'FILLED' && read.elsewhere) ? 'warn' : 'good';
}
