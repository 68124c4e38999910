/** Finds a QR code in one picture after the other, beside the form so that typing stays smooth. */
import { inflateSync } from 'fflate';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import type { Answer, Picture } from './decoder';

const OPTIONS = { formats: ['QRCode' as const], tryInvert: true, maxNumberOfSymbols: 1 };

let ready: Promise<unknown> | undefined;

onmessage = async ({ data }: MessageEvent<Picture | { packedWasm: string }>) => {
  if ('packedWasm' in data) ready = prepare(data.packedWasm);
  else postMessage(await answer(data));
};

async function prepare(address: string): Promise<void> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`the decoder cannot be had: ${response.status}`);
  const wasmBinary = inflateSync(new Uint8Array(await response.arrayBuffer())).buffer;
  await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
}

async function answer({ pixels, side }: Picture): Promise<Answer> {
  try {
    await ready;
    const [found] = await readBarcodes(new ImageData(new Uint8ClampedArray(pixels), side, side), OPTIONS);
    return { text: found?.isValid ? found.text : null };
  } catch (failure) {
    return { failed: String(failure) };
  }
}
