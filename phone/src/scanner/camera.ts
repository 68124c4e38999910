/** The camera at the back: opened once, always closed, and what went wrong in the words of this program. */

export type CameraFault = 'DENIED' | 'MISSING' | 'BUSY';

const WISHES: MediaStreamConstraints = {
  audio: false,
  video: { facingMode: { ideal: 'environment' }, width: { ideal: 1280 }, height: { ideal: 720 } },
};

/** Light and focus are not yet in TypeScript's view of a camera. */
interface Abilities {
  torch?: boolean;
  focusMode?: string[];
}

export async function openCamera(devices: MediaDevices | undefined = navigator.mediaDevices): Promise<MediaStream> {
  if (!devices?.getUserMedia) throw new DOMException('no camera', 'NotFoundError');
  const stream = await devices.getUserMedia(WISHES);
  if (abilities(stream).focusMode?.includes('continuous')) await set(stream, { focusMode: 'continuous' });
  return stream;
}

export function closeCamera(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

export function faultOf(failure: unknown): CameraFault {
  switch ((failure as { name?: string }).name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'DENIED';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'MISSING';
    default:
      return 'BUSY';
  }
}

export function hasTorch(stream: MediaStream): boolean {
  return abilities(stream).torch === true;
}

export function setTorch(stream: MediaStream, on: boolean): Promise<boolean> {
  return set(stream, { torch: on });
}

function abilities(stream: MediaStream): Abilities {
  const [track] = stream.getVideoTracks();
  return (track?.getCapabilities?.() ?? {}) as Abilities;
}

/** False when the camera would not: light and focus are comforts, never a reason to stop. */
async function set(stream: MediaStream, wish: Record<string, unknown>): Promise<boolean> {
  const [track] = stream.getVideoTracks();
  return (await track?.applyConstraints({ advanced: [wish as MediaTrackConstraintSet] }).then(() => true, () => false)) ?? false;
}
