/** Whether codes can be scanned: the browser's own word, or a picture once taken where it has none. */
import { readSetting, writeSetting } from '../storage/settings';
import type { Snapshot } from './checks';

const KEY = 'cameraOpened';

export async function cameraState(): Promise<Snapshot['camera']> {
  if (!navigator.mediaDevices?.getUserMedia) return 'NONE';
  const permission = await navigator.permissions?.query({ name: 'camera' as PermissionName }).catch(() => null);
  if (permission) return ({ granted: 'GRANTED', denied: 'DENIED', prompt: 'ASKS' } as const)[permission.state];
  return (await readSetting<boolean>(KEY)) ? 'GRANTED' : 'ASKS';
}

/** Open the camera and close it again, so that the browser's question is answered before the shift. */
export async function tryCamera(): Promise<void> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
    for (const track of stream.getTracks()) track.stop();
    await writeSetting(KEY, true);
  } catch {
    await writeSetting(KEY, false);
  }
}
