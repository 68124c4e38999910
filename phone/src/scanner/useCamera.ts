/** The camera while the scan view is open: started, looked through some six times a second, and always stopped. */
import { onMounted, onUnmounted, ref, shallowRef, type Ref } from 'vue';
import { closeCamera, faultOf, hasTorch, openCamera, setTorch, type CameraFault } from './camera';
import { openDecoder, type Decoder } from './decoder';

/** BROKEN: the camera shows a picture, but nothing on this phone can read it. */
export type CameraState = 'STARTING' | 'ON' | 'RESTING' | CameraFault | 'BROKEN';

const PAUSE_MS = 120;
/** Nobody looks through it any more: at −15 °C a battery is precious. */
const PATIENCE_MS = 90_000;

export function useCamera(video: Ref<HTMLVideoElement | undefined>, onText: (text: string) => Promise<unknown>) {
  const state = ref<CameraState>('STARTING');
  const stream = shallowRef<MediaStream | null>(null);
  const torch = ref<'NONE' | 'ON' | 'OFF'>('NONE');
  let decoder: Decoder | null = null;
  let round = 0;

  async function start(): Promise<void> {
    const mine = (round += 1);
    state.value = 'STARTING';
    try {
      const opened = await openCamera();
      // Closed, or hidden, while the browser asked: nobody waits for this camera any more.
      if (mine !== round) return closeCamera(opened);
      await show(opened);
      decoder ??= await openDecoder();
      if (mine === round) await look(mine, Date.now() + PATIENCE_MS);
    } catch (failure) {
      if (mine === round) stop(faultOf(failure));
    }
  }

  async function show(opened: MediaStream): Promise<void> {
    stream.value = opened;
    torch.value = hasTorch(opened) ? 'OFF' : 'NONE';
    opened.getVideoTracks()[0]?.addEventListener('ended', () => stream.value === opened && stop('BUSY'));
    video.value!.srcObject = opened;
    await video.value!.play();
    state.value = 'ON';
  }

  async function look(mine: number, until: number): Promise<void> {
    while (mine === round) {
      const text = await readFrame();
      if (mine !== round) return;
      if (text) await onText(text);
      const patience = text ? Date.now() + PATIENCE_MS : until;
      if (Date.now() > patience) return stop('RESTING');
      until = patience;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  async function readFrame(): Promise<string | null> {
    try {
      return await decoder!.decode(video.value!);
    } catch {
      stop('BROKEN');
      return null;
    }
  }

  function stop(next: CameraState): void {
    round += 1;
    closeCamera(stream.value);
    stream.value = null;
    torch.value = 'NONE';
    state.value = next;
  }

  async function switchTorch(): Promise<void> {
    const on = torch.value !== 'ON';
    if (stream.value && (await setTorch(stream.value, on))) torch.value = on ? 'ON' : 'OFF';
  }

  function onVisibility(): void {
    if (document.visibilityState === 'hidden') stop('RESTING');
    else if (state.value === 'RESTING') void start();
  }

  function onLeave(): void {
    stop('RESTING');
  }

  onMounted(() => {
    document.addEventListener('visibilitychange', onVisibility);
    addEventListener('pagehide', onLeave);
    void start();
  });
  onUnmounted(() => {
    document.removeEventListener('visibilitychange', onVisibility);
    removeEventListener('pagehide', onLeave);
    onLeave();
    decoder?.close();
  });

  return { state, torch, start, switchTorch };
}
