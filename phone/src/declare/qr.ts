/** A code as a canvas: black on white whatever the theme, each module a whole number of the screen's own pixels. */
import { encodeQR } from 'qr';

/** The quiet zone that readers need around a code, in modules. */
const BORDER = 4;
const SHARPEST = 2_400;

export function modulesOf(text: string): boolean[][] {
  const isOurs = /^[0-9A-Z $%*+\-./:]*$/.test(text);
  return encodeQR(text, 'raw', { ecc: isOurs ? 'low' : 'medium', encoding: isOurs ? 'alphanumeric' : 'byte', border: BORDER });
}

export function draw(canvas: HTMLCanvasElement, text: string): void {
  const modules = modulesOf(text);
  const wanted = Math.min(SHARPEST, canvas.clientWidth * (window.devicePixelRatio || 1));
  const scale = Math.max(1, Math.floor(wanted / modules.length)) + (wanted < modules.length ? 1 : 0);
  canvas.width = canvas.height = modules.length * scale;
  const pen = canvas.getContext('2d');
  if (!pen) return;
  pen.fillStyle = '#ffffff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = '#000000';
  modules.forEach((row, y) => row.forEach((isDark, x) => isDark && pen.fillRect(x * scale, y * scale, scale, scale)));
}
