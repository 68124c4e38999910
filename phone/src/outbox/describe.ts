/** How a record is called in lists: enough for the officer who made it, masked for whoever looks over a shoulder. */
import { shanghaiTime } from '../clock/shanghai';
import type { useWords } from '../i18n';
import { displayPlate, maskPlate } from '../identity/plates';
import type { OutboxEntry } from './entry';
import { readable } from './readable';

type Translate = ReturnType<typeof useWords>['t'];

export function titleOf(entry: OutboxEntry, t: Translate): string {
  if (entry.kind === 'CORRECTION') return t('outbox.correction');
  const item = readable(entry.id);
  if (item?.kind !== 'PASSAGE') return t('sealed.record', { n: entry.seq });
  const { plate, vehicle_note, transport } = item.passage;
  return (plate && maskPlate(plate)) || vehicle_note || t(`transports.${transport}`);
}

/** The car by its plate, or, once that is sealed, by the moment it was registered. */
export function carOf(entry: OutboxEntry, t: Translate): string {
  const item = readable(entry.id);
  if (item?.kind !== 'PASSAGE') return t('sealed.car', { time: shanghaiTime(entry.capturedAt) });
  return displayPlate(item.passage.plate ?? '') || t('car.noPlate');
}
