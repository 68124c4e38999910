/** Pictures from the camera, as the decoder wants them: the square in the middle, no larger than it needs. */

/** A code of 1,000 characters has 97 modules a side; six pixels each leave room for a shaking hand. */
const MOST_PIXELS = 800;

/** The square of a picture of this size that is looked at, and how large it is drawn. Pure. */
export function squareOf(width: number, height: number): { x: number; y: number; side: number; drawn: number } {
  const side = Math.min(width, height);
  return { x: Math.floor((width - side) / 2), y: Math.floor((height - side) / 2), side, drawn: Math.min(side, MOST_PIXELS) };
}

export class Frames {
  private readonly canvas = document.createElement('canvas');

  /** Null while the camera has shown nothing yet. */
  take(video: HTMLVideoElement): ImageData | null {
    const { x, y, side, drawn } = squareOf(video.videoWidth, video.videoHeight);
    if (!side) return null;
    if (this.canvas.width !== drawn) this.canvas.width = this.canvas.height = drawn;
    const context = this.canvas.getContext('2d', { willReadFrequently: true })!;
    context.drawImage(video, x, y, side, side, 0, 0, drawn, drawn);
    return context.getImageData(0, 0, drawn, drawn);
  }
}
