/** Finds a QR code in one picture after the other, beside the form so that typing stays smooth. */
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import type { Answer, Picture } from './decoder';

const OPTIONS = { formats: ['QRCode' as const], tryInvert: true, maxNumberOfSymbols: 1 };

onmessage = async ({ data }: MessageEvent<Picture | { wasmUrl: string }>) => {
  if ('wasmUrl' in data) return prepareZXingModule({ overrides: { locateFile: () => data.wasmUrl }, fireImmediately: false });
  postMessage(await answer(data));
};

async function answer({ pixels, side }: Picture): Promise<Answer> {
  try {
    const [found] = await readBarcodes(new ImageData(new Uint8ClampedArray(pixels), side, side), OPTIONS);
    return { text: found?.isValid ? found.text : null };
  } catch (failure) {
    return { failed: String(failure) };
  }
}
