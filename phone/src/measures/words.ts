import type { useWords } from '../i18n';
import type { ToldMeasure } from './told';

/** 居家 14 天: where and how long, as far as the measure says. */
export function placeAndDays(measure: ToldMeasure, t: ReturnType<typeof useWords>['t']): string {
  const days = measure.days ?? null;
  if (measure.place === 'HOME') return days ? t('measures.home', { days }) : t('measures.homeOnly');
  if (measure.place === 'FACILITY') return days ? t('measures.facility', { days }) : t('measures.facilityOnly');
  return days ? t('measures.days', { days }) : '';
}
