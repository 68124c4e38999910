/** The pictures as strokes on a field of 100 by 100. */
import type { CardId } from './deck';

/** A circle as a path: `M` at its left end, two half arcs. */
function ring(x: number, y: number, r: number): string {
  return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
}

const HEAD = ring(50, 34, 24);
const SHOULDERS = 'M12 94c2-22 18-32 38-32s36 10 38 32';

export const PICTURES: Record<CardId, string[]> = {
  wait: ['M30 92c-12-10-16-22-22-36-2-6 5-10 9-4l9 12V22c0-8 10-8 10 0v24V14c0-8 10-8 10 0v32V16c0-8 10-8 10 0v32V24c0-8 10-8 10 0v40c0 14-4 20-10 28z'],
  mask: [HEAD, SHOULDERS, 'M33 36h34v10c0 8-8 14-17 14s-17-6-17-14z', 'M33 39l-8-5M67 39l8-5', 'M40 44h20M42 51h16'],
  temperature: ['M42 58V16a8 8 0 0 1 16 0v42a18 18 0 1 1-16 0z', ring(50, 74, 7), 'M50 66V34', 'M68 20h14M68 32h9M68 44h14'],
  symptoms: [ring(38, 36, 24), 'M8 94c2-20 12-32 30-32s28 12 30 32', 'M30 32h1M46 32h1', ring(40, 46, 4), 'M62 42l10-3M64 50h14M62 58l10 4', 'M82 34h1M88 46h1M84 60h1M92 54h1'],
  from: ['M50 96C30 72 20 58 20 42a30 30 0 0 1 60 0c0 16-10 30-30 54z', 'M64 42H38M48 31L37 42l11 11'],
  to: ['M50 96C30 72 20 58 20 42a30 30 0 0 1 60 0c0 16-10 30-30 54z', 'M36 42h26M52 31l11 11-11 11'],
  phone: ['M30 6h40a6 6 0 0 1 6 6v76a6 6 0 0 1-6 6H30a6 6 0 0 1-6-6V12a6 6 0 0 1 6-6z', 'M24 22h52M24 76h52', 'M38 36h1M50 36h1M62 36h1M38 49h1M50 49h1M62 49h1M38 62h1M50 62h1M62 62h1', 'M47 85h6'],
  document: ['M8 22h84a4 4 0 0 1 4 4v50a4 4 0 0 1-4 4H8a4 4 0 0 1-4-4V26a4 4 0 0 1 4-4z', ring(27, 43, 9), 'M13 68c1-9 6-14 14-14s13 5 14 14', 'M54 40h30M54 52h30M54 64h20'],
  staff: [HEAD, SHOULDERS, 'M26 26c4-16 44-16 48 0', 'M20 28h60', 'M43 74l7 8 14-15'],
  go: [ring(50, 50, 44), 'M26 52l17 17 32-36'],
  doctor: [HEAD, SHOULDERS, 'M50 70v22M39 81h22', 'M50 16v12M44 22h12'],
  thanks: ['M50 90C22 66 8 52 8 34a21 21 0 0 1 42-6 21 21 0 0 1 42 6c0 18-14 32-42 56z'],
};
