import { describe, expect, it, vi } from 'vitest';
import { faultOf, hasTorch, openCamera, setTorch } from '../src/scanner/camera';
import { squareOf } from '../src/scanner/frames';
import { scannerReady } from '../src/scanner/readiness';

const failure = (name: string) => new DOMException('', name);

function browser(devices: Partial<MediaDeviceInfo>[] | null, permission: PermissionState | null): Navigator {
  const query = async () => {
    if (permission === null) throw new TypeError('camera is no permission here');
    return { state: permission };
  };
  const mediaDevices = devices && { getUserMedia: vi.fn(), enumerateDevices: async () => devices };
  return { mediaDevices, permissions: { query } } as unknown as Navigator;
}

function streamOf(capabilities: object, applyConstraints = vi.fn(async () => undefined)): MediaStream {
  const track = { getCapabilities: () => capabilities, applyConstraints };
  return { getVideoTracks: () => [track], getTracks: () => [track] } as unknown as MediaStream;
}

describe('whether the camera is ready', () => {
  const back = { kind: 'videoinput' as const, label: '' };

  it.each([
    [browser(null, 'granted'), 'NO_CAMERA'],
    [browser([], 'granted'), 'NO_CAMERA'],
    [browser([{ kind: 'audioinput', label: 'x' }], 'granted'), 'NO_CAMERA'],
    [browser([back], 'granted'), 'READY'],
    [browser([back], 'denied'), 'DENIED'],
    [browser([back], 'prompt'), 'ASK'],
    [browser([back], null), 'ASK'],
    [browser([{ ...back, label: 'back' }], null), 'READY'],
  ])('is told without lighting it (%#)', async (here, state) => expect(await scannerReady(here)).toBe(state));

  it('is no in a browser that knows no permissions at all and hides its cameras', async () => {
    expect(await scannerReady({ mediaDevices: { getUserMedia: vi.fn(), enumerateDevices: () => Promise.reject(failure('X')) } } as unknown as Navigator)).toBe('NO_CAMERA');
  });
});

describe('a camera that does not open', () => {
  it.each([
    ['NotAllowedError', 'DENIED'],
    ['SecurityError', 'DENIED'],
    ['NotFoundError', 'MISSING'],
    ['OverconstrainedError', 'MISSING'],
    ['NotReadableError', 'BUSY'],
    ['AbortError', 'BUSY'],
  ])('%s is %s', (name, fault) => expect(faultOf(failure(name))).toBe(fault));

  it('is missing where the browser has none', async () => {
    await expect(openCamera(null as unknown as MediaDevices)).rejects.toSatisfy((reason) => faultOf(reason) === 'MISSING');
  });
});

describe('its light and focus', () => {
  it('are used where they are', async () => {
    const applied = vi.fn(async () => undefined);
    const stream = streamOf({ torch: true, focusMode: ['manual', 'continuous'] }, applied);
    await openCamera({ getUserMedia: async () => stream } as unknown as MediaDevices);
    expect(applied).toHaveBeenCalledWith({ advanced: [{ focusMode: 'continuous' }] });
    expect(hasTorch(stream)).toBe(true);
    expect(await setTorch(stream, true)).toBe(true);
    expect(applied).toHaveBeenLastCalledWith({ advanced: [{ torch: true }] });
  });

  it('are never a reason to stop', async () => {
    const refusing = streamOf({ focusMode: ['continuous'] }, vi.fn(() => Promise.reject(failure('OverconstrainedError'))));
    expect(await openCamera({ getUserMedia: async () => refusing } as unknown as MediaDevices)).toBe(refusing);
    expect(hasTorch(refusing)).toBe(false);
    expect(await setTorch(refusing, true)).toBe(false);
  });
});

describe('the picture that is looked at', () => {
  it('is the square in the middle, no larger than it needs', () => {
    expect(squareOf(1280, 720)).toEqual({ x: 280, y: 0, side: 720, drawn: 720 });
    expect(squareOf(1080, 1920)).toEqual({ x: 0, y: 420, side: 1080, drawn: 800 });
    expect(squareOf(0, 0)).toMatchObject({ side: 0 });
  });
});
