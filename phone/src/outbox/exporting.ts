/** The file for a phone that never gets back online: the sealed records the server has not acknowledged, for the desk to import. */
import type { SealedItem } from '../api/contract';
import { shanghaiDate, shanghaiTime } from '../clock/shanghai';
import { checkpointOf } from '../device/enrolment';
import { clockOffset } from '../device/facts';
import { inState } from './byState';
import type { OutboxEntry, OutboxState } from './entry';

export const EXPORTED: OutboxState[] = ['UNSENT', 'HELD', 'SET_ASIDE'];

export interface OutboxFile {
  name: string;
  text: string;
  records: number;
}

/** One file for each device this phone was when it captured them. Nothing is deleted; what is not sealed yet stays out. */
export async function makeFiles(at: number): Promise<OutboxFile[]> {
  const waiting = await Promise.all(EXPORTED.map((state) => inState(state).toArray()));
  const byDevice = new Map<string, OutboxEntry[]>();
  for (const entry of waiting.flat().sort((a, b) => a.seq - b.seq)) {
    if (entry.item?.kind !== 'SEALED' || !entry.deviceId) continue;
    const known = byDevice.get(entry.deviceId);
    if (known) known.push(entry);
    else byDevice.set(entry.deviceId, [entry]);
  }
  return Promise.all([...byDevice].map(([deviceId, entries]) => fileOf(deviceId, entries, at)));
}

async function fileOf(deviceId: string, entries: OutboxEntry[], at: number): Promise<OutboxFile> {
  const items = entries.map((entry) => entry.item as SealedItem);
  const made = { device_id: deviceId, checkpoint: await checkpointOf(deviceId), made_at: new Date(at).toISOString(), ...clockOffset() };
  const minute = `${shanghaiDate(at)}${shanghaiTime(at)}`.replace(/\D/g, '');
  return {
    name: `lianfang-outbox-${deviceId}-${minute}.json`,
    text: JSON.stringify({ lianfang: 'outbox', version: 1, ...made, items }),
    records: items.length,
  };
}

/** Hand the files to the officer: to another program where phones can, else as downloads. False when the officer changed their mind. */
export async function handOver(files: OutboxFile[]): Promise<boolean> {
  const made = files.map(({ name, text }) => new File([text], name, { type: 'application/json' }));
  const shared = await share(made);
  if (shared === 'NOT_POSSIBLE') made.forEach(download);
  return shared !== 'DECLINED';
}

async function share(files: File[]): Promise<'SHARED' | 'DECLINED' | 'NOT_POSSIBLE'> {
  if (!navigator.canShare?.({ files })) return 'NOT_POSSIBLE';
  try {
    await navigator.share({ files });
    return 'SHARED';
  } catch (failure) {
    return (failure as Error).name === 'AbortError' ? 'DECLINED' : 'NOT_POSSIBLE';
  }
}

function download(file: File): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
