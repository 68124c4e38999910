/** Two ways to find a QR code in a picture: the browser's own detector, or zxing in a worker of ours. */
import packedWasm from 'zxing-wasm/reader/zxing_reader.wasm?packed';
import DecoderWorker from './decoder.worker?worker';
import { Frames } from './frames';

export interface Decoder {
  /** The text in the picture, or null when there is none. */
  decode(video: HTMLVideoElement): Promise<string | null>;
  close(): void;
}

/** Not yet in TypeScript's view of a browser. */
interface NativeDetector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
interface NativeDetectorClass {
  new (options: { formats: string[] }): NativeDetector;
  getSupportedFormats(): Promise<string[]>;
}

/** The browser's own is quicker and uses less of the battery, but phones without Google's services have none behind its name. */
export async function openDecoder(): Promise<Decoder> {
  return (await nativeDecoder()) ?? workerDecoder();
}

async function nativeDecoder(): Promise<Decoder | null> {
  const { BarcodeDetector } = globalThis as { BarcodeDetector?: NativeDetectorClass };
  const formats = (await BarcodeDetector?.getSupportedFormats().catch(() => [])) ?? [];
  if (!BarcodeDetector || !formats.includes('qr_code')) return null;
  return withFallback(new BarcodeDetector({ formats: ['qr_code'] }));
}

/** A detector that fails once is not asked again: on some phones its service is missing although it says that it is there. */
function withFallback(detector: NativeDetector): Decoder {
  let instead: Decoder | null = null;
  return {
    async decode(video) {
      if (instead) return instead.decode(video);
      try {
        return (await detector.detect(video))[0]?.rawValue ?? null;
      } catch {
        instead = workerDecoder();
        return null;
      }
    },
    close: () => instead?.close(),
  };
}

export interface Picture {
  pixels: ArrayBuffer;
  side: number;
}

export type Answer = { text: string | null } | { failed: string };

/** Throws when the decoder itself could not be had; then there is no scanning on this phone. */
function workerDecoder(): Decoder {
  const worker = new DecoderWorker();
  const frames = new Frames();
  worker.postMessage({ packedWasm });
  return {
    async decode(video) {
      const frame = frames.take(video);
      if (!frame) return null;
      const picture: Picture = { pixels: frame.data.buffer, side: frame.width };
      const answer = await ask(worker, picture);
      if ('failed' in answer) throw new Error(answer.failed);
      return answer.text;
    },
    close: () => worker.terminate(),
  };
}

function ask(worker: Worker, picture: Picture): Promise<Answer> {
  return new Promise((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<Answer>) => resolve(data);
    worker.onerror = () => resolve({ failed: 'worker' });
    worker.postMessage(picture, [picture.pixels]);
  });
}
