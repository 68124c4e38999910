/** How a record is called in lists: enough for the officer who made it, masked for whoever looks over a shoulder. */
import type { useWords } from '../i18n';
import { maskPlate } from '../identity/plates';
import type { OutboxEntry } from './entry';

type Translate = ReturnType<typeof useWords>['t'];

export function titleOf(entry: OutboxEntry, t: Translate): string {
  if (!entry.item) return entry.id.slice(-8);
  if (entry.item.kind === 'CORRECTION') return t('outbox.correction');
  const { plate, vehicle_note, transport } = entry.item.passage;
  return (plate && maskPlate(plate)) || vehicle_note || t(`transports.${transport}`);
}
