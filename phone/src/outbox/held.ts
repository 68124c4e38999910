/** Records of a device that headquarters has closed: they stay, sealed, and leave only by export; what a new enrolment captures goes. */
import { database } from '../storage/database';
import { readSetting, writeSetting } from '../storage/settings';
import { inState } from './byState';
import type { OutboxState } from './entry';

const KEY = 'closedDevices';

async function readClosed(): Promise<string[]> {
  return (await readSetting<string[]>(KEY)) ?? [];
}

export async function isClosed(deviceId: string | null): Promise<boolean> {
  return deviceId !== null && (await readClosed()).includes(deviceId);
}

export async function holdRecordsOf(deviceId: string): Promise<void> {
  await database.transaction('rw', database.outbox, database.settings, async () => {
    const closed = await readClosed();
    if (!closed.includes(deviceId)) await writeSetting(KEY, [...closed, deviceId]);
    await move(deviceId, 'UNSENT', 'HELD');
  });
}

/** The server knows the device again: it was closed by mistake, or not at all. */
export async function releaseRecordsOf(deviceId: string): Promise<void> {
  if (!(await isClosed(deviceId))) return;
  await database.transaction('rw', database.outbox, database.settings, async () => {
    await writeSetting(KEY, (await readClosed()).filter((one) => one !== deviceId));
    await move(deviceId, 'HELD', 'UNSENT');
  });
}

async function move(deviceId: string, from: OutboxState, to: OutboxState): Promise<void> {
  await inState(from)
    .filter((entry) => entry.deviceId === deviceId)
    .modify({ state: to });
}
