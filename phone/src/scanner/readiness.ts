/** Whether the camera can be used, without lighting it; and how to ask. For the page an officer looks at before a shift. */
import { closeCamera, openCamera } from './camera';

export type ScannerState = 'READY' | 'NO_CAMERA' | 'DENIED' | 'ASK';

export async function scannerReady(browser: Navigator = navigator): Promise<ScannerState> {
  const devices = browser.mediaDevices as MediaDevices | undefined;
  if (!devices?.getUserMedia) return 'NO_CAMERA';
  const cameras = (await devices.enumerateDevices().catch(() => [])).filter((device) => device.kind === 'videoinput');
  if (!cameras.length) return 'NO_CAMERA';
  // Names are told only to pages that were allowed to look; older Safari knows no other way to tell.
  return (await permission(browser)) ?? (cameras.some((camera) => camera.label) ? 'READY' : 'ASK');
}

async function permission(browser: Navigator): Promise<ScannerState | null> {
  try {
    const { state } = await browser.permissions.query({ name: 'camera' as PermissionName });
    return ({ granted: 'READY', denied: 'DENIED', prompt: 'ASK' } as const)[state];
  } catch {
    return null;
  }
}

/** Lets the browser ask, and lets go of the camera at once. */
export async function askForCamera(): Promise<ScannerState> {
  try {
    closeCamera(await openCamera());
  } catch {
    // What it comes to is read below: denied, or no camera.
  }
  return scannerReady();
}
